"""What in the bins is free to take, in the order of the walk."""

from collections.abc import Iterable

from inventory.services.levels import Row, as_arrays
from inventory.status import PICKABLE
from inventory.taking import FreeBin
from oms.prepared import planned_once

KINDS = sorted(PICKABLE)

# First what lies anywhere of the products, then where: planned together, all bins of a warehouse would be joined to
# all its products before one looks what lies in which.
FREE_BINS = """
    WITH lying AS MATERIALIZED (
        SELECT b.id, b.product_id, r.warehouse_id, b.location_id, b.quantity - b.claimed AS free
        FROM unnest(%s::bigint[], %s::bigint[]) AS r(product_id, warehouse_id)
        JOIN inventory_binstock b ON b.product_id = r.product_id
        WHERE b.quantity > b.claimed AND b.id <> %s)
    SELECT b.id, b.product_id, b.warehouse_id, b.free
    FROM lying b JOIN inventory_location l ON l.id = b.location_id AND l.warehouse_id = b.warehouse_id
    WHERE l.kind = ANY(%s)
    ORDER BY l.walk_order, l.code, b.id
"""


def free_bins(rows: Iterable[Row], *, but: int = 0) -> list[FreeBin]:
    """Return what pickers leave in the bins of these (product, warehouse) pairs, in walk order.

    The caller holds the locks of the stock levels, which guard their bins too.
    """
    with planned_once() as cursor:
        cursor.execute(FREE_BINS, [*as_arrays(set(rows)), but, KINDS])
        return [FreeBin(pk, (product, warehouse), free) for pk, product, warehouse, free in cursor.fetchall()]
