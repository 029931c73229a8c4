"""What people typed on a pad becomes lines: codes found, units converted, every problem told at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.services.part_numbers import units_called
from inventory.errors import NotOrderable
from inventory.models import Product, ProductUnit
from inventory.units import as_ordered
from oms.barcodes import one_gtin
from oms.errors import Refused
from oms.models import User
from oms.numbers import read_decimal
from oms.text import clean
from orders.discounts import on_line, read_discounts
from orders.entry import Entry, UnknownCode, meant, read_count, readings
from orders.models.lines import LONGEST_NOTE
from orders.services.drafting import Change
from orders.services.pricing import LineInput
from orders.services.sheets import Sheet

Units = Mapping[str, Sequence[ProductUnit]]
QUANTITY, PRICE, DISCOUNT, NOTE = "quantity", "price", "discount", "note"


class NotUnderstood(Refused):
    """Some operations mean nothing; each is named by its place in the batch, with what would put it right."""

    code = "not_understood"

    def __init__(self, problems: Mapping[int, str], unknown: Mapping[int, str]) -> None:
        self.problems = dict(sorted(problems.items()))
        self.unknown = dict(unknown)  # the codes among them that are nothing we know, to be learned
        super().__init__(" ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class TypedChange:
    """A cell of a line as it was typed: `200` or `2 bx`, `0.42` or nothing for the list's price, `5`, a note.

    A price that goes back to what it `was` is the one that the line was given then, whatever lists say by now.
    """

    line_id: int
    column: str
    text: str
    was: Decimal | None = None


def understand(
    sheet: Sheet, adds: Mapping[int, str], changes: Mapping[int, TypedChange], *, by: User
) -> tuple[list[LineInput], list[Change]]:
    """Return the lines and changes that were typed, keyed by their places in the batch, in a few statements.

    Raise NotUnderstood with all that mean nothing.
    """
    problems: dict[int, str] = {}
    unknown: dict[int, str] = {}
    lines = _lines(sheet.document.customer_id, adds, problems, unknown, by=by)
    changed = _changes(sheet, changes, problems)
    if problems:
        raise NotUnderstood(problems, unknown)
    return lines, changed


def _lines(
    customer_id: int, adds: Mapping[int, str], problems: dict[int, str], unknown: dict[int, str], *, by: User
) -> list[LineInput]:
    entries: dict[int, list[Entry]] = {}
    for index, text in adds.items():
        try:
            entries[index] = readings(text)
        except ValueError as error:
            problems[index] = str(error)
    codes = {entry.code for found in entries.values() for entry in found}
    units = _units_named(codes, customer_id, by) if entries else {}
    lines = []
    for index, found in entries.items():
        try:
            lines.append(_line(found, units))
        except (ValueError, NotOrderable) as error:
            problems[index] = str(error)
            if isinstance(error, UnknownCode):
                unknown[index] = error.code
    return lines


def _units_named(codes: set[str], customer_id: int, by: User) -> dict[str, list[ProductUnit]]:
    """Return the units by SKU, by the customer's own number, and single units by their GTIN, in this order.

    Of a product the unit offered first stands in front, of a customer's number the unit that it means.
    """
    wanted = codes | {code.upper() for code in codes}
    theirs = units_called(customer_id, codes)
    named = ProductUnit.objects.filter(Q(gtin__in=wanted) | Q(pk__any_of=theirs.values())).values("product")
    rows = ProductUnit.objects.filter(
        Q(product__sku__in=wanted) | Q(product__in=named), product__in=Product.objects.visible_to(by)
    )
    units = list(rows.select_related("product").order_by("-is_default", "numerator", "pk"))
    found: dict[str, list[ProductUnit]] = {}
    for unit in units:
        found.setdefault(unit.product.sku, []).append(unit)
    _add_theirs(found, theirs, {unit.pk: unit for unit in units})
    numbers = {unit.gtin: unit for unit in units if unit.gtin}
    for code in wanted:
        if scanned := numbers.get(one_gtin(code)):
            found.setdefault(code, [scanned])
    return found


def _add_theirs(
    found: dict[str, list[ProductUnit]], theirs: Mapping[str, int], units: Mapping[int, ProductUnit]
) -> None:
    """Add what the customer's numbers mean, unless one is a SKU: the unit meant in front of the product's others."""
    for code, pk in theirs.items():
        if code not in found and code.upper() not in found and pk in units:
            others = [unit for unit in found[units[pk].product.sku] if unit.pk != pk]
            found[code] = [units[pk], *others]


def units_named(sheet: Sheet, codes: set[str], *, by: User) -> dict[str, list[ProductUnit]]:
    """Return what the codes name on this document, as they are typed there or in capitals."""
    return _units_named(codes, sheet.document.customer_id, by) if codes else {}


def _line(found: Sequence[Entry], units: Units) -> LineInput:
    entry = meant(found, units)
    unit = unit_meant(units[entry.code], entry.unit)
    return LineInput(unit.pk, _base(entry.quantity, unit), entry.price, **on_line(entry.discounts))


def unit_meant(offered: Sequence[ProductUnit], typed: str) -> ProductUnit:
    """Return the unit that was typed, the first one for nothing; raise ValueError when it is not sold in that."""
    for unit in offered:
        if typed in ("", unit.code.upper(), unit.name.upper()):
            return unit
    raise ValueError(
        _("%(sku)s is not sold in %(unit)s; take %(units)s.")
        % {
            "sku": offered[0].product.sku,
            "unit": typed[:20],
            "units": ", ".join(unit.code for unit in offered),
        }
    )


def _base(quantity: Decimal, unit: ProductUnit) -> int:
    if quantity <= 0:
        raise ValueError(
            _("A quantity is more than 0, not %(typed)s. A line that is not wanted is removed.")
            % {"typed": quantity}
        )
    return as_ordered(quantity, unit, sku=unit.product.sku, name=unit.name)


def _changes(sheet: Sheet, changes: Mapping[int, TypedChange], problems: dict[int, str]) -> list[Change]:
    if not changes:
        return []
    lines = sheet.lines.in_bulk({change.line_id for change in changes.values()})
    units = _units_of({line.product_id for line in lines.values()})
    meant: dict[int, dict[str, Any]] = {}
    for index, change in changes.items():
        line = lines.get(change.line_id)
        try:
            values = _cell(change, line, units.get(line.product_id, []) if line else [])
        except (ValueError, NotOrderable) as error:
            problems[index] = str(error)
        else:
            meant.setdefault(change.line_id, {}).update(values)
    return [Change(line_id, **values) for line_id, values in meant.items()]


def _units_of(products: Iterable[int]) -> dict[int, list[ProductUnit]]:
    units: dict[int, list[ProductUnit]] = {}
    for unit in ProductUnit.objects.filter(product__in=products).select_related("product").order_by("pk"):
        units.setdefault(unit.product_id, []).append(unit)
    return units


def _cell(change: TypedChange, line: Any, units: Sequence[ProductUnit]) -> dict[str, Any]:
    """Return the fields of a `Change` that a typed cell means."""
    if line is None:
        raise ValueError(_("The line is no longer there."))
    text = change.text.strip()
    if change.column == QUANTITY:
        quantity, code = read_count(text)
        unit = unit_meant(units, code) if code else next(unit for unit in units if unit.pk == line.unit_id)
        return {"ordered": _base(quantity, unit), "unit_id": unit.pk}
    if change.column == PRICE:
        return {"unit_price": read_decimal(text) if text else None}
    return {"note": read_note(text)} if change.column == NOTE else on_line(read_discounts(text))


def read_note(text: str) -> str:
    """Return a note without what nobody can see; raise ValueError when it is too long to stand on a line."""
    note = clean(text)
    if len(note) > LONGEST_NOTE:
        told = {"most": LONGEST_NOTE, "n": len(note)}
        raise ValueError(_("A note on a line has %(most)s characters at most, not %(n)s.") % told)
    return note
