"""How many promises were kept: ours to customers, by warehouse, and the suppliers' to us."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from inventory.models import PurchaseOrder
from oms.company import business_day
from oms.models import User
from orders.models import Order

MOST_MISSED = 200

# A line is judged by the first day its customer was told. What is cancelled is not owed, and what is not due yet and
# has not left is no matter of keeping or breaking.
JUDGED_LINES = """
    WITH told AS (
        SELECT x.line_id, p.order_id, p.ship_on
        FROM orders_promise p, unnest(p.lines) AS x(line_id)
        WHERE p.ship_on BETWEEN %(since)s AND %(until)s AND p.cause IN ('confirmed', 'changed', 'renewed')
          AND NOT EXISTS (SELECT FROM orders_promise b WHERE b.order_id = p.order_id AND b.id < p.id
                          AND x.line_id = ANY(b.lines) AND b.ship_on IS NOT NULL)
    ), gone AS (
        SELECT t.*, l.position, l.product_id, l.warehouse_id, l.shipped >= l.ordered - l.cancelled AS has_left,
               (SELECT max(s.shipped_at AT TIME ZONE w.zone)::date
                FROM orders_allocation a JOIN fulfillment_shipmentline x ON x.allocation_id = a.id
                JOIN fulfillment_shipment s ON s.id = x.shipment_id
                WHERE a.line_id = t.line_id AND s.status IN ('shipped', 'delivered')) AS left_on
        FROM told t JOIN orders_orderline l ON l.id = t.line_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
        WHERE l.ordered > l.cancelled
    ), judged AS (
        SELECT *, has_left AND left_on <= ship_on AS is_kept FROM gone WHERE has_left OR ship_on < %(today)s
    )
"""
BY_WAREHOUSE = """
    SELECT w.id, w.code || ' ' || w.name, count(*), count(*) FILTER (WHERE j.is_kept)
    FROM judged j JOIN inventory_warehouse w ON w.id = j.warehouse_id
    WHERE j.order_id IN (SELECT pk FROM seen) GROUP BY w.id ORDER BY w.code
"""
MISSED_LINES = """
    SELECT o.id, o.number, c.name, j.position, p.sku, j.ship_on, CASE WHEN j.has_left THEN j.left_on END,
           CASE WHEN j.has_left THEN j.left_on ELSE %(today)s END - j.ship_on,
           (SELECT e.cause FROM orders_promise e WHERE e.order_id = o.id AND j.line_id = ANY(e.lines)
              AND e.cause NOT IN ('confirmed', 'changed', 'renewed', 'sooner') ORDER BY e.id DESC LIMIT 1)
    FROM judged j JOIN orders_order o ON o.id = j.order_id JOIN customers_customer c ON c.id = o.customer_id
    JOIN inventory_product p ON p.id = j.product_id
    WHERE NOT j.is_kept AND j.warehouse_id = %(of)s AND j.order_id IN (SELECT pk FROM seen)
    ORDER BY j.ship_on DESC, j.line_id LIMIT %(most)s
"""
# A supplier's line is judged by the first day they confirmed, else by the one we asked for.
JUDGED_PURCHASES = """
    WITH judged AS (
        SELECT l.id, l.purchase_order_id, l.product_id, coalesce(l.promised_on, l.expected_on) AS promised_on, l.due,
               l.in_time >= l.ordered - l.cancelled AS is_kept,
               (SELECT max(r.received_on) FROM inventory_receiptline n JOIN inventory_receipt r ON r.id = n.receipt_id
                WHERE n.line_id = l.id) AS came_on
        FROM inventory_purchaseorderline l
        WHERE l.ordered > l.cancelled AND coalesce(l.promised_on, l.expected_on) BETWEEN %(since)s AND %(until)s
          AND (l.due = 0 OR coalesce(l.promised_on, l.expected_on) < %(today)s)
    )
