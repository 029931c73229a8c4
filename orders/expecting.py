"""When what waits will really leave: each line takes what comes by its rank. No database here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from inventory.projection import Demand
from orders.allocation import Rank
from orders.promising import Coming, Place, Site
from orders.status import PromiseCause


class Claim(NamedTuple):
    """A line waits for so many base units in a place. `together`: its order leaves when all of it is there."""

    line_id: int
    order_id: int
    place: Place
    quantity: int
    rank: Rank
    together: bool = False


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

    def serve(self, claim: Claim) -> Expected:
        """Give a line what comes first and is not given yet; return when all of it is there."""
        site, wanted, last = self.sites[claim.place[1]], claim.quantity, None
        for part in self._parts(claim.place):
            before, wanted = wanted, part.take(wanted)
            last = part if wanted < before else last
            if not wanted:
                break
        if wanted:
            return self._bought(claim, site)
        assert last  # noqa: S101  a claim wants something
        return Expected(site.leaves_on(last.on), last.document)

    def _bought(self, claim: Claim, site: Site) -> Expected:
        days = self.lead_days.get(claim.place[0])
        if days is None:
            return Expected(None)
        comes = max([site.today + timedelta(days=days), *(part.on for part in self._parts(claim.place))])
        return Expected(site.leaves_on(comes))

    def _parts(self, place: Place) -> list[Part]:
        if place not in self.parts:
            self.parts[place] = _parts_of(self.sources.get(place, Source()), self.sites[place[1]].today)
        return self.parts[place]


def _parts_of(source: Source, today: date) -> list[Part]:
    """Return what comes to a place, soonest first, without what transfers take: of what is there last by their day."""
    parts = [Part(coming.serves_on(today), coming.document, coming.quantity) for coming in source.coming]
    parts = sorted([Part(today, "", max(source.free, 0)), *parts], key=lambda part: part.on)
    for leaving in source.leaving:
        in_time = [part for part in parts if part.on <= max(leaving.on, today)]
        wanted = leaving.quantity
        for part in [*reversed(in_time), *parts[len(in_time) :]]:
            wanted = part.take(wanted)
    return parts


def expect(claims: Iterable[Claim], outlook: Outlook) -> dict[int, Expected]:
    """Return for each line when all of it can leave, those of the better rank served first.

    What an order's terms make it refuse is not asked, but one that ships complete leaves with its last line.
    """
    ordered = sorted(claims, key=lambda claim: (claim.rank, claim.line_id))
    expected = {claim.line_id: outlook.serve(claim) for claim in ordered}
    together = defaultdict(list)
    for claim in ordered:
        if claim.together:
            together[claim.order_id].append(claim.line_id)
    for lines in together.values():
        last = _last(expected[line] for line in lines)
        expected |= dict.fromkeys(lines, last)
    return expected


def _last(expected: Iterable[Expected]) -> Expected:
    return max(expected, key=lambda one: one.on or date.max)


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
