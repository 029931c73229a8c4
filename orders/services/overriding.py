"""An order is served before its turn: who would lose what, and the taking itself, which both orders remember."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers.status import ShippingPolicy
from inventory.services.levels import Level, lock_levels, read_levels
from oms.errors import NotAllowed
from oms.models import User
from oms.sets import add_to_rows
from orders.allocation import Demand, Held, Loss, Row, Taking, take
from orders.errors import NothingOpen, NothingToTake
from orders.models import Allocation, Order
from orders.services.allocating import add_grants
from orders.services.horizon import Later
from orders.services.queue import RANK, rank_of, read_queue, read_waiting
from orders.status import IN_WORK

# What orders that hold something of these rows may still lose, on any row: promised and not released.
SOFT = f"""
    SELECT a.id, l.order_id, l.id, s.product_id, s.warehouse_id, a.allocated - a.released, o.shipping_policy, {RANK}
    FROM orders_allocation a JOIN inventory_stocklevel s ON s.id = a.stock_level_id
    JOIN orders_orderline l ON l.id = a.line_id JOIN orders_order o ON o.id = l.order_id
    JOIN customers_customer c ON c.id = o.customer_id
    WHERE a.allocated > a.released AND o.id <> %s AND o.id IN (
        SELECT x.order_id FROM orders_allocation h JOIN orders_orderline x ON x.id = h.line_id
        JOIN inventory_stocklevel t ON t.id = h.stock_level_id
        WHERE h.allocated > h.released
          AND (t.product_id, t.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])))
    ORDER BY a.id
"""  # noqa: S608


def who_loses(order_id: int) -> Taking:
    """Return what would change hands if the order were served first. Nothing is locked and nothing changes."""
    rows = _rows_of(order_id)
    return _taking(order_id, read_levels(rows), soft_holdings(order_id, rows))


def _rows_of(order_id: int) -> set[Row]:
    """Return what lines of the order wait for."""
    _orders, lines = read_waiting([order_id])
    return {line.row for line in lines}


def _taking(
    order_id: int,
    levels: Mapping[Row, Level],
    soft: Collection[Held],
    among: Collection[int] | None = None,
) -> Taking:
    """Return what the order gets of what is free, and of what these orders hold or have kept for a later day."""
    queue = read_queue([order_id], levels)
    bid = next((bid for bid in queue.bids if bid.order_id == order_id), None)
    if bid is None:
        return Taking()
    others = [one for one in queue.later if one.order_id != order_id]
    held = [*soft, *kept_holdings(others, {row: level.free for row, level in levels.items()})]
    chosen = [one for one in held if among is None or one.order_id in among]
    return take(bid, chosen, queue.free_of(levels))


def kept_holdings(later: Iterable[Later], free: Mapping[Row, int]) -> list[Held]:
    """Return what of today's stock is kept for lines due later, as far as it is there, the soonest first."""
    left, found = Counter(free), []
    for one in sorted(later, key=lambda one: (one.due_on, one.demand.line_id)):
        quantity = min(one.needs, left[one.demand.row])
        left[one.demand.row] -= quantity
        if quantity:
            found.append(Held(0, one.order_id, one.demand.line_id, one.demand.row, quantity, one.rank))
    return found


def soft_holdings(order_id: int, rows: Iterable[Row]) -> list[Held]:
    """Return what other orders that hold something of these rows could lose; of such an order all it holds."""
    pairs = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(SOFT, [order_id, [p for p, _w in pairs], [w for _p, w in pairs]])
        found = cursor.fetchall()
    return [
        Held(
            pk,
            order,
            line,
            (product, place),
            quantity,
            rank_of(rank, line),
            ShippingPolicy(policy),
        )
        for pk, order, line, product, place, quantity, policy, *rank in found
    ]


@transaction.atomic
def take_from(order_id: int, others: Collection[int], *, by: User, reason: str) -> Order:
    """Give the order what is free and what these orders hold and nobody has released; they wait for it again.

    So it is with what is kept for them because they are due later. An order that ships complete, and loses a part,
    gives the rest back too. It takes a person who neither entered nor submitted the order. Raise NotAllowed,
    NothingOpen, or NothingToTake; then nothing has changed.
    """
    orders = {order.pk: order for order in Order.objects.filter(pk__in=[order_id, *others]).locked()}
    order = orders[order_id]
    _require_second_person(order, by, reason)
    wanted = _require_waiting(order)
    rows = {demand.row for demand in wanted}
    held = [one for one in soft_holdings(order_id, rows) if one.order_id in orders]
    levels = lock_levels({*rows, *(one.row for one in held)})
    taking = _taking(order_id, levels, held, orders)
    if not taking.lost:
        raise NothingToTake(order.number, _remedy(order, held, _is_all(taking, wanted)))
    _give_up([*taking.lost, *taking.given_back])
    add_grants(taking.grants, levels)
    _remember(order, taking, orders, by=by, reason=reason)
    return order


def _require_second_person(order: Order, by: User, reason: str) -> None:
    if by.pk in (order.created_by_id, order.submitted_by_id):
        raise NotAllowed(
            _("You entered or submitted %(order)s; somebody else has to take stock for it.")
            % {"order": order}
        )
    if not reason:
        raise NothingOpen(_("Say why %(order)s comes before its turn.") % {"order": order})


def _require_waiting(order: Order) -> Sequence[Demand]:
    """Return what the order waits for. Raise NothingOpen when it is nothing that is due."""
    bids = read_queue([order.pk], {}).bids if order.status in IN_WORK else []
    if not bids:
        raise NothingOpen(_("%(order)s does not wait for stock.") % {"order": order})
    return bids[0].demands


def _is_all(taking: Taking, wanted: Iterable[Demand]) -> bool:
    return sum(grant.quantity for grant in taking.grants) == sum(demand.quantity for demand in wanted)


def _remedy(order: Order, held: Sequence[Held], lies_free: bool) -> str:
    if lies_free:
        return _("Nothing need be taken: all that it waits for lies free, and goes by rank within a minute.")
    if not held:
        return _("The orders chosen hold nothing that it waits for, or the warehouse has it already.")
    if order.shipping_policy == ShippingPolicy.PARTIAL:
        return _("What it would get is free already, or too little for a shipment; choose more orders.")
    return _("By its shipping terms it needs more than they hold; choose more orders.")


def _give_up(lost: Sequence[Loss]) -> None:
    """Free what was promised; what was only kept is free already."""
    gone: dict[int, int] = {}
    for loss in lost:
        if not loss.held.is_kept:
            gone[loss.held.allocation_id] = gone.get(loss.held.allocation_id, 0) - loss.quantity
    add_to_rows(Allocation, list(gone), allocated=list(gone.values()))


def _remember(order: Order, taking: Taking, orders: dict[int, Order], *, by: User, reason: str) -> None:
    losers = {loss.held.order_id for loss in taking.lost}
    taken = [
        {"order": orders[x.held.order_id].number, "line": x.held.line_id, "quantity": x.quantity}
        for x in taking.lost
    ]
    order.record("took stock", by=by, note=reason, taken=taken)
    Order.record_all(losers, "lost stock", by=by, note=_("to %(order)s") % {"order": order} + f": {reason}")
