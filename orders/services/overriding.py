"""An order is served before its turn: who would lose what, and the taking itself, which both orders remember."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers.status import ShippingPolicy
from inventory.services.levels import lock_levels
from oms.errors import NotAllowed
from oms.models import User
from oms.sets import add_to_rows
from orders.allocation import Bid, Held, Loss, Row, Taking, take
from orders.errors import NothingOpen, NothingToTake
from orders.models import Allocation, Order
from orders.services.allocating import add_grants
from orders.services.queue import RANK, rank_of, read_queue
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
    queue = read_queue([order_id], {})
    bids = [bid for bid in queue.bids if bid.order_id == order_id]
    if not bids:
        return Taking()
    return take(bids[0], soft_holdings(order_id, _rows(bids[0])), queue.free)


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

    An order that ships complete, and loses a part, gives the rest back too. It takes a person who neither
    entered nor submitted the order. Raise NotAllowed, NothingOpen, or NothingToTake; then nothing has changed.
    """
    orders = {order.pk: order for order in Order.objects.filter(pk__in=[order_id, *others]).locked()}
    order = orders[order_id]
    _require_second_person(order, by, reason)
    bid = _bid_of(order)
    held = [one for one in soft_holdings(order_id, _rows(bid)) if one.order_id in orders]
    levels = lock_levels([*_rows(bid), *(one.row for one in held)])
    taking = take(bid, held, {row: level.free for row, level in levels.items()})
    if not taking.lost:
        raise NothingToTake(order.number, _remedy(order, held))
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


def _bid_of(order: Order) -> Bid:
    bids = read_queue([order.pk], {}).bids if order.status in IN_WORK else []
    if not bids:
        raise NothingOpen(_("%(order)s does not wait for stock.") % {"order": order})
    return bids[0]


def _rows(bid: Bid) -> list[Row]:
    return [demand.row for demand in bid.demands]


def _remedy(order: Order, held: Sequence[Held]) -> str:
    if not held:
        return _("The orders chosen hold nothing that it waits for, or the warehouse has it already.")
    if order.shipping_policy == ShippingPolicy.PARTIAL:
        return _("What it would get is free already, or too little for a shipment; choose more orders.")
    return _("By its shipping terms it needs more than they hold; choose more orders.")


def _give_up(lost: Sequence[Loss]) -> None:
    gone: dict[int, int] = {}
    for loss in lost:
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
