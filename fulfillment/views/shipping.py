"""Shipping: carrier and tracking numbers, out of the house, to the carrier, to the door, or back again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms import ReasonForm
from fulfillment.models import Carrier, Shipment
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.services.tracking import deliver_shipment, record_tracking_numbers
from fulfillment.status import IN_THE_WAREHOUSE, ShipmentStatus
from fulfillment.views.packing import cartons_of
from fulfillment.views.shared import answered, visible_shipment, whole
from fulfillment.views.steps import steps_of
from inventory.views.pages import accepted, actor, page, require
from oms.errors import Refused
from oms.text import clean_code
from orders.emails import told_when_cancelled
from orders.masking import kept_back_for
from orders.models import Order
from orders.services.holding import held_from_the_floor

LONGEST_NUMBER = 60
TRACKING = "tracking-"


def _ship_address(shipment: Shipment) -> str:
    return reverse("admin:fulfillment_shipment_ship", args=[shipment.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def ship_page(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.ship_shipment")
    if request.method == "POST":
        return answered(request, lambda: _shipped(request, shipment), _ship_address(shipment))
    context = {
        "original": shipment,
        "held": held_from_the_floor(shipment.order),
        "cartons": cartons_of(shipment),
        "carriers": Carrier.objects.visible_to(actor(request)),
        "may_track": actor(request).has_perm("fulfillment.track_shipment"),
        "trackable": shipment.status in {ShipmentStatus.PACKED, ShipmentStatus.SHIPPED},
        "steps": steps_of(shipment, actor(request), "ship", "hand_over", "deliver", "void"),
    }
    return page(request, "fulfillment/ship.html", Shipment, _("Ship %(n)s") % {"n": shipment}, **context)


def _shipped(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    """Ship, with the tracking numbers that were typed on the same page."""
    typed = any(name.startswith(TRACKING) for name in request.POST)
    if typed and actor(request).has_perm("fulfillment.track_shipment"):
        _record(request, shipment)
    shipped = ship_shipment(shipment.pk, by=actor(request))
    if shipped.status != ShipmentStatus.SHIPPED:
        return {"kept": kept_back_for(actor(request), shipped.order)}
    return {"message": _("%(shipment)s has left the stock.") % {"shipment": shipment}}


@require_POST
def track(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.track_shipment")
    return answered(request, lambda: _record(request, shipment), _ship_address(shipment))


def _record(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    numbers = {
        _carton(name): _tracking_number(str(text))
        for name, text in request.POST.items()
        if name.startswith(TRACKING)
    }
    record_tracking_numbers(shipment.pk, numbers, _carrier(request), by=actor(request))
    return {"message": _("Carrier and tracking numbers of %(shipment)s are saved.") % {"shipment": shipment}}


def _carton(name: str) -> int:
    number = name.removeprefix(TRACKING)
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise Refused(_("There is no such carton; reload the page."))
    return int(number)


def _tracking_number(text: str) -> str:
    number = clean_code(text)
    if len(number) > LONGEST_NUMBER:
        raise Refused(
            _("“%(number)s…” has %(n)s characters; a tracking number has at most %(most)s. Scan it again.")
            % {"number": number[:20], "n": len(number), "most": LONGEST_NUMBER}
        )
    return number


def _carrier(request: HttpRequest) -> Carrier | None:
    """Return the carrier that was chosen; raise Http404 for one the person cannot see."""
    if not request.POST.get("carrier", "").strip():
        return None
    return get_object_or_404(Carrier.objects.visible_to(actor(request)), pk=whole(request, "carrier"))


@require_POST
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.ship_shipment")

    def act() -> dict[str, Any]:
        hand_over(shipment.pk, by=actor(request))
        return {"message": _("The carrier has %(shipment)s; the customer is told.") % {"shipment": shipment}}

    return answered(request, act, _ship_address(shipment))


@require_POST
def deliver_page(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.track_shipment")

    def act() -> dict[str, Any]:
        deliver_shipment(shipment.pk, by=actor(request))
        return {"message": _("%(shipment)s has arrived.") % {"shipment": shipment}}

    return answered(request, act, _ship_address(shipment))


@require_http_methods(["GET", "HEAD", "POST"])
def void_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, say in numbers what happens, then take the shipment back."""
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.void_shipment")
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act(values: Any) -> str:
        void_shipment(shipment.pk, by=actor(request), reason=values["reason"])
        return _("%(shipment)s is taken back; its goods lie in their bins again.") % {"shipment": shipment}

    if request.method == "POST" and accepted(request, form, act):
        return redirect(reverse("admin:fulfillment_shipment_change", args=[shipment.pk]))
    counts = shipment.lines.aggregate(
        lines_picked=_lines(Q(picked__gt=0)), lines_to_pick=_lines(Q(to_pick__gt=0))
    )
    context = {"original": shipment, "form": form, "errors": form.errors, **counts}
    context["cartons"] = shipment.packages.count()
    context["blocked"] = steps_of(shipment, actor(request), "void")[0].blocked
    return page(request, "fulfillment/void.html", Shipment, _("Take back %(n)s") % {"n": shipment}, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, say in numbers what happens, then cancel an order the warehouse works on."""
    order: Order = get_object_or_404(
        Order.objects.visible_to(actor(request)).select_related("customer"), pk=pk
    )
    require(request, "fulfillment.void_shipment")
    shipments = _all_shipments_seen(request, order)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act(values: Any) -> str:
        cancel_released_order(order.pk, by=actor(request), reason=values["reason"])
        return _("%(order)s is cancelled; what was picked lies in its bins again.") % {"order": order}

    if request.method == "POST" and accepted(request, form, act):
        return redirect("admin:orders_order_change", order.pk)
    in_hand = Q(picked__gt=0) | Q(packed__gt=0)
    counts = order.lines.aggregate(
        back=_lines(in_hand),
        freed=_lines(in_hand | Q(allocated__gt=0)),
        waiting=_lines(Q(open__gt=0)),
        gone=_lines(Q(shipped__gt=0)),
    )
    context = {"order": order, "shipments": shipments, "form": form, "errors": form.errors, **counts}
    context["told"] = told_when_cancelled([order], actor(request))[order.pk]
    return page(
        request, "fulfillment/cancel_order.html", Shipment, _("Cancel %(n)s") % {"n": order}, **context
    )


def _lines(such: Q) -> Count:
    """So many lines: units of different products add up to nothing."""
    return Count("pk", filter=such)


def _all_shipments_seen(request: HttpRequest, order: Order) -> list[Shipment]:
    """Return the order's shipments in the house; raise PermissionDenied when some are not the person's."""
    in_house = Shipment.objects.filter(order=order, status__in=IN_THE_WAREHOUSE).order_by("pk")
    seen = list(in_house.filter(pk__in=Shipment.objects.visible_to(actor(request)).values("pk")))
    if len(seen) != in_house.count():
        raise PermissionDenied
    return seen