"""
BY_SUPPLIER = """
    SELECT s.id, s.name, count(*), count(*) FILTER (WHERE j.is_kept)
    FROM judged j JOIN inventory_purchaseorder o ON o.id = j.purchase_order_id
    JOIN inventory_supplier s ON s.id = o.supplier_id
    WHERE o.id IN (SELECT pk FROM seen) GROUP BY s.id ORDER BY s.name
"""
MISSED_PURCHASES = """
    SELECT o.id, o.number, s.name, 0, p.sku, j.promised_on, CASE WHEN j.due = 0 THEN j.came_on END,
           CASE WHEN j.due = 0 THEN j.came_on ELSE %(today)s END - j.promised_on, NULL
    FROM judged j JOIN inventory_purchaseorder o ON o.id = j.purchase_order_id
    JOIN inventory_supplier s ON s.id = o.supplier_id JOIN inventory_product p ON p.id = j.product_id
    WHERE NOT j.is_kept AND s.id = %(of)s AND o.id IN (SELECT pk FROM seen)
    ORDER BY j.promised_on DESC, j.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Period:
    """Promises for these days, both included."""

    since: date
    until: date


class Kept(NamedTuple):
    """Of so many promises of somebody so many were kept."""

    id: int
    name: str
    promised: int
    kept: int

    @property
    def missed(self) -> int:
        return self.promised - self.kept

    @property
    def percent(self) -> int:
        """Rounded down: nobody has kept all who has missed one."""
        return self.kept * 100 // self.promised


class Missed(NamedTuple):
    """A promise that was not kept: of which document, for which day, and when all of it had gone; not yet for None.

    `days` tells how late it was done; until today when it is not done yet.
    """

    document_id: int
    number: str
    whose: str
    position: int
    sku: str
    promised_on: date
    done_on: date | None
    days: int
    cause: str | None


def kept_by_warehouses(user: User, period: Period) -> list[Kept]:
    """Return how many lines left in full on the day promised or before, by the warehouse where they wait."""
    rows = _asked(JUDGED_LINES, BY_WAREHOUSE, Order.objects.visible_to(user), period)
    return [Kept(*row) for row in rows]


def missed_by_warehouse(user: User, period: Period, warehouse_id: int) -> list[Missed]:
    """Return the lines that did not, the last first; at most MOST_MISSED."""
    seen = Order.objects.visible_to(user)
    return [Missed(*row) for row in _asked(JUDGED_LINES, MISSED_LINES, seen, period, of=warehouse_id)]


def kept_by_suppliers(user: User, period: Period) -> list[Kept]:
    """Return how many lines of purchases came in full on the day the supplier first named or before."""
    rows = _asked(JUDGED_PURCHASES, BY_SUPPLIER, PurchaseOrder.objects.visible_to(user), period)
    return [Kept(*row) for row in rows]


def missed_by_supplier(user: User, period: Period, supplier_id: int) -> list[Missed]:
    """Return the lines that did not, the last first; at most MOST_MISSED."""
    seen = PurchaseOrder.objects.visible_to(user)
    return [Missed(*row) for row in _asked(JUDGED_PURCHASES, MISSED_PURCHASES, seen, period, of=supplier_id)]


def _asked(judged: str, question: str, seen: Any, period: Period, **about: int) -> list[tuple[Any, ...]]:
    """Ask about what the person sees, in one statement."""
    wanted = seen.order_by().values("pk").query
    sql, values = wanted.get_compiler(connection.alias, elide_empty=False).as_sql()
    known = {f"seen{n}": value for n, value in enumerate(values)}
    visible = sql % tuple(f"%({name})s" for name in known)
    days: Mapping[str, Any] = {
        "since": period.since, "until": period.until, "today": business_day(), "most": MOST_MISSED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"{judged}, seen(pk) AS NOT MATERIALIZED ({visible}) {question}", {**days, **known, **about}
        )
        return list(cursor.fetchall())
