"""Stock on hand is lost: promises give way, the latest first. What the warehouse works on is never touched here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from inventory.services.levels import Row, as_arrays
from oms.models import User
from oms.sets import add_to_rows, array
from orders.allocation import Held, first_to_go
from orders.models import Allocation, Order
from orders.services.queue import RANK, rank_of

# Orders with stock promised that no shipment has taken up, where the loss is more than what is free.
HOLDERS = """
    SELECT DISTINCT l.order_id
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS w(product_id, warehouse_id, lost)
    JOIN inventory_stocklevel s ON s.product_id = w.product_id AND s.warehouse_id = w.warehouse_id
    JOIN orders_allocation a ON a.stock_level_id = s.id AND a.allocated > a.released
    JOIN orders_orderline l ON l.id = a.line_id
    WHERE s.available < w.lost
"""
SOFT = f"""
    SELECT a.id, l.order_id, l.id, s.product_id, s.warehouse_id, a.allocated - a.released, {RANK}, o.number, p.sku
    FROM orders_allocation a
    JOIN inventory_stocklevel s ON s.id = a.stock_level_id
    JOIN inventory_product p ON p.id = s.product_id
    JOIN orders_orderline l ON l.id = a.line_id
    JOIN orders_order o ON o.id = l.order_id
    JOIN customers_customer c ON c.id = o.customer_id
    WHERE (s.product_id, s.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
      AND a.allocated > a.released AND o.id = ANY(%s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Lost:
    """An order is promised `quantity` base units less of a product; they are open again and wait for stock."""

    order_id: int
    order: str
    sku: str
    quantity: int


def lock_holders(lost: Mapping[Row, int]) -> frozenset[int]:
    """Lock the orders that may have to give way to these losses. Comes before the locks of stock levels."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, [*as_arrays(lost), array(lost.values())])
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        return frozenset()
    return frozenset(Order.objects.filter(pk__any_of=found).locked().values_list("pk", flat=True))


def take_back(short: Mapping[Row, int], holders: frozenset[int], *, by: User | None, why: str) -> list[Lost]:
    """Take so much back from the promises to these orders, each told in its history; return who lost what.

    It may be less than asked for. The caller holds the locks of the orders and of the stock levels.
    """
    with connection.cursor() as cursor:
        cursor.execute(SOFT, [*as_arrays(short), sorted(holders)])
        rows = cursor.fetchall()
    held = [
        Held(pk, order, line, (product, place), quantity, rank_of(rank, line))
        for pk, order, line, product, place, quantity, *rank, _number, _sku in rows
    ]
    taken = first_to_go(held, short)
    if not taken:
        return []
    ids = [loss.held.allocation_id for loss in taken]
    add_to_rows(Allocation, ids, allocated=[-loss.quantity for loss in taken])
    named = {row[0]: (row[-2], row[-1]) for row in rows}
    lost = [Lost(loss.held.order_id, *named[loss.held.allocation_id], loss.quantity) for loss in taken]
    Order.record_all({one.order_id for one in lost}, "stock lost", by=by, note=why[:500])
    return lost
