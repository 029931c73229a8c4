"""What runs low: every policy compared with stock, supply and demand, alerts opened, updated and closed."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from inventory.models import RestockAlert
from inventory.replenishment import Position, alert_kind, suggested_purchase
from inventory.services.levels import Row
from oms.sets import insert_rows, set_in_rows

SWEEP = 7_300_001  # the advisory lock of this sweep

POSITIONS = """
    SELECT p.product_id, p.warehouse_id, coalesce(s.on_hand, 0), coalesce(i.due, 0) + coalesce(b.due, 0),
           coalesce(s.allocated, 0) + coalesce(d.open, 0) + coalesce(a.leaving, 0), p.reorder_point, p.order_up_to,
           coalesce(t.minimum, 1), coalesce(t.multiple, 1)
    FROM inventory_reorderpolicy p
    JOIN inventory_product x ON x.id = p.product_id AND x.status = 'active'
    LEFT JOIN inventory_stocklevel s ON s.product_id = p.product_id AND s.warehouse_id = p.warehouse_id
    LEFT JOIN (SELECT l.product_id, o.warehouse_id, sum(l.due)::bigint AS due
               FROM inventory_purchaseorderline l JOIN inventory_purchaseorder o ON o.id = l.purchase_order_id
               WHERE l.due > 0 AND o.status = 'open' GROUP BY 1, 2) i
           ON i.product_id = p.product_id AND i.warehouse_id = p.warehouse_id
    LEFT JOIN (SELECT l.product_id, l.warehouse_id, sum(l.open)::bigint AS open
               FROM orders_orderline l WHERE l.waits GROUP BY 1, 2) d
           ON d.product_id = p.product_id AND d.warehouse_id = p.warehouse_id
    LEFT JOIN (SELECT l.product_id, m.target_id AS warehouse_id, sum(l.due)::bigint AS due
               FROM inventory_transferline l JOIN inventory_transfer m ON m.id = l.transfer_id
               WHERE l.due > 0 GROUP BY 1, 2) b
           ON b.product_id = p.product_id AND b.warehouse_id = p.warehouse_id
    LEFT JOIN (SELECT l.product_id, m.source_id AS warehouse_id, sum(l.to_dispatch)::bigint AS leaving
               FROM inventory_transferline l JOIN inventory_transfer m ON m.id = l.transfer_id
               WHERE l.to_dispatch > 0 GROUP BY 1, 2) a
           ON a.product_id = p.product_id AND a.warehouse_id = p.warehouse_id
    LEFT JOIN LATERAL (SELECT minimum, multiple FROM inventory_supplierproduct sp
                       WHERE sp.product_id = p.product_id ORDER BY cost, id LIMIT 1) t ON true
"""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one look at all policies changed."""

    opened: int = 0
    updated: int = 0
    closed: int = 0


@transaction.atomic
def raise_restock_alerts() -> Sweep:
    """Open an alert for what runs low, refresh the numbers of open ones, close those that are well again.

    Purchases and transfers bring supply; what a transfer still takes away is no more there than what is promised.
    One alert is open per product and warehouse. A second run at the same time does nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP])
        row = cursor.fetchone()
    if not (row and row[0]):
        return Sweep()
    low = {place: position for place, position in _positions().items() if alert_kind(position)}
    there = {(a.product_id, a.warehouse_id): a.pk for a in RestockAlert.objects.open()}
    return Sweep(
        opened=_open({place: p for place, p in low.items() if place not in there}),
        updated=_update({there[place]: p for place, p in low.items() if place in there}),
        closed=_close([pk for place, pk in there.items() if place not in low]),
    )


def _positions() -> dict[Row, Position]:
    with connection.cursor() as cursor:
        cursor.execute(POSITIONS)
        return {(row[0], row[1]): Position(*row[2:]) for row in cursor.fetchall()}


def _open(low: dict[Row, Position]) -> int:
    if not low:
        return 0
    places = {"product_id": [p for p, _w in low], "warehouse_id": [w for _p, w in low]}
    now = timezone.now()
    insert_rows(RestockAlert, {**places, **_numbers(list(low.values()))}, opened_at=now, updated_at=now)
    return len(low)


def _update(low: dict[int, Position]) -> int:
    if low:
        set_in_rows(RestockAlert, list(low), **_numbers(list(low.values())))
        RestockAlert.objects.filter(pk__in=low).update(updated_at=timezone.now())
    return len(low)


def _close(ids: list[int]) -> int:
    return RestockAlert.objects.filter(pk__in=ids).update(closed_at=timezone.now())


def _numbers(low: list[Position]) -> dict[str, list[object]]:
    return {
        "kind": [alert_kind(p) for p in low],
        "on_hand": [p.on_hand for p in low],
        "inbound": [p.inbound for p in low],
        "demand": [p.demand for p in low],
        "reorder_point": [p.reorder_point for p in low],
        "suggested": [suggested_purchase(p) for p in low],
    }
