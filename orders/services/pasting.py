"""Pasted rows are looked up and judged before anything becomes a line, in a constant number of statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.services.restricting import closed_to
from inventory.models import Product, ProductUnit
from inventory.neighbours import Near, neighbours, squeezed, written_alike
from inventory.units import misfit, written
from oms.barcodes import one_gtin
from oms.currencies import may_mean
from oms.models import User
from orders.discounts import written as written_discounts
from orders.entry import read_count, written_terms
from orders.models import PasteColumns
from orders.pasting import (
    Layout,
    Pasted,
    PastedRow,
    Reading,
    Role,
    Wish,
    recognise,
    require_few,
    shape_of,
    split,
)
from orders.services.naming import codes_in, first_known, spellings, stored_as, told_apart
from orders.services.sheets import Sheet
from orders.services.understanding import Units, units_named

SUGGESTIONS = 3
ALMOST_SURE = 0.8
PIECES = frozenset("PC PCS PIECE PIECES EA EACH ST STK STÜCK STUECK UN UNIT UNITS PZ U C62 X".split())


class Confidence(models.TextChoices):
    """How sure it is that a row means its product. Nothing is added that is only near."""

    EXACT = "exact", gettext_lazy("exact")
    THEIRS = "theirs", gettext_lazy("their number")
    BARCODE = "barcode", gettext_lazy("barcode")
    CASE = "case", gettext_lazy("but for case or signs")
    NEAR = "near", gettext_lazy("near miss")
    UNKNOWN = "unknown", gettext_lazy("unknown")


@dataclass(frozen=True, slots=True)
class Fix:
    """What a person chose for a row: another code, another quantity."""

    code: str = ""
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a person wants the paste to be read."""

    wish: Wish = field(default_factory=Wish)
    merge: bool = False
    listed: bool = False  # where all prices are in another currency, those of the list instead
    fixes: Mapping[str, Fix] = field(default_factory=dict)  # by the places of the rows


@dataclass(frozen=True, slots=True)
class Money:
    """The document's currency; the `foreign` one of all prices that were pasted, and whether those of the list
    are taken instead."""

    currency: str
    foreign: str
    listed: bool


@dataclass(slots=True)
class Judged:
    """One pasted row with what it comes to. With an `entry`, as it would be typed, it can be added."""

    row: PastedRow
    reading: Reading
    confidence: Confidence = Confidence.UNKNOWN
    offered: Sequence[ProductUnit] = ()  # the units of its product; none while that is unknown
    unit: ProductUnit | None = None
    amount: Fraction = Fraction(0)
    price: Decimal | None = None
    discounts: tuple[Decimal, ...] = ()
    quantity: str = ""
    problem: str = ""
    offers: list[str] = field(default_factory=list)
    suggestions: list[Product] = field(default_factory=list)
    repeats: str = ""  # the row that had the product before
    doubt: str = ""  # why a person has to choose before it is added
    entry: str = ""

    @property
    def is_unknown(self) -> bool:
        return not self.offered and not self.problem

    @property
    def off(self) -> str:
        """The discounts as they are typed."""
        return f"{written_discounts(self.discounts)} %" if self.discounts else ""

    @property
    def terms(self) -> str:
        """The price and the discounts of its own, as they are typed behind the quantity."""
        return written_terms(self.price, self.discounts)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was pasted: how it was read, each row, and what orders nothing."""

    layout: Layout
    header: list[str]
    shape: str
    remembered: bool
    rows: list[Judged]
    aside: list[str]
    repeated: int
    prices_left_out: bool
    foreign: str = ""  # the currency of all prices, when the document's is another


def judge_paste(sheet: Sheet, text: str, choices: Choices, *, by: User) -> Judgement:
    """Return what each pasted row means for the customer of the draft. Nothing is written.

    Raise ValueError, with a sentence, for more than an order can take.
    """
    pasted, shape, remembered = _recognised(sheet, text, choices.wish)
    judged = _resolved(sheet, pasted.rows, choices.fixes, by)
    currency = sheet.document.currency.code if by.has_perm("orders.override_price") else None
    foreign = _foreign_to_all(judged, currency) if currency else ""
    money = Money(currency, foreign, choices.listed) if currency else None
    for one in judged:
        _measure(one, choices.fixes.get(one.row.place), money)
    repeated = _mark_repeats(judged, merge=choices.merge)
    for one in judged:
        _judge(one, merge=choices.merge)
        one.problem = " ".join(filter(None, (one.problem, one.doubt)))
    _mark_closed(sheet, judged)
    left_out = currency is None and any(map(_has_own_terms, judged))
    return Judgement(
        pasted.layout, pasted.header, shape, remembered, judged, pasted.aside, repeated, left_out, foreign
    )  # fmt: skip


def _recognised(sheet: Sheet, text: str, wish: Wish) -> tuple[Pasted, str, bool]:
    """Return the rows, read as this customer's last list of the shape was unless somebody chose otherwise."""
    table = split(text, wish.delimiter)
    pasted = recognise(table, wish)
    shape = shape_of(table, pasted)
    kept = PasteColumns.objects.filter(customer=sheet.document.customer_id, shape=shape).first()
    if kept is None or wish.roles:
        return pasted, shape, False
    roles = tuple(map(Role, kept.roles.split(",")))
    if Role.QUANTITY not in roles and Role.QUANTITY in pasted.layout.roles:  # one of each was a mistake then
        return pasted, shape, False
    as_before = replace(
        wish,
        roles=roles,
        has_header=kept.has_header if wish.has_header is None else wish.has_header,
        usual_decimal=kept.decimal,
    )
    return recognise(table, as_before), shape, True


