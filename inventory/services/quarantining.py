"""Quarantine: stock that may not be sold until somebody has looked at it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, NeedsReason
from inventory.models import Location
from inventory.services.levels import lock_levels
from inventory.services.losses import NO_ROOM, Loss, Room
from inventory.services.moving import (
    Cause,
    Move,
    require_free_hand,
    require_in_bins,
    require_quantities,
    write_movements,
)
from inventory.status import SELLABLE, LocationKind, MovementKind
from oms.models import User

DOCUMENT = "QUARANTINE"


@transaction.atomic
def quarantine_stock(
    quantities: Mapping[int, int], source: Location, reason: str, *, by: User, room: Room = NO_ROOM
) -> Location:
    """So many base units per product id lie in the warehouse's quarantine now and are not sold; return where.

    Raise NeedsReason, BadQuantity, KeptByWork, NotEnoughStock, or what `room` refuses.
    """
    _require_reason(reason)
    require_free_hand(source)
    if source.kind not in SELLABLE:
        raise BadQuantity(_("What lies at %(place)s is not sold anyway; choose a bin.") % {"place": source})
    require_quantities(quantities.values(), DOCUMENT)
    losses = [
        Loss((product, source.warehouse_id), source.pk, quantity) for product, quantity in quantities.items()
    ]
    room.lock(losses)
    levels = lock_levels(loss.row for loss in losses)
    cage = quarantine_of(source.warehouse_id)
    moves = [Move(product, quantity, source.pk, cage.pk) for product, quantity in quantities.items()]
    cause = Cause(DOCUMENT, by, reason)
    room.require_unclaimed(losses)
    require_in_bins(moves, DOCUMENT)
    room.make(losses, levels, cause)
    write_movements(MovementKind.TRANSFER, moves, cause)
    return cage


@transaction.atomic
def release_from_quarantine(
    quantities: Mapping[int, int], source: Location, target: Location, reason: str, *, by: User
) -> None:
    """So many base units per product id are good and lie in `target`, to be sold again.

    Raise NeedsReason, BadQuantity, KeptByWork or NotEnoughStock.
    """
    _require_reason(reason)
    require_free_hand(source, target)
    if source.kind != LocationKind.QUARANTINE:
        raise BadQuantity(_("%(place)s is no quarantine.") % {"place": source})
    if target.kind not in SELLABLE or target.warehouse_id != source.warehouse_id:
        raise BadQuantity(
            _("%(place)s is no bin of the same warehouse to sell from; choose another.") % {"place": target}
        )
    require_quantities(quantities.values(), DOCUMENT)
    lock_levels((product, source.warehouse_id) for product in quantities)
    moves = [Move(product, quantity, source.pk, target.pk) for product, quantity in quantities.items()]
    write_movements(MovementKind.TRANSFER, moves, Cause(DOCUMENT, by, reason))


def quarantine_of(warehouse_id: int) -> Location:
    """Return the first quarantine location of a warehouse, made when there is none."""
    cages = Location.objects.select_related("warehouse").filter(
        warehouse_id=warehouse_id, kind=LocationKind.QUARANTINE
    )
    found = cages.order_by("walk_order", "pk").first()
    if found is not None:
        return found
    made, _new = Location.objects.get_or_create(
        warehouse_id=warehouse_id, code="QUARANTINE", defaults={"kind": LocationKind.QUARANTINE}
    )
    return made


def _require_reason(reason: str) -> None:
    if not reason:
        raise NeedsReason(_("Say in a few words why."))
