"""Drafts are edited in batches: lines added, changed and removed, the header filled in, the total kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from inventory.finding import units_by_id
from oms.errors import IllegalMove, NotAllowed, Stale
from oms.models import User
from oms.rows import lock_row
from oms.sets import set_in_rows
from orders.discounts import DocumentDiscount, on_line
from orders.models import Order, Quote
from orders.moving import Move
from orders.services.capturing import require_orderable
from orders.services.charging import set_charges
from orders.services.placing import move_lines, next_position, positions_for
from orders.services.pricing import Beside, Buyer, LineInput, PricedInput, Quoted, as_columns, price_parts
from orders.services.repricing import Touched, prices_differ, reached_by
from orders.services.sheets import Sheet, sheet_of
from orders.services.stock_holds import move_holds, quote_to_hold
from orders.services.taxing import Taxation, taxation_of
from orders.services.totalling import require_discount, total_up, write_totals
from orders.status import OrderStatus


class Keep(Enum):
    """What a change leaves as it is; None would be an empty price."""

    AS_IS = "as it is"


AS_IS = Keep.AS_IS


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different in a line. A `unit_price` of None goes back to the list, from a quoted price too.

    A price `as_it_was` is asked of no list. Several `discounts`, taken one after the other, come to the
    `discount_percent` beside them.
    """

    line_id: int
    ordered: int | None = None
    unit_id: int | None = None
    unit_price: Decimal | Literal[Keep.AS_IS] | None = AS_IS
    discount_percent: Decimal | None = None
    discounts: tuple[Decimal, ...] = ()
    note: str | None = None
    as_it_was: Quoted | None = None

    @property
    def is_priced(self) -> bool:
        """Whether it changes more than the note, so that the line is priced again."""
        return self.note is None or self != Change(self.line_id, note=self.note)


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """What becomes different above the lines; None stays. A quote has no bill-to, no date requested and no note.

    `charges` are by kind; one of 0 goes away.
    """

    ship_to_id: int | None = None
    bill_to_id: int | None = None
    warehouse_id: int | None = None
    customer_po: str | None = None
    requested_on: date | None = None
    valid_until: date | None = None
    note: str | None = None
    discount: DocumentDiscount | None = None
    charges: Mapping[int, Decimal] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("discount", "charges")}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Edit:
    """One batch of operations, made by somebody who saw the document at `revision`.

    `places` are the positions wanted for some of the lines added, by their index; a taken one is not given. Others
    come right `below` a line, by its id. `moves` are made in turn, when everything else is done.
    """

    revision: int
    add: Sequence[LineInput] = ()
    change: Sequence[Change] = ()
    remove: frozenset[int] = frozenset()
    header: HeaderChange = field(default_factory=HeaderChange)
    places: Mapping[int, int] = field(default_factory=dict)
    below: Mapping[int, int] = field(default_factory=dict)
    moves: Sequence[Move] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What a batch did: the ids of new lines in the order they were added, and of the others.

    What an agreement could not give of a line stands behind all others; `rest` has those lines for each one added,
    `rest_of` for those changed, by their ids.
    """

    revision: int
    added: list[int]
    changed: list[int]
    products: set[int]
    rest: list[list[int]]
    rest_of: dict[int, list[int]]


@transaction.atomic
def edit_order(order_id: int, edit: Edit, *, by: User) -> Edited:
    """Apply a batch to a draft order; only what changed is priced again. What its quote holds goes where it goes.

    Raise IllegalMove when it is no draft, Stale when somebody was faster, NotAllowed for a typed price
    without the right to it, NotOrderable, BadQuantity; then nothing has changed.
    """
    moves = edit.header.values().get("warehouse_id")
    quote = quote_to_hold(order_id) if moves else None
    order = lock_row(Order, order_id, "customer", "currency")
    edited = _edit(sheet_of(order), edit, by=by)
    if quote:
        move_holds(quote, order, by=by)
    return edited


@transaction.atomic
def edit_quote(quote_id: int, edit: Edit, *, by: User) -> Edited:
    """Apply a batch to the version of a quote that is being drafted; else like `edit_order`."""
    quote = lock_row(Quote, quote_id, "customer", "currency")
    return _edit(sheet_of(quote), edit, by=by)


def _edit(sheet: Sheet, edit: Edit, *, by: User) -> Edited:
    document = sheet.document
    require_draft(document)
    require_current(document, edit.revision)
    require_may_type_prices(edit.add, edit.change, edit.header.discount, by=by)
    moved = _write_header(sheet, edit.header.values())
    _write_discount(sheet, edit.header.discount)
    if edit.header.charges:
        set_charges(sheet.totalled, edit.header.charges, document.currency)
    removed = _remove(sheet, edit.remove)
    changes = [change for change in edit.change if change.line_id not in edit.remove]
    noted = _write_notes(sheet, {one.line_id: one.note for one in changes if one.note is not None})
    changes = [change for change in changes if change.is_priced]
    lines = _changed_lines(sheet, changes)
    wanted = [*(after(lines[change.line_id], change) for change in changes), *edit.add]
    units = units_by_id(line.unit_id for line in wanted) if wanted else {}
    products = removed | {line.product_id for line in lines.values()} | {u.product_id for u in units.values()}
    buyer = sheet.buyer
    reached, beside = reached_by(Touched(products, set(lines), moved, units), sheet.lines, buyer)
    written = [*(lines[change.line_id] for change in changes), *reached]
    wanted[len(changes) : len(changes)] = [after(line, Change(line.pk)) for line in reached]
    added = positions_for(sheet, len(edit.add), edit.places)
    priced = _priced(buyer, wanted, [*(line.position for line in written), *added], beside)
    first = [parts[0] for parts in priced]
    _write(sheet, [line.pk for line in written], first[: len(written)])
    ids = sheet.add(first[len(written) :], positions=added)
    rest = add_rest(sheet, priced)
    elsewhere = move_lines(sheet, _moves(edit, ids))
    write_total_of(sheet)
    count_up(document, by)
    products |= noted | elsewhere | {line.product_id for line in reached}
    rest_of = {line.pk: ids_of for line, ids_of in zip(written, rest, strict=False) if ids_of}
    return Edited(
        document.revision, ids, [line.pk for line in written], products, rest[len(written) :], rest_of
    )


def _write_header(sheet: Sheet, values: Mapping[str, Any]) -> bool:
    """Write the header; return whether the goods go elsewhere now, to where other prices may hold."""
    before = sheet.document.ship_to_id
    sheet.write_header(values)
    now = values.get("ship_to_id", before)
    sheet.document.ship_to_id = now
    return bool(now != before and prices_differ([now, before]))


def _write_discount(sheet: Sheet, discount: DocumentDiscount | None) -> None:
    if discount is not None:
        require_discount(discount, sheet.document.currency)
        write_totals(sheet.totalled, discount_percent=discount.percent, discount_amount=discount.amount)


def require_draft(document: Order | Quote) -> None:
    """Raise IllegalMove when the document is no draft any more."""
    if document.status != OrderStatus.DRAFT:
        raise IllegalMove(document.number, document.get_status_display(), str(OrderStatus.DRAFT.label))


def require_current(document: Order | Quote, revision: int) -> None:
    """Raise Stale, naming who was faster, unless the document still is at this revision."""
    if document.revision == revision:
        return
    if document.edited_by is None or document.edited_at is None:
        raise Stale(_("%(document)s has changed; look at it again.") % {"document": document})
    told = {"person": document.edited_by, "document": document, "when": _when(document.edited_at)}
    raise Stale(
        _("%(person)s changed %(document)s %(when)s. Compare what stands there now with your change.") % told
    )


def _when(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment)}


def require_may_type_prices(
    add: Iterable[LineInput],
    change: Iterable[Change] = (),
    discount: DocumentDiscount | None = None,
    *,
    by: User,
) -> None:
    """Raise NotAllowed for a price or discount typed by somebody without the right to it."""
    typed = any(line.unit_price is not None or line.discount_percent for line in add) or any(
        isinstance(one.unit_price, Decimal) or one.discount_percent for one in change
    )
    typed = typed or discount is not None
    if typed and not by.has_perm("orders.override_price"):
        raise NotAllowed(_("You may not type prices or discounts; ask somebody who may."))


def _remove(sheet: Sheet, ids: Iterable[int]) -> set[int]:
    """Delete these lines of the draft; return their products. Nothing hangs on a line of a draft."""
    wanted = list(ids)
    if not wanted:
        return set()
    found = sheet.lines.filter(pk__in=wanted)
    products = dict(found.values_list("pk", "product_id"))
    _require_all_there(wanted, products)
    found.order_by()._raw_delete(found.db)
    return set(products.values())


def _write_notes(sheet: Sheet, notes: Mapping[int, str]) -> set[int]:
    """Write the notes of these lines, which changes nothing else of them; return their products."""
    if not notes:
        return set()
    products = dict(sheet.lines.filter(pk__in=notes).values_list("pk", "product_id"))
    _require_all_there(notes, products)
    set_in_rows(sheet.lines.model, list(notes), note=list(notes.values()))
    return set(products.values())


def _moves(edit: Edit, ids: Sequence[int]) -> list[Move]:
    """Return which lines go where, those first that were added below another."""
    below = [Move(ids[index], line, below=True) for index, line in edit.below.items()]
    return [*below, *(move for move in edit.moves if move.line not in edit.remove)]


def _changed_lines(sheet: Sheet, changes: Sequence[Change]) -> dict[int, Any]:
    if not changes:
        return {}
    lines: dict[int, Any] = sheet.lines.in_bulk([change.line_id for change in changes])
    _require_all_there([change.line_id for change in changes], lines)
    return lines


def _require_all_there(wanted: Iterable[int], found: Mapping[int, object]) -> None:
    if any(line not in found for line in wanted):
        raise Stale(_("A line that you changed is no longer there; look at the document again."))


def after(line: Any, change: Change) -> LineInput:
    """Return what the line asks for once it is changed. A price typed or quoted for another unit is forgotten."""
    same_unit = change.unit_id in (None, line.unit_id)
    typed = Decimal(line.trace["typed"]) if same_unit and line.price_was_typed else None
    stays_quoted = same_unit and line.price_was_quoted and change.unit_price is AS_IS
    return LineInput(
        unit_id=change.unit_id or line.unit_id,
        ordered=line.ordered if change.ordered is None else change.ordered,
        unit_price=typed if change.unit_price is AS_IS else change.unit_price,
        stands=same_unit and change.ordered in (None, line.ordered),
        quoted=price_of_line(line) if stays_quoted else change.as_it_was,
        note=line.note,
        **(
            on_line(line.discounts)
            if change.discount_percent is None
            else {"discount_percent": change.discount_percent, "discounts": change.discounts}
        ),
    )


def price_of_line(line: Any) -> Quoted:
    """Return the price of a line with all that it was made from."""
    return Quoted(*(getattr(line, name) for name in Quoted._fields))


def _priced(
    buyer: Buyer, lines: Sequence[LineInput], positions: Sequence[int], beside: Beside
) -> list[list[PricedInput]]:
    if not lines:
        return []
    require_orderable(lines, positions=positions)
    return price_parts(buyer, lines, positions=positions, beside=beside)


def add_rest(sheet: Sheet, priced: Sequence[Sequence[PricedInput]]) -> list[list[int]]:
    """Add behind all others what an agreement could not give of these lines; return the new lines' ids for each."""
    rest = [part for parts in priced for part in parts[1:]]
    if not rest:
        return [[] for _parts in priced]
    first = next_position(sheet, len(rest))
    ids = iter(sheet.add(rest, positions=range(first, first + len(rest))))
    return [list(islice(ids, len(parts) - 1)) for parts in priced]


def _write(sheet: Sheet, ids: Sequence[int], lines: Sequence[PricedInput]) -> None:
    if ids:
        set_in_rows(sheet.lines.model, ids, **as_columns(lines))


def write_total_of(sheet: Sheet) -> Taxation:
    """Write what the document comes to now; return how it is taxed.

    Raise BadQuantity when no document is that large.
    """
    taxation = taxation_of(sheet.totalled)
    total_up(sheet.totalled, sheet.document.currency, taxation)
    return taxation


def count_up(document: Order | Quote, by: User) -> None:
    """The document is at its next revision, edited by this person."""
    model: Any = type(document)
    model.objects.filter(pk=document.pk).update(
        revision=F("revision") + 1, edited_by=by, edited_at=timezone.now()
    )
    document.revision += 1