def _fixed(row: PastedRow, fixes: Mapping[str, Fix]) -> PastedRow:
    fix = fixes.get(row.place)
    if fix is None or not fix.code or not row.readings:
        return row
    return replace(row, readings=(replace(_likely(row), code=fix.code),))


def _likely(row: PastedRow) -> Reading:
    """Return what the row means when no code in it is known: the reading with a number beside it."""
    return row.readings[:2][-1]


def _resolved(sheet: Sheet, rows: Sequence[PastedRow], fixes: Mapping[str, Fix], by: User) -> list[Judged]:
    chosen = {spelling for fix in fixes.values() if fix.code for spelling in spellings(fix.code)}
    units = units_named(sheet, codes_in(rows) | chosen, by=by)
    each = [one for row in rows for one in told_apart(row, units)]
    require_few(len(each))
    judged = [_known(_fixed(row, fixes), units) for row in each]
    _resolve_alike(sheet, [one for one in judged if one.is_unknown], by)
    unknown = [one for one in judged if one.is_unknown]
    products = Product.objects.visible_to(by)
    near = neighbours({one.reading.code for one in unknown}, products, limit=SUGGESTIONS)
    for one in unknown:
        _suggest(one, near.get(one.reading.code, []))
    return judged


def _known(row: PastedRow, units: Units) -> Judged:
    """Return the first of the row's readings whose code is known, else the likely one without a product."""
    if reading := first_known(row.readings, units):
        code = stored_as(reading.code, units) or ""
        return Judged(row, reading, _confidence(reading.code, code, units[code]), units[code])
    if not row.readings:
        return Judged(row, Reading(row.text, Decimal(0)), problem=row.problem)
    return Judged(row, _likely(row))


def _confidence(typed: str, code: str, units: Sequence[ProductUnit]) -> Confidence:
    if units[0].product.sku == code:
        return Confidence.EXACT if typed == code else Confidence.CASE
    return Confidence.BARCODE if any(unit.gtin == one_gtin(code) for unit in units) else Confidence.THEIRS


def _unit(offered: Sequence[ProductUnit], typed: str) -> ProductUnit | None:
    """Return the unit that was meant; words for a single piece mean the base unit."""
    word = typed.upper()
    named = next((u for u in offered if word in ("", u.code.upper(), u.name.upper())), None)
    if named is None and word in PIECES:
        named = next((unit for unit in offered if unit.numerator == unit.denominator), None)
    return named


def _resolve_alike(sheet: Sheet, open_rows: Sequence[Judged], by: User) -> None:
    """Take the one product whose SKU differs only in case, blanks and signs; two such are a choice."""
    codes = {reading.code for one in open_rows for reading in one.row.readings}
    alike = written_alike(codes, Product.objects.visible_to(by))
    only = {left: found[0].sku for left, found in alike.items() if len(found) == 1}
    units = units_named(sheet, set(only.values()), by=by)
    for one in open_rows:
        found = next((r for r in one.row.readings if only.get(squeezed(r.code)) in units), None)
        if found:
            one.reading, one.confidence = found, Confidence.CASE
            one.offered = units[only[squeezed(found.code)]]


def _suggest(one: Judged, near: Sequence[Near]) -> None:
    one.suggestions = [found.product for found in near]
    if near and near[0].alike >= ALMOST_SURE:
        one.confidence = Confidence.NEAR
        one.problem = _("Do you mean %(sku)s?") % {"sku": near[0].product.sku}
    else:
        one.problem = _("“%(code)s” is nothing that we know.") % {"code": one.reading.code[:80]}


def _foreign_to_all(judged: Sequence[Judged], currency: str) -> str:
    """Return the currency of all prices, of two at least, when that is another than the document's."""
    signs = [_foreign(one.reading, currency) for one in judged if one.reading.price is not None]
    return signs[0] if len(signs) > 1 and len(set(signs)) == 1 else ""


def _foreign(reading: Reading, currency: str) -> str:
    return next((sign for sign in reading.money if not may_mean(sign, currency)), "")


