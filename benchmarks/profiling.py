"""Where the time of one step goes: statement by statement in the database, and the rest in Python."""

import cProfile
import io
import pstats
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection

from benchmarks.arguments import LIFE
from benchmarks.measure import Pair, Step, timed
from benchmarks.ours import Ours
from benchmarks.work import asked_lines, order_lines

TOP = 25  # functions shown
WIDTH = 110  # characters of a statement shown
LONG_LIST = 80  # characters of columns
WARM_UP = 3


@dataclass
class Spent:
    """Milliseconds per statement, in the order they were sent; commits among them."""

    statements: list[tuple[str, float]] = field(default_factory=list)

    @property
    def ms(self) -> float:
        return sum(ms for _sql, ms in self.statements)

    def add(self, sql: str, start: float) -> None:
        self.statements.append((sql, (time.perf_counter() - start) * 1000))


@contextmanager
def watched() -> Iterator[Spent]:
    """Time each statement Django sends meanwhile, and each commit."""
    spent, commit = Spent(), connection._commit  # type: ignore[attr-defined]

    def execute(run: Callable[..., Any], sql: str, *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return run(sql, *args)
        finally:
            spent.add(sql, start)

    def timed_commit() -> None:
        start = time.perf_counter()
        commit()
        spent.add("COMMIT", start)

    with connection.execute_wrapper(execute), patch.object(connection, "_commit", timed_commit):
        yield spent


def profile(pair: Pair, name: str, size: int) -> str:
    """Return a report of one step of our side: its statements, the rest in Python, and the functions that took most."""
    for run in range(WARM_UP):
        _before(pair, name, size, run)()
    step = _before(pair, name, size, WARM_UP)
    with watched() as spent:
        ms, _answer = timed(step)
    return _told(name, size, ms, spent) + _functions(_before(pair, name, size, WARM_UP + 1))


def _before(pair: Pair, name: str, size: int, run: int) -> Step:
    """Take an order so far that the step is next, and return the step."""
    ours: Ours = pair.ours
    seed = 7_000_000 + size * 100 + run
    if name == "availability":
        lines = asked_lines(size, pair.scale, seed)
        return lambda: ours.availability(lines)
    steps = ours.steps(order_lines(size, pair.scale, seed))
    for earlier in LIFE[: LIFE.index(name)]:
        steps[earlier]()
    return steps[name]


def _told(name: str, size: int, ms: float, spent: Spent) -> str:
    lines = [f"{taken:>10.2f}  {_short(sql)}" for sql, taken in spent.statements]
    there = f"{spent.ms:.2f} in {len(lines)} statements and commits"
    return "\n".join(
        [
            f"{name}, {size} lines: {ms:.2f} ms, of which {there}, {ms - spent.ms:.2f} in Python",
            f"{'ms':>10}  statement (BEGIN is in the time of a transaction's first one)",
            *lines,
            "",
        ]
    )


def _short(sql: str) -> str:
    """Return one line of the statement, long lists of columns left out."""
    flat = re.sub(r"\s+", " ", sql).strip()
    select = re.match(r"SELECT .*? FROM ", flat)
    if select and select.end() > LONG_LIST:
        flat = f"SELECT … FROM {flat[select.end() :]}"
    return flat if len(flat) <= WIDTH else f"{flat[: WIDTH - 1]}…"


def _functions(step: Step) -> str:
    profiler = cProfile.Profile()
    profiler.runcall(step)
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(TOP)
    return out.getvalue()
