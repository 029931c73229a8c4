"""What is ordered in the demo: a year of orders and what is on the desks today, made up from one seed. No database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain, count
from random import Random

from oms.demo.buyers import BLOCKED as BLOCKED_BUYER
from oms.demo.buyers import BUYERS, TRADES, Buyer
from oms.demo.catalogue import BLOCKED, BOOK, NEVER_BACKORDERED, NOT_FOR_SCANNING, SUCCESSORS, WITHOUT_PRICE
from oms.demo.clock import Clock
from oms.demo.families import Item, Pack
from oms.demo.stock import is_stocked
from oms.money import round_half_up

SEED = 20_457
YEAR, RECENT = 358, 60  # days ago at which the story begins, and from which on some items are left alone
HISTORY_ENDS = 24

# On no shelf today, in short supply today, and bought again about a month ago.
EMPTY = (
    "HB933-M16X80", "BV-A4-DN25", "H07VK-6-BU", "GL-NIT-9", "MCB-C32-3P", "OIL-HLP46", "BB-6204-2RS", "SF-23",
)  # fmt: skip
LOW = (
    "HN934-M12-ZN", "BV-MS-DN20", "NYMJ-5X2.5", "MA-FFP2", "CD-125X1", "GR-EP2", "HO-PU-8", "TP-PP-BR",
    "SC912-M6X20-A2", "CF-ST-15",
)  # fmt: skip
REFILLED = ("HB933-M10X40", "GV-MS-DN25", "CT-200-BK", "SPR-PEN", "DR338-6")
LEFT_ALONE = {*EMPTY, *REFILLED, *BLOCKED, *SUCCESSORS, *NEVER_BACKORDERED}

HISTORY = {
    "closed": 80,
    "cancelled_released": 2,
    "cancelled_confirmed": 3,
    "taken_back": 2,
    "counted": 2,
    "corrected": 2,
}
QUOTED_EVERY = 7  # of the orders in the history
TODAY = (  # story, how often, days ago from … to
    ("waited", 2, 34, 34),
    ("delivered", 10, 9, 22),
    ("rest_cancelled", 2, 19, 23),
    ("on_the_road", 4, 5, 6),
    ("just_left", 3, 2, 2),
    ("announced", 4, 5, 7),
    ("packed", 3, 2, 3),
    ("picking", 3, 2, 3),
    ("short_picked", 1, 2, 2),
    ("planned", 6, 2, 3),
    ("void", 1, 3, 3),
    ("confirmed", 8, 1, 3),
    ("partly_backordered", 5, 2, 12),
    ("backordered", 3, 3, 15),
    ("waiting", 4, 1, 2),
    ("approved_in_part", 1, 1, 1),
    ("held", 2, 1, 4),
    ("ready", 4, 1, 1),
    ("withdrawn", 1, 3, 3),
    ("cancelled_draft", 1, 6, 6),
    ("cancelled_submitted", 1, 5, 5),
    ("draft", 5, 0, 2),
    ("quote_draft", 3, 0, 2),
    ("quote_waiting", 3, 1, 2),
    ("quote_sent", 6, 2, 12),
    ("quote_revised", 1, 9, 9),
    ("quote_accepted", 2, 4, 8),
    ("quote_declined", 4, 14, 60),
    ("quote_expired", 4, 40, 120),
    ("quote_cancelled", 2, 8, 30),
    ("quote_countered", 1, 3, 3),
    ("quote_shared", 1, 4, 4),
)
A_WHOLE_PROJECT = 80  # times what is ordered otherwise
LARGE = next(buyer for buyer in BUYERS if buyer.code == "C1004")  # who has such projects
NEEDS_APPROVAL = {"corrected", "waiting", "withdrawn", "quote_waiting", "quote_revised"}
CONFIRMED_NEVER = {
    "waiting",
    "approved_in_part",
    "held",
    "ready",
    "withdrawn",
    "draft",
    "cancelled_draft",
    "cancelled_submitted",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a plan: so many base units of an item, in a pack; a price or discount may be typed."""

    item: Item
    pack: Pack
    ordered: int
    discount: Decimal = Decimal(0)
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A document to be told: what becomes of it, for whom, from when on, and its lines."""

    story: str
    buyer: Buyer
    begins: datetime
    wanted: tuple[Wanted, ...]
    number: int
    is_quoted: bool = False

    @property
    def takes_stock(self) -> bool:
        return not (self.story in CONFIRMED_NEVER or self.story.startswith("quote"))


class Planner:
    """Makes up plans, always the same ones for the same day."""

    def __init__(self, clock: Clock, items: Sequence[Item]) -> None:
        self.clock = clock
        self.items = [item for item in items if item.sku not in (WITHOUT_PRICE, BOOK)]
        self.by_sku: Mapping[str, Item] = {item.sku: item for item in items}
        self.branches = {
            branch: [item for item in self.items if item.category.startswith(branch)]
            for branch in chain.from_iterable(TRADES.values())
        }
        self.random = Random(SEED)  # noqa: S311  nothing here is secret
        self.numbers = count(1)
        self.buyers = [buyer for buyer in BUYERS if buyer.code != BLOCKED_BUYER]

    def all(self) -> list[Plan]:
        return [*self.history(), *self.today()]

    def history(self) -> Iterator[Plan]:
        stories = [story for story, times in HISTORY.items() for _ in range(times)]
        self.random.shuffle(stories)
        for n, story in enumerate(stories):
            days = YEAR - (YEAR - HISTORY_ENDS) * n // len(stories)
            plan = self.plan(story, days, lines=self.random.choice((2, 3, 4, 5, 6, 6, 8, 10, 14)))
            yield replace(plan, is_quoted=story == "closed" and n % QUOTED_EVERY == 0)

    def today(self) -> Iterator[Plan]:
        for story, times, first, last in TODAY:
            for n in range(times):
                days = first + (last - first) * n // max(1, times - 1)
                yield self.plan(story, days, lines=self.random.choice((2, 3, 4, 5, 7, 9)))

    def plan(self, story: str, days_ago: int, *, lines: int) -> Plan:
        buyer = self.buyer_for(story)
        begins = self.clock.at(days_ago, self.random.randint(8, 15), self.random.randint(0, 59))
        wanted = self.lines(buyer, lines, recent=days_ago < RECENT)
        return Plan(story, buyer, begins, tuple(self.dressed(story, buyer, wanted)), next(self.numbers))

    def buyer_for(self, story: str) -> Buyer:
        buyer = self.random.choices(self.buyers, [b.weight for b in self.buyers])[0]
        return LARGE if story == "approved_in_part" else buyer

    def lines(self, buyer: Buyer, number: int, *, recent: bool) -> list[Wanted]:
        """Return lines of different items that lie where the buyer is served from, as its trade buys them."""
        found: dict[str, Wanted] = {}
        for _ in range(number * 3):
            item = self.random.choice(self.branches[self.random.choice(TRADES[buyer.trade])])
            if (
                is_stocked(item, buyer.site)
                and not (recent and item.sku in LEFT_ALONE)
                and len(found) < number
            ):
                found.setdefault(item.sku, self.line(item, buyer))
        return list(found.values())

    def line(self, item: Item, buyer: Buyer) -> Wanted:
        """Return so much of an item as a customer of this size buys."""
        pack = item.default
        others = [p for p in item.packs if p.code not in {pack.code, *NOT_FOR_SCANNING}]
        if others and self.random.random() < 0.12:
            pack = self.random.choice(others)
        worth = item.cost * pack.holds
        if pack.code == "MTR" or (pack.holds == 1 and worth < 2):
            packs = 10 * self.random.randint(2, 25)
        else:
            packs = self.random.randint(1, 12 if worth < 20 else 6 if worth < 60 else 2)
        packs *= 1 + buyer.weight // 2
        discount = Decimal(self.random.choice((3, 5))) if self.random.random() < 0.04 else Decimal(0)
        return Wanted(item, pack, packs * pack.holds, discount)

    def dressed(self, story: str, buyer: Buyer, wanted: list[Wanted]) -> Iterator[Wanted]:
        """Yield the lines as their story needs them."""
        if story in NEEDS_APPROVAL:
            wanted = [replace(wanted[0], discount=Decimal(15)), *wanted[1:]]
        if story in {"partly_backordered", "rest_cancelled"}:
            wanted = [*wanted, self.missing(buyer)]
        if story == "backordered":
            wanted = [self.missing(buyer)]
        if story == "waited":
            wanted = [self.some_of(REFILLED, buyer)]
        if story in {"short_picked", "counted"}:
            wanted = [self.line_to_miss(buyer), *wanted]
        if story == "approved_in_part":
            wanted = [replace(one, ordered=one.ordered * A_WHOLE_PROJECT) for one in wanted]
        yield from {one.item.sku: one for one in wanted}.values()

    def missing(self, buyer: Buyer) -> Wanted:
        return self.some_of(EMPTY, buyer)

    def some_of(self, skus: Sequence[str], buyer: Buyer) -> Wanted:
        here = [self.by_sku[sku] for sku in skus if is_stocked(self.by_sku[sku], buyer.site)]
        item = self.random.choice(here)
        return Wanted(item, item.default, self.random.randint(2, 6) * item.default.holds)

    def line_to_miss(self, buyer: Buyer) -> Wanted:
        """Return a line of something that lies in two places, so that what is short in one is taken from the other."""
        item = next(
            i
            for i in self.items
            if len(i.packs) > 2 and is_stocked(i, buyer.site) and i.sku not in LEFT_ALONE
        )
        return Wanted(item, item.default, 3 * item.default.holds)


def typed_price(wanted: Wanted) -> Decimal:
    """Return a price per unit that is hardly above cost."""
    return round_half_up(wanted.item.cost * wanted.pack.holds * Decimal("1.08"), 2)
