"""`python -m benchmarks`: measure on the embedded PostgreSQL with its durable settings, print, write var/bench.json."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from oms.machine import places
from oms.machine.lease import Lease
from oms.machine.postgres import Cluster

CLUSTER = Cluster("bench-database")
PRODUCTS = 5_000
COLUMNS = ("name", "size", "workers", "ms", "ms_min", "ms_max", "statements", "limit_ms", "ratio", "peak_mb")


def main() -> None:
    lease = Lease(CLUSTER).take()
    try:
        rows = measure(CLUSTER.url)
    finally:
        lease.release()
    show(rows)
    path = Path(places.var()) / "bench.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")
    sys.stdout.write(f"Written to {path}\n")


def measure(server: str) -> list[dict[str, Any]]:
    """Return the rows of all benchmarks, measured in fresh databases of the server."""
    ours_url, limit_url = fresh_database(server, "bench_ours"), fresh_database(server, "bench_limit")
    os.environ["DATABASE_URL"] = ours_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks.limit import Limit
    from benchmarks.measure import life_of_orders
    from benchmarks.ours import Ours

    with psycopg.connect(limit_url, autocommit=True) as plain:
        ours, limit = Ours(), Limit(plain)
        ours.fill(PRODUCTS)
        limit.fill(PRODUCTS)
        rows = life_of_orders(ours, limit, PRODUCTS)
    connection.close()
    return rows


def fresh_database(server: str, name: str) -> str:
    """Return the address of an empty database on the server."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def show(rows: list[dict[str, Any]]) -> None:
    sys.stdout.write("  ".join(f"{column:>13}" for column in COLUMNS) + "\n")
    for row in rows:
        sys.stdout.write("  ".join(f"{row[column]:>13}" for column in COLUMNS) + "\n")


if __name__ == "__main__":
    main()
