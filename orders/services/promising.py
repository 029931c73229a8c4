"""What can be promised, for all lines of a document and all warehouses at once, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.utils import timezone

from inventory.availability import (
    lead_times,
    levels_of,
    protected_stock,
    supply_rows,
    transfers_leaving,
)
from inventory.calendars import Calendar, day_in, first_ship_day
from inventory.models import ClosingDay, Product, ProductUnit, Substitute, TransitTime, Warehouse
from inventory.projection import NEVER, ONE_DAY, Demand
from inventory.units import whole_pack
from orders.models import StockHold
from orders.promising import Answer, Coming, Facts, Place, Question, Site, Stock, Swap, answers

# What confirmed orders still take away: the open quantity where it waits, the allocated where it lies. A line
# counts on the day it ships, or is wanted while nobody has said when it ships. What quotes hold counts as taken today.
DEMAND = """
    SELECT product_id, warehouse_id, day, sum(quantity)::bigint FROM (
        SELECT l.product_id, l.warehouse_id, coalesce(l.ship_on, o.requested_on) AS day, l.open AS quantity
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.waits AND o.id <> %(but)s
          AND l.product_id = ANY(%(products)s) AND l.warehouse_id = ANY(%(warehouses)s)
        UNION ALL
        SELECT s.product_id, s.warehouse_id, coalesce(l.ship_on, o.requested_on), a.allocated + a.picked + a.packed
        FROM inventory_stocklevel s
        JOIN orders_allocation a ON a.stock_level_id = s.id
        JOIN orders_orderline l ON l.id = a.line_id
        JOIN orders_order o ON o.id = l.order_id
        WHERE s.allocated > 0 AND a.allocated + a.picked + a.packed > 0
          AND s.product_id = ANY(%(products)s) AND s.warehouse_id = ANY(%(warehouses)s)
        UNION ALL
        SELECT s.product_id, s.warehouse_id, h.held_on, h.quantity
        FROM inventory_stocklevel s
        JOIN orders_stockhold h ON h.stock_level_id = s.id AND h.ended_on IS NULL
        JOIN orders_quoteline q ON q.id = h.line_id AND q.version_id <> %(holder)s
        WHERE s.held > 0 AND s.product_id = ANY(%(products)s) AND s.warehouse_id = ANY(%(warehouses)s)
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
    holder: int = 0,
) -> list[Answer]:
    """Answer what each warehouse can promise for each question, in their order. Nothing is reserved.

    What the version `holder` of a quote holds is there for it. Without a destination goods are taken to stay in the
    warehouse's own country.
    """
    products = {question.product_id for question in questions}
    swaps = swaps_of(products)
    products |= {swap.product_id for offered in swaps.values() for swap in offered}
    sites = sites_at(warehouses, to=to, now=now or timezone.now())
    facts = Facts(sites, stocks_of(products, sites, holder=holder), lead_times(products), swaps)
    return answers(questions, facts)


def questions_for(lines: Iterable[Any], warehouse_id: int) -> list[Question]:
    """Ask for the lines of a document, each where it waits; a quote's lines wait in the document's warehouse."""
    return [
        Question(
            line.product_id,
            line.ordered,
            getattr(line, "warehouse_id", warehouse_id),
            pack=pack_of(line.unit),
        )
        for line in lines
    ]


def pack_of(unit: ProductUnit) -> int:
    """Return the base units in the smallest whole number of the unit's packs, as allocation shares them out."""
    return whole_pack(unit.numerator * unit.multiple, unit.denominator)


def holder_of(document: Any) -> int:
    """Return the id of the quote's version that may hold stock for a draft; a draft of a quote holds none yet."""
    return getattr(document, "quote_version_id", None) or 0


def destination_of(document: Any) -> Destination:
    """Return where a quote or an order goes."""
    return Destination(document.ship_to.country, document.ship_to.region)


def swaps_of(products: Collection[int]) -> dict[int, list[Swap]]:
    """Return what may be sold instead, first what supersedes a product, then its substitutes by rank."""
    newer = Product.objects.filter(pk__any_of=products, superseded_by__isnull=False).order_by()
    rows = Substitute.objects.filter(product__any_of=products).order_by()
    one, first = Value(1), Value(0)
    columns = newer.values_list(first, Value(0), "pk", "superseded_by_id", one, one).union(
        rows.values_list("rank", "pk", "product_id", "substitute_id", "numerator", "denominator"), all=True
    )
    found: defaultdict[int, dict[int, Swap]] = defaultdict(dict)
    for _rank, _pk, product, substitute, numerator, denominator in sorted(columns):
        found[product].setdefault(substitute, Swap(substitute, numerator, denominator))
    return {product: list(offered.values()) for product, offered in found.items()}


