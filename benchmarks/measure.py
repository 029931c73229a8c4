"""Timing: ours and the limit in turn, on the same server, in the same run."""

import gc
import random
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from benchmarks.limit import Limit
from benchmarks.ours import Ours

SIZES = (1, 10, 100, 1000)
RUNS = 7
QUANTITIES = (1, 5, 12, 40, 120)  # they reach every break of the price list


@dataclass(frozen=True)
class Sample:
    """One step, once: how long it took and how many statements it sent."""

    ms: float
    statements: int


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements Django sends meanwhile."""
    count = [0]

    def add(execute: Callable[..., Any], *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(add):
        yield count


def timed(step: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def order_lines(lines: int, products: int, seed: int) -> tuple[list[int], list[int]]:
    """Return different product numbers from 1 on, and quantities."""
    chosen = random.Random(seed)
    return chosen.sample(range(1, products + 1), lines), [chosen.choice(QUANTITIES) for _ in range(lines)]


def life_of_orders(ours: Ours, limit: Limit, products: int) -> list[dict[str, Any]]:
    """Return a row per step and size: an order's life through our services beside the limit's."""
    _warm_up(ours, limit, products)
    rows = []
    for size in SIZES:
        samples = _samples(ours, limit, size, products)
        rows += [_row(name, size, mine, least) for name, (mine, least) in samples.items()]
    return rows


def _warm_up(ours: Ours, limit: Limit, products: int) -> None:
    """Take one order of every product through its life, so that staging knows them all and plans are made."""
    everything = list(range(1, products + 1)), [1] * products
    for step in (*ours.steps(*everything).values(), *limit.steps(*everything).values()):
        step()
    limit.connection.execute("VACUUM ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _samples(
    ours: Ours, limit: Limit, size: int, products: int
) -> dict[str, tuple[list[Sample], list[Sample]]]:
    found: dict[str, tuple[list[Sample], list[Sample]]] = defaultdict(lambda: ([], []))
    for run in range(RUNS + 1):
        lines = order_lines(size, products, seed=size * 100 + run)
        mine, least = ours.steps(*lines), limit.steps(*lines)
        for name in mine:
            pair = _our_sample(mine[name]), _limit_sample(limit, least[name])
            if run:  # the first run warms up
                found[name][0].append(pair[0])
                found[name][1].append(pair[1])
    return found


def _our_sample(step: Callable[[], None]) -> Sample:
    with counted() as count:
        return Sample(timed(step), count[0])


def _limit_sample(limit: Limit, step: Callable[[], None]) -> Sample:
    before = limit.statements
    return Sample(timed(step), limit.statements - before)


def _row(name: str, size: int, mine: list[Sample], least: list[Sample]) -> dict[str, Any]:
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
        "peak_mb": round(peak_mb(), 1),
    }


def peak_mb() -> float:
    """Return the most memory this process has had so far, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
