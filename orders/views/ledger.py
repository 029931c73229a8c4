"""The ledger of promises as people read it: what the customer was told, and every change with its cause."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.status import PromiseCause

MOST_ENTRIES = 50
MOST_NAMED = 6
TO = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the ledger with the positions of its lines, and the day the lines had before."""

    promise: Any
    positions: str
    before: date | None
    waits: bool = True  # some of its lines still do

    @property
    def is_taken_out(self) -> bool:
        """Whether nothing of these lines is wanted any more."""
        return not any(self.promise.quantities)

    @property
    def is_told_anew(self) -> bool:
        """Whether the customer's day was another before."""
        told = self.promise.cause in (PromiseCause.RENEWED, PromiseCause.CHANGED)
        return told and self.before != self.promise.ship_on

    @property
    def days(self) -> int:
        """How much later all of it was expected than promised; less than nothing is sooner."""
        promise = self.promise
        return (promise.expected_on - promise.ship_on).days if promise.expected_on and promise.ship_on else 0


def ledger(order: Order, lines: Collection[OrderLine]) -> list[Told]:
    """Return what the order's customer was promised and what changed, newest first."""
    places = {line.pk: line.position for line in lines}
    waiting = {line.pk for line in lines if line.open}
    entries, before = [], dict.fromkeys(places)
    for promise in order.promises.select_related("by").order_by("pk"):
        was = before.get(promise.lines[0])
        entries.append(
            Told(promise, _positions(promise.lines, places), was, waits=not waiting.isdisjoint(promise.lines))
        )
        before |= dict.fromkeys(promise.lines, promise.ship_on)
    return entries[: -MOST_ENTRIES - 1 : -1]


def _positions(lines: Sequence[int], places: Mapping[int, int]) -> str:
    """Return the positions as people write them; so many lines where they are too many to name."""
    told = in_runs(places[line] for line in lines if line in places)
    return told if told.count(",") < MOST_NAMED else _("%(n)s lines") % {"n": len(lines)}


def in_runs(positions: Iterable[int]) -> str:
    """Return positions as people write them, 1 to 4 as one run."""
    runs: list[list[int]] = []
    for position in sorted(positions):
        if runs and position == runs[-1][-1] + 1:
            runs[-1][1:] = [position]
        else:
            runs.append([position])
    return ", ".join(TO.join(str(end) for end in run) for run in runs)
