"""Stock on hand is lost: promises give way, the latest first. What the warehouse works on is never touched here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from inventory.services.levels import Row, as_arrays
from oms.models import User
from oms.sets import add_to_rows, array
from orders.allocation import Demand, grants
from orders.models import Allocation, Order

# Orders with stock promised that no shipment has taken up, where the loss is more than what is free.
HOLDERS = """
    SELECT DISTINCT l.order_id
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS w(product_id, warehouse_id, lost)
    JOIN inventory_stocklevel s ON s.product_id = w.product_id AND s.warehouse_id = w.warehouse_id
    JOIN orders_allocation a ON a.stock_level_id = s.id AND a.allocated > a.released
    JOIN orders_orderline l ON l.id = a.line_id
    WHERE s.available < w.lost
"""
# Latest promise first, then who was confirmed last: the reverse of the order in which backorders are served.
SOFT = """
    SELECT a.id, a.line_id, s.product_id, s.warehouse_id, a.allocated - a.released, o.id, o.number, p.sku
    FROM orders_allocation a
    JOIN inventory_stocklevel s ON s.id = a.stock_level_id
    JOIN inventory_product p ON p.id = s.product_id
    JOIN orders_orderline l ON l.id = a.line_id
    JOIN orders_order o ON o.id = l.order_id
    WHERE (s.product_id, s.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
      AND a.allocated > a.released AND o.id = ANY(%s)
    ORDER BY o.requested_on DESC, o.confirmed_at DESC NULLS FIRST, l.id DESC
"""


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
    # The same greedy walk as in granting, over promises instead of lines, from the last rank to the first.
    taken = grants((Demand(row[0], (row[2], row[3]), row[4]) for row in rows), short)
    if not taken:
        return []
    add_to_rows(Allocation, [one.line_id for one in taken], allocated=[-one.quantity for one in taken])
    named = {row[0]: (row[5], row[6], row[7]) for row in rows}
    lost = [Lost(*named[one.line_id], one.quantity) for one in taken]
    Order.record_all({one.order_id for one in lost}, "stock lost", by=by, note=why[:500])
    return lost
