"""What the clock starts in the warehouse. Safe to run twice and at once."""

from celery import shared_task

from fulfillment.emails import ON_ITS_WAY, announce_shipment_event
from fulfillment.models import ShipmentDelivery, ShipmentEvent
from fulfillment.services import tracking
from oms.outbox import deliver_due
from orders.services.following import link_for_letter


@shared_task
def announce_shipment_events() -> int:
    """Send the letters about shipments that are due; return how many events are settled."""
    return deliver_due(ShipmentDelivery, "mail", _tell_about_shipment)


def _tell_about_shipment(event: ShipmentEvent) -> None:
    leaves = event.kind == ON_ITS_WAY
    announce_shipment_event(event, link_for_letter(event.document.order_id) if leaves else None)


@shared_task
def track_shipments() -> int:
    """Ask the carriers about what is on the road; return how many shipments were asked for."""
    return tracking.track_shipments()
