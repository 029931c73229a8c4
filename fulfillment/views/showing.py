"""What the page of a shipment shows besides its fields."""

from typing import Any

from django.http import HttpRequest

from fulfillment.models import Shipment, TrackingEvent
from fulfillment.views.packing import cartons_of, with_products
from fulfillment.views.steps import steps_of
from inventory.views.pages import actor
from orders.models import Order
from orders.services.holding import held_from_the_floor


def shipment_context(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    """Return lines, cartons, tracking and history, in a fixed number of statements."""
    user = actor(request)
    return {
        "held": held_from_the_floor(shipment.order),
        "lines": with_products(shipment.lines.order_by("pk")),
        "cartons": cartons_of(shipment),
        "carrier": shipment.carrier,
        "tracking": TrackingEvent.objects.filter(package__shipment=shipment)
        .newest_first()
        .select_related("package"),
        "timeline": shipment.events.select_related("by"),
        "steps": steps_of(shipment, user, "pick", "pack", "ship", "hand_over", "deliver", "void"),
        "order": Order.objects.visible_to(user).filter(pk=shipment.order_id).first(),
        "order_number": str(shipment.order),
        "may_cancel": user.has_perm("fulfillment.void_shipment"),
        "may_ship": user.has_perm("fulfillment.ship_shipment"),
    }
