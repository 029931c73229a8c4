"""How the demo's shelves were filled: opening stock, a year of purchases, and what is on its way today."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from inventory.models import PurchaseOrder, RestockAlert
from inventory.services.moving import Move, standard_location
from inventory.services.purchasing import (
    Expected,
    cancel_purchase_order,
    record_purchase_order,
)
from inventory.services.receiving import receive_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from inventory.status import LocationKind, MovementKind
from oms.demo.clock import Story
from oms.demo.families import Item
from oms.demo.house import House
from oms.demo.plans import EMPTY, LOW, RECENT, REFILLED, YEAR, Plan
from oms.demo.stock import healthy, is_stocked, reorder_point, shelf_of, shelved, spread, write_in
from oms.demo.words import SITES, SUPPLIERS
from orders.services.allocating import serve_backorders
from orders.services.restocking import raise_restock_alerts
from orders.services.watching import watch_promises

Place = tuple[str, str]  # site, SKU
Demand = list[tuple[datetime, int]]
REFILL_PLACED, REFILL_CAME = 36, 28
SWEPT = (90, 33, 27, 7, 0)  # days ago at which somebody looked for what runs low
RECEIVED_AT, PUT_AWAY_AT = 6, 7  # o'clock, before the first orders of the day
OPEN = (  # supplier, site, SKUs, placed so many days ago, expected in so many days
    ("S-SAUER", "HAM", ("HB933-M16X80", "SC912-M6X20-A2"), 30, -4),
    ("S-KABEL", "HAM", ("H07VK-6-BU", "NYMJ-5X2.5"), 9, 5),
    ("S-SICHER", "LEJ", ("GL-NIT-9", "GL-NIT-10"), 12, 9),
    ("S-VALBRE", "RTM", ("BV-MS-DN20", "CF-ST-15"), 33, -2),
    ("S-PACK", "HAM", ("SF-23", "TP-PP-BR"), 2, 3),
    ("S-SOLING", "HAM", ("CD-125X1", "DR338-8"), 6, 12),
)
IN_PART = ("S-LUBRI", "HAM", ("OIL-CLP220", "OIL-HLP46"), 16, 2)
ANSWERED = 2  # days after it was placed a supplier answers; what is younger waits for its answer
SLIPS = {"S-SICHER": 3}  # who answers with a day so many later than asked
CANCELLED = ("S-ARMAT", "LEJ", ("CV-MS-DN32", "GV-MS-DN40"), 40, -10)


@dataclass(frozen=True, slots=True)
class Supply:
    """What came into a place: at the opening, and with purchases received so many days ago."""

    opening: int
    bought: Mapping[int, int]


def delivered(supplier: int) -> int:
    """Return how many days ago a supplier's delivery of the past year came."""
    return 90 + 11 * supplier


def supplies(house: House, plans: Iterable[Plan]) -> dict[Place, Supply]:
    """Return what each place gets so that every planned order is served on time and the rest of today is left."""
    wanted: dict[Place, Demand] = defaultdict(list)
    for plan in plans:
        if plan.takes_stock:
            for line in plan.wanted:
                wanted[plan.buyer.site, line.item.sku].append((plan.begins, line.ordered))
    codes = [code for code, *_rest in SUPPLIERS]
    days = {sku: delivered(codes.index(supplier.code)) for sku, supplier in house.suppliers.items()}
    return {
        (site.code, item.sku): _supply(house, item, site.code, wanted[site.code, item.sku], days[item.sku])
        for site in SITES
        for item in house.items.values()
        if is_stocked(item, site.code)
    }


def _supply(house: House, item: Item, site: str, wanted: Demand, days: int) -> Supply:
    left, left_alone = left_today(item, site), house.clock.at(RECENT - 4, 0)
    if item.sku in EMPTY:
        return Supply(sum(q for at, q in wanted if at < left_alone), {})
    if item.sku in REFILLED:
        return _in_two(wanted, left_alone, 0, REFILL_CAME, left)
    return _in_two(wanted, house.clock.at(days, RECEIVED_AT), left, days, 0)


def _in_two(wanted: Demand, until: datetime, more: int, days: int, more_then: int) -> Supply:
    """Open with what is wanted until a moment and more, and buy what is wanted later and more then."""
    before = sum(q for at, q in wanted if at < until)
    bought = sum(q for at, q in wanted if at >= until) + more_then
    return Supply(before + more, {days: bought} if bought else {})


