"""The demo's agreements: some are used as agreed, some too slowly; one ends soon, one waits for a second person."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from customers.models import Agreement
from customers.services.agreeing import (
    Agreed,
    Terms,
    draft_agreement,
    propose_agreement,
    put_agreement_in_force,
)
from inventory.models import Category
from oms.demo import plans
from oms.demo.buyers import BUYERS
from oms.demo.call_offs import called_off
from oms.demo.clock import Story
from oms.demo.house import House
from oms.demo.prices import rounded, spared

PRICE = "0.45"  # the part of the margin that is given up for a commitment
ITEMS = 4


@dataclass(frozen=True, slots=True)
class Deal:
    """What is agreed with a customer: for how many days since when, and how many times what they take they promised."""

    code: str
    name: str
    began: int  # days ago
    days: int
    hoped: Fraction
    decided: bool = True


DEALS = (
    Deal("C1004", "Newbuilding 482", 210, 365, Fraction(9, 10)),
    Deal("C1021", "Annual call-off", 320, 365, Fraction(8, 5)),
    Deal("C1041", "Maintenance frame", 250, 365, Fraction(1, 2)),
    Deal("C1012", "Tower bolts", 200, 730, Fraction(3)),
    Deal("C1023", "Turnaround next year", 0, 365, Fraction(1), decided=False),
)
SCHEDULED = ("C1004", "C1021")  # are called off by a schedule
VALUED = Deal("C1050", "Volume of the year", 0, 365, Fraction(1))  # so many percent off for what they spend
BRANCH, OFF, LEAST, MOST = "VAL", Decimal(8), Decimal(12_000), Decimal(40_000)
LIMITED = ("C1001", "HB933-M10X50", 40)  # customer, SKU, packs: an order of 50 packs is cut


def agreements(house: House, planned: Iterable[plans.Plan]) -> Iterator[Story[Agreement]]:
    told = list(planned)
    for deal in DEALS:
        yield _agreed(house, deal, told)
    yield _limited(house, *LIMITED)
    yield _by_value(house, VALUED)


def _agreed(house: House, deal: Deal, planned: Sequence[plans.Plan]) -> Story[Agreement]:
    """Sales drafts it a day before it begins; finance puts it in force the same afternoon."""
    yield house.clock.at(deal.began + 1, 9, 15)
    since = house.clock.today - timedelta(days=deal.began)
    lines = [
        _line(house, sku, committed=_committed(house, deal, sku, taken))
        for sku, taken in _taken(deal, planned, since if deal.decided else None).most_common(ITEMS)
    ]
    drafted = _draft(house, deal.code, deal.name, (since, since + timedelta(days=deal.days)), lines)
    if deal.decided:
        yield house.clock.at(deal.began + 1, 15, 40)
        put_agreement_in_force(drafted.pk, by=house.who("Finance"))
    if deal.code in SCHEDULED:
        plan = next(one for one in planned if one.buyer.code == deal.code)
        yield from called_off(house, drafted, plan)
    return drafted


def _taken(deal: Deal, planned: Iterable[plans.Plan], since: date | None) -> Counter[str]:
    """Return how much a company and those below it take of what, since that day or in a year, in base units."""
    taken = Counter[str]()
    for plan in planned:
        theirs = plan.takes_stock and deal.code in (plan.buyer.code, plan.buyer.parent)
        if theirs and (since is None or plan.begins.date() >= since):
            for wanted in plan.wanted:
                taken[wanted.item.sku] += wanted.ordered
    return taken


def _committed(house: House, deal: Deal, sku: str, taken: int) -> int:
    """Return a commitment in whole packs that they reach as fast as was hoped."""
    holds = house.items[sku].default.holds
    elapsed = Fraction(deal.began or plans.YEAR, deal.days)
    return max(1, round(taken * deal.hoped / elapsed / holds)) * holds


def _limited(house: House, code: str, sku: str, packs: int) -> Story[Agreement]:
    yield house.clock.at(1, 16, 20)
    today = house.clock.today
    lines = [_line(house, sku, packs=packs)]
    drafted = _draft(house, code, "Special batch", (today, today + timedelta(days=90)), lines)
    put_agreement_in_force(drafted.pk, by=house.who("Finance"))
    return drafted


def _by_value(house: House, deal: Deal) -> Story[Agreement]:
    """A percentage off a whole branch of the catalogue, for what they promised to spend and some more."""
    yield house.clock.at(1, 16, 35)
    since = house.clock.today
    category = Category.objects.get(code=BRANCH)
    lines = [Agreed(category_id=category.pk, percent=OFF, committed_value=LEAST, maximum_value=MOST)]
    drafted = _draft(house, deal.code, deal.name, (since, since + timedelta(days=deal.days)), lines)
    put_agreement_in_force(drafted.pk, by=house.who("Finance"))
    return drafted


def _line(house: House, sku: str, *, committed: int = 0, packs: int = 0) -> Agreed:
    item = house.items[sku]
    unit = house.units[sku, item.default.code]
    price = rounded(spared(item, PRICE))
    return Agreed(unit.product_id, unit.pk, price, committed, packs * item.default.holds or None)


def _draft(house: House, code: str, name: str, days: tuple[date, date], lines: list[Agreed]) -> Agreement:
    customer = house.customers[code]
    site = next(buyer.site for buyer in BUYERS if buyer.code == code)
    terms = Terms(customer.pk, customer.currency_id, *days, name)
    drafted = draft_agreement(terms, lines, by=house.who("Sales manager", site))
    return propose_agreement(drafted.pk, by=drafted.created_by)
