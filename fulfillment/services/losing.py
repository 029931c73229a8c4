"""Room for losses: promises give way, picks do not. A bin keeps what pickers are sent to it for."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext as _

from fulfillment.errors import StillBeingPicked
from inventory.services.levels import Level, Row, as_arrays
from inventory.services.losses import Loss, lost_by_row
from inventory.services.moving import Cause
from oms.errors import Busy
from oms.sets import array
from orders.services.losing import Lost, lock_holders, take_back

# Bins that would hold less than pickers come for, and for which shipments. What is not there at all is another matter.
CLAIMED = """
    SELECT p.sku, w.code || '/' || l.code, b.quantity - lost.quantity, b.claimed, t.shipments
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS lost(product_id, location_id, quantity)
    JOIN inventory_binstock b ON b.product_id = lost.product_id AND b.location_id = lost.location_id
    JOIN inventory_product p ON p.id = b.product_id
    JOIN inventory_location l ON l.id = b.location_id
    JOIN inventory_warehouse w ON w.id = l.warehouse_id
    JOIN LATERAL (
        SELECT string_agg(DISTINCT s.number, ', ' ORDER BY s.number) AS shipments
        FROM fulfillment_picktask k JOIN fulfillment_shipmentline i ON i.id = k.shipment_line_id
        JOIN fulfillment_shipment s ON s.id = i.shipment_id WHERE k.bin_id = b.id AND k.status = 'open') t ON true
    WHERE lost.quantity <= b.quantity AND b.claimed > b.quantity - lost.quantity
    ORDER BY 1, 2
"""


class PromisesGiveWay:
    """A room for losses (inventory.services.losses): what is only promised is taken back, latest promise first.

    `lost` tells afterwards which orders lost what. Made anew for each call of a service.
    """

    def __init__(self) -> None:
        self.lost: list[Lost] = []
        self._holders: frozenset[int] = frozenset()

    def lock(self, losses: Sequence[Loss]) -> None:
        """Lock the orders that may have to give way."""
        if losses:
            self._holders = lock_holders(lost_by_row(losses))

    def require_unclaimed(self, losses: Sequence[Loss]) -> None:
        """Raise StillBeingPicked, naming the shipments for which pickers come for what is lost."""
        lost: Counter[tuple[int, int]] = Counter()
        for loss in losses:
            lost[loss.row[0], loss.location_id] += loss.quantity
        with connection.cursor() as cursor:
            cursor.execute(CLAIMED, [*as_arrays(lost), array(lost.values())])
            claimed = cursor.fetchall()
        if claimed:
            raise StillBeingPicked(claimed)

    def make(self, losses: Sequence[Loss], levels: Mapping[Row, Level], cause: Cause) -> None:
        """Take back from the latest promises what is lost and promised; raise Busy when somebody promises it now."""
        lost = lost_by_row(losses)
        short = {row: q - levels[row].available for row, q in lost.items() if q > levels[row].available}
        if not short:
            return
        why = f"{cause.document}: {cause.reason}"
        given = take_back(short, self._holders, by=cause.by, why=why)
        if sum(one.quantity for one in given) < sum(short.values()):
            raise Busy(_("Somebody else is promising the same stock; try again in a moment."))
        self.lost += given
