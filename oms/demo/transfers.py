"""Goods between the demo's warehouses: one lorry is on the road, another one is planned."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from inventory.models import Transfer
from inventory.services.transferring import Days, dispatch_transfer, plan_transfer
from oms.demo.clock import Story
from oms.demo.house import House

ON_THE_ROAD = (
    "HAM",
    "LEJ",
    ("HB933-M10X50", "SC912-M8X20-A2"),
    2,
    1,
)  # from, to, SKUs, left days ago, arrives in days
PLANNED = (
    "HAM",
    "RTM",
    ("HB933-M12X50", "TR975-M20"),
    2,
    5,
)  # from, to, SKUs, leaves in days, arrives in days
PACKS = 2


def transfers(house: House) -> Iterator[Story[Transfer]]:
    yield on_the_road(house, *ON_THE_ROAD)
    yield planned(house, *PLANNED)


def on_the_road(
    house: House, source: str, target: str, skus: Sequence[str], left: int, arrives: int
) -> Story[Transfer]:
    """It left some days ago, all of it, and arrives soon."""
    yield house.clock.at(left, 11, 5)
    today = house.clock.today
    transfer = _plan(
        house, source, target, skus, Days(house.clock.day(left), today + timedelta(days=arrives))
    )
    yield house.clock.at(left, 14, 20)
    quantities = {line.pk: line.ordered for line in transfer.lines.all()}
    return dispatch_transfer(transfer.pk, quantities, by=house.who("Warehouse operator", source))


def planned(
    house: House, source: str, target: str, skus: Sequence[str], leaves: int, arrives: int
) -> Story[Transfer]:
    """It leaves in some days; nothing of it has moved."""
    yield house.clock.at(1, 15, 10)
    today = house.clock.today
    days = Days(today + timedelta(days=leaves), today + timedelta(days=arrives))
    return _plan(house, source, target, skus, days)


def _plan(house: House, source: str, target: str, skus: Sequence[str], days: Days) -> Transfer:
    wanted = {house.products[sku].pk: PACKS * house.items[sku].default.holds for sku in skus}
    places = (house.sites[source], house.sites[target])
    return plan_transfer(places, days, wanted, by=house.who("Warehouse supervisor", source))
