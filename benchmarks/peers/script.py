"""What both scripts do: build the database, take orders through their life, then let processes fight; answer in JSON.

Runs in the other system's environment: nothing of ours is imported but the work.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.contended import Crew, Side
from benchmarks.work import CONTENDED_LINES, Lines, Scale, order_lines

SLOW = 1000  # lines; from here on an order takes minutes: few runs and no warm-up
RUNS, RUNS_OF_SLOW = 7, 3
ROUNDS, ORDERS = 3, 10  # of contended orders, of each process


class System(Protocol):
    """A connected system: its steps, and how many statements it has sent."""

    statements: int

    def steps(self, lines: Lines) -> dict[str, Callable[[], None]]: ...


def run(
    module: str, setup: Callable[[str, Scale], None], connect: Callable[[str], System], side: Side
) -> None:
    """Be the script `module`: write rows of name, size, workers, ms, statements and failed to --out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--products", type=int, required=True)
    parser.add_argument("--sizes", type=json.loads, required=True)
    parser.add_argument("--workers", type=json.loads, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--setup", action="store_true")
    words = parser.parse_args()
    scale = Scale(words.products)
    if words.setup:
        setup(words.address, scale)
        return
    subprocess.run([sys.executable, "-W", "ignore", "-m", module, *sys.argv[1:], "--setup"], check=True)
    system = connect(words.address)
    rows = [row for size in words.sizes for row in life(system, scale, size)]
    rows += [contended(side, words.address, scale, workers) for workers in words.workers]
    words.out.write_text(json.dumps(rows))


def life(system: System, scale: Scale, size: int) -> list[dict[str, Any]]:
    """Return a row per step of orders of this size."""
    found: dict[str, list[float]] = defaultdict(list)
    statements: dict[str, int] = {}
    warm_up, runs = (0, RUNS_OF_SLOW) if size >= SLOW else (1, RUNS)
    for run_ in range(warm_up + runs):
        for name, step in system.steps(order_lines(size, scale, seed=size * 100 + run_)).items():
            before = system.statements
            ms = timed(step)
            statements[name] = system.statements - before
            if run_ >= warm_up:
                found[name].append(ms)
    return [row(name, size, 1, values, statements[name]) for name, values in found.items()]


def timed(step: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def contended(side: Side, address: str, scale: Scale, workers: int) -> dict[str, Any]:
    crew = Crew(side, address, scale, workers)
    try:
        crew.round(0, 1)
        rounds = [crew.round(number, ORDERS) for number in range(1, ROUNDS + 1)]
    finally:
        crew.dismiss()
    ms = [done.ms for done in rounds]
    sent = rounds[-1].shifts[0].statements
    failed = sum(done.failed for done in rounds)
    return {**row("contended_orders", CONTENDED_LINES, workers, ms, sent), "failed": failed}


def row(name: str, size: int, workers: int, ms: Sequence[float], statements: int) -> dict[str, Any]:
    return {
        "name": name,
        "size": size,
        "workers": workers,
        "ms": round(statistics.median(ms), 2),
        "statements": statements,
        "failed": 0,
    }
