"""What waits for stock, when it was promised and when it will really leave, in a constant number of statements."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from customers.status import ShippingPolicy
from inventory.availability import lead_times, levels_of, transfers_leaving
from inventory.models import PurchaseOrderLine, Warehouse
from inventory.projection import Demand
from inventory.services.levels import as_arrays
from orders.expecting import Claim, Expected, Outlook, Source, expect
from orders.models import OrderLine
from orders.promising import Place, Site
from orders.services.promising import coming_to, sites_at
from orders.services.queue import RANK, rank_of
from orders.status import IN_WORK

CLAIMS = f"""
    SELECT l.id, l.order_id, l.product_id, l.warehouse_id, l.open, l.ship_on, o.shipping_policy, {RANK}
    FROM unnest(%s::bigint[], %s::bigint[]) AS r(product_id, warehouse_id)
    JOIN orders_orderline l ON l.product_id = r.product_id AND l.warehouse_id = r.warehouse_id
    JOIN orders_order o ON o.id = l.order_id JOIN customers_customer c ON c.id = o.customer_id
    WHERE l.open > 0 AND o.status IN ('confirmed', 'released')
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Waits:
    """A line waits for `open` base units. It was promised to leave on `ship_on`; `expected` is when it will."""

    line_id: int
    order_id: int
    place: Place
    open: int
    ship_on: date | None
    expected: Expected

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
    wanted = sorted(set(places))
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS, as_arrays(wanted))
        found = cursor.fetchall()
    claims, promised = [], {}
    for line, order, product, warehouse, quantity, ship_on, policy, *rank in found:
        together = policy == ShippingPolicy.COMPLETE
        claims.append(Claim(line, order, (product, warehouse), quantity, rank_of(rank, line), together))
        promised[line] = ship_on
    expected = expect(claims, _outlook(wanted) if claims else Outlook({}, {}, {}))
    return [
        Waits(c.line_id, c.order_id, c.place, c.quantity, promised[c.line_id], expected[c.line_id])
        for c in claims
    ]


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
            level.on_hand - level.allocated if (level := levels.get(place)) else 0,
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
