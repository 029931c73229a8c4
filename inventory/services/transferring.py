"""Transfers: stock leaves one warehouse, is on the road, and comes into another, or back, or is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, BadTransfer, NotEnoughStock, Shortage
from inventory.models import BinStock, Transfer, TransferLine, Warehouse
from inventory.services.free_bins import free_bins
from inventory.services.levels import Level, Row, lock_levels
from inventory.services.moving import (
    Cause,
    Move,
    require_available,
    require_quantities,
    standard_location,
    write_movements,
)
from inventory.status import LocationKind, MovementKind, TransferStatus
from inventory.taking import Need, plan_picks
from oms.company import business_day
from oms.errors import IllegalMove
from oms.models import User
from oms.rows import lock_row
from oms.sets import add_to_rows, insert_rows

FARTHEST_DAYS = 730  # a day further ahead is a slip of the finger


@dataclass(frozen=True, slots=True)
class Days:
    """When goods leave and when they arrive."""

    ship_on: date
    arrive_on: date


@transaction.atomic
def plan_transfer(
    places: tuple[Warehouse, Warehouse],
    days: Days,
    quantities: Mapping[int, int],
    *,
    by: User | None,
    note: str = "",
) -> Transfer:
    """So many base units per product id shall go from the first place to the second.

    They count as demand there on the day they leave, as supply here on the day they arrive; nothing has moved.
    Raise BadTransfer for the same place or impossible days, BadQuantity.
    """
    source, target = places
    name = f"{source} → {target}"
    _require_two_places(source, target)
    _require_days(name, days, None)
    if not quantities:
        raise BadQuantity(
            _("A transfer from %(source)s to %(target)s needs a line.") % {"source": source, "target": target}
        )
    require_quantities(quantities.values(), name)
    lock_levels((product, place.pk) for product in quantities for place in places)
    transfer = Transfer.objects.create(
        source=source, target=target, ship_on=days.ship_on, arrive_on=days.arrive_on, created_by=by, note=note
    )
    insert_rows(
        TransferLine,
        {"product_id": list(quantities), "ordered": list(quantities.values())},
        transfer=transfer,
        cancelled=0,
        dispatched=0,
        received=0,
        lost=0,
    )
    transfer.record("planned", by=by)
    return transfer


def _require_two_places(source: Warehouse, target: Warehouse) -> None:
    if source.pk == target.pk:
        raise BadTransfer(
            _("What lies in %(place)s is there already; choose another warehouse to send it to.")
            % {"place": target}
        )


def _require_days(document: str, days: Days, before: Days | None) -> None:
    """Raise BadTransfer for days that are past or too far ahead, unless they stood there before."""
    today = business_day()
    latest = today + timedelta(days=FARTHEST_DAYS)
    for day, old in (
        (days.ship_on, before and before.ship_on),
        (days.arrive_on, before and before.arrive_on),
    ):
        if day != old and not today <= day <= latest:
            raise BadTransfer(
                _(
                    "%(document)s: %(day)s is past or too far ahead; choose a day from %(today)s to %(latest)s."
                )
                % {"document": document, "day": _day(day), "today": _day(today), "latest": _day(latest)}
            )
    if days.arrive_on < days.ship_on:
        raise BadTransfer(
            _(
                "%(document)s: it cannot arrive on %(arrive)s and leave on %(ship)s; let it arrive that day or later."
            )
            % {"document": document, "arrive": _day(days.arrive_on), "ship": _day(days.ship_on)}
        )


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


@transaction.atomic
def redate_transfer(transfer_id: int, days: Days, *, by: User | None) -> Transfer:
    """It leaves and arrives on other days. Raise BadTransfer, or IllegalMove when nothing is under way."""
    transfer = lock_row(Transfer, transfer_id)
    _require_under_way(transfer, _("moved to another day"))
    before = Days(transfer.ship_on, transfer.arrive_on)
    _require_days(transfer.number, days, before)
    if days == before:
        return transfer
    _lock(transfer, transfer.lines.values_list("product_id", flat=True))
    transfer.ship_on, transfer.arrive_on = days.ship_on, days.arrive_on
    transfer.save(update_fields=["ship_on", "arrive_on"])
    told = {"leaves": (before.ship_on, days.ship_on), "arrives": (before.arrive_on, days.arrive_on)}
    changed = {word: pair for word, pair in told.items() if pair[0] != pair[1]}
    note = "; ".join(f"{word} {_day(old)} → {_day(new)}" for word, (old, new) in changed.items())
    detail = {word: [str(old), str(new)] for word, (old, new) in changed.items()}
    transfer.record("redated", by=by, note=note, days=detail)
    return transfer


def _require_under_way(transfer: Transfer, wanted: str) -> None:
    if not transfer.NEXT[transfer.status]:
        raise IllegalMove(transfer.number, str(transfer.get_status_display()), wanted)


def _lock(transfer: Transfer, products: Iterable[int]) -> dict[Row, Level]:
    """Lock the levels of these products on both sides; they guard the bins and the transit location too."""
    places = (transfer.source_id, transfer.target_id)
    return lock_levels((product, place) for product in products for place in places)


@transaction.atomic
def dispatch_transfer(transfer_id: int, quantities: Mapping[int, int], *, by: User | None) -> Transfer:
    """So many base units per line id have left the source's bins and are on the road.

    Taken in walk order, what pickers come for and what is promised to orders left alone.
    Raise BadQuantity for more than is planned, NotEnoughStock, IllegalMove when nothing is under way.
    """
    transfer = lock_row(Transfer, transfer_id)
    _require_under_way(transfer, _("dispatched"))
    lines = _lines(
        transfer, quantities, "to_dispatch", _("are to be dispatched. Dispatch no more than that.")
    )
    levels = _lock(transfer, (line.product_id for line in lines))
    wanted = {(line.product_id, transfer.source_id): quantities[line.pk] for line in lines}
    require_available(levels, wanted, transfer.number)
    add_to_rows(TransferLine, [line.pk for line in lines], dispatched=[quantities[line.pk] for line in lines])
    transit = standard_location(transfer.target_id, LocationKind.TRANSIT)
    moves = _out_of_bins(transfer, lines, quantities, transit.pk)
    write_movements(MovementKind.TRANSFER, moves, Cause(transfer.number, by))
    if transfer.status == TransferStatus.PLANNED:
        transfer.move_to(TransferStatus.DISPATCHED, by=by, note=_units(quantities))
    else:
        transfer.record("dispatched more", by=by, note=_units(quantities))
    return transfer


def _lines(transfer: Transfer, quantities: Mapping[int, int], column: str, rule: str) -> list[TransferLine]:
    """Return the lines named, each with its product. Raise BadQuantity for more than a line's `column` holds."""
    if not quantities:
        raise BadQuantity(_("%(transfer)s: nothing was entered; type a quantity.") % {"transfer": transfer})
    require_quantities(quantities.values(), transfer.number)
    lines = list(transfer.lines.select_related("product").filter(pk__in=quantities).order_by("pk"))
    if len(lines) != len(quantities):
        raise BadQuantity(_("%(transfer)s has no such line; reload the page.") % {"transfer": transfer})
    for line in lines:
        most = getattr(line, column)
        if quantities[line.pk] > most:
            told = {
                "transfer": transfer,
                "sku": line.product.sku,
                "quantity": quantities[line.pk],
                "most": most,
            }
            raise BadQuantity(
                _("%(transfer)s: %(quantity)s of %(sku)s were entered, %(most)s") % told + " " + rule
            )
    return lines


