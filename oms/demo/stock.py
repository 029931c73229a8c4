"""The demo's warehouses: bins in walk order, which product lies where, how much is healthy, and when to buy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from zlib import crc32

from inventory.models import Location, Product, ReorderPolicy, Warehouse
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, write_movements
from inventory.status import LocationKind, MovementKind
from oms.demo.families import Item
from oms.demo.words import SITES
from oms.models import User

AISLES = {  # the branches that lie in an aisle, and how many bins it has
    "A": (("FAS",), 16),
    "B": (("VAL", "FIT"), 12),
    "C": (("ELE",), 10),
    "D": (("SAF", "TOO"), 8),
    "E": (("PAC", "LUB", "DRV", "PRI"), 6),
}
RESERVE_BINS = 8
SPECIAL = (LocationKind.RECEIVING, LocationKind.STAGING, LocationKind.QUARANTINE, LocationKind.SUSPECT)
HEALTHY_VALUE = Decimal(900)  # what a product's stock is worth in its main warehouse, about
MOST_PACKS = 60
REORDER_AT = Decimal("0.3")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where an item lies at a site: its bin, and for what is bulky or fast a place in the reserve."""

    pick: int
    reserve: int | None


def spread(text: str, over: int) -> int:
    """Return a number below `over` that the text decides, the same on every machine."""
    return crc32(text.encode()) % over


def create_sites() -> dict[str, Warehouse]:
    return {
        site.code: Warehouse.objects.create(
            code=site.code,
            name=site.name,
            street=site.street,
            postal_code=site.postal_code,
            city=site.city,
            country=site.country,
            zone=site.zone,
            ship_cut_off=time(10, 0),
        )
        for site in SITES
    }


def bin_codes() -> Iterator[tuple[str, LocationKind]]:
    for aisle, (_branches, bins) in AISLES.items():
        for n in range(1, bins + 1):
            yield f"{aisle}-{n:02d}", LocationKind.PICK
    for n in range(1, RESERVE_BINS + 1):
        yield f"R-{n:02d}", LocationKind.RESERVE


def create_bins(sites: Mapping[str, Warehouse]) -> dict[tuple[str, str], int]:
    """Create the locations of every site; return the ids by site and code."""
    codes = [*bin_codes(), *((kind.value.upper(), kind) for kind in SPECIAL)]
    rows = [
        Location(warehouse=warehouse, code=code, kind=kind, walk_order=0 if kind in SPECIAL else 10 * n)
        for warehouse in sites.values()
        for n, (code, kind) in enumerate(codes, start=1)
    ]
    return {(row.warehouse.code, row.code): row.pk for row in Location.objects.bulk_create(rows)}


def is_stocked(item: Item, site: str) -> bool:
    share = next(s.share for s in SITES if s.code == site)
    return spread(f"{item.sku} lies in {site}", 100) < share


def shelf_of(item: Item, site: str, bins: Mapping[tuple[str, str], int]) -> Shelf:
    aisle, count = next((a, n) for a, (branches, n) in AISLES.items() if item.category[:3] in branches)
    pick = f"{aisle}-{1 + spread(item.sku, count):02d}"
    reserve = f"R-{1 + spread(item.sku, RESERVE_BINS):02d}"
    is_bulk = len(item.packs) > 2 or item.category == "PAC"
    return Shelf(bins[site, pick], bins[site, reserve] if is_bulk else None)


def healthy(item: Item, site: str) -> int:
    """Return how much of an item a site should have, in base units: whole packs for a few weeks."""
    pack = item.default
    packs = min(MOST_PACKS, int(HEALTHY_VALUE / (item.cost * pack.holds)) + 4)
    return (packs if site == "HAM" else max(4, packs * 2 // 3)) * pack.holds


def reorder_point(item: Item, site: str) -> int:
    holds = item.default.holds
    return max(1, int(healthy(item, site) * REORDER_AT) // holds) * holds


def create_policies(
    items: Sequence[Item], products: Mapping[str, Product], sites: Mapping[str, Warehouse]
) -> None:
    ReorderPolicy.objects.bulk_create(
        ReorderPolicy(
            product=products[item.sku],
            warehouse=warehouse,
            reorder_point=reorder_point(item, site),
            order_up_to=healthy(item, site),
        )
        for site, warehouse in sites.items()
        for item in items
        if is_stocked(item, site)
    )


def shelved(product: Product, quantity: int, shelf: Shelf, source: int | None, holds: int) -> Iterator[Move]:
    """Yield the moves that bring so much to its places: two thirds of the packs into the reserve, if it has one."""
    up = quantity // holds * 2 // 3 * holds if shelf.reserve else 0
    if up and shelf.reserve:
        yield Move(product.pk, up, source, shelf.reserve)
    if quantity > up:
        yield Move(product.pk, quantity - up, source, shelf.pick)


def write_in(
    kind: MovementKind, moves: Sequence[Move], warehouse: Warehouse, document: str, by: User
) -> None:
    """Write many moves of one warehouse at once, with the locks that every writer of the ledger takes."""
    lock_levels((move.product_id, warehouse.pk) for move in moves)
    write_movements(kind, moves, Cause(document, by))
