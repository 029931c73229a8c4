"""Lists and the search over years of orders: our pages, beside the same statements without a framework."""

import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from psycopg import ClientCursor

from benchmarks.houses import as_the_web_server, fresh_database, plain_connection, start_django

RUNS = 5  # of each kind of text, and of each page of the list
SORTED_BY = [f"o={way}{column}" for column in range(1, 10) for way in ("", "-")]  # every column, both ways

Row = dict[str, Any]


def finding(server: str, sizes: Sequence[int], names: Sequence[str]) -> list[Row]:
    """Return rows of the search and the list by orders, measured in a process of its own with a database of its own."""
    address = fresh_database(server, "bench_archive")
    with multiprocessing.get_context("spawn").Pool(1) as process:
        rows: list[Row] = process.apply(measure_at, (address, sorted(sizes), tuple(names)))
    return rows


def measure_at(address: str, sizes: Sequence[int], names: Sequence[str]) -> list[Row]:
    start_django(address)
    from django.core.management import call_command

    from benchmarks.archive import Archive, found

    call_command("migrate", verbosity=0)
    archive = Archive()
    people = found(archive)
    rows = []
    for before, size in zip([0, *sizes], sizes, strict=False):
        grow(archive, before + 1, size)
        rows += measure(address, archive, people, size, names)
    return rows


def grow(archive: Any, first: int, last: int) -> None:
    from benchmarks.archive import extend
    from benchmarks.company import settle

    start = time.perf_counter()
    extend(archive, first, last)
    settle()
    sys.stderr.write(f"{last:,} orders are there after {time.perf_counter() - start:.0f} s\n")


def measure(address: str, archive: Any, people: Sequence[Any], size: int, names: Sequence[str]) -> list[Row]:
    """Return a row per name for who sees all, and one for a rep."""
    as_the_web_server()
    pages = {"search": searched(archive, size), "order_list": listed(archive, size)}
    with plain_connection(address) as plain:
        return [
            row(f"{name}{who}", size, [sample(person, page, plain) for page in pages[name]])
            for name in names
            for who, person in zip(("", "_rep"), people, strict=True)
        ]


def searched(archive: Any, size: int) -> list[str]:
    from urllib.parse import urlencode

    from benchmarks.archive import texts

    chosen = random.Random(size)
    asked = [(ask, chosen.randint(1, size)) for ask in texts(archive).values() for _run in range(RUNS)]
    return ["/search/?" + urlencode({"q": ask(n), "part": 1}) for ask, n in asked]


def listed(archive: Any, size: int) -> list[str]:
    """The first page, filtered, sorted by every column both ways, and searched ones."""
    from benchmarks.archive import number, purchase

    chosen = random.Random(size)
    address = "/admin/orders/order/"
    queries = ["", "status__exact=confirmed", "p=2", *SORTED_BY]
    found = [f"q={number('SO', chosen.randint(1, size))}" for _run in range(RUNS)]
    found += [f"q={purchase(chosen.randint(1, size))}" for _run in range(RUNS)]
    return [f"{address}?{query}" for query in [*queries * RUNS, *found]]


def sample(person: Any, page: str, plain: Any) -> tuple[float, float, int]:
    """Return how long the page took, how long its statements take alone, and how many they are."""
    from django.db import connection
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    statements: list[str] = []
    with connection.execute_wrapper(partial(noted, statements)):
        answer = client.get(page, follow=True)
    if answer.status_code != 200:
        raise SystemExit(f"{page} answers {answer.status_code}")
    return (
        timed(lambda: client.get(page, follow=True)),
        timed(lambda: replay(plain, statements)),
        len(statements),
    )


def noted(
    sent: list[str], execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """Execute a statement of Django's, and note it with its parameters written in."""
    if "SAVEPOINT" not in sql:
        sent.append(ClientCursor(context["connection"].connection).mogrify(sql, params))
    return execute(sql, params, many, context)


def replay(plain: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor = plain.execute(statement)
        if cursor.description:
            cursor.fetchall()


def timed(step: Callable[[], Any]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def row(name: str, size: int, samples: Sequence[tuple[float, float, int]]) -> Row:
    ms = sorted(sample[0] for sample in samples)
    limit_ms = statistics.median(sample[1] for sample in samples)
    return {
        "name": name,
        "size": size,
        "workers": 1,
        "ms": round(statistics.median(ms), 2),
        "ms_min": round(ms[0], 2),
        "ms_max": round(ms[-1], 2),
        "p95": round(ms[int(len(ms) * 0.95)], 2),
        "statements": max(sample[2] for sample in samples),
        "limit_ms": round(limit_ms, 2),
        "ratio": round(statistics.median(ms) / limit_ms, 2),
        "failed": 0,
    }
