import os
from collections.abc import Iterator

import psycopg
import pytest

from benchmarks import company, measure
from benchmarks.houses import fresh_database
from benchmarks.limit import Limit
from benchmarks.measure import Pair
from benchmarks.ours import Ours
from benchmarks.work import Scale

SMALL = Scale(100)


@pytest.fixture
def limit_address() -> Iterator[str]:
    """A database beside the tests' one, as every benchmark has two."""
    name, server = f"bench_limit_{os.getpid()}", os.environ["DATABASE_URL"]
    yield fresh_database(server, name)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def limit(limit_address: str) -> Iterator[Limit]:
    with psycopg.connect(limit_address, autocommit=True) as plain:
        limit = Limit(plain)
        limit.fill(SMALL)
        yield limit


@pytest.fixture
def pair(db: None, limit: Limit) -> Pair:
    company.fill(SMALL)
    return Pair(Ours(company.house()), limit, SMALL)


@pytest.fixture
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One run and the one that warms up show what twenty-one do, as long as nobody looks at the times."""
    monkeypatch.setattr(measure, "runs_of", lambda size: 1)
    monkeypatch.setattr("benchmarks.measure.gc.collect", lambda: 0)  # takes long in a process full of tests
