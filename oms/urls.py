"""Where everything is. Strangers reach signing in, the health of the site, the company's logo
and, with a link that we sent them, their quote or their order; nothing else."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from oms.admin.lists import change_view_in_office, save_view_in_office
from oms.importing.profiles import addresses as profiles
from oms.importing.views import addresses as imports
from oms.notice_views import notices_in_office, open_in_office, read_all_in_office
from oms.views import company_logo, health, search_in_office

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("search/", search_in_office, name="search"),
    path("admin/search/", search_in_office),  # in place of the theme's own, under its name
    path("admin/views/", save_view_in_office, name="save_view"),
    path("admin/views/<int:pk>/", change_view_in_office, name="change_view"),
    path("admin/notices/", notices_in_office, name="notices"),
    path("admin/notices/read/", read_all_in_office, name="notices_read"),
    path("admin/notices/<int:pk>/", open_in_office, name="notice"),
    path("admin/imports/", include([*profiles(), *imports()])),
    path("admin/", admin.site.urls),
    path("q/", include("orders.urls")),
    path("t/", include("fulfillment.urls")),
    path("api/", include("oms.api_urls")),
    path("company/logo", company_logo, name="company_logo"),
    path("healthz", health, name="health"),
]
