"""Cycle counts: bins are chosen, counted without a look at the ledger, and the differences become adjustments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.errors import BadCount, CountedAlready
from inventory.models import (
    BinStock,
    CountEntry,
    CountRound,
    CountSheet,
    CountStop,
    Location,
    Product,
    StockAdjustment,
    Warehouse,
)
from inventory.services.adjusting import Difference, Why, apply, losses_of, weighed, write_down
from inventory.services.levels import Level, Row, lock_levels
from inventory.services.losses import NO_ROOM, Room
from inventory.status import (
    KEPT_BY_WORK,
    AdjustmentKind,
    AdjustmentReason,
    AdjustmentStatus,
    SheetStatus,
)
from oms.errors import Refused
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from oms.rows import lock_row
from oms.sets import insert_rows

if TYPE_CHECKING:
    from django_stubs_ext import ValuesQuerySet

MOST_STOPS = 500
COUNTED = Why(AdjustmentReason.COUNTED)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which bins of a warehouse to count: from one code to another, with a product, not counted for some days."""

    warehouse: Warehouse
    first: str = ""
    last: str = ""
    product: Product | None = None
    not_counted_days: int = 0


@dataclass(slots=True)
class Counted:
    """What came of a count: what was applied, what waits for a second person, and why, when not for its size."""

    round: CountRound
    applied: list[StockAdjustment] = field(default_factory=list)
    waiting: list[StockAdjustment] = field(default_factory=list)
    because: str = ""


@transaction.atomic
def open_count_sheet(choice: Choice, *, by: User, note: str = "") -> CountSheet:
    """Ask for these bins to be counted, at most 500. Raise BadCount when the choice fits none or more."""
    bins = list(_chosen(choice)[: MOST_STOPS + 1])
    if not bins:
        raise BadCount(_("No bin of %(site)s fits this choice. Widen it.") % {"site": choice.warehouse})
    if len(bins) > MOST_STOPS:
        raise BadCount(
            _("More than %(most)s bins fit this choice. Narrow it, such as to one aisle.")
            % {"most": MOST_STOPS}
        )
    sheet = CountSheet.objects.create(warehouse=choice.warehouse, note=note, created_by=by)
    insert_rows(CountStop, {"location_id": bins}, sheet=sheet, product=choice.product)
    return sheet


def _chosen(choice: Choice) -> "ValuesQuerySet[Location, int]":
    bins = Location.objects.filter(warehouse=choice.warehouse).exclude(kind__in=KEPT_BY_WORK)
    if choice.first:
        bins = bins.filter(code__gte=choice.first)
    if choice.last:
        bins = bins.filter(code__lte=choice.last)
    if choice.product:
        bins = bins.filter(bins__product=choice.product, bins__quantity__gt=0)
    if choice.not_counted_days:
        since = timezone.now() - timedelta(days=choice.not_counted_days)
        recent = CountRound.objects.filter(stop__location=OuterRef("pk"), at__gte=since)
        if choice.product:
            recent = recent.filter(Q(stop__product=choice.product) | Q(stop__product=None))
        bins = bins.filter(~Exists(recent))
    return bins.order_by("walk_order", "code", "pk").values_list("pk", flat=True)


@transaction.atomic
def close_count_sheet(sheet_id: int, *, by: User) -> CountSheet:
    """Nothing more is counted on this sheet; what waits for a decision still does. Raise BadCount when it is closed."""
    sheet = lock_row(CountSheet, sheet_id)
    _require_open(sheet)
    sheet.status, sheet.closed_at, sheet.closed_by = SheetStatus.CLOSED, timezone.now(), by
    sheet.save(update_fields=["status", "closed_at", "closed_by"])
    return sheet


def _require_open(sheet: CountSheet) -> None:
    if sheet.status != SheetStatus.OPEN:
        raise BadCount(_("%(sheet)s is closed. Count the bin on another sheet.") % {"sheet": sheet})


@transaction.atomic
def enter_count(
    stop_id: int, found: Mapping[int, int], *, seen: int, by: User, room: Room = NO_ROOM
) -> Counted:
    """Write down what `by` found in a bin, per product id, and compare it with the ledger of this very moment.

    `seen` is the number of rounds the person knew of. Differences within the limit are applied at once, the others
    wait for somebody else; what an earlier count of the bin left waiting is withdrawn, so no difference counts twice.
    Raise CountedAlready when somebody was faster, BadCount when a product that lies there is missing.
    """
    stop = _stop(stop_id)
    _require_countable(stop, found)
    room.lock(losses_of(_differences(stop, found, _ledger(stop))))
    _take_turns(stop)
    _require_open(CountSheet.objects.get(pk=stop.sheet_id))
    _require_first(stop, seen)
    round_ = CountRound.objects.create(stop=stop, number=seen + 1, by=by)
    _withdraw(stop)
    levels = lock_levels((product, stop.location.warehouse_id) for product in found)
    ledger = _ledger(stop)
    _require_all(stop, found, ledger)
    entries = _write_entries(round_, found, ledger)
    return _book(round_, _differences(stop, found, ledger, entries), levels, room=room)


