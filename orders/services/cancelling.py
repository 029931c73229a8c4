"""Orders end: cancelled with everything given back, completed when nothing is left, closed by finance."""

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from oms.models import User
from orders.errors import InTheWarehouse, NothingOpen
from orders.models import Allocation, Order, OrderLine
from orders.services.allocating import give_back
from orders.services.approving import withdraw
from orders.services.drawing import give_back_draws, hold_agreements
from orders.status import OrderStatus


@transaction.atomic
def cancel_order(order_id: int, *, by: User | None, reason: str = "") -> Order:
    """Cancel what has not left: stock is free again, agreements have it back, approvals are withdrawn.

    An order of which nothing has shipped is cancelled; of one shipped in part the rest is, and it is
    completed. Raise InTheWarehouse while the warehouse holds some of it, IllegalMove when it has ended.
    """
    order = Order.objects.locked().get(pk=order_id)
    order.require_can_become(OrderStatus.CANCELLED)
    require_not_in_the_warehouse(order)
    withdraw(order, by=by)
    drawn = hold_agreements(order)
    give_back(order)
    cancelled = OrderLine.objects.filter(order=order, open__gt=0).update(cancelled=F("cancelled") + F("open"))
    if drawn:
        give_back_draws(order, by=by)
    if not order.lines.filter(shipped__gt=0).exists():
        order.move_to(OrderStatus.CANCELLED, by=by, note=reason)
    elif not cancelled:
        raise NothingOpen(_("%(order)s has shipped in full; take a return instead.") % {"order": order})
    else:
        order.move_to(OrderStatus.COMPLETED, by=by, note=reason)
    return order


def require_not_in_the_warehouse(order: Order) -> None:
    """Raise InTheWarehouse when something of the order is released, picked or packed."""
    held = Allocation.objects.filter(line__order=order).aggregate(
        n=Sum(F("released") + F("picked") + F("packed"), default=0)
    )
    if held["n"]:
        raise InTheWarehouse(order.number)


def complete_if_nothing_left(order: Order, *, by: User | None) -> None:
    """Complete the order when each unit has shipped or was cancelled. The caller holds its lock."""
    left = OrderLine.objects.filter(order=order, ordered__gt=F("cancelled") + F("shipped"))
    if order.status == OrderStatus.RELEASED and not left.exists():
        order.move_to(OrderStatus.COMPLETED, by=by)


@transaction.atomic
def close_order(order_id: int, *, by: User | None) -> Order:
    """Nothing more happens to a completed order."""
    order = Order.objects.locked().get(pk=order_id)
    order.move_to(OrderStatus.CLOSED, by=by)
    return order
