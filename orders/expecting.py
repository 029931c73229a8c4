"""When what waits will really leave: what comes is given out by rank and terms, day by day. No database here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from inventory.projection import Demand
from orders.allocation import Bid, Grant, Row, run
from orders.promising import Coming, Place, Site
from orders.status import PromiseCause


@dataclass(frozen=True, slots=True)
class Claim:
    """What an order waits for, in its turn and on its terms, and how many shipments it may still have."""

    bid: Bid
    shipments_left: int | None = None

    @property
    def rows(self) -> set[Row]:
        return {demand.row for demand in self.bid.demands}

    def after(self, grants: Sequence[Grant]) -> "Claim":
        """Return the claim once these have left, which they do when they can: as a shipment of their own."""
        if not grants:
            return self
        got = {grant.line_id: grant.quantity for grant in grants}
        rest = [d._replace(quantity=d.quantity - got.get(d.line_id, 0)) for d in self.bid.demands]
        left = None if self.shipments_left is None else max(self.shipments_left - 1, 1)
        terms = replace(self.bid.terms, held=Fraction(0), is_last=left == 1)
        return Claim(replace(self.bid, demands=[d for d in rest if d.quantity], terms=terms), left)


class Kept(NamedTuple):
    """A line was promised for a day so late that its stock is set aside later; it is kept for it till then."""

    line_id: int
    place: Place
    quantity: int
    due_on: date


class Expected(NamedTuple):
    """All of a line can leave on a day, and a document brings the last of it; no day, nobody knows one."""

    on: date | None
    brought_by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What is free of a product in a warehouse now, what comes, and what transfers take away."""

    free: int = 0
    coming: Sequence[Coming] = ()
    leaving: Sequence[Demand] = ()


@dataclass(slots=True)
class Part:
    """So much is left of what a document brings; it can leave from a day on."""

    on: date
    document: str
    left: int

    def take(self, wanted: int) -> int:
        """Give as much as there is of what is wanted; return how much is still wanted."""
        taken = min(self.left, wanted)
        self.left -= taken
        return wanted - taken


@dataclass(slots=True)
class Outlook:
    """What comes to all places, and what is left of it. Without supply a line is bought, where somebody sells it."""

    sites: Mapping[int, Site]
    sources: Mapping[Place, Source]
    lead_days: Mapping[int, int]
    parts: dict[Place, list[Part]] = field(default_factory=dict)

    def parts_of(self, place: Place) -> list[Part]:
        """Return what comes to a place, soonest first, without what transfers take away."""
        if place not in self.parts:
            self.parts[place] = _parts_of(self.sources.get(place, Source()), self.sites[place[1]].today)
        return self.parts[place]

    def days(self, places: Iterable[Place]) -> dict[date, set[Place]]:
        """Return the days on which something comes, the soonest first, and where."""
        found: defaultdict[date, set[Place]] = defaultdict(set)
        for place in places:
            for part in self.parts_of(place):
                found[part.on].add(place)
        return dict(sorted(found.items()))

    def there(self, place: Place, day: date) -> int:
        return sum(part.left for part in self.parts_of(place) if part.on <= day)

    def take(self, place: Place, quantity: int) -> Part:
        """Give so much of what comes first, all of which there is; return what the last of it is."""
        last = None
        for part in self.parts_of(place):
            before, quantity = quantity, part.take(quantity)
            last = part if quantity < before else last
        assert last  # noqa: S101  nobody is granted more than is there
        return last

    def keep(self, kept: Kept) -> Expected:
        """Keep what a line was promised, of what is there last by its day; return when all of it is there."""
        parts, today = self.parts_of(kept.place), self.sites[kept.place[1]].today
        late, missing = _take_late(parts, Demand(kept.due_on, kept.quantity), today)
        if missing:
            bought = self._bought(kept.place)
            return Expected(bought and max(bought, kept.due_on))
        return Expected(late.on, late.document) if late else Expected(kept.due_on)

    def buy(self, place: Place, quantity: int) -> None:
        """Let so much come as a purchase of today would, where somebody sells it, but not before what comes anyway."""
        on = self._bought(place)
        if on:
            self.parts_of(place).append(Part(on, "", quantity))

    def _bought(self, place: Place) -> date | None:
        days = self.lead_days.get(place[0])
        if days is None:
            return None
        today = self.sites[place[1]].today
        return max([today + timedelta(days=days), *(part.on for part in self.parts_of(place))])


def _parts_of(source: Source, today: date) -> list[Part]:
    """Return what comes to a place, soonest first, without what transfers take: of what is there last by their day."""
    parts = [Part(coming.serves_on(today), coming.document, coming.quantity) for coming in source.coming]
    parts = sorted([Part(today, "", max(source.free, 0)), *parts], key=lambda part: part.on)
    for leaving in source.leaving:
        _take_late(parts, leaving, today)
    return parts


