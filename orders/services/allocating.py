"""Stock is promised to lines: at confirmation, and to backorders as soon as it comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from inventory.errors import NotEnoughStock, Shortage
from inventory.services.levels import Level, as_arrays, lock_levels
from oms.models import User
from oms.sets import add_to_rows, insert_rows
from orders.allocation import Demand, Grant, Row, grants
from orders.models import Allocation, Order, OrderLine
from orders.status import IN_WORK

BATCH_OF_ORDERS = 200

# Open demand of other confirmed orders: it came first and is served first.
WAITING = """
    SELECT l.product_id, l.warehouse_id, sum(l.open)
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    WHERE l.open > 0 AND o.status IN ('confirmed', 'released') AND o.id <> %s
      AND (l.product_id, l.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
    GROUP BY 1, 2
"""
# Orders that wait for a product of which something is free.
SERVABLE = """
    SELECT DISTINCT o.id
    FROM orders_orderline l
    JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_stocklevel s ON s.product_id = l.product_id AND s.warehouse_id = l.warehouse_id
    WHERE l.open > 0 AND o.status IN ('confirmed', 'released') AND s.available > 0
    ORDER BY o.id LIMIT %s
"""
# Everybody who waits for the same products as those orders, so that rank decides and not luck.
RIVALS = """
    SELECT DISTINCT rival.order_id
    FROM orders_orderline mine
    JOIN orders_orderline rival ON rival.product_id = mine.product_id AND rival.warehouse_id = mine.warehouse_id
    JOIN orders_order o ON o.id = rival.order_id
    WHERE mine.order_id = ANY(%s) AND mine.open > 0 AND rival.open > 0 AND o.status IN ('confirmed', 'released')
"""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """What of a line waits for stock, and whether it may wait."""

    line_id: int
    row: Row
    open: int
    sku: str
    may_wait: bool


def open_lines(order: Order) -> list[OpenLine]:
    """Return the lines of an order with open quantity, in their order."""
    rows = (
        OrderLine.objects.filter(order=order, open__gt=0)
        .order_by("position")
        .values_list("pk", "product_id", "warehouse_id", "open", "product__sku", "product__backorder_allowed")
    )
    return [OpenLine(pk, (product, place), open_, sku, wait) for pk, product, place, open_, sku, wait in rows]


def allocate_order(order: Order) -> int:
    """Promise the order what is free after those who wait longer; return how much. The rest is backordered.

    The caller holds the lock on the order. Raise NotEnoughStock when a short product may not be backordered.
    """
    lines = open_lines(order)
    if not lines:
        return 0
    levels = lock_levels(line.row for line in lines)
    waiting = _waiting(order, levels)
    free = {row: max(0, level.available - waiting.get(row, 0)) for row, level in levels.items()}
    granted = grants([Demand(line.line_id, line.row, line.open) for line in lines], free)
    _require_may_wait(order, lines, granted)
    insert_grants(granted, levels)
    return sum(grant.quantity for grant in granted)


def _waiting(order: Order, rows: Iterable[Row]) -> dict[Row, int]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [order.pk, *as_arrays(rows)])
        return {(product, warehouse): int(quantity) for product, warehouse, quantity in cursor.fetchall()}


def _require_may_wait(order: Order, lines: Sequence[OpenLine], granted: Sequence[Grant]) -> None:
    given = {grant.line_id: grant.quantity for grant in granted}
    short = [line for line in lines if not line.may_wait and given.get(line.line_id, 0) < line.open]
    if short:
        raise NotEnoughStock(
            order.number,
            [Shortage(line.sku, line.open, given.get(line.line_id, 0)) for line in short],
            remedy=_("These products are not backordered; lower the quantity or choose another warehouse."),
        )


def insert_grants(granted: Sequence[Grant], levels: Mapping[Row, Level]) -> None:
    """Write first allocations of lines; the trigger keeps the stock levels and the lines' counters."""
    if granted:
        insert_rows(
            Allocation,
            {
                "line_id": [grant.line_id for grant in granted],
                "stock_level_id": [levels[grant.row].id for grant in granted],
                "allocated": [grant.quantity for grant in granted],
            },
        )


def add_grants(granted: Sequence[Grant], levels: Mapping[Row, Level]) -> None:
    """Write allocations of lines that may have some of the same stock level already."""
    there = {
        (line, level): pk
        for pk, line, level in Allocation.objects.filter(
            line__any_of=[grant.line_id for grant in granted]
        ).values_list("pk", "line_id", "stock_level_id")
    }
    known = [(there.get((grant.line_id, levels[grant.row].id)), grant) for grant in granted]
    again = [(pk, grant.quantity) for pk, grant in known if pk is not None]
    add_to_rows(Allocation, [pk for pk, _q in again], allocated=[quantity for _pk, quantity in again])
    insert_grants([grant for pk, grant in known if pk is None], levels)


def serve_backorders(*, by: User | None = None) -> int:
    """Promise free stock to the orders that wait for it, longest waiting first; return how many got some.

    Called after supply has committed, and by a task in case nobody called. Safe to run at once with anything.
    """
    served = 0
    while batch := _serve_batch(by):
        served += batch
    return served


@transaction.atomic
def _serve_batch(by: User | None) -> int:
    orders = _lock_waiting_orders()
    lines = _demand_of(orders)
    if not lines:
        return 0
    levels = lock_levels(demand.row for demand in lines)
    granted = grants(lines, {row: level.available for row, level in levels.items()})
    if not granted:
        return 0
    add_grants(granted, levels)
    lucky = set(
        OrderLine.objects.filter(pk__any_of=[g.line_id for g in granted]).values_list("order_id", flat=True)
    )
    Order.record_all(lucky, "allocated", by=by)
    return len(lucky)


def _lock_waiting_orders() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SERVABLE, [BATCH_OF_ORDERS])
        servable = [row[0] for row in cursor.fetchall()]
        cursor.execute(RIVALS, [servable])
        rivals = [row[0] for row in cursor.fetchall()]
    return list(Order.objects.filter(pk__any_of=rivals).locked().values_list("pk", flat=True))


def _demand_of(orders: Sequence[int]) -> list[Demand]:
    """Return what these orders wait for, in order of rank: first confirmed, first served."""
    rows = (
        OrderLine.objects.filter(order__any_of=orders, open__gt=0, order__status__in=IN_WORK)
        .order_by(F("order__confirmed_at").asc(nulls_last=True), "pk")
        .values_list("pk", "product_id", "warehouse_id", "open")
    )
    return [Demand(pk, (product, place), open_) for pk, product, place, open_ in rows]


def give_back(order: Order) -> None:
    """Free all stock promised to the order that nobody has picked. The caller holds the order's lock."""
    held = list(
        Allocation.objects.filter(line__order=order, allocated__gt=0).values_list(
            "pk", "allocated", "stock_level__product_id", "stock_level__warehouse_id"
        )
    )
    if not held:
        return
    lock_levels((product, place) for _pk, _a, product, place in held)
    add_to_rows(Allocation, [row[0] for row in held], allocated=[-row[1] for row in held])
