"""What of a product in a warehouse can be promised, day by day. No database here."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
NEVER = date(9000, 1, 1)  # dates end in 9999; what comes or leaves later than this does so on this day


@dataclass(frozen=True, slots=True)
class Supply:
    """So many base units are ready to pick on a day; before its pick cut-off only when that is known."""

    on: date
    quantity: int
    before_cut_off: bool = False

    def counts_on(self, today: date) -> date:
        """On one day demand is counted before supply, so what comes after the cut-off serves the next day."""
        comes = min(max(self.on, today), NEVER)
        return comes if self.before_cut_off else comes + ONE_DAY


@dataclass(frozen=True, slots=True)
class Demand:
    """So many base units leave on a day."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Step:
    """From this day until the next step: the stock that is expected, and how much of it can be promised."""

    on: date
    projected: int
    promisable: int


@dataclass(frozen=True, slots=True)
class Part:
    """So many base units on a day."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Projection:
    """Stock over time. `changes` nets what comes and goes by day, today's stock included."""

    today: date
    protected: int
    changes: Mapping[date, int]
    steps: tuple[Step, ...]

    def promisable_on(self, day: date) -> int:
        """Return what can be promised to leave on the day; before today that is nothing."""
        place = bisect_right(self.steps, day, key=lambda step: step.on)
        return self.steps[place - 1].promisable if place else 0

    def earliest(self, quantity: int) -> date | None:
        """Return the first day on which all of it can leave; None when known supply never suffices."""
        return next((step.on for step in self.steps if step.promisable >= quantity), None)

    def schedule(
        self, quantity: int, *, leaves: Callable[[date], date] = lambda day: day, pack: int = 1
    ) -> list[Part]:
        """Return the quantity in parts, each as early as it can be promised, in whole packs until the last.

        `leaves` turns a day into the day on which goods leave. The parts make less than the quantity when
        known supply never suffices.
        """
        parts: list[Part] = []
        taken = 0
        for day in dict.fromkeys(leaves(step.on) for step in self.steps):
            there = min(quantity, self.promisable_on(day))
            more = there - taken if there == quantity else (there - taken) // pack * pack
            if more > 0:
                parts.append(Part(day, more))
                taken += more
        return parts

    @property
    def last_rise(self) -> date:
        """The day from which no known supply lets more be promised."""
        return next(step.on for step in self.steps if step.promisable == self.steps[-1].promisable)

    def after(self, promises: Iterable[Part]) -> "Projection":
        """Return what is left once these are promised."""
        changes = defaultdict(int, self.changes)
        for part in promises:
            changes[max(part.on, self.today)] -= part.quantity
        return _projected(self.today, self.protected, changes)


def project(
    usable: int, supplies: Iterable[Supply], demands: Iterable[Demand], *, today: date, protected: int = 0
) -> Projection:
    """Return what can be promised from each day on.

    P(t) is the usable stock with all supply and without all demand until t. ATP(t) is the least P of t and
    all later days, less what is protected, never below 0: what leaves on t is missing on every later day.
    Overdue demand counts today, and so does the coming of late supply. `usable` is not reduced by allocations:
    allocated lines stand among the demands.
    """
    changes: defaultdict[date, int] = defaultdict(int, {today: usable})
    for supply in supplies:
        changes[supply.counts_on(today)] += supply.quantity
    for demand in demands:
        changes[min(max(demand.on, today), NEVER)] -= demand.quantity
    return _projected(today, protected, changes)


def needed_now(
    demands: Sequence[Demand], supplies: Iterable[Supply], *, waiting: int, today: date
) -> list[int]:
    """Return how much of today's stock each of these later demands, soonest first, needs.

    That is what they take by their day beyond what comes by then. What comes serves first the `waiting` units that
    are short already.
    """
    comes = [(supply.counts_on(today), supply.quantity) for supply in supplies]
    found: list[int] = []
    taken = needed = 0
    for demand in demands:
        taken += demand.quantity
        there = sum(quantity for on, quantity in comes if on <= demand.on)
        most = max(needed, taken - max(0, there - waiting))
        found.append(most - needed)
        needed = most
    return found


def _projected(today: date, protected: int, changes: Mapping[date, int]) -> Projection:
    balances: list[tuple[date, int]] = []
    for day in sorted(changes):
        balances.append((day, changes[day] + (balances[-1][1] if balances else 0)))
    steps: list[Step] = []
    least = balances[-1][1]
    for day, balance in reversed(balances):
        least = min(least, balance)
        steps.append(Step(day, balance, max(0, least - protected)))
    return Projection(today, protected, dict(changes), tuple(reversed(steps)))