def _take_late(parts: Sequence[Part], demand: Demand, today: date) -> tuple[Part | None, int]:
    """Take a quantity of what is there last by its day, else of what comes later.

    Return the last of what comes later and is needed, and how much is missing.
    """
    in_time = [part for part in parts if part.on <= max(demand.on, today)]
    wanted, late = demand.quantity, None
    for part in reversed(in_time):
        wanted = part.take(wanted)
    for part in parts[len(in_time) :]:
        before, wanted = wanted, part.take(wanted)
        late = part if wanted < before else late
    return late, wanted


def expect(
    claims: Iterable[Claim], outlook: Outlook, *, fair: Collection[Row] = (), kept: Iterable[Kept] = ()
) -> dict[int, Expected]:
    """Return for each line when all of it can leave, as allocation will serve it.

    Day by day what has come is given out by rank and on each order's terms: what ships complete waits for its last
    line and holds nothing back, a whole line for all of it, a part for its least value. What nothing on its way
    suffices for is bought.
    """
    expected = {one.line_id: outlook.keep(one) for one in sorted(kept, key=attrgetter("due_on", "line_id"))}
    waiting = _served(list(claims), outlook, fair, expected)
    missing = Counter[Place]()
    for claim in waiting:
        for demand in claim.bid.demands:
            missing[demand.row] += demand.quantity
    for place, quantity in missing.items():
        outlook.buy(place, quantity)
    for claim in _served(waiting, outlook, fair, expected):
        expected |= {demand.line_id: Expected(None) for demand in claim.bid.demands}
    return expected


def _served(
    waiting: list[Claim], outlook: Outlook, fair: Collection[Row], expected: dict[int, Expected]
) -> list[Claim]:
    """Give out what comes, day by day; write down when lines have all, and return who still waits."""
    places = {row for claim in waiting for row in claim.rows}
    for day, where in outlook.days(places).items():
        near = [claim for claim in waiting if claim.rows & where]
        there = {row: outlook.there(row, day) for claim in near for row in claim.rows}
        served = _serve(near, run([claim.bid for claim in near], there, fair), day, outlook, expected)
        waiting = [served.get(claim.bid.order_id, claim) for claim in waiting]
        waiting = [claim for claim in waiting if claim.bid.demands]
    return waiting


def _serve(
    claims: Iterable[Claim],
    grants: Iterable[Grant],
    day: date,
    outlook: Outlook,
    expected: dict[int, Expected],
) -> dict[int, Claim]:
    by_line = {grant.line_id: grant for grant in grants}
    served: dict[int, Claim] = {}
    for claim in claims:
        mine = [by_line[d.line_id] for d in claim.bid.demands if d.line_id in by_line]
        last = {grant.line_id: outlook.take(grant.row, grant.quantity) for grant in mine}
        latest = max(last.values(), key=lambda part: part.on, default=None)
        served[claim.bid.order_id] = rest = claim.after(mine)
        still = {demand.line_id for demand in rest.bid.demands}
        for grant in mine:
            if grant.line_id not in still:
                part = latest if claim.bid.terms.can_fail and latest else last[grant.line_id]
                expected[grant.line_id] = Expected(outlook.sites[grant.row[1]].leaves_on(day), part.document)
    return served


class Before(NamedTuple):
    """What the ledger says last of a line: when it was expected and from what; `events` befell its order since."""

    expected_on: date | None
    brought_by: str
    cause: str = ""
    document: str = ""
    events: frozenset[str] = frozenset()


class Bringer(NamedTuple):
    """How a purchase or transfer stands that was to bring a product."""

    comes: bool = False
    is_late: bool = False
    answered_since: bool = False


TOLD_ONCE = (PromiseCause.LATE, PromiseCause.NOT_BOUGHT)
LOSSES = {"stock lost": PromiseCause.LOST, "lost stock": PromiseCause.TAKEN}


def why_changed(before: Before, now: Expected, bringer: Bringer) -> tuple[PromiseCause, str] | None:
    """Return why a line leaves on another day than the ledger says, and by which document; None when it does not.

    `bringer` is what was to bring it before. That time passes is no change: what is late stays late, and what nobody
    has confirmed is still to be bought.
    """
    if now.on == before.expected_on:
        return None
    cause, document = _cause(before, now, bringer)
    is_told = (before.cause, before.document) == (cause, document)
    return None if is_told and cause in TOLD_ONCE else (cause, document)


def _cause(before: Before, now: Expected, bringer: Bringer) -> tuple[PromiseCause, str]:
    if now.on is not None and (before.expected_on is None or now.on < before.expected_on):
        return PromiseCause.SOONER, now.brought_by
    for event, cause in LOSSES.items():
        if event in before.events:
            return cause, ""
    if before.brought_by and before.brought_by == now.brought_by:
        return (PromiseCause.LATE if bringer.is_late else PromiseCause.REDATED), before.brought_by
    if not before.brought_by:
        return (PromiseCause.REDATED if now.brought_by else PromiseCause.NOT_BOUGHT), now.brought_by
    if not bringer.comes:
        return PromiseCause.GONE, before.brought_by
    return (PromiseCause.FEWER if bringer.answered_since else PromiseCause.OVERTAKEN), before.brought_by
