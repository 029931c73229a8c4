"""Timing: ours and the limit in turn, on the same server, in the same run."""

import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from benchmarks.arguments import LIFE
from benchmarks.company import settle
from benchmarks.limit import Limit
from benchmarks.memory import peak_mb
from benchmarks.ours import Ours
from benchmarks.work import Lines, Scale, asked_lines, order_lines

LARGE = 1000  # lines of the order that warms up
FEW = 10  # lines; orders up to here take so little that noise needs more runs
RUNS, RUNS_OF_FEW = 7, 21

Row = dict[str, Any]
Step = Callable[[], Any]


class SidesDiffer(Exception):
    """Ours and the limit did not do the same work, so that their times say nothing."""


@dataclass(frozen=True)
class Sample:
    """One step, once: how long it took, how many statements it sent, what it answered."""

    ms: float
    statements: int
    answer: Any = None


@dataclass(frozen=True)
class Pair:
    """Both sides, at the same house and the same work."""

    ours: Ours
    limit: Limit
    scale: Scale

    def warm_up(self) -> None:
        """Take a large order through its life on both sides, then let the planner know the tables it filled."""
        lines = order_lines(min(LARGE, self.scale.largest_order), self.scale, seed=0)
        for side in (self.ours, self.limit):
            for step in side.steps(lines).values():
                step()
        settle()
        self.limit.settle()

    def require_same(self) -> None:
        """Raise SidesDiffer unless both houses hold the same orders, stock, picks and movements."""
        require_same(self.ours.facts(), self.limit.facts())

    def sample(self, mine: Step, least: Step, *, ours_first: bool) -> tuple[Sample, Sample]:
        """Time both, the one named first, for the second finds the caches and the disk as the first left them."""
        if ours_first:
            return _our_sample(mine), _limit_sample(self.limit, least)
        second = _limit_sample(self.limit, least)
        return _our_sample(mine), second


def require_same(mine: Mapping[Any, Decimal | int], least: Mapping[Any, Decimal | int]) -> None:
    differ = sorted(str(name) for name in mine.keys() | least.keys() if mine.get(name) != least.get(name))
    if differ:
        raise SidesDiffer(f"ours and the limit differ in {', '.join(differ)}: {dict(mine)} and {dict(least)}")


def runs_of(size: int) -> int:
    return RUNS_OF_FEW if size <= FEW else RUNS


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements Django sends meanwhile."""
    count = [0]

    def add(execute: Callable[..., Any], *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(add):
        yield count


def timed(step: Step) -> tuple[float, Any]:
    """Return how many milliseconds the step took, and its answer."""
    gc.collect()
    start = time.perf_counter()
    answer = step()
    return (time.perf_counter() - start) * 1000, answer


def life_of_orders(pair: Pair, names: Sequence[str], sizes: Iterable[int]) -> list[Row]:
    """Return a row per step and size: an order's life through our services beside the limit's.

    The steps that lead to the last one asked for are taken, too, and not shown.
    """
    steps = LIFE[: 1 + max(LIFE.index(name) for name in names)]
    rows = []
    for size in sizes:
        samples = _samples(pair, steps, size)
        rows += [row(name, size, *samples[name]) for name in steps if name in names]
    return rows


def whole_life(pair: Pair, sizes: Iterable[int]) -> list[Row]:
    """Return rows for entering, confirming and all that follows, which other systems do in steps of other kinds."""
    rows = []
    for size in sizes:
        samples = _samples(pair, LIFE, size)
        promise = [_together([samples[name][side] for name in LIFE[1:3]]) for side in (0, 1)]
        fulfil = [_together([samples[name][side] for name in LIFE[3:]]) for side in (0, 1)]
        rows.append(row("enter_order", size, *samples["enter_order"]))
        rows.append(row("confirm_order", size, *promise))
        rows.append(row("fulfil_order", size, *fulfil))
    return rows


def _together(steps: Sequence[Sequence[Sample]]) -> list[Sample]:
    """Add the steps of each run."""
    return [
        Sample(sum(one.ms for one in run), sum(one.statements for one in run))
        for run in zip(*steps, strict=True)
    ]


def _samples(pair: Pair, steps: Sequence[str], size: int) -> dict[str, tuple[list[Sample], list[Sample]]]:
    found: dict[str, tuple[list[Sample], list[Sample]]] = defaultdict(lambda: ([], []))
    for run in range(runs_of(size) + 1):
        lines = order_lines(size, pair.scale, seed=size * 100 + run)
        mine, least = pair.ours.steps(lines), pair.limit.steps(lines)
        for name in steps:
            both = pair.sample(mine[name], least[name], ours_first=run % 2 == 0)
            if run:  # the first run warms up
                _keep(found[name], both)
    return found


def order_pdf(pair: Pair, sizes: Iterable[int]) -> list[Row]:
    """Return a row per size: an entered order drawn as a PDF, by ours kept besides, by the limit only written down."""
    return [row("order_pdf", size, *_printed(pair, size)) for size in sizes]


def _printed(pair: Pair, size: int) -> tuple[list[Sample], list[Sample]]:
    found: tuple[list[Sample], list[Sample]] = ([], [])
    for run in range(RUNS + 1):
        lines = order_lines(size, pair.scale, seed=size * 100 + run)
        for side in (pair.ours, pair.limit):
            side.steps(lines)["enter_order"]()
        both = pair.sample(pair.ours.print, pair.limit.print, ours_first=run % 2 == 0)
        if run:
            _keep(found, both)
    return found


def availability(pair: Pair, sizes: Iterable[int]) -> list[Row]:
    """Return a row per size: the same question about all warehouses to both. Raise SidesDiffer on another answer."""
    return [row("availability", size, *_asked(pair, size, "availability", asked_lines)) for size in sizes]


def _asked(
    pair: Pair, size: int, question: str, draw: Callable[..., Lines]
) -> tuple[list[Sample], list[Sample]]:
    found: tuple[list[Sample], list[Sample]] = ([], [])
    for run in range(runs_of(size) + 1):
        lines = draw(size, pair.scale, seed=size * 100 + run)
        mine, least = (partial(getattr(side, question), lines) for side in (pair.ours, pair.limit))
        both = pair.sample(mine, least, ours_first=run % 2 == 0)
        require_same(both[0].answer, both[1].answer)
        if run:
            _keep(found, both)
    return found


def _keep(found: tuple[list[Sample], list[Sample]], both: tuple[Sample, Sample]) -> None:
    for samples, sample in zip(found, both, strict=True):
        samples.append(sample)


def _our_sample(step: Step) -> Sample:
    with counted() as count:
        ms, answer = timed(step)
    return Sample(ms, count[0], answer)


def _limit_sample(limit: Limit, step: Step) -> Sample:
    before = limit.statements
    ms, answer = timed(step)
    return Sample(ms, limit.statements - before, answer)


def row(name: str, size: int, mine: Sequence[Sample], least: Sequence[Sample]) -> Row:
    ms = [sample.ms for sample in mine]
    limit_ms = statistics.median(sample.ms for sample in least)
    return {
        "name": name,
        "size": size,
        "workers": 1,
        "ms": round(statistics.median(ms), 2),
        "ms_min": round(min(ms), 2),
        "ms_max": round(max(ms), 2),
        "statements": mine[-1].statements,
        "limit_ms": round(limit_ms, 2),
        "ratio": round(statistics.median(ms) / limit_ms, 2),
        "failed": 0,
        "peak_mb": round(peak_mb(), 1),
    }