def left_today(item: Item, site: str) -> int:
    """Return how much of an item should be left at a site when all planned orders are served."""
    holds = item.default.holds
    if item.sku in LOW:
        return reorder_point(item, site) // 2 // holds * holds
    percent = 60 + spread(f"{item.sku} at {site}", 70)
    return max(1, healthy(item, site) * percent // 100 // holds) * holds


def opening(house: House, supply: Mapping[Place, Supply]) -> Story[None]:
    """The shelves are filled for the first time."""
    yield house.clock.at(YEAR + 7, PUT_AWAY_AT)
    for site, warehouse in house.sites.items():
        moves = [
            move
            for (place, sku), come in supply.items()
            if place == site and come.opening
            for move in _to_shelves(house, site, sku, come.opening, None)
        ]
        by = house.who("Warehouse supervisor", site)
        write_in(MovementKind.RECEIVE, moves, warehouse, "OPENING", by)


def _to_shelves(house: House, site: str, sku: str, quantity: int, source: int | None) -> Iterator[Move]:
    item = house.items[sku]
    return shelved(
        house.products[sku], quantity, shelf_of(item, site, house.bins), source, item.default.holds
    )


def stories(house: House, supply: Mapping[Place, Supply]) -> Iterator[Story[Any]]:
    """Yield everything that happens to supply, beginning with the opening."""
    yield opening(house, supply)
    deliveries: dict[tuple[int, str, str], dict[str, int]] = defaultdict(dict)
    for (site, sku), come in supply.items():
        for days, quantity in come.bought.items():
            deliveries[days, site, house.suppliers[sku].code][sku] = quantity
    for (days, site, _supplier), quantities in deliveries.items():
        yield bought(house, site, quantities, days)
    for _supplier, site, skus, days, due in OPEN:
        yield placed(house, site, skus, days, due)
    yield received_in_part(house, *IN_PART[1:])
    yield cancelled(house, *CANCELLED[1:])
    yield swept(house)


def placed(house: House, site: str, skus: Sequence[str], days: int, due: int) -> Story[PurchaseOrder]:
    """A purchase order is placed and open, and its supplier has answered if they had the time."""
    yield house.clock.at(days, 10, 15)
    on = house.clock.today + timedelta(days=due)
    quantities = {sku: healthy(house.items[sku], site) for sku in skus}
    order = _place(house, site, quantities, on)
    if days > ANSWERED:
        yield house.clock.at(days - ANSWERED, 11, 20)
        told = on + timedelta(days=SLIPS.get(house.suppliers[skus[0]].code, 0))
        answers = {line.pk: Answer(line.ordered, told) for line in order.lines.all()}
        confirm_purchase_order(order.pk, answers, by=house.who("Buyer"))
    return order


def _place(house: House, site: str, quantities: Mapping[str, int], on: date) -> PurchaseOrder:
    supplier = house.suppliers[next(iter(quantities))]
    expected = [Expected(house.products[sku].pk, quantity, on) for sku, quantity in quantities.items()]
    return record_purchase_order(supplier, house.sites[site], expected, by=house.who("Buyer"))


def bought(house: House, site: str, quantities: Mapping[str, int], days: int) -> Story[None]:
    """A purchase order comes in full, is put away, and who waited for it is served."""
    lead = house.suppliers[next(iter(quantities))].lead_time_days
    yield house.clock.at(REFILL_PLACED if days == REFILL_CAME else days + lead, 9, 40)
    order = _place(house, site, quantities, house.clock.day(days))
    yield house.clock.at(days, RECEIVED_AT, 30)
    lines = {line.pk: line.due for line in order.lines.all()}
    receive_purchase_order(order.pk, lines, by=house.who("Warehouse supervisor", site))
    yield house.clock.at(days, PUT_AWAY_AT)
    put_away(house, site, quantities, order.number)
    if days == REFILL_CAME:
        serve_backorders(by=house.who("Warehouse supervisor", site))


def put_away(house: House, site: str, quantities: Mapping[str, int], document: str) -> None:
    receiving = standard_location(house.sites[site].pk, LocationKind.RECEIVING)
    moves = [
        move
        for sku, quantity in quantities.items()
        for move in _to_shelves(house, site, sku, quantity, receiving.pk)
    ]
    by = house.who("Warehouse operator", site)
    write_in(MovementKind.TRANSFER, moves, house.sites[site], document, by)


def received_in_part(house: House, site: str, skus: Sequence[str], days: int, due: int) -> Story[None]:
    """The first line has come and lies in receiving, the others are still due."""
    order = yield from placed(house, site, skus, days, due)
    yield house.clock.at(3, RECEIVED_AT, 50)
    first = order.lines.order_by("pk")[0]
    receive_purchase_order(order.pk, {first.pk: first.due}, by=house.who("Warehouse supervisor", site))


def cancelled(house: House, site: str, skus: Sequence[str], days: int, due: int) -> Story[None]:
    order = yield from placed(house, site, skus, days, due)
    yield house.clock.at(days - 4, 15)
    cancel_purchase_order(order.pk, by=house.who("Buyer"))


def swept(house: House) -> Story[None]:
    """Somebody looks for what runs low and which promises break, now and then; what was found has been announced."""
    for days in SWEPT:
        yield house.clock.at(days, 7, 45)
        raise_restock_alerts()
        watch_promises()
        RestockAlert.objects.filter(announced_at=None).update(announced_at=house.clock.moment)
