"""Proof from outside: every invariant of the house, read from one snapshot. Nothing is repaired here.

Each app declares what must hold in its `invariants.py`; they are gathered, so this module knows no app.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from oms.gathering import gather
from oms.snapshots import snapshot

Row = tuple[object, object, object]  # where it stands, the value found, the value expected
Proof = Callable[[], Iterable[Row]]

INVARIANTS: dict[str, Proof] = {}
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that must never be, and is."""

    invariant: str
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.where}: found {self.found}, expected {self.expected}"


def invariant(number: str) -> Callable[[Proof], Proof]:
    """Declare a function that returns the rows which break an invariant, under its number and name."""

    def declare(proof: Proof) -> Proof:
        INVARIANTS[f"{number} {proof.__name__.replace('_', ' ')}"] = proof
        return proof

    return declare


def invariants() -> dict[str, Proof]:
    """Return all invariants that the installed apps declare, by name."""
    gather("invariants")
    return INVARIANTS


def verify() -> list[Breach]:
    """Return every breach of every invariant, as one snapshot shows them."""
    with snapshot():
        return list(breaches())


def breaches() -> Iterator[Breach]:
    """Yield every breach of every invariant, as the transaction of the caller sees them."""
    _set(
        "SET LOCAL enable_nestloop = off"
    )  # whole tables are joined; right after an import nobody has counted them
    for name, proof in invariants().items():
        yield from breaches_of(name, proof)
    _set("SET LOCAL enable_nestloop = DEFAULT")


def breaches_of(name: str, proof: Proof) -> list[Breach]:
    """Return what breaks one invariant. A proof that breaks down has proven nothing, and says so."""
    try:
        with transaction.atomic():
            return [Breach(name, *(str(value) for value in row)) for row in proof()]
    except Exception as error:  # noqa: BLE001  whatever it is, it must not hide the other breaches
        return [
            Breach(name, "the proof itself", f"{type(error).__name__}: {error}".strip(), "to come to its end")
        ]


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rows(sql: str, parameters: Sequence[Any] | None = None) -> list[Any]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def stream(sql: str, parameters: Sequence[Any] | None = None) -> Iterator[Any]:
    """Yield what a query finds, a batch at a time, however much it is. Only inside the snapshot."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            yield from batch
