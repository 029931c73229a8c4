"""What the warehouse's pages share: the shipment in question, numbers from forms, and answers to handhelds."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from fulfillment.models import Shipment
from inventory.units import read_counted
from inventory.views.pages import actor, done_once, refused_when_busy
from oms.errors import Busy, Refused
from oms.models import User
from oms.numbers import read_whole
from orders.services.allocating import serve_backorders
from orders.services.losing import Lost

CONFLICT = 409


def visible_shipment(request: HttpRequest, pk: int) -> Shipment:
    """Return the shipment; raise Http404 when the person does not see it."""
    shipments = Shipment.objects.visible_to(actor(request))
    found: Shipment = get_object_or_404(
        shipments.select_related("order__customer", "warehouse", "carrier"), pk=pk
    )
    return found


def whole(request: HttpRequest, name: str) -> int:
    """Return the whole number of a form's field; raise Refused with a sentence for anything else."""
    try:
        return read_whole(request.POST.get(name, ""))
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake


def counted(request: HttpRequest, name: str, *, each_of: int | None = None) -> int:
    """Return a quantity as base units; raise Refused with a sentence for what is none.

    A person types it in the unit that is counted, and the form says how many base units each of it is; a script
    sends base units.
    """
    each = each_typed(request, "each" if each_of is None else f"each-{each_of}")
    return read_counted(request.POST.get(name, ""), each)


def each_typed(request: HttpRequest, field: str = "each") -> int:
    """Return how many base units one of what was typed is."""
    return whole(request, field) if field in request.POST and not is_handheld(request) else 1


def is_handheld(request: HttpRequest) -> bool:
    """Whether a script of ours asks and wants JSON."""
    return request.headers.get("Accept", "") == "application/json"


def answered(request: HttpRequest, act: Callable[[], dict[str, Any]], then: str) -> HttpResponse:
    """Act once. A script gets the answer or the refusal as JSON; a person is told and sent on to `then`.

    What was `kept` back is told like a refusal; it has left something behind that says so.
    """
    try:
        body = done_once(request, act).body
    except Refused as refusal:
        return _refused(request, str(refusal), refusal.code, then)
    if "kept" in body:
        return _refused(request, body["kept"], "kept_back", then)
    if is_handheld(request):
        return JsonResponse(body)
    messages.success(request, str(body["message"]))
    return redirect(then)


def _refused(request: HttpRequest, why: str, code: str, then: str) -> HttpResponse:
    if is_handheld(request):
        return JsonResponse({"refused": why, "code": code}, status=CONFLICT)
    messages.error(request, why)
    return redirect(then)


def serve_waiting(user: User) -> None:
    """Promise what has just come free to the orders that wait. When others are at it, the clock does it in a minute."""
    with suppress(Busy), refused_when_busy():
        serve_backorders(by=user)


def gave_way(lost: Iterable[Lost]) -> str:
    """Say which orders are promised less now; nothing when none is."""
    told = ", ".join(f"{one.order} ({one.quantity} {one.sku})" for one in lost)
    return _(" Promised to them no more: %(orders)s.") % {"orders": told} if told else ""