def _measure(one: Judged, fix: Fix | None, money: Money | None) -> None:
    """Set quantity, unit and price as pasted, or as a person chose them for the row; no money, no prices."""
    quantity, typed = one.reading.quantity, one.reading.unit
    is_chosen = bool(fix and fix.quantity)
    if fix and fix.quantity:
        quantity, typed = read_count(fix.quantity)
    one.amount = Fraction(quantity)
    one.unit = _unit(one.offered, typed)
    doubts = [one.row.doubt]
    if money:
        doubts += _take_terms(one, money)
    one.doubt = "" if is_chosen else " ".join(filter(None, doubts))
    if one.offered and one.unit is None:
        one.problem = _("not sold in %(unit)s") % {"unit": typed}
        one.offers = [f"{written(one.amount)} {unit.code}" for unit in one.offered[:SUGGESTIONS]]


def _take_terms(one: Judged, money: Money) -> Iterator[str]:
    """Set price and discounts; yield why a price cannot be taken."""
    reading = one.reading
    one.discounts = reading.discounts
    foreign = _foreign(reading, money.currency)
    if foreign:
        yield _not_in_money(f"{reading.price} {foreign}", money)
    elif reading.per and one.unit and _unit(one.offered, reading.per) is not one.unit:
        remedy = _("Choose the quantity for the list's price, or type the line with that of its unit.")
        told = {"price": f"{reading.price}/{reading.per}"}
        yield _("%(price)s is the price of another unit.") % told + f" {remedy}"
    else:
        one.price = reading.price
    if reading.unread:
        remedy = _("Choose the quantity to leave it out, or type the line with @ before its price.")
        yield _("“%(amount)s” was not read.") % {"amount": reading.unread} + f" {remedy}"


def _not_in_money(price: str, money: Money) -> str:
    """Say that a price is in another currency; what to do is said once when all are."""
    if money.foreign and money.listed:
        return ""
    said = _("%(price)s is not in %(currency)s.") % {"price": price, "currency": money.currency}
    if money.foreign:
        return said
    remedy = _("Choose the quantity for the list's price, or type the line with one in that currency.")
    return f"{said} {remedy}"


def _has_own_terms(one: Judged) -> bool:
    return one.reading.price is not None or bool(one.reading.discounts or one.reading.unread)


def _mark_repeats(judged: Sequence[Judged], *, merge: bool) -> int:
    """Say which row had the product before, in the same unit and at the same price; add up when they are merged."""
    first: dict[tuple[int, str], Judged] = {}
    repeated = 0
    for one in judged:
        if one.unit is None or one.amount <= 0 or one.doubt:
            continue
        before = first.setdefault((one.unit.pk, one.terms), one)
        if before is not one:
            one.repeats = before.row.place
            repeated += 1
            if merge:
                before.amount += one.amount
    return repeated


def _judge(one: Judged, *, merge: bool) -> None:
    """Write the row as it would be typed; what its unit does not allow is named with the nearest that it does."""
    if one.unit is None:
        one.quantity = f"{written(one.amount)} {one.reading.unit}".strip() if one.amount else ""
        return
    one.quantity = f"{written(one.amount)} {one.unit.code}"
    if merge and one.repeats:
        return
    if one.amount <= 0:
        one.problem = _("A quantity is more than 0.")
    elif problem := misfit(one.amount, one.unit):
        one.problem = problem.rule
        one.offers = [f"{nearest} {one.unit.code}" for nearest in problem.nearest]
    else:
        one.entry = f"{one.unit.product.sku} {one.quantity}{one.terms}"
    if one.doubt and one.entry:
        one.entry, one.offers = "", [one.quantity]
    if one.price is None:  # what is asked to be paid for a piece is not that of a box
        one.offers += _packs(one.amount, one.unit, one.offered)


def _mark_closed(sheet: Sheet, judged: Sequence[Judged]) -> None:
    """Say of rows who alone may buy their product; they can be added, and wait on the draft until that is settled."""
    known = {one.unit.product_id for one in judged if one.unit}
    closed = closed_to(sheet.document.customer_id, known) if known else {}
    for one in judged:
        if one.unit and one.unit.product_id in closed and not one.problem:
            one.problem = _("sold to %(who)s only") % {"who": closed[one.unit.product_id]}


def _packs(amount: Fraction, unit: ProductUnit, offered: Sequence[ProductUnit]) -> Iterator[str]:
    """Yield the larger units that hold exactly as much."""
    base, size = amount * unit.numerator / unit.denominator, Fraction(unit.numerator, unit.denominator)
    for pack in offered:
        holds = Fraction(pack.numerator, pack.denominator)
        if holds > size and not misfit(base / holds, pack) and (base / holds).denominator == 1:
            yield f"{written(base / holds)} {pack.code}"


@transaction.atomic
def remember_columns(customer_id: int, shape: str, layout: Layout) -> None:
    """The customer's next list of this shape is read like this one."""
    PasteColumns.objects.update_or_create(
        customer_id=customer_id,
        shape=shape,
        defaults={
            "roles": ",".join(layout.roles),
            "has_header": layout.has_header,
            "decimal": layout.decimal,
            "taken_at": timezone.now(),
        },
    )