def _stop(stop_id: int) -> CountStop:
    return CountStop.objects.select_related("sheet", "location__warehouse", "product").get(pk=stop_id)


def _take_turns(stop: CountStop) -> None:
    """One count of a bin at a time, whatever the sheet."""
    lock_row(Location, stop.location_id)


def _ledger(stop: CountStop) -> dict[int, int]:
    """Return what lies in the bin by the ledger, of the products this stop is about."""
    bins = BinStock.objects.filter(location=stop.location_id)
    if stop.product_id:
        bins = bins.filter(product=stop.product_id)
    return dict(bins.values_list("product_id", "quantity"))


def _differences(
    stop: CountStop,
    found: Mapping[int, int],
    ledger: Mapping[int, int],
    entries: Mapping[int, int] | None = None,
) -> list[Difference]:
    return [
        Difference(product, stop.location, quantity - ledger.get(product, 0), (entries or {}).get(product))
        for product, quantity in found.items()
        if quantity != ledger.get(product, 0)
    ]


def _require_countable(stop: CountStop, found: Mapping[int, int]) -> None:
    for quantity in found.values():
        if not 0 <= quantity <= LARGEST_QUANTITY:
            raise BadCount(
                _("%(bin)s: %(quantity)s cannot be counted. Enter a whole number from 0 on.")
                % {"bin": stop, "quantity": quantity}
            )
    if Product.objects.filter(pk__any_of=list(found)).count() != len(found):
        raise BadCount(_("%(bin)s: one of the products does not exist; reload the page.") % {"bin": stop})
    if stop.product_id and set(found) != {stop.product_id}:
        raise BadCount(_("%(bin)s: only this product is counted here.") % {"bin": stop})


def _require_first(stop: CountStop, seen: int) -> None:
    last = CountRound.objects.filter(stop=stop).select_related("by").order_by("number").last()
    if last is not None and last.number != seen:
        at = date_format(timezone.localtime(last.at), "TIME_FORMAT")
        raise CountedAlready(
            _(
                "%(bin)s: %(who)s counted it at %(at)s. Your count is not entered; look again and enter a recount."
            )
            % {"bin": stop, "who": last.by, "at": at}
        )
    if last is None and seen:
        raise BadCount(_("%(bin)s was never counted; reload the page.") % {"bin": stop})


def _withdraw(stop: CountStop) -> None:
    """Take back what earlier counts of the bin found and nobody has decided."""
    waiting = StockAdjustment.objects.filter(
        kind=AdjustmentKind.COUNT, status=AdjustmentStatus.PROPOSED, location=stop.location_id
    )
    if stop.product_id:
        waiting = waiting.filter(product=stop.product_id)
    ids = list(waiting.locked().values_list("pk", flat=True))
    StockAdjustment.objects.filter(pk__any_of=ids).update(
        status=AdjustmentStatus.WITHDRAWN, decided_at=timezone.now()
    )


def _require_all(stop: CountStop, found: Mapping[int, int], ledger: Mapping[int, int]) -> None:
    """Zero is a count, an empty field is none."""
    missing = [product for product, quantity in ledger.items() if quantity and product not in found]
    if missing:
        skus = Product.objects.filter(pk__in=missing).order_by("sku").values_list("sku", flat=True)
        raise BadCount(
            _("%(bin)s: not counted: %(skus)s. Enter 0 for what is not there.")
            % {"bin": stop, "skus": ", ".join(skus[:20])}
        )


def _write_entries(round_: CountRound, found: Mapping[int, int], ledger: Mapping[int, int]) -> dict[int, int]:
    """Write what was found beside what the ledger says; return the entries' ids by product."""
    if not found:
        return {}
    products = sorted(found)
    ids = insert_rows(
        CountEntry,
        {
            "product_id": products,
            "found": [found[product] for product in products],
            "ledger": [ledger.get(product, 0) for product in products],
        },
        round=round_,
    )
    return dict(zip(products, ids, strict=True))


def _book(
    round_: CountRound, differences: Sequence[Difference], levels: Mapping[Row, Level], *, room: Room
) -> Counted:
    """Apply what one person may apply alone, and let the rest wait. A count is never refused for its outcome."""
    made = write_down(weighed(differences, by=round_.by), COUNTED, by=round_.by)
    alone = [one for one in made if one.within_limit]
    because = ""
    try:
        with transaction.atomic():
            apply(alone, levels, room=room, by=None)
    except Refused as refusal:
        alone, because = [], str(refusal)
    applied = {one.pk for one in alone}
    return Counted(round_, alone, [one for one in made if one.pk not in applied], because)
