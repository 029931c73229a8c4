"""Adjustments: proposed by one person, applied at once within the warehouse's limit, else decided by another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Abs
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.errors import AlreadyDecided, BadQuantity, NeedsReason, NeedsSecondPerson
from inventory.models import Location, Product, StockAdjustment, StockMovement
from inventory.services.levels import Level, Row, lock_levels
from inventory.services.losses import NO_ROOM, Loss, Room
from inventory.services.moving import (
    Cause,
    Move,
    require_free_hand,
    require_in_bins,
    require_lying_there,
    require_quantities,
)
from inventory.status import SELLABLE, AdjustmentKind, AdjustmentReason, AdjustmentStatus
from oms.models import User
from oms.sets import insert_rows

CENT = Decimal("0.0001")
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A location holds `quantity` base units of a product more, or below zero less, than the ledger says."""

    product_id: int
    location: Location
    quantity: int
    entry_id: int | None = None

    @property
    def row(self) -> Row:
        return self.product_id, self.location.warehouse_id


@dataclass(frozen=True, slots=True)
class Why:
    """Why stock differs: one of the reasons, in other words a note. `other` needs the note."""

    reason: AdjustmentReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A difference with its value at cost, and whether one person may apply it alone."""

    difference: Difference
    value: Decimal
    within_limit: bool


@transaction.atomic
def propose_adjustments(
    differences: Sequence[Difference], why: Why, *, by: User, room: Room = NO_ROOM
) -> list[StockAdjustment]:
    """Write down the differences; those within the warehouse's limit are applied at once, the others wait.

    Raise KeptByWork, BadQuantity, NeedsReason, NotEnoughStock also for what waits, or what `room` refuses.
    """
    if why.reason == AdjustmentReason.OTHER and not why.note:
        raise NeedsReason(_("Say in a few words why the stock differs."))
    require_free_hand(*(one.location for one in differences))
    require_quantities((abs(one.quantity) for one in differences), _("The adjustment"))
    room.lock(losses_of(differences))
    levels = lock_levels(one.row for one in differences)
    made = write_down(weighed(differences, by=by), why, by=by)
    apply([one for one in made if one.within_limit], levels, room=room, by=None)
    _require_there(one for one in made if not one.within_limit)
    return made


def _require_there(waiting: Iterable[StockAdjustment]) -> None:
    """Raise NotEnoughStock when more is to go than lies there: nobody could agree to it.

    Promises and pickers may give way until somebody decides; that is asked then, as is this again.
    """
    require_lying_there([_move(one) for one in waiting], _("The adjustment"))


def losses_of(differences: Iterable[Difference]) -> list[Loss]:
    """Return what is lost to sale when these differences are applied."""
    return [
        Loss(one.row, one.location.pk, -one.quantity)
        for one in differences
        if one.quantity < 0 and one.location.kind in SELLABLE
    ]


def weighed(differences: Sequence[Difference], *, by: User) -> list[Weighed]:
    """Weigh differences against the limits of their warehouses, with all that `by` has applied alone today.

    The caller holds the locks of the stock levels, so nobody slips below the limit in two halves.
    """
    costs = dict(
        Product.objects.filter(pk__any_of={one.product_id for one in differences}).values_list("pk", "cost")
    )
    units, values = _applied_alone_today(differences, by)
    answer = []
    for one in differences:
        value = (abs(one.quantity) * costs[one.product_id]).quantize(CENT, ROUND_HALF_UP)
        units[one.row] += abs(one.quantity)
        values[one.row] = values.get(one.row, Decimal(0)) + value
        limits = one.location.warehouse
        within = units[one.row] <= limits.adjust_units and values[one.row] <= limits.adjust_value
        answer.append(Weighed(one, value, within and limits.adjust_units > 0 and limits.adjust_value > 0))
    return answer


def _applied_alone_today(
    differences: Sequence[Difference], by: User
) -> tuple[Counter[Row], dict[Row, Decimal]]:
    alone = StockAdjustment.objects.filter(
        proposed_by=by,
        proposed_at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0),
        status=AdjustmentStatus.APPLIED,
        decided_by=None,
        product__any_of={one.product_id for one in differences},
    )
    units: Counter[Row] = Counter()
    values: dict[Row, Decimal] = {}
    sums = alone.order_by().values("product_id", "location__warehouse_id")
    for row in sums.annotate(units=Sum(Abs("difference")), worth=Sum("value")):
        place = row["product_id"], row["location__warehouse_id"]
        units[place], values[place] = int(row["units"]), row["worth"]
    return units, values


def write_down(rows: Sequence[Weighed], why: Why, *, by: User) -> list[StockAdjustment]:
    """Insert the adjustments, to be decided, and return them in that order."""
    if not rows:
        return []
    kind = AdjustmentKind.COUNT if rows[0].difference.entry_id else AdjustmentKind.ADJUST
    ids = insert_rows(
        StockAdjustment,
        {
            "product_id": [row.difference.product_id for row in rows],
            "location_id": [row.difference.location.pk for row in rows],
            "difference": [row.difference.quantity for row in rows],
            "entry_id": [row.difference.entry_id for row in rows],
            "value": [row.value for row in rows],
            "within_limit": [row.within_limit for row in rows],
        },
        kind=kind,
        status=AdjustmentStatus.PROPOSED,
        reason=why.reason,
        note=why.note,
        proposed_by=by,
        proposed_at=timezone.now(),
        decision_note="",
    )
    return _named(ids)


def _named(ids: Iterable[int]) -> list[StockAdjustment]:
    rows = StockAdjustment.objects.filter(pk__any_of=list(ids)).order_by("pk")
    return list(rows.select_related("product", "location__warehouse", "proposed_by"))


def apply(
    adjustments: Sequence[StockAdjustment], levels: Mapping[Row, Level], *, room: Room, by: User | None
) -> None:
    """Let the ledger follow these adjustments. `by` agreed to them; nobody when they are within the limit.

    The caller holds the locks of the stock levels. Raise NotEnoughStock or what `room` refuses.
    """
    if not adjustments:
        return
    moves = [_move(one) for one in adjustments]
    document = ", ".join(one.number for one in adjustments[:3]) + (" …" if len(adjustments) > 3 else "")
    who = by or adjustments[0].proposed_by
    differences = [Difference(one.product_id, one.location, one.difference) for one in adjustments]
    losses = losses_of(differences)
    if losses:
        room.require_unclaimed(losses)
    require_in_bins(moves, document)
    if losses:
        cause = Cause(document, who, str(adjustments[0].get_reason_display()))
        room.make(losses, _with_gains(levels, differences), cause)
    _write(adjustments, moves, by=who)
    now = timezone.now()
    StockAdjustment.objects.filter(pk__any_of=[one.pk for one in adjustments]).update(
        status=AdjustmentStatus.APPLIED, decided_by=by, decided_at=now
    )
    for one in adjustments:
        one.status, one.decided_by, one.decided_at = AdjustmentStatus.APPLIED, by, now


def _with_gains(levels: Mapping[Row, Level], differences: Iterable[Difference]) -> dict[Row, Level]:
    """What is found in one bin makes up for what is lost from another of the same warehouse."""
    after = dict(levels)
    for one in differences:
        if one.quantity > 0 and one.location.kind in SELLABLE:
            after[one.row] = replace(after[one.row], on_hand=after[one.row].on_hand + one.quantity)
    return after


def _move(adjustment: StockAdjustment) -> Move:
    place = adjustment.location_id
    ends = (None, place) if adjustment.difference > 0 else (place, None)
    return Move(adjustment.product_id, abs(adjustment.difference), *ends)


def _write(adjustments: Sequence[StockAdjustment], moves: Sequence[Move], *, by: User) -> None:
    """One line of the ledger per adjustment, each under its own number."""
    insert_rows(
        StockMovement,
        {
            "kind": [str(one.kind) for one in adjustments],
            "product_id": [move.product_id for move in moves],
            "quantity": [move.quantity for move in moves],
            "from_location_id": [move.source for move in moves],
            "to_location_id": [move.target for move in moves],
            "document": [one.number for one in adjustments],
            "reason": [told(one) for one in adjustments],
        },
        by=by,
        at=timezone.now(),
    )


def told(adjustment: StockAdjustment) -> str:
    """The reason as the ledger keeps it."""
    words = [str(adjustment.get_reason_display()), adjustment.note]
    return ": ".join(word for word in words if word)[:200]


@transaction.atomic
def approve_adjustments(ids: Iterable[int], *, by: User, room: Room = NO_ROOM) -> list[StockAdjustment]:
    """Somebody else than who proposed them agrees: the ledger follows.

    Raise NeedsSecondPerson, AlreadyDecided, NotEnoughStock, or what `room` refuses; then none is applied.
    """
    wanted = list(ids)
    room.lock(losses_of(Difference(o.product_id, o.location, o.difference) for o in _named(wanted)))
    adjustments = _to_decide(wanted, by=by)
    levels = lock_levels((one.product_id, one.location.warehouse_id) for one in adjustments)
    apply(adjustments, levels, room=room, by=by)
    return adjustments


@transaction.atomic
def reject_adjustments(ids: Iterable[int], *, by: User, note: str) -> list[StockAdjustment]:
    """Somebody else than who proposed them disagrees and says why; stock stays as it is.

    Raise NeedsReason, NeedsSecondPerson or AlreadyDecided.
    """
    if not note:
        raise NeedsReason(_("Say why you reject it, so that who proposed it knows what to do."))
    adjustments = _to_decide(list(ids), by=by)
    StockAdjustment.objects.filter(pk__any_of=[one.pk for one in adjustments]).update(
        status=AdjustmentStatus.REJECTED, decided_by=by, decided_at=timezone.now(), decision_note=note
    )
    return adjustments


def _to_decide(ids: Sequence[int], *, by: User) -> list[StockAdjustment]:
    """Return these adjustments, locked, when `by` may decide on all of them."""
    rows = StockAdjustment.objects.filter(pk__any_of=ids).select_related(
        "product", "location__warehouse", "proposed_by", "decided_by"
    )
    adjustments = list(rows.locked())
    if not adjustments or len(adjustments) != len(set(ids)) or len(adjustments) > MOST_AT_ONCE:
        raise BadQuantity(_("Choose 1 to %(most)s adjustments from the list.") % {"most": MOST_AT_ONCE})
    for one in adjustments:
        _require_decidable(one, by)
    return adjustments


def _require_decidable(adjustment: StockAdjustment, by: User) -> None:
    if adjustment.status != AdjustmentStatus.PROPOSED:
        raise AlreadyDecided(
            _("%(number)s is %(status)s already. Reload the list.")
            % {"number": adjustment, "status": adjustment.get_status_display()}
        )
    if adjustment.proposed_by_id == by.pk:
        raise NeedsSecondPerson(
            _("%(number)s was proposed by you. Somebody else has to decide on it.") % {"number": adjustment}
        )
