"""The few pages that belong to no app: the health of the site, the company's logo, one search over everything."""

import logging

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from oms import home
from oms.models import Company, User
from oms.text import clean

logger = logging.getLogger(__name__)

LONGEST_SEARCH = 100


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
    """Find orders, quotes, customers, products and shipments by number, code or name, within what one may see."""
    text = clean(request.GET.get("s", ""))[:LONGEST_SEARCH]
    if not text:
        return HttpResponse()
    assert isinstance(request.user, User)  # noqa: S101  admin_view let only people in
    found = home.finds.to(request.user, text)
    return TemplateResponse(
        request, "oms/found.html", {"results": found, "text": text}, headers={"HX-Trigger": "search"}
    )


search_in_office = admin.site.admin_view(search)
