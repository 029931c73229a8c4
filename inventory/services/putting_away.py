"""Putting away: what lies in receiving goes into the bins it belongs in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, KeptByWork
from inventory.models import BinStock, Location
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, require_quantities, standard_location, write_movements
from inventory.status import LocationKind, MovementKind
from oms.models import User

SHELVES = (LocationKind.PICK, LocationKind.RESERVE)
DOCUMENT = "PUT-AWAY"


@dataclass(frozen=True, slots=True)
class Put:
    """So many base units of a product go into a bin."""

    product_id: int
    quantity: int
    location_id: int


@transaction.atomic
def put_away(warehouse_id: int, puts: Sequence[Put], *, by: User | None) -> None:
    """What lay in the warehouse's receiving location lies in these bins now.

    Raise NotEnoughStock when less lies in receiving that no picker comes for, BadQuantity, or KeptByWork for a bin
    that is no pick or reserve bin of the warehouse.
    """
    if not puts:
        raise BadQuantity(_("Nothing was put away. Say what, how many, and into which bin."))
    require_quantities((put.quantity for put in puts), DOCUMENT)
    _require_shelves(warehouse_id, {put.location_id for put in puts})
    lock_levels((put.product_id, warehouse_id) for put in puts)
    place = standard_location(warehouse_id, LocationKind.RECEIVING)
    moves = [Move(put.product_id, put.quantity, place.pk, put.location_id) for put in puts]
    write_movements(MovementKind.TRANSFER, moves, Cause(DOCUMENT, by))


def _require_shelves(warehouse_id: int, wanted: Collection[int]) -> None:
    bins = Location.objects.select_related("warehouse").filter(pk__in=wanted)
    wrong = [place for place in bins if place.warehouse_id != warehouse_id or place.kind not in SHELVES]
    if wrong or len(bins) < len(wanted):
        raise KeptByWork(
            _("%(place)s is no pick or reserve bin of this warehouse. Scan the label of another bin.")
            % {"place": wrong[0] if wrong else _("One of the places")}
        )


def suggested_bins(warehouse_id: int, products: Collection[int]) -> dict[int, Location]:
    """Return where each product goes: where it lies already, else an empty pick bin of its own, else reserve.

    Three statements. A product is missing when the warehouse has no bin left for it.
    """
    lies = _lying_in(warehouse_id, products)
    shelves = Location.objects.filter(warehouse=warehouse_id, kind__in=SHELVES)
    full = BinStock.objects.filter(location=OuterRef("pk"), quantity__gt=0)
    free: Mapping[str, Iterator[Location]] = _by_kind(
        shelves.exclude(Exists(full))
        .select_related("warehouse")
        .order_by("kind", "walk_order", "code")[: 2 * len(products) + 1]
    )
    fallback = (
        shelves.filter(kind=LocationKind.RESERVE).select_related("warehouse").order_by("walk_order").first()
    )
    found = {}
    for product in products:
        place = (
            lies.get(product) or next(free[LocationKind.PICK], None) or next(free[LocationKind.RESERVE], None)
        )
        if place or fallback:
            found[product] = place or fallback
    return found  # type: ignore[return-value]


def _lying_in(warehouse_id: int, products: Collection[int]) -> dict[int, Location]:
    """Return the bin in which each product lies already: pick before reserve, then in walk order."""
    there = BinStock.objects.filter(
        product__in=products, location__warehouse=warehouse_id, location__kind__in=SHELVES, quantity__gt=0
    ).select_related("location__warehouse")
    ordered = there.order_by("-location__kind", "-location__walk_order", "-pk")  # the last one stays
    return {bin_.product_id: bin_.location for bin_ in ordered}


def _by_kind(places: Iterable[Location]) -> Mapping[str, Iterator[Location]]:
    kinds: dict[str, list[Location]] = defaultdict(list)
    for place in places:
        kinds[place.kind].append(place)
    return {kind: iter(kinds[kind]) for kind in SHELVES}
