"""Stock levels, created and locked in key order: the lock that makes a promise sound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from oms.prepared import planned_once
from oms.sets import array

Row = tuple[int, int]  # product, warehouse

CREATE_MISSING = """
    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)
    SELECT w.product_id, w.warehouse_id, 0, 0
    FROM unnest(%s::bigint[], %s::bigint[]) AS w(product_id, warehouse_id)
    WHERE NOT EXISTS (SELECT FROM inventory_stocklevel s
                      WHERE s.product_id = w.product_id AND s.warehouse_id = w.warehouse_id)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
"""
READ = """
    SELECT s.id, s.product_id, s.warehouse_id, s.on_hand, s.allocated, s.channel_buffer, s.held
    FROM inventory_stocklevel s
    JOIN unnest(%s::bigint[], %s::bigint[]) AS w(product_id, warehouse_id)
        ON w.product_id = s.product_id AND w.warehouse_id = s.warehouse_id
    ORDER BY s.id
"""
LOCK = f"{READ} FOR NO KEY UPDATE OF s"


@dataclass(frozen=True, slots=True)
class Level:
    """A stock level as it is now, locked unless it was only read."""

    id: int
    product_id: int
    warehouse_id: int
    on_hand: int
    allocated: int
    channel_buffer: int = 0
    held: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated

    @property
    def free(self) -> int:
        """What orders may still be given: what is available, not kept for other channels and not held by quotes."""
        return max(0, self.available - self.channel_buffer - self.held)


def lock_levels(rows: Iterable[Row]) -> dict[Row, Level]:
    """Lock the stock levels of these (product, warehouse) pairs, made where they are missing.

    The caller is in a transaction. Whoever changes supply or demand, or moves stock, comes through here.
    """
    wanted = set(rows)
    arrays = as_arrays(sorted(wanted))
    levels = _levels(LOCK, arrays)
    if len(levels) < len(wanted):
        with connection.cursor() as cursor:
            cursor.execute(CREATE_MISSING, arrays)
        # What somebody else made meanwhile has a higher id than all that was there.
        levels = _levels(LOCK, arrays)
    return levels


def read_levels(rows: Iterable[Row]) -> dict[Row, Level]:
    """Return the stock levels there are of these pairs. Nothing is locked, so nothing may be promised by them."""
    return _levels(READ, as_arrays(sorted(rows)))


def _levels(sql: str, arrays: Sequence[str]) -> dict[Row, Level]:
    with planned_once() as cursor:
        cursor.execute(sql, arrays)
        return {(row[1], row[2]): Level(*row) for row in cursor.fetchall()}


def as_arrays(pairs: Iterable[Row]) -> list[str]:
    """Return pairs as the two arrays that `unnest` joins again."""
    known = list(pairs)
    return [array(product for product, _w in known), array(warehouse for _p, warehouse in known)]
