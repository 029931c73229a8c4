"""Orders that fight for the same few products: processes with a connection each, started at a barrier."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

from benchmarks.houses import plain_connection
from benchmarks.memory import peak_mb
from benchmarks.work import CONTENDED_LINES, HOT, Lines, Scale, hot_lines

ORDERS = 40  # of each process in each round
WARM_UP = 3
ROUNDS = 7
PATIENCE = 300  # seconds for a round or a start
GOODBYE = 10  # seconds to end by itself

Row = dict[str, Any]
Enter = Callable[[Lines], int]  # enters and confirms one order, returns the number of statements
Errors = tuple[type[Exception], ...]  # each is an order that failed
Side = Callable[[str], tuple[Enter, Errors]]  # connects to an address


@dataclass(frozen=True)
class Shift:
    """What one process did in a round: seconds on the machine's clock, orders that failed, statements of the last."""

    began: float
    ended: float
    failed: int
    statements: int
    peak_mb: float


@dataclass(frozen=True)
class Round:
    """What all processes of a side did together."""

    shifts: list[Shift]
    orders: int

    @property
    def ms(self) -> float:
        """Milliseconds per order, from the first start to the last end."""
        took = max(shift.ended for shift in self.shifts) - min(shift.began for shift in self.shifts)
        return took * 1000 / self.orders

    @property
    def failed(self) -> int:
        return sum(shift.failed for shift in self.shifts)


class Crew:
    """So many processes of one side, each waiting for its next round."""

    def __init__(self, side: Side, address: str, scale: Scale, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        start = context.Barrier(workers)
        self.lines: list[Connection] = []
        self.processes = []
        for _worker in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=stand_by, args=(side, address, scale, start, theirs), daemon=True
            )
            process.start()
            theirs.close()
            self.lines.append(ours)
            self.processes.append(process)
        self._answers()

    def round(self, number: int, orders: int) -> Round:
        """Let every process confirm so many orders, all from the same moment on."""
        for worker, line in enumerate(self.lines):
            line.send([number * 1_000_000 + worker * 10_000 + order for order in range(orders)])
        return Round(self._answers(), orders * len(self.lines))

    def _answers(self) -> list[Any]:
        for line in self.lines:
            if not line.poll(PATIENCE):
                raise TimeoutError("a process of the benchmark does not answer")
        return [line.recv() for line in self.lines]

    def dismiss(self) -> None:
        """Leave no process behind, not even one that waits at the barrier for another that broke off."""
        for line, process in zip(self.lines, self.processes, strict=True):
            line.close()
            process.join(GOODBYE)
            process.terminate()


def stand_by(side: Side, address: str, scale: Scale, start: Barrier, line: Connection) -> None:
    """Be one process of a crew: do each round that is asked for until nobody asks any more."""
    enter, errors = side(address)
    line.send(None)
    while True:
        try:
            seeds = line.recv()
        except EOFError:
            return
        orders = [hot_lines(scale, seed) for seed in seeds]
        start.wait(PATIENCE)
        line.send(_work(enter, errors, orders))


def _work(enter: Enter, errors: Errors, orders: Iterable[Lines]) -> Shift:
    failed = statements = 0
    began = time.perf_counter()
    for lines in orders:
        try:
            statements = enter(lines)
        except errors:
            failed += 1
    return Shift(began, time.perf_counter(), failed, statements, peak_mb())


def our_side(address: str) -> tuple[Enter, Errors]:
    """Every refusal is a failure, and so is what a user would have to try again: nothing is retried here."""
    os.environ["DATABASE_URL"] = address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    import django

    django.setup()
    from django.db import DatabaseError

    from benchmarks.company import house
    from benchmarks.measure import counted
    from benchmarks.ours import Ours
    from oms.errors import Refused

    ours = Ours(house(HOT))

    def enter(lines: Lines) -> int:
        ours.take(lines)
        with counted() as count:
            ours.enter()
            ours.submit()
            ours.confirm()
        return count[0]

    return enter, (Refused, DatabaseError)


def limits_side(address: str) -> tuple[Enter, Errors]:
    from benchmarks.limit import Limit

    limit = Limit(plain_connection(address))

    def enter(lines: Lines) -> int:
        before = limit.statements
        limit.take(lines)
        limit.enter()
        limit.submit()
        limit.confirm()
        return limit.statements - before

    return enter, (psycopg.Error,)


SIDES: tuple[Side, Side] = (our_side, limits_side)


def contended_orders(
    addresses: tuple[str, str],
    scale: Scale,
    workers: Iterable[int],
    *,
    orders: int = ORDERS,
    rounds: int = ROUNDS,
) -> list[Row]:
    """Return a row per number of workers: 10-line orders entered and confirmed over the hot products, both in turn."""
    return [_row(many, *_rounds(addresses, scale, many, orders, rounds)) for many in workers]


def _rounds(
    addresses: tuple[str, str], scale: Scale, workers: int, orders: int, rounds: int
) -> tuple[list[Round], list[Round]]:
    with crews(addresses, scale, workers) as (ours, limit):
        ours.round(0, WARM_UP)
        limit.round(0, WARM_UP)
        mine: list[Round] = []
        least: list[Round] = []
        for number in range(1, rounds + 1):
            pairs = [(ours, mine), (limit, least)]
            for crew, found in pairs if number % 2 else reversed(pairs):
                found.append(crew.round(number, orders))
    return mine, least


@contextmanager
def crews(addresses: tuple[str, str], scale: Scale, workers: int) -> Iterator[tuple[Crew, Crew]]:
    both = [Crew(side, address, scale, workers) for side, address in zip(SIDES, addresses, strict=True)]
    try:
        yield both[0], both[1]
    finally:
        for crew in both:
            crew.dismiss()


def _row(workers: int, mine: list[Round], least: list[Round]) -> Row:
    ms, limit_ms = (statistics.median(done.ms for done in side) for side in (mine, least))
    return {
        "name": "contended_orders",
        "size": CONTENDED_LINES,
        "workers": workers,
        "ms": round(ms, 2),
        "ms_min": round(min(done.ms for done in mine), 2),
        "ms_max": round(max(done.ms for done in mine), 2),
        "statements": mine[-1].shifts[0].statements,
        "limit_ms": round(limit_ms, 2),
        "ratio": round(ms / limit_ms, 2),
        "failed": sum(done.failed for done in mine),
        "peak_mb": round(max(shift.peak_mb for done in mine for shift in done.shifts), 1),
    }
