"""What waits for stock, when it was promised and when it will really leave, in a constant number of statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from inventory.availability import lead_times, levels_of, transfers_leaving
from inventory.models import PurchaseOrderLine, Warehouse
from inventory.projection import Demand
from inventory.services.levels import as_arrays
from orders.expecting import Claim, Expected, Kept, Outlook, Source, expect
from orders.models import OrderLine
from orders.promising import Place, Site
from orders.services.horizon import Later
from orders.services.promising import coming_to, sites_at
from orders.services.queue import WaitingLine, WaitingOrder, bid_of, later_lines, read_waiting
from orders.status import IN_WORK

# Which lines wait for these rows, and where their orders' other lines wait when an order's terms look at all of them.
NEAR = """
    WITH RECURSIVE near AS (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS r(product_id, warehouse_id)
        UNION
        SELECT x.product_id, x.warehouse_id FROM near n
        JOIN orders_orderline l ON l.product_id = n.product_id AND l.warehouse_id = n.warehouse_id AND l.waits
        JOIN orders_order o ON o.id = l.order_id
            AND (o.shipping_policy = 'complete' OR o.minimum_percent > 0 OR o.minimum_value > 0
                 OR o.most_shipments IS NOT NULL)
        JOIN orders_orderline x ON x.order_id = o.id AND x.waits
    )
    SELECT DISTINCT l.order_id, n.product_id, n.warehouse_id FROM near n
    JOIN orders_orderline l ON l.product_id = n.product_id AND l.warehouse_id = n.warehouse_id AND l.waits
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """A line waits for `open` base units. It was promised to leave on `ship_on`; `expected` is when it will.

    What is due beyond the horizon of its warehouse is kept for it and set aside from a day on.
    """

    line_id: int
    order_id: int
    place: Place
    open: int
    ship_on: date | None
    expected: Expected
    set_aside_on: date | None = None

    @property
    def days_late(self) -> int:
        """How many days after its promise it is expected to leave; 0 when in time, or nobody can say."""
        if self.ship_on is None or self.expected.on is None:
            return 0
        return max((self.expected.on - self.ship_on).days, 0)

    @property
    def within_promise(self) -> Expected:
        """The same, but never before the day promised: sooner is no change that anybody has to know."""
        if self.ship_on is None or self.expected.on is None:
            return self.expected
        return self.expected._replace(on=max(self.expected.on, self.ship_on))

    @property
    def breaks(self) -> bool:
        """Whether the promise will not be kept as things stand; so it is when nobody knows a day any more."""
        return self.ship_on is not None and (self.expected.on is None or self.days_late > 0)

    @property
    def is_off(self) -> bool:
        """Whether another day should be told: the promise breaks, or a day is known now where none was."""
        return self.breaks or (self.ship_on is None and self.expected.on is not None)


def waiting_for(places: Iterable[Place]) -> list[Waits]:
    """Return all lines that wait for these products in these warehouses. Nothing is locked."""
    wanted = set(places)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NEAR, as_arrays(sorted(wanted)))
        found = cursor.fetchall()
    if not found:
        return []
    near = {(product, warehouse) for _order, product, warehouse in found}
    orders, all_lines = read_waiting({order for order, _product, _warehouse in found})
    lines = [line for line in all_lines if line.row in near]
    claims, kept = _claims(orders, lines)
    fair = {line.row for line in lines if line.pack}
    expected = expect(claims, _outlook(near), fair=fair, kept=[_kept(one) for one in kept])
    later = {one.demand.line_id: one.set_aside_on for one in kept}
    return [
        Waits(x.line_id, x.order_id, x.row, x.open, x.ship_on, expected[x.line_id], later.get(x.line_id))
        for x in lines
        if x.row in wanted
    ]


def _claims(orders: Iterable[WaitingOrder], lines: Iterable[WaitingLine]) -> tuple[list[Claim], list[Later]]:
    """Return what the orders bid for now, and which of their lines are due later."""
    by_order: defaultdict[int, list[WaitingLine]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    claims, later = [], []
    for order in orders:
        mine = by_order[order.order_id]
        kept = later_lines(order, mine)
        not_yet = {one.demand.line_id for one in kept}
        now = [line for line in mine if line.line_id not in not_yet]
        later += kept
        if now:
            claims.append(Claim(bid_of(order, now), order.shipments_left))
    return claims, later


def _kept(one: Later) -> Kept:
    return Kept(one.demand.line_id, one.demand.row, one.demand.quantity, one.due_on)


def _outlook(places: Collection[Place]) -> Outlook:
    products = {product for product, _warehouse in places}
    warehouses = Warehouse.objects.filter(pk__in={warehouse for _product, warehouse in places})
    sites = sites_at(warehouses, to=None, now=timezone.now())
    return Outlook({site.id: site for site in sites}, _sources(products, sites), lead_times(products))


def _sources(products: Collection[int], sites: Collection[Site]) -> dict[Place, Source]:
    ids = [site.id for site in sites]
    levels, coming = levels_of(products, ids), coming_to(list(sites), products)
    leaving: dict[Place, list[Demand]] = {}
    for place, day, quantity in transfers_leaving(products, ids):
        leaving.setdefault(place, []).append(Demand(day, quantity))
    return {
        place: Source(
            level.free if (level := levels.get(place)) else 0,
            coming.get(place, ()),
            leaving.get(place, ()),
        )
        for place in {*levels, *coming, *leaving}
    }


def places_of_purchases(orders: Collection[int]) -> set[Place]:
    """Return what these purchases still bring, and where."""
    due = PurchaseOrderLine.objects.due().filter(purchase_order__in=orders).order_by()
    return set(due.values_list("product_id", "purchase_order__warehouse_id"))


def broken_by(purchases: Collection[int]) -> Counter[str]:
    """Return how many lines the purchases bring later than promised, by their numbers."""
    waiting = waiting_for(places_of_purchases(purchases))
    return Counter(line.expected.brought_by for line in waiting if line.breaks and line.expected.brought_by)


def waits_of(order_id: int) -> dict[int, Waits]:
    """Return the lines of the order that wait, by id."""
    lines = OrderLine.objects.filter(order=order_id, open__gt=0, order__status__in=IN_WORK).order_by()
    places = lines.values_list("product_id", "warehouse_id")
    return {line.line_id: line for line in waiting_for(places) if line.order_id == order_id}
