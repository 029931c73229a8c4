"""Stock moves: every change of what lies where is a line of the ledger, written here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, KeptByWork, NotEnoughStock, Shortage
from inventory.models import Location, Product, StockMovement
from inventory.services.levels import Level, Row, as_arrays, lock_levels
from inventory.status import KEPT_BY_WORK, SELLABLE, LocationKind, MovementKind
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from oms.prepared import planned_once
from oms.sets import array, insert_rows

SHORT = """
    SELECT w.product_id, w.quantity, coalesce({there}, 0)
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS w(product_id, location_id, quantity)
    LEFT JOIN inventory_binstock b ON b.product_id = w.product_id AND b.location_id = w.location_id
    WHERE coalesce({there}, 0) < w.quantity
"""
SHORT_BINS = SHORT.format(there="b.quantity - b.claimed")
EMPTIER_BINS = SHORT.format(there="b.quantity")


@dataclass(frozen=True, slots=True)
class Move:
    """`quantity` base units of a product go from one location to another; None is outside the house."""

    product_id: int
    quantity: int
    source: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why stock moves: the document's number, a reason, and who did it."""

    document: str
    by: User | None
    reason: str = ""


def write_movements(kind: MovementKind, moves: Sequence[Move], cause: Cause) -> None:
    """Write moves into the ledger; its trigger keeps the balances.

    The caller holds the locks of the stock levels concerned, which guard their bins too.
    Raise NotEnoughStock when a bin holds less than is taken from it, what pickers come for not counted.
    """
    if not moves:
        return
    require_in_bins(moves, cause.document)
    insert_rows(
        StockMovement,
        {
            "product_id": [move.product_id for move in moves],
            "quantity": [move.quantity for move in moves],
            "from_location_id": [move.source for move in moves],
            "to_location_id": [move.target for move in moves],
        },
        kind=kind,
        document=cause.document,
        reason=cause.reason,
        by=cause.by,
        at=timezone.now(),
    )


def require_in_bins(moves: Sequence[Move], document: str) -> None:
    """Raise NotEnoughStock, naming every product of which a bin has less to give than the moves take."""
    _require_in(SHORT_BINS, moves, document)


def require_lying_there(moves: Sequence[Move], document: str) -> None:
    """Raise NotEnoughStock, naming every product of which less lies in a bin than the moves take, claimed or not."""
    _require_in(EMPTIER_BINS, moves, document)


def _require_in(sql: str, moves: Sequence[Move], document: str) -> None:
    taken: Counter[tuple[int, int]] = Counter()
    for move in moves:
        if move.source is not None:
            taken[move.product_id, move.source] += move.quantity
    if not taken:
        return
    with planned_once() as cursor:
        cursor.execute(sql, [*as_arrays(taken), array(taken.values())])
        short = cursor.fetchall()
    if short:
        raise _too_little(document, short)


def require_available(levels: Mapping[Row, Level], wanted: Mapping[Row, int], document: str) -> None:
    """Raise NotEnoughStock when taking `wanted` away would leave less than is promised."""
    short = {row: q for row, q in wanted.items() if levels[row].available < q}
    if short:
        raise _too_little(
            document, [(product, q, levels[product, at].available) for (product, at), q in short.items()]
        )


def _too_little(document: str, rows: list[tuple[int, int, int]]) -> NotEnoughStock:
    skus = dict(Product.objects.filter(pk__in=[product for product, _w, _t in rows]).values_list("pk", "sku"))
    return NotEnoughStock(
        document,
        [Shortage(skus[product], wanted, there) for product, wanted, there in rows],
        remedy=_("Look up what lies in the bin and what pickers come for, or count it."),
    )


def require_quantities(quantities: Iterable[int], document: str) -> None:
    """Raise BadQuantity for a quantity no movement can have."""
    for quantity in quantities:
        if not 0 < quantity <= LARGEST_QUANTITY:
            raise BadQuantity(
                _("%(document)s: %(quantity)s is not a quantity; enter a whole number from 1 on.")
                % {"document": document, "quantity": quantity}
            )


def require_free_hand(*locations: Location) -> None:
    """Raise KeptByWork for a location whose stock only shipments, counts or transfers may change."""
    for location in locations:
        if location.kind in KEPT_BY_WORK:
            raise KeptByWork(
                _(
                    "%(place)s holds what shipments, counts or transfers are working on; choose another location."
                )
                % {"place": location}
            )


@transaction.atomic
def receive_stock(quantities: Mapping[int, int], location: Location, cause: Cause) -> None:
    """Stock of each product id has come into `location` from outside. Raise KeptByWork where work keeps the stock."""
    require_free_hand(location)
    require_quantities(quantities.values(), cause.document)
    lock_levels((product, location.warehouse_id) for product in quantities)
    moves = [Move(product, quantity, None, location.pk) for product, quantity in quantities.items()]
    write_movements(MovementKind.RECEIVE, moves, cause)


@transaction.atomic
def move_stock(quantities: Mapping[int, int], source: Location, target: Location, cause: Cause) -> None:
    """Stock of each product id has gone from `source` to `target`.

    Raise NotEnoughStock when it is not there, or when what leaves sellable stock is promised, KeptByWork
    where work keeps the stock.
    """
    require_free_hand(source, target)
    if source.pk == target.pk:
        raise BadQuantity(
            _("Stock at %(place)s is there already; choose another location.") % {"place": target}
        )
    require_quantities(quantities.values(), cause.document)
    warehouses = {source.warehouse_id, target.warehouse_id}
    levels = lock_levels((product, warehouse) for product in quantities for warehouse in warehouses)
    if _leaves_sellable(source, target):
        require_available(
            levels, {(p, source.warehouse_id): q for p, q in quantities.items()}, cause.document
        )
    moves = [Move(product, quantity, source.pk, target.pk) for product, quantity in quantities.items()]
    write_movements(MovementKind.TRANSFER, moves, cause)


def _leaves_sellable(source: Location, target: Location) -> bool:
    return source.kind in SELLABLE and (
        target.kind not in SELLABLE or target.warehouse_id != source.warehouse_id
    )


@transaction.atomic
def adjust_stock(product_id: int, location: Location, difference: int, cause: Cause) -> None:
    """What lies in `location` differs by `difference` base units from what the ledger said; now it agrees.

    Raise NotEnoughStock when the loss is promised to orders, KeptByWork where work keeps the stock.
    """
    require_free_hand(location)
    require_quantities([abs(difference)], cause.document)
    row = (product_id, location.warehouse_id)
    levels = lock_levels([row])
    if difference < 0 and location.kind in SELLABLE:
        require_available(levels, {row: -difference}, cause.document)
    ends = (None, location.pk) if difference > 0 else (location.pk, None)
    write_movements(MovementKind.ADJUST, [Move(product_id, abs(difference), *ends)], cause)


def standard_location(warehouse_id: int, kind: LocationKind) -> Location:
    """Return the one receiving, staging, suspect or transit location of a warehouse, made when missing."""
    location, _made = Location.objects.select_related("warehouse").get_or_create(
        warehouse_id=warehouse_id, kind=kind, defaults={"code": kind.value.upper()}
    )
    return location
