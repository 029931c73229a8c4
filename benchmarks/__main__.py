"""`python -m benchmarks`: measure on the embedded PostgreSQL with its durable settings, print, write var/bench.json."""

import json
import sys
from pathlib import Path

from benchmarks.arguments import PRICES, Wanted, read
from benchmarks.finding import finding
from benchmarks.houses import Houses
from benchmarks.importing import import_files
from benchmarks.price_lists import price_lines
from benchmarks.table import COLUMNS, show
from oms.machine import places
from oms.machine.lease import Lease
from oms.machine.postgres import Cluster

CLUSTER = Cluster("bench-database")


def main() -> None:
    wanted = read()
    lease = Lease(CLUSTER).take()
    try:
        rows = (
            finding(CLUSTER.url, wanted.orders, wanted.finding)
            if wanted.finding and not wanted.profile
            else []
        )
        if PRICES in wanted.only and not wanted.profile:
            rows += price_lines(CLUSTER.url, wanted.sizes)
        if wanted.files and not wanted.profile:
            rows += import_files(CLUSTER.url, wanted.files, wanted.rules)
        if wanted.in_house:
            houses = Houses.build(CLUSTER.url, wanted.scale)
            if wanted.profile:
                explain(houses, wanted)
                return
            rows += measure(houses, wanted)
    finally:
        lease.release()
    show(rows, COLUMNS)
    path = Path(places.var()) / "bench.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")
    sys.stdout.write(f"Written to {path}\n")


def measure(houses: Houses, wanted: Wanted) -> list[dict[str, object]]:
    """Return the rows of what is wanted. Raise SidesDiffer when the two sides did not do the same work."""
    rows = []
    with houses.open() as pair:
        from benchmarks.contended import contended_orders
        from benchmarks.desk import at_the_desk
        from benchmarks.measure import availability, life_of_orders, order_pdf

        if wanted.life:
            rows += life_of_orders(pair, wanted.life, wanted.sizes)
        if "order_pdf" in wanted.only:
            rows += order_pdf(pair, wanted.sizes)
        if "availability" in wanted.only:
            rows += availability(pair, wanted.sizes)
        if "contended_orders" in wanted.only:
            rows += contended_orders(houses.addresses, wanted.scale, wanted.workers)
        pair.require_same()
        if wanted.desk:  # drafts that the limit has no counterpart of
            rows += at_the_desk(pair, wanted.sizes, wanted.desk)
    return rows


def explain(houses: Houses, wanted: Wanted) -> None:
    with houses.open() as pair:
        from benchmarks.profiling import profile

        for size in wanted.sizes:
            sys.stdout.write(profile(pair, wanted.profile, size))


if __name__ == "__main__":
    main()
