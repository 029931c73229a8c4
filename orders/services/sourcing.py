"""An order short at its own warehouse: where else stock lies, what else would help, and who says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from customers.status import Sourcing
from inventory.services.levels import Level
from oms.sets import array
from orders.allocation import Demand, Option, Row, Way, best_first, rows_in_turn
from orders.models import Order
from orders.services.queue import Queue

NOTHING: Mapping[Row, int] = {}
MOST_OPTIONS, MOST_KEPT = 6, 3  # per line, on the page and in the history

# What is free elsewhere after those who wait there, per product and warehouse.
SITES = """
    SELECT s.product_id, s.warehouse_id, w.country <> '' AND w.country <> %s,
           EXISTS (SELECT FROM orders_allocation a JOIN orders_orderline x ON x.id = a.line_id WHERE x.order_id = %s),
           s.available - s.channel_buffer - s.held
           - coalesce((SELECT sum(l.open) FROM orders_orderline l
               WHERE l.product_id = s.product_id AND l.warehouse_id = s.warehouse_id AND l.waits
                 AND l.order_id <> %s), 0)::bigint
    FROM inventory_stocklevel s JOIN inventory_warehouse w ON w.id = s.warehouse_id
    JOIN inventory_product p ON p.id = s.product_id
    WHERE s.product_id = ANY(%s::bigint[]) AND s.available > s.channel_buffer + s.held
    ORDER BY s.product_id, s.warehouse_id
"""
# What else there is: the soonest supplier, the successor with what is free of it, the next purchase due at the site.
ELSE = """
    SELECT d.product_id, d.warehouse_id,
           (SELECT min(lead_time_days) FROM inventory_supplierproduct x WHERE x.product_id = p.id),
           n.sku, (SELECT sum(greatest(s.available - s.channel_buffer - s.held, 0))::bigint
                   FROM inventory_stocklevel s WHERE s.product_id = n.id),
           (SELECT min(l.due_on) FROM inventory_purchaseorderline l
            JOIN inventory_purchaseorder o ON o.id = l.purchase_order_id
            WHERE l.product_id = p.id AND o.warehouse_id = d.warehouse_id AND l.due > 0 AND o.status = 'open')
    FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::bigint[]) r(product_id, warehouse_id)) d
    JOIN inventory_product p ON p.id = d.product_id
    LEFT JOIN inventory_product n ON n.id = p.superseded_by_id
"""


@dataclass(frozen=True, slots=True)
class Sites:
    """What is free of the order's products in all warehouses, read before the locks, and which are far."""

    free: Mapping[Row, int] = field(default_factory=dict)
    far: frozenset[int] = frozenset()
    begun: bool = False  # something is promised to the order already

    @property
    def rows(self) -> set[Row]:
        return set(self.free)

    def widen(
        self, queue: Queue, order: Order, levels: Mapping[Row, Level], own: Mapping[Row, int] = NOTHING
    ) -> Queue:
        """Let the order's lines take from other sites too, as the locked `levels` and those who wait there allow.

        What it has of its `own` nobody else waits for.
        """
        if not self.free:
            return queue
        wanted = queue.wanted_by_others(order.pk)
        free = {
            row: max(0, units - wanted[row]) + own.get(row, 0) for row, units in queue.free_of(levels).items()
        }
        most = None if order.most_shipments is None else order.most_shipments - order.shipments_made
        by_rank = [demand for demand in queue.wanted_by(order.pk) if demand.row not in queue.fair]
        turns = rows_in_turn(by_rank, free, far=self.far, most=most)
        return queue.served_from(order.pk, turns)


def open_sites(order: Order, products: Iterable[int]) -> Sites:
    """Return all sites when the order may be served from others by itself; else none."""
    return sites_with(order, products) if order.sourcing == Sourcing.OTHERS else Sites()


def sites_with(order: Order, products: Iterable[int]) -> Sites:
    """Return what is free of these products anywhere, after those who wait there."""
    with connection.cursor() as cursor:
        cursor.execute(SITES, [order.ship_to.country, order.pk, order.pk, array(set(products))])
        found = cursor.fetchall()
    return Sites(
        {(product, place): free for product, place, _far, _begun, free in found if free > 0},
        frozenset(place for _product, place, far, _begun, _free in found if far),
        begun=any(begun for _product, _place, _far, begun, _free in found),
    )


def options_for(order: Order, short: Sequence[Demand]) -> list[dict[str, Any]]:
    """Return the best that would help each short line, best first, as it is kept in the order's history."""
    found = find_options(order, short, most=MOST_KEPT)
    return [_kept(option) for option in found]


def _kept(option: Option) -> dict[str, Any]:
    said = {name: value for name, value in asdict(option).items() if value not in (None, "")}
    return {**said, "way": option.way.name.lower()}


def find_options(order: Order, short: Sequence[Demand], *, most: int = MOST_OPTIONS) -> list[Option]:
    """Return what would help each short line, the best first, a few per line."""
    products = [demand.row[0] for demand in short]
    sites = sites_with(order, products)
    others = _others([demand.row for demand in short])
    whole = _sites_with_all(short, sites.free)
    options: list[Option] = []
    for demand in short:
        ways = [*_sites(demand, sites, whole), *_ways(demand, *others[demand.row])]
        options += best_first(ways)[:most]
    return options


def _sites_with_all(short: Sequence[Demand], free: Mapping[Row, int]) -> set[int]:
    return {
        place
        for place in {place for _product, place in free}
        if all(free.get((d.row[0], place), 0) >= d.quantity for d in short)
    }


def _sites(demand: Demand, sites: Sites, whole: set[int]) -> Iterable[Option]:
    for (product, place), free in sites.free.items():
        if product == demand.row[0] and place != demand.row[1]:
            quantity = min(free, demand.quantity)
            yield Option(
                demand.line_id,
                Way.SITE,
                quantity,
                quantity == demand.quantity,
                covers_all=place in whole,
                shipments=sites.begun + (1 if place in whole else 2),
                warehouse_id=place,
                far=place in sites.far,
            )
            yield Option(
                demand.line_id, Way.TRANSFER, quantity, False, warehouse_id=place, far=place in sites.far
            )


def _others(rows: Sequence[Row]) -> dict[Row, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            ELSE, [array(product for product, _place in rows), array(place for _product, place in rows)]
        )
        return {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}


def _ways(
    demand: Demand, lead_days: int | None, successor: str | None, free: int | None, due: Any
) -> Iterable[Option]:
    line, quantity = demand.line_id, demand.quantity
    if lead_days is not None:
        yield Option(line, Way.DROP_SHIP, quantity, False, days=lead_days)
        yield Option(line, Way.PURCHASE, quantity, False, days=lead_days)
    if successor and free and free > 0:
        yield Option(line, Way.SUBSTITUTE, min(quantity, free), free >= quantity, note=successor)
    yield Option(line, Way.BACKORDER, quantity, False, note=due.isoformat() if due else "")
