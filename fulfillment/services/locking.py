"""A shipment and its order, locked in the one order everybody keeps: shipment, order, stock levels."""

from django.utils.translation import gettext as _

from fulfillment.models import Shipment
from fulfillment.status import ShipmentStatus
from oms.errors import IllegalMove
from oms.rows import lock_row
from orders.models import Order


def lock_shipment(shipment_id: int) -> Shipment:
    """Return the shipment with its order, both locked until the transaction ends."""
    shipment = lock_row(Shipment, shipment_id)
    shipment.order = lock_row(Order, shipment.order_id, "customer", "currency")
    return shipment


def require_in(shipment: Shipment, *statuses: ShipmentStatus, wanted: str) -> None:
    """Raise IllegalMove unless the shipment is in one of these states."""
    if shipment.status not in statuses:
        raise IllegalMove(shipment.number, str(shipment.get_status_display()), wanted or _("changed"))
