"""An order is entered once more: the same lines as a draft, at today's prices and agreed by nobody."""

from django.db import transaction

from oms.models import User
from orders.models import Order
from orders.services.capturing import Header, enter_order
from orders.services.pricing import LineInput


@transaction.atomic
def copy_order(order_id: int, *, by: User) -> Order:
    """Enter a draft with the lines of an order, priced as any new one: no price, discount, approval or PO comes along.

    Quantities stand as they were sold; what is not sold so any more is told when it is submitted. Raise Incomplete.
    """
    source = Order.objects.get(pk=order_id)
    lines = source.lines.filter(ordered__gt=0).order_by("position").values_list("unit_id", "ordered")
    header = Header(
        source.customer_id,
        ship_to_id=source.ship_to_id,
        bill_to_id=source.bill_to_id,
        warehouse_id=source.warehouse_id,
    )
    copy = enter_order(header, [LineInput(unit, ordered, stands=True) for unit, ordered in lines], by=by)
    copy.record("copied", by=by, note=source.number)
    return copy