def sites_at(warehouses: QuerySet[Warehouse], *, to: Destination | None, now: datetime) -> list[Site]:
    """Return the warehouses with their calendars at a moment, by code, and the way from them.

    A transit time for the region goes before one for the whole country, and that before the warehouse's own.
    """
    goal = to or Destination()
    closed = ClosingDay.objects.filter(warehouse=OuterRef("pk"), day__gte=now.date() - ONE_DAY)
    ways = TransitTime.objects.filter(
        warehouse=OuterRef("pk"), country=goal.country, region__in=["", goal.region]
    )
    known = warehouses.order_by("code").annotate(
        closed=ArraySubquery(closed.order_by().values("day")),
        way=Subquery(ways.order_by("-region").values("days")[:1]),
    )
    return [_site(warehouse, goal, now) for warehouse in known]


def _site(warehouse: Any, to: Destination, now: datetime) -> Site:
    calendar = warehouse.calendar(warehouse.closed)
    home = Destination(warehouse.country, warehouse.subdivision)
    there = to if to.country else home
    return Site(
        id=warehouse.pk,
        code=warehouse.code,
        today=day_in(warehouse.zone, now),
        first_ship_day=first_ship_day(calendar, zone=warehouse.zone, cut_off=warehouse.ship_cut_off, now=now),
        calendar=calendar,
        put_away_days=warehouse.put_away_days,
        transit_days=warehouse.transit_days if warehouse.way is None else warehouse.way,
        receiver=Calendar(country=there.country, subdivision=there.region),
    )


def stocks_of(
    products: Collection[int], sites: Sequence[Site], *, but: int = 0, holder: int = 0
) -> dict[Place, Stock]:
    """Return stock, supply and demand of each product at each site.

    What the order `but` waits for and what the quote's version `holder` holds is left out.
    """
    ids, wares = [site.id for site in sites], sorted(products)
    levels, kept = levels_of(wares, ids), protected_stock(wares, ids)
    coming, demands = coming_to(sites, wares), _demands(wares, ids, but, holder)
    own = _held_by(holder) if any(level.held for level in levels.values()) else {}
    return {
        place: Stock(
            level.on_hand if (level := levels.get(place)) else 0,
            level.allocated if level else 0,
            kept.get(place, 0),
            coming.get(place, ()),
            demands.get(place, ()),
            level.channel_buffer if level else 0,
            level.held - own.get(place, 0) if level else 0,
        )
        for place in {*levels, *kept, *coming, *demands}
    }


def coming_to(sites: Sequence[Site], products: Collection[int]) -> dict[Place, list[Coming]]:
    """Return supply on the day it lies on the shelf: put away after the dock, and never in the past."""
    by_id = {site.id: site for site in sites}
    found: defaultdict[Place, list[Coming]] = defaultdict(list)
    for row in supply_rows(products, by_id.keys()):
        site = by_id[row.place[1]]
        shelved = site.calendar.after(min(row.docks_on(site.today), NEVER), site.put_away_days)
        found[row.place].append(Coming(shelved, row.quantity, row.document))
    return dict(found)


def _held_by(version: int) -> dict[Place, int]:
    """Return what a quote's version holds."""
    if not version:
        return {}
    holds = StockHold.objects.open().filter(line__version=version).order_by()
    columns = holds.values_list("stock_level__product_id", "stock_level__warehouse_id")
    return {(product, place): held for product, place, held in columns.annotate(held=Sum("quantity"))}


def _demands(
    products: Collection[int], warehouses: Collection[int], but: int, holder: int
) -> dict[Place, list[Demand]]:
    """Return what orders and transfers still take away, on the day it leaves."""
    found: defaultdict[Place, list[Demand]] = defaultdict(list)
    wanted: dict[str, Any] = {"products": list(products), "warehouses": list(warehouses)}
    wanted |= {"but": but, "holder": holder}
    with connection.cursor() as cursor:
        cursor.execute(DEMAND, wanted)
        for product, warehouse, day, quantity in cursor.fetchall():
            found[product, warehouse].append(Demand(day, quantity))
    for place, day, quantity in transfers_leaving(products, warehouses):
        found[place].append(Demand(day, quantity))
    return dict(found)
