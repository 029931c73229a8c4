"""Deliveries: what comes of a purchase order is received into the warehouse, and a wrong receipt is taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.errors import BadDay, BadQuantity, NotEnoughStock, TakenBackAlready
from inventory.finding import as_counted
from inventory.models import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from inventory.services.levels import Level, Row, lock_levels
from inventory.services.moving import (
    Cause,
    Move,
    require_available,
    require_quantities,
    standard_location,
    write_movements,
)
from inventory.services.suppliers_answers import lines_of
from inventory.status import LocationKind, MovementKind, PurchaseStatus
from oms.company import business_day, day_of
from oms.models import User
from oms.rows import lock_row
from oms.sets import add_to_rows, insert_rows


@dataclass(frozen=True, slots=True)
class Delivery:
    """How something came: under which note, on which day; today when no day is named."""

    note: str = ""
    on: date | None = None


@transaction.atomic
def receive_purchase_order(
    purchase_order_id: int,
    quantities: Mapping[int, int],
    *,
    by: User | None,
    delivery: Delivery | None = None,
) -> PurchaseOrder:
    """So many base units per line id have come into the warehouse's receiving location.

    Raise BadQuantity for more than is due and tolerated, IllegalMove for an order that is not open, BadDay for a day
    to come or before the order was placed.
    """
    order = lock_row(PurchaseOrder, purchase_order_id)
    order.require_can_become(PurchaseStatus.RECEIVED)
    if not quantities:
        raise BadQuantity(_("%(order)s: nothing came. Enter what came.") % {"order": order})
    require_quantities(quantities.values(), order.number)
    came = delivery or Delivery()
    if came.on:
        _require_past(order, came.on)
    lines = lines_of(order, quantities)
    for pk, quantity in quantities.items():
        _require_tolerated(order, lines[pk], quantity)
    lock_levels((line.product_id, order.warehouse_id) for line in lines.values())
    receipt = Receipt.objects.create(
        purchase_order=order,
        delivery_note=came.note[:40],
        received_on=came.on or business_day(),
        by=by,
        at=timezone.now(),
    )
    _write_lines(receipt, lines, quantities)
    _take_in(order, lines, quantities, Cause(order.number, by, str(receipt)))
    if order.lines.filter(due__gt=0).exists():
        order.record("received in part", by=by, note=came.note, receipt=receipt.pk)
    else:
        order.move_to(PurchaseStatus.RECEIVED, by=by, note=came.note, receipt=receipt.pk)
    return order


def _take_in(
    order: PurchaseOrder, lines: Mapping[int, PurchaseOrderLine], quantities: Mapping[int, int], cause: Cause
) -> None:
    place = standard_location(order.warehouse_id, LocationKind.RECEIVING)
    moves = [Move(lines[pk].product_id, quantity, None, place.pk) for pk, quantity in quantities.items()]
    write_movements(MovementKind.RECEIVE, moves, cause)


def _write_lines(
    receipt: Receipt, lines: Mapping[int, PurchaseOrderLine], quantities: Mapping[int, int]
) -> None:
    columns: dict[str, list[Any]] = {
        "line_id": list(quantities),
        "quantity": list(quantities.values()),
        "promised_on": [lines[pk].judged_on for pk in quantities],
        "told_on": [lines[pk].due_on for pk in quantities],
    }
    insert_rows(ReceiptLine, columns, receipt=receipt)


def _require_past(order: PurchaseOrder, day: date) -> None:
    placed = day_of(order.created_at)
    if not placed <= day <= business_day():
        raise BadDay(
            _("%(order)s: nothing can have come on %(day)s. Name a day from %(placed)s until today.")
            % {"order": order, "day": day.isoformat(), "placed": placed.isoformat()}
        )


def _require_tolerated(order: PurchaseOrder, line: PurchaseOrderLine, quantity: int) -> None:
    if quantity <= line.most:
        return
    came, due, most = as_counted(line.product_id, quantity, line.due, line.most)
    values = {"order": order, "quantity": came, "sku": line.product.sku, "due": due, "most": most}
    told = _(
        "%(order)s: %(quantity)s of %(sku)s came, %(due)s are due. The most that may be received is %(most)s; "
        "send the rest back, or order it."
    )
    raise BadQuantity(told % values)


@transaction.atomic
def take_back_receipt(receipt_id: int, *, by: User | None, reason: str) -> Receipt:
    """The receipt was wrong: an opposite one stands beside it, what it brought has left receiving and is due again.

    Of a cancelled order nothing is due again. Raise NotEnoughStock when the goods are not in receiving any more or
    are promised to orders, TakenBackAlready, BadQuantity without a reason.
    """
    order = PurchaseOrder.objects.locked().get(receipts=receipt_id)
    wrong = Receipt.objects.select_related("purchase_order").get(pk=receipt_id)
    _require_not_taken_back(wrong, reason)
    rows = list(wrong.lines.select_related("line__product").order_by("pk"))
    levels = lock_levels((row.line.product_id, order.warehouse_id) for row in rows)
    back = _write_opposite(wrong, rows, by=by, reason=reason)
    _take_out(order, rows, levels, Cause(order.number, by, str(back)))
    _open_again(order, back, by=by)
    return back


def _take_out(
    order: PurchaseOrder, rows: Sequence[ReceiptLine], levels: Mapping[Row, Level], cause: Cause
) -> None:
    """Let what the rows brought leave receiving; raise NotEnoughStock when it is not there or promised."""
    wanted: Counter[Row] = Counter()
    for row in rows:
        wanted[row.line.product_id, order.warehouse_id] += row.quantity
    place = standard_location(order.warehouse_id, LocationKind.RECEIVING)
    moves = [Move(product, quantity, place.pk, None) for (product, _w), quantity in wanted.items()]
    try:
        require_available(levels, wanted, order.number)
        write_movements(MovementKind.ADJUST, moves, cause)
    except NotEnoughStock as short:
        remedy = _("What was put away or promised stays: move it back to receiving, or cancel the orders.")
        raise NotEnoughStock(order.number, short.shortages, remedy=remedy) from short


def _require_not_taken_back(receipt: Receipt, reason: str) -> None:
    if receipt.takes_back_id is not None or Receipt.objects.filter(takes_back=receipt).exists():
        raise TakenBackAlready(
            _("%(receipt)s of %(order)s is taken back already. Reload the page.")
            % {"receipt": receipt, "order": receipt.purchase_order}
        )
    if not reason.strip():
        raise BadQuantity(_("%(receipt)s: say what was wrong with it.") % {"receipt": receipt})


def _write_opposite(wrong: Receipt, rows: list[ReceiptLine], *, by: User | None, reason: str) -> Receipt:
    """Write the same receipt with less than nothing, on its day, so that no promise is judged by it."""
    back = Receipt.objects.create(
        purchase_order=wrong.purchase_order,
        delivery_note=wrong.delivery_note,
        received_on=wrong.received_on,
        takes_back=wrong,
        reason=reason[:200],
        by=by,
        at=timezone.now(),
    )
    columns: dict[str, list[Any]] = {
        "line_id": [row.line_id for row in rows],
        "quantity": [-row.quantity for row in rows],
        "promised_on": [row.promised_on for row in rows],
        "told_on": [row.told_on for row in rows],
    }
    insert_rows(ReceiptLine, columns, receipt=back)
    return back


def _open_again(order: PurchaseOrder, back: Receipt, *, by: User | None) -> None:
    """Let the order be open again when something is due again, and cancelled still when it was."""
    due = dict(order.lines.filter(due__gt=0).values_list("pk", "due"))
    if order.status == PurchaseStatus.RECEIVED and due:
        order.move_to(PurchaseStatus.OPEN, by=by, note=back.reason, receipt=back.pk)
        return
    if order.status == PurchaseStatus.CANCELLED:
        add_to_rows(PurchaseOrderLine, list(due), cancelled=list(due.values()))
    order.record("receipt taken back", by=by, note=back.reason, receipt=back.pk)
