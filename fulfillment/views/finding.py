"""One box for whatever is scanned or typed: a shipment, an order or a tracking number opens its shipment."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fulfillment.models import Shipment
from fulfillment.views.steps import steps_of
from inventory.views.pages import actor, require
from oms.text import clean_code

WORK = ("pick", "pack", "ship")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    require(request, "fulfillment.view_shipment")
    wanted = clean_code(request.GET.get("q", ""))[:80]
    found = _shipments(request, wanted) if wanted else []
    if len(found) == 1:
        return redirect(_work_on(request, found[0]) if "work" in request.GET else _page_of(found[0]))
    listed = reverse("admin:fulfillment_shipment_changelist")
    if found:
        return redirect(f"{listed}?{urlencode({'q': wanted})}")
    messages.warning(request, _("Nothing has the number “%(number)s”. Scan it again.") % {"number": wanted})
    return redirect(listed)


def _page_of(pk: int) -> str:
    return reverse("admin:fulfillment_shipment_change", args=[pk])


def _work_on(request: HttpRequest, pk: int) -> str:
    """Return where a picker does what comes next with the shipment; its page, where that is nothing with a page."""
    found = Shipment.objects.filter(pk=pk)
    names = WORK if found.waiting_for_pick().exists() else WORK[1:]
    steps = steps_of(found.get(), actor(request), *names)
    return next((step.url for step in steps if not step.blocked), _page_of(pk))


def _shipments(request: HttpRequest, wanted: str) -> list[Any]:
    """Return up to two visible shipments that go by this number, or whose order or carton does."""
    visible = Shipment.objects.visible_to(actor(request))
    for way in (
        {"number": wanted.upper()},
        {"order__number": wanted.upper()},
        {"packages__tracking_number": wanted},
    ):
        if ids := list(visible.filter(**way).order_by("-pk").values_list("pk", flat=True).distinct()[:2]):
            return ids
    return []
