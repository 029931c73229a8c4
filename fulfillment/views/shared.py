"""What the warehouse's pages share: the shipment in question, numbers from forms, and answers to handhelds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect

from fulfillment.models import Shipment
from inventory.models import ProductUnit
from inventory.views.pages import actor, done_once, told
from oms.errors import Refused
from oms.numbers import read_whole

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


def is_handheld(request: HttpRequest) -> bool:
    """Whether a script of ours asks and wants JSON."""
    return request.headers.get("Accept", "") == "application/json"


def answered(request: HttpRequest, act: Callable[[], dict[str, Any]], then: str) -> HttpResponse:
    """Act once. A script gets the answer or the refusal as JSON; a person is told and sent on to `then`."""
    if not is_handheld(request):
        told(request, lambda: str(act()["message"]))
        return redirect(then)
    try:
        return JsonResponse(done_once(request, act).body)
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal), "code": refusal.code}, status=CONFLICT)


def base_names(products: Iterable[int]) -> dict[int, str]:
    """Return the name of each product's base unit."""
    units = ProductUnit.objects.filter(product__in=list(products), numerator=1, denominator=1).order_by("-pk")
    return {unit.product_id: unit.name for unit in units}
