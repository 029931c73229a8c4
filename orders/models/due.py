"""When a waiting line is due, as SQL: what is due now waits for stock, the rest for its day."""

from django.db.models import BooleanField, DateField, F, Func
from django.db.models.expressions import RawSQL

# The day on which a line is due, when that is beyond the horizon within which its warehouse sets stock aside. What
# may not wait (of products never backordered, of orders that cancel the rest) is set aside as soon as it is confirmed.
LATER = """CASE WHEN p.backorder_allowed AND o.shipping_policy <> 'cancel_rest'
                 AND least(l.ship_on, o.requested_on) > (now() AT TIME ZONE w.zone)::date + w.allocation_horizon_days
           THEN coalesce(l.ship_on, o.requested_on) END"""
WAITING_LINES = """
    SELECT l.order_id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_product p ON p.id = l.product_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE l.waits
"""
BACKORDERED = f"{WAITING_LINES} AND {LATER} IS NULL"
DUE_LATER = f"{WAITING_LINES} AND {LATER} IS NOT NULL"


def has_lines(lines: str) -> Func:
    """Return whether an order has such lines.

    Each row is asked for itself. Without the OFFSET the planner, which does not count with a page's LIMIT there, would
    look up all lines that wait anywhere first.
    """
    mine = f"EXISTS ({lines} AND l.order_id = %(expressions)s OFFSET 0)"
    return Func(F("pk"), template=mine, output_field=BooleanField())


# What is asked of an order before each of its lines is looked at: has it any that waits, which a small index tells, and
# is it requested by a day on which all its lines are due, wherever they wait.
THAT_WAIT = RawSQL("SELECT l.order_id FROM orders_orderline l WHERE l.waits", [])
ALL_DUE = RawSQL(
    "(SELECT coalesce(min((now() AT TIME ZONE w.zone)::date + w.allocation_horizon_days), 'infinity') "
    "FROM inventory_warehouse w)",
    [],
    DateField(),
)
