"""What the clock starts in the warehouse. Safe to run twice and at once."""

from celery import shared_task

from fulfillment.emails import announce_shipment_event
from fulfillment.models import ShipmentDelivery
from fulfillment.services import tracking
from oms.outbox import deliver_due


@shared_task
def announce_shipment_events() -> int:
    """Send the letters about shipments that are due; return how many events are settled."""
    return deliver_due(ShipmentDelivery, "mail", announce_shipment_event)


@shared_task
def track_shipments() -> int:
    """Ask the carriers about what is on the road; return how many shipments were asked for."""
    return tracking.track_shipments()
