"""What in the bins is free to take, in the order of the walk."""

from collections.abc import Iterable

from django.db import connection

from inventory.services.levels import Row, as_arrays
from inventory.status import PICKABLE
from inventory.taking import FreeBin

KINDS = sorted(PICKABLE)

FREE_BINS = """
    SELECT b.id, b.product_id, l.warehouse_id, b.quantity - b.claimed
    FROM unnest(%s::bigint[], %s::bigint[]) AS r(product_id, warehouse_id)
    JOIN inventory_binstock b ON b.product_id = r.product_id
    JOIN inventory_location l ON l.id = b.location_id AND l.warehouse_id = r.warehouse_id
    WHERE l.kind = ANY(%s) AND b.quantity > b.claimed AND b.id <> %s
    ORDER BY l.walk_order, l.code, b.id
"""


def free_bins(rows: Iterable[Row], *, but: int = 0) -> list[FreeBin]:
    """Return what pickers leave in the bins of these (product, warehouse) pairs, in walk order.

    The caller holds the locks of the stock levels, which guard their bins too.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREE_BINS, [*as_arrays(set(rows)), KINDS, but])
        return [FreeBin(pk, (product, warehouse), free) for pk, product, warehouse, free in cursor.fetchall()]