def _out_of_bins(
    transfer: Transfer, lines: Sequence[TransferLine], quantities: Mapping[int, int], transit: int
) -> list[Move]:
    """Return the moves out of free bins in walk order. Raise NotEnoughStock when they hold too little."""
    rows = {line.pk: (line.product_id, transfer.source_id) for line in lines}
    needs = [Need(pk, row, quantities[pk]) for pk, row in rows.items()]
    planned, unserved = plan_picks(needs, free_bins(rows.values()))
    if unserved:
        skus = {line.pk: line.product.sku for line in lines}
        short = [Shortage(skus[n.key], quantities[n.key], quantities[n.key] - n.quantity) for n in unserved]
        remedy = _("It lies in no bin that is free; put it away first.")
        raise NotEnoughStock(transfer.number, short, remedy=remedy)
    places = dict(
        BinStock.objects.filter(pk__in={p.bin_id for p in planned}).values_list("pk", "location_id")
    )
    return [Move(rows[p.key][0], p.quantity, places[p.bin_id], transit) for p in planned]


def bins_to_empty(transfer: Transfer) -> dict[int, list[tuple[str, int]]]:
    """Return, per line id, which bins what is left to dispatch would come from now, in walk order."""
    left = transfer.lines.filter(to_dispatch__gt=0).values_list("pk", "product_id", "to_dispatch")
    needs = [Need(pk, (product, transfer.source_id), quantity) for pk, product, quantity in left]
    planned, _unserved = plan_picks(needs, free_bins(need.row for need in needs))
    bins = BinStock.objects.filter(pk__in={pick.bin_id for pick in planned})
    codes = dict(bins.values_list("pk", "location__code"))
    found: dict[int, list[tuple[str, int]]] = {need.key: [] for need in needs}
    for pick in planned:
        found[pick.key].append((codes[pick.bin_id], pick.quantity))
    return found


def _units(quantities: Mapping[int, int]) -> str:
    return _("%(count)s units") % {"count": sum(quantities.values())}


