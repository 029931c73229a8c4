"""What a file would change: rows compared with what is there, then written in a few statements."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import partial
from heapq import heappush, heappushpop
from typing import Any

from django.db import models

from oms.importing.progress import tell
from oms.models import User
from oms.sets import insert_rows, set_in_rows

BATCH = 10_000
MOST_CHANGES = 200  # shown in a preview
MOST_JUMPS = 50
JUMP = Decimal("0.2")  # of a number, that somebody should look at

Values = tuple[Any, ...]
Differences = dict[str, tuple[Any, Any]]


class State(Enum):
    """What a row of a file does to the database. Of several parts, the greatest counts."""

    SAME = 0
    CHANGED = 1
    NEW = 2


def of_all(states: Sequence[State]) -> State:
    """Return what a whole does of which these are the parts."""
    first = states[0] if states else State.SAME
    if first is State.NEW:
        return State.NEW
    return State.CHANGED if any(state is not State.SAME for state in states) else State.SAME


@dataclass(frozen=True, slots=True)
class Change:
    """What one row does: a label of what it is about, and the fields that differ, from and to."""

    row: int
    state: State
    label: str
    fields: Differences


@dataclass(frozen=True, slots=True, order=True)
class Jump:
    """A number that changes by more than a fifth; `size` is which part of it, so that the greatest stands last."""

    size: Decimal
    row: int
    label: str
    before: Decimal
    after: Decimal

    @property
    def percent(self) -> Decimal:
        """How much more or less, to a tenth."""
        return ((self.after / self.before - 1) * 100).quantize(Decimal("0.1"))


@dataclass(slots=True)
class Plan:
    """What a file would do. The app's service fills it and knows how to write it."""

    counts: Counter[State] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    jumped: int = 0
    jumps: list[Jump] = field(default_factory=list)  # a heap of the greatest

    def compare(self, row: int, label: str, before: Decimal, after: Decimal) -> None:
        """Take note of a number that changes by more than a fifth."""
        size = abs(after - before) / before if before else Decimal(0)
        if size <= JUMP:
            return
        self.jumped += 1
        keep = heappush if len(self.jumps) < MOST_JUMPS else heappushpop
        keep(self.jumps, Jump(size, row, label, before, after))

    def count(self, row: int, state: State, label: str, fields: Differences | None = None) -> None:
        """Count what a row does, and keep the first ones to be shown."""
        self.counts[state] += 1
        if state is not State.SAME and len(self.changes) < MOST_CHANGES:
            self.changes.append(Change(row, state, label, fields or {}))


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: a file by its name and content, and who sent it; nobody is the operator."""

    name: str
    sha256: str
    by: User | None = None

    @property
    def document(self) -> str:
        """What a ledger names as the cause."""
        return f"IMPORT-{self.sha256[:12]}"


@dataclass(slots=True)
class Upsert:
    """The rows of one table that are wanted, told apart into new, changed and the same.

    `fields` are the columns written; where a wanted value is None, what is there stays, and a new row gets
    its default.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    defaults: Values
    new: list[Values] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    changed: list[Values] = field(default_factory=list)

    def want(self, wanted: Values, there: Values | None) -> tuple[State, Differences]:
        """Take in a wanted row; `there` is its id and its values. Return its state and what differs."""
        if there is None:
            values = tuple(d if v is None else v for v, d in zip(wanted, self.defaults, strict=True))
            self.new.append(values)
            said = zip(self.fields, wanted, strict=True)
            return State.NEW, {name: (None, value) for name, value in said if value not in (None, "")}
        pk, old = there[0], there[1:]
        values = tuple(o if v is None else v for v, o in zip(wanted, old, strict=True))
        if values == old:
            return State.SAME, {}
        self.ids.append(pk)
        self.changed.append(values)
        rows = zip(self.fields, old, values, strict=True)
        return State.CHANGED, {name: (before, after) for name, before, after in rows if before != after}

    def taken_out(self, named: Collection[Any]) -> list[tuple[int, Values]]:
        """Return the changed rows whose first field is among these, by id; `write` leaves them out from now on."""
        rows = list(zip(self.ids, self.changed, strict=True))
        left = [row for row in rows if row[1][0] not in named]
        self.ids, self.changed = [pk for pk, _values in left], [values for _pk, values in left]
        return [row for row in rows if row[1][0] in named]

    def write(self, **ids: Mapping[Any, Any]) -> None:
        """Write it. `ids` maps what stands for a row of another table, such as its code, to that row's id."""
        written = partial(tell, "writing", total=len(self.ids) + len(self.new))
        for start in range(0, len(self.ids), BATCH):
            written(start)
            columns = self._columns(self.changed[start : start + BATCH], ids)
            set_in_rows(self.model, self.ids[start : start + BATCH], **columns)
        for start in range(0, len(self.new), BATCH):
            written(len(self.ids) + start)
            insert_rows(self.model, self._columns(self.new[start : start + BATCH], ids))

    def _columns(self, rows: Sequence[Values], ids: Mapping[str, Mapping[Any, Any]]) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {}
        for position, name in enumerate(self.fields):
            values = [row[position] for row in rows]
            found = ids.get(name)
            columns[name] = [None if v is None else found[v] for v in values] if found is not None else values
        return columns


def in_batches(values: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """Return values in parts that one statement can take."""
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
