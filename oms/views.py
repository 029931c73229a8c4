"""The few pages that belong to no app: the health of the site, the company's logo, one search over everything."""

import logging
from typing import cast

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from oms.models import Company, User
from oms.search import only_exact, search_for
from oms.typed import Typed

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the site can reach its database, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer")
        return HttpResponse("database down\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def company_logo(request: HttpRequest) -> HttpResponseBase:
    """Show the company's logo, the one file that strangers see: it stands on the page for signing in."""
    company = Company.objects.first()
    if not company or not company.logo:
        raise Http404
    try:
        return FileResponse(company.logo.open("rb"))
    except FileNotFoundError as missing:
        raise Http404 from missing


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what a person may see of what they typed. `go` opens the one thing that goes by exactly that.

    `part` asks for the list alone, for the box that stands on every page.
    """
    typed = Typed.read(request.GET.get("q", ""))
    hits = search_for(cast(User, request.user), typed)
    only = only_exact(hits) if "go" in request.GET else None
    if only is not None:
        return HttpResponseRedirect(only.find.url)
    found = {"typed": typed, "hits": hits}
    if "part" in request.GET:
        return TemplateResponse(request, "oms/_found.html", found)
    around = {**admin.site.each_context(request), "title": _("Search")}
    return TemplateResponse(request, "oms/search.html", {**around, **found})


search_in_office = admin.site.admin_view(search)
