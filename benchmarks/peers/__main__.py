"""`python -m benchmarks.peers`: ours, the limit, Tryton and django-oscar on one server, in one run."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.__main__ import CLUSTER
from benchmarks.arguments import Wanted, read_for_peers
from benchmarks.houses import Houses, fresh_database
from benchmarks.peers.environments import PACKAGES, python_of
from benchmarks.table import show
from oms.machine import places
from oms.machine.lease import Lease

COLUMNS = ("name", "size", "workers", "ms", "limit_ms", "ratio")

Row = dict[str, Any]
Key = tuple[str, int, int]


def main() -> None:
    wanted = read_for_peers()
    pythons = {peer: python_of(peer) for peer in PACKAGES}
    lease = Lease(CLUSTER).take()
    try:
        rows = measure(CLUSTER.url, wanted, pythons)
    finally:
        lease.release()
    show(
        rows,
        [
            *COLUMNS,
            *(f"{peer}_{what}" for peer in PACKAGES for what in ("ms", "ratio", "statements", "failed")),
        ],
    )
    path = Path(places.var()) / "bench-peers.json"
    path.write_text(json.dumps(rows, indent=1) + "\n")
    sys.stdout.write(f"Written to {path}\n")


def measure(server: str, wanted: Wanted, pythons: dict[str, Path]) -> list[Row]:
    """Return our rows beside the limit's, each with what the other systems took for the same."""
    rows = _ours(server, wanted)
    for peer, python in pythons.items():
        sys.stdout.write(f"Measuring {peer}\n")
        sys.stdout.flush()
        theirs = _theirs(fresh_database(server, f"bench_{peer}"), peer, python, wanted)
        put_beside(rows, peer, theirs)
    return rows


def _ours(server: str, wanted: Wanted) -> list[Row]:
    houses = Houses.build(server, wanted.scale)
    with houses.open() as pair:
        from benchmarks.contended import contended_orders
        from benchmarks.measure import whole_life

        rows = whole_life(pair, wanted.sizes)
        rows += contended_orders(houses.addresses, wanted.scale, wanted.workers)
        pair.require_same()
    return rows


def _theirs(address: str, peer: str, python: Path, wanted: Wanted) -> list[Row]:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        words: list[str | Path] = [
            python, "-W", "ignore", "-m", f"benchmarks.peers.{peer}", address, "--out", out.name,
            "--products", str(wanted.scale.products), "--sizes", json.dumps(wanted.sizes),
            "--workers", json.dumps(wanted.workers),
        ]  # fmt: skip
        subprocess.run(words, check=True, cwd=places.CHECKOUT)
        found: list[Row] = json.loads(Path(out.name).read_text())
    return found


def put_beside(rows: list[Row], peer: str, theirs: list[Row]) -> None:
    """Add the peer's milliseconds and how many times ours that is."""
    known: dict[Key, Row] = {key(row): row for row in theirs}
    for row in rows:
        if other := known.get(key(row)):
            row[f"{peer}_ms"] = other["ms"]
            row[f"{peer}_ratio"] = round(other["ms"] / row["ms"], 1)
            row[f"{peer}_statements"] = other["statements"]
            row[f"{peer}_failed"] = other["failed"]


def key(row: Row) -> Key:
    return row["name"], row["size"], row["workers"]


if __name__ == "__main__":
    main()
