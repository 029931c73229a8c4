"""Orders end: cancelled with everything given back, completed when nothing is left, closed by finance."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from inventory.services.levels import lock_levels
from oms.errors import IllegalMove, Refused
from oms.models import User
from oms.rows import lock_row
from orders.errors import InTheWarehouse, NothingOpen, NotInWork
from orders.models import Allocation, Order, OrderLine
from orders.services.allocating import give_back
from orders.services.approving import withdraw
from orders.services.drawing import give_back_draws, hold_agreements
from orders.services.reallocating import give_back_soft, held_by, soft_of
from orders.services.stock_holds import end_holds_of
from orders.services.taking_off import take_off_cancelled
from orders.status import IN_WORK, HoldKind, OrderStatus


@transaction.atomic
def cancel_order(order_id: int, *, by: User | None, reason: str = "") -> Order:
    """Cancel what has not left: stock is free again, agreements have it back, approvals are withdrawn.

    An order of which nothing has shipped is cancelled; of one shipped in part the rest is, and it is completed: the
    customer is told what does not come. Its total is that of what is left. Raise InTheWarehouse while the warehouse
    holds some of it, IllegalMove when it has ended.
    """
    order = lock_row(Order, order_id, "currency")
    order.require_can_become(OrderStatus.CANCELLED)
    require_not_in_the_warehouse(order)
    withdraw(order, HoldKind.CREDIT, by=by)
    drawn = hold_agreements(order)
    give_back(order)
    end_holds_of(order)
    cancelled = OrderLine.objects.filter(order=order, open__gt=0).update(cancelled=F("cancelled") + F("open"))
    take_off_cancelled(order)
    if drawn:
        give_back_draws(order, by=by)
    if not order.lines.filter(shipped__gt=0).exists():
        order.move_to(OrderStatus.CANCELLED, by=by, note=reason)
    elif not cancelled:
        raise NothingOpen(_("%(order)s has shipped in full; take a return instead.") % {"order": order})
    else:
        order.move_to(OrderStatus.COMPLETED, by=by, note=reason, rest_cancelled=cancelled)
    return order


@transaction.atomic
def close_short(order_id: int, reason: str, *, by: User) -> Order:
    """Cancel what is neither with the warehouse nor has left; stock is free again, and nothing more is promised.

    What the warehouse works on still ships, and then the order is completed; its total is that of what is left. Raise
    NotInWork, or NothingOpen without a reason, when there is no rest, and when nothing was begun: then the order is
    cancelled.
    """
    order = lock_row(Order, order_id, "currency")
    if order.status not in IN_WORK:
        raise NotInWork(order.number, str(order.get_status_display()))
    _require_begun(order, reason)
    withdraw(order, HoldKind.CREDIT, by=by)
    drawn = hold_agreements(order)
    held = held_by(order)
    lock_levels(one.row for one in held)
    give_back_soft(held, soft_of(held), stays_in=None)
    open_lines = OrderLine.objects.filter(order=order, open__gt=0)
    rest = open_lines.aggregate(n=Sum("open", default=0))["n"]
    if not rest:
        raise NothingOpen(_("%(order)s has no rest to close; nothing is open.") % {"order": order})
    open_lines.update(cancelled=F("cancelled") + F("open"))
    before = order.total
    take_off_cancelled(order)
    if drawn:
        give_back_draws(order, by=by)
    order.record("closed short", by=by, note=reason, cancelled=rest, total=[str(before), str(order.total)])
    complete_if_nothing_left(order, by=by)
    return order


def _require_begun(order: Order, reason: str) -> None:
    if not reason.strip():
        raise NothingOpen(_("%(order)s: say why its rest is closed.") % {"order": order})
    begun = Q(allocations__released__gt=0) | Q(picked__gt=0) | Q(packed__gt=0) | Q(shipped__gt=0)
    if not order.lines.filter(begun).exists():
        raise NothingOpen(_("Nothing of %(order)s was begun; cancel the order instead.") % {"order": order})


def require_not_in_the_warehouse(order: Order) -> None:
    """Raise InTheWarehouse when something of the order is released, picked or packed."""
    if _in_the_warehouse().filter(line__order=order).exists():
        raise InTheWarehouse(order.number)


def _in_the_warehouse() -> QuerySet[Allocation]:
    return Allocation.objects.filter(Q(released__gt=0) | Q(picked__gt=0) | Q(packed__gt=0))


def why_not_cancelled(orders: Sequence[Order]) -> dict[int, Refused]:
    """Return why those of these orders that cannot be cancelled now are refused. One statement for all."""
    held = set(_in_the_warehouse().filter(line__order__in=orders).values_list("line__order", flat=True))
    refused: dict[int, Refused] = {one.pk: InTheWarehouse(one.number) for one in orders if one.pk in held}
    target = str(OrderStatus.CANCELLED.label)
    return refused | {
        one.pk: IllegalMove(one.number, str(one.get_status_display()), target)
        for one in orders
        if not one.can_become(OrderStatus.CANCELLED)
    }


def complete_if_nothing_left(order: Order, *, by: User | None) -> None:
    """Complete the order when each unit has shipped or was cancelled. The caller holds its lock."""
    left = OrderLine.objects.filter(order=order, ordered__gt=F("cancelled") + F("shipped"))
    if order.status == OrderStatus.RELEASED and not left.exists():
        order.move_to(OrderStatus.COMPLETED, by=by)


@transaction.atomic
def close_order(order_id: int, *, by: User | None) -> Order:
    """Nothing more happens to a completed order."""
    order = lock_row(Order, order_id)
    order.move_to(OrderStatus.CLOSED, by=by)
    return order
