"""What can be promised, for all lines of a document and all warehouses at once, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from inventory.availability import lead_times, levels_of, protected_stock, supply_rows
from inventory.calendars import Calendar, day_in, first_ship_day
from inventory.models import ClosingDay, Product, Substitute, TransitTime, Warehouse
from inventory.projection import Demand
from orders.promising import Answer, Coming, Facts, Place, Question, Site, Stock, Swap, answers

# What confirmed orders still take away: the open quantity where it waits, the allocated where it lies. A line
# counts on the day it ships, or is wanted while nobody has said when it ships.
DEMAND = """
    SELECT product_id, warehouse_id, day, sum(quantity)::bigint FROM (
        SELECT l.product_id, l.warehouse_id, coalesce(l.ship_on, o.requested_on) AS day, l.open AS quantity
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.open > 0 AND o.status IN ('confirmed', 'released')
          AND l.product_id = ANY(%(products)s) AND l.warehouse_id = ANY(%(warehouses)s)
        UNION ALL
        SELECT s.product_id, s.warehouse_id, coalesce(l.ship_on, o.requested_on), a.allocated + a.picked + a.packed
        FROM inventory_stocklevel s
        JOIN orders_allocation a ON a.stock_level_id = s.id
        JOIN orders_orderline l ON l.id = a.line_id
        JOIN orders_order o ON o.id = l.order_id
        WHERE s.allocated > 0 AND a.allocated + a.picked + a.packed > 0
          AND s.product_id = ANY(%(products)s) AND s.warehouse_id = ANY(%(warehouses)s)
    ) taken GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go: a country by its two letters, and its region as in addresses."""

    country: str = ""
    region: str = ""


def availability(
    questions: Sequence[Question],
    warehouses: QuerySet[Warehouse],
    *,
    to: Destination | None = None,
    now: datetime | None = None,
) -> list[Answer]:
    """Answer what each warehouse can promise for each question, in their order. Nothing is reserved.

    Without a destination goods are taken to stay in the warehouse's own country.
    """
    products = {question.product_id for question in questions}
    swaps = swaps_of(products)
    products |= {swap.product_id for offered in swaps.values() for swap in offered}
    sites = sites_at(warehouses, to=to, now=now or timezone.now())
    facts = Facts(sites, stocks_of(products, sites), lead_times(products), swaps)
    return answers(questions, facts)


def swaps_of(products: Collection[int]) -> dict[int, list[Swap]]:
    """Return what may be sold instead, first what supersedes a product, then its substitutes by rank."""
    found: defaultdict[int, list[Swap]] = defaultdict(list)
    newer = Product.objects.filter(pk__any_of=products, superseded_by__isnull=False).order_by()
    for product, successor in newer.values_list("pk", "superseded_by_id"):
        found[product].append(Swap(successor, 1, 1))
    rows = Substitute.objects.filter(product__any_of=products).order_by("product_id", "rank", "pk")
    columns = rows.values_list("product_id", "substitute_id", "numerator", "denominator")
    for product, substitute, numerator, denominator in columns:
        if all(swap.product_id != substitute for swap in found[product]):
            found[product].append(Swap(substitute, numerator, denominator))
    return dict(found)


def sites_at(warehouses: QuerySet[Warehouse], *, to: Destination | None, now: datetime) -> list[Site]:
    """Return the warehouses with their calendars at a moment, by code, and the way from them."""
    known = list(warehouses.order_by("code"))
    ids = [warehouse.pk for warehouse in known]
    closed: defaultdict[int, set[date]] = defaultdict(set)
    for warehouse, day in ClosingDay.objects.filter(warehouse__any_of=ids).values_list("warehouse_id", "day"):
        closed[warehouse].add(day)
    days = _transit_days(ids, to) if to else {}
    return [_site(warehouse, closed[warehouse.pk], days.get(warehouse.pk), to, now) for warehouse in known]


def _transit_days(warehouses: Collection[int], to: Destination) -> dict[int, int]:
    """Return the days to the destination; a row for the region goes before one for the whole country."""
    rows = TransitTime.objects.filter(
        warehouse__any_of=warehouses, country=to.country, region__in={"", to.region}
    )
    return dict(rows.order_by("region").values_list("warehouse_id", "days"))


def _site(
    warehouse: Warehouse, closed: Iterable[date], days: int | None, to: Destination | None, now: datetime
) -> Site:
    calendar = warehouse.calendar(closed)
    receiver = Calendar(country=to.country, subdivision=to.region) if to and to.country else None
    return Site(
        id=warehouse.pk,
        code=warehouse.code,
        today=day_in(warehouse.zone, now),
        first_ship_day=first_ship_day(calendar, zone=warehouse.zone, cut_off=warehouse.ship_cut_off, now=now),
        calendar=calendar,
        put_away_days=warehouse.put_away_days,
        transit_days=warehouse.transit_days if days is None else days,
        receiver=receiver or Calendar(country=calendar.country, subdivision=calendar.subdivision),
    )


def stocks_of(products: Collection[int], sites: Sequence[Site]) -> dict[Place, Stock]:
    """Return stock, supply and demand of each product at each site."""
    ids, wares = [site.id for site in sites], sorted(products)
    levels, kept = levels_of(wares, ids), protected_stock(wares, ids)
    coming, demands = _coming(wares, sites), _demands(wares, ids)
    return {
        place: Stock(
            level.on_hand if (level := levels.get(place)) else 0,
            level.allocated if level else 0,
            kept.get(place, 0),
            coming.get(place, ()),
            demands.get(place, ()),
        )
        for place in {*levels, *kept, *coming, *demands}
    }


def _coming(products: Collection[int], sites: Sequence[Site]) -> dict[Place, list[Coming]]:
    """Return supply on the day it lies on the shelf: put away after the dock, and never in the past."""
    by_id = {site.id: site for site in sites}
    found: defaultdict[Place, list[Coming]] = defaultdict(list)
    for row in supply_rows(products, by_id.keys()):
        site = by_id[row.place[1]]
        shelved = site.calendar.after(max(row.on, site.today), site.put_away_days)
        found[row.place].append(Coming(shelved, row.quantity, row.document))
    return dict(found)


def _demands(products: Collection[int], warehouses: Collection[int]) -> dict[Place, list[Demand]]:
    found: defaultdict[Place, list[Demand]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(DEMAND, {"products": list(products), "warehouses": list(warehouses)})
        for product, warehouse, day, quantity in cursor.fetchall():
            found[product, warehouse].append(Demand(day, quantity))
    return dict(found)
