"""Where everything is. Strangers reach signing in, the health of the site and the company's logo; nothing else."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from django.views.i18n import set_language

from oms.views import company_logo, health, search_in_office

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/search/", search_in_office),  # in place of the theme's own, under its name
    path("admin/", admin.site.urls),
    path("api/", include("oms.api_urls")),
    path("company/logo", company_logo, name="company_logo"),
    path("healthz", health, name="health"),
    path("i18n/setlang/", login_not_required(require_POST(set_language)), name="set_language"),
]
