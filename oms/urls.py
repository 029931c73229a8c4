"""Where everything is. Strangers reach signing in, the health of the site, the company's logo
and, with a link that we sent them, their quote; nothing else."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from oms.views import company_logo, health, search_in_office

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/search/", search_in_office),  # in place of the theme's own, under its name
    path("admin/", admin.site.urls),
    path("q/", include("orders.urls")),
    path("api/", include("oms.api_urls")),
    path("company/logo", company_logo, name="company_logo"),
    path("healthz", health, name="health"),
]