@transaction.atomic
def receive_transfer(transfer_id: int, quantities: Mapping[int, int], *, by: User | None) -> Transfer:
    """So many base units per line id have come off the road into the target's receiving location.

    What is missing stays on the way until it comes or is declared lost.
    Raise BadQuantity for more than is on the way.
    """
    transfer, lines = _on_the_way(transfer_id, quantities)
    place = standard_location(transfer.target_id, LocationKind.RECEIVING)
    _off_the_road(transfer, lines, quantities, place.pk, Cause(transfer.number, by))
    add_to_rows(TransferLine, [line.pk for line in lines], received=[quantities[line.pk] for line in lines])
    _told(transfer, "received in part", by=by, note=_units(quantities))
    return transfer


@transaction.atomic
def take_back_transfer(transfer_id: int, quantities: Mapping[int, int], *, by: User | None) -> Transfer:
    """So many base units per line id came back to the source's receiving location and are not sent again.

    Raise BadQuantity for more than is on the way.
    """
    transfer, lines = _on_the_way(transfer_id, quantities)
    place = standard_location(transfer.source_id, LocationKind.RECEIVING)
    _off_the_road(transfer, lines, quantities, place.pk, Cause(transfer.number, by, _("came back")))
    back = [quantities[line.pk] for line in lines]
    add_to_rows(TransferLine, [line.pk for line in lines], dispatched=[-q for q in back], cancelled=back)
    _told(transfer, "came back", by=by, note=_units(quantities))
    return transfer


@transaction.atomic
def declare_lost(
    transfer_id: int, quantities: Mapping[int, int], *, by: User | None, reason: str
) -> Transfer:
    """So many base units per line id will not arrive any more; the ledger lets them go, with the reason.

    Raise BadQuantity for more than is on the way, BadTransfer without a reason.
    """
    if not reason.strip():
        raise BadTransfer(_("Say why it is lost: what happened, and who says so."))
    transfer, lines = _on_the_way(transfer_id, quantities)
    transit = standard_location(transfer.target_id, LocationKind.TRANSIT)
    moves = [Move(line.product_id, quantities[line.pk], transit.pk, None) for line in lines]
    write_movements(MovementKind.ADJUST, moves, Cause(transfer.number, by, reason))
    add_to_rows(TransferLine, [line.pk for line in lines], lost=[quantities[line.pk] for line in lines])
    _told(transfer, "lost", by=by, note=f"{_units(quantities)}: {reason}")
    return transfer


def _on_the_way(transfer_id: int, quantities: Mapping[int, int]) -> tuple[Transfer, list[TransferLine]]:
    """Return the transfer, locked, and the lines named, the levels of their products locked too."""
    transfer = lock_row(Transfer, transfer_id)
    if transfer.status != TransferStatus.DISPATCHED:
        raise IllegalMove(transfer.number, str(transfer.get_status_display()), _("received"))
    lines = _lines(transfer, quantities, "in_transit", _("are on the way. Enter no more than that."))
    _lock(transfer, (line.product_id for line in lines))
    return transfer, lines


def _off_the_road(
    transfer: Transfer, lines: Sequence[TransferLine], quantities: Mapping[int, int], place: int, cause: Cause
) -> None:
    transit = standard_location(transfer.target_id, LocationKind.TRANSIT)
    moves = [Move(line.product_id, quantities[line.pk], transit.pk, place) for line in lines]
    write_movements(MovementKind.TRANSFER, moves, cause)


def _told(transfer: Transfer, kind: str, *, by: User | None, note: str) -> None:
    """Write what happened into the history; when nothing is left to come, the transfer has come to its end."""
    left = transfer.lines.aggregate(due=Sum("due"), dispatched=Sum("dispatched"))
    if left["due"]:
        transfer.record(kind, by=by, note=note)
        return
    end = TransferStatus.RECEIVED if left["dispatched"] else TransferStatus.CANCELLED
    if kind != "received in part":
        transfer.record(kind, by=by, note=note)
        note = ""
    transfer.move_to(end, by=by, note=note)


@transaction.atomic
def cancel_transfer(transfer_id: int, *, by: User | None) -> Transfer:
    """What has not left stays where it is. What is on the road is still to be received, or comes back.

    Raise IllegalMove when nothing is under way, BadQuantity when everything has left.
    """
    transfer = lock_row(Transfer, transfer_id)
    _require_under_way(transfer, str(TransferStatus.CANCELLED.label))
    lines = list(transfer.lines.filter(to_dispatch__gt=0).order_by("pk"))
    if not lines:
        raise BadQuantity(
            _("%(transfer)s has left as a whole; receive it, or take it back where it came from.")
            % {"transfer": transfer}
        )
    _lock(transfer, (line.product_id for line in lines))
    rest = {line.pk: line.to_dispatch for line in lines}
    add_to_rows(TransferLine, list(rest), cancelled=list(rest.values()))
    if transfer.status == TransferStatus.PLANNED:
        transfer.move_to(TransferStatus.CANCELLED, by=by)
    else:
        _told(transfer, "rest cancelled", by=by, note=_units(rest))
    return transfer
