"""Each row means a product and a quantity, or several that it may mean, or nothing that orders anything."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from oms.currencies import WRITTEN, signs_in
from orders.pasting.cells import (
    COMMA,
    LONGEST_CELL,
    LONGEST_LINE,
    WORDS,
    Dittos,
    Table,
    unwrapped,
    without_dittos,
)
from orders.pasting.columns import Layout, Role, Wish, decimal_of, fitting, header_at, is_mixed, roles_of
from orders.pasting.numbers import POINT, money_of, read_count, read_percentages, read_price
from orders.pasting.readings import PastedRow, Reading
from orders.pasting.several import parts_of
from orders.pasting.words import count_of, read_line

TOTALS = frozenset(
    "total totals totaal totale summe sum suma somme gesamt gesamtsumme gesamtmenge zwischensumme subtotal".split()
)
BESIDE_TOTALS = frozenset(
    "sub grand netto brutto net gross overall menge stück stk pcs qty quantity anzahl général".split()
)


@dataclass(slots=True)
class Pasted:
    """All that was pasted: as what it was read, the rows, and those left out because they order nothing."""

    layout: Layout
    header: list[str]
    rows: list[PastedRow] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


def recognise(table: Table, wish: Wish | None = None) -> Pasted:
    """Return what the table orders: columns and number format found out where `wish` does not say them."""
    wish = wish or Wish()
    rows, dittos = without_dittos(unwrapped(table.rows) if table.delimiter == WORDS else table.rows)
    table = replace(table, rows=rows)
    at = header_at(table, wish.has_header)
    header = rows[at][1] if at is not None else []
    body = _below(rows, at, dittos)
    roles = fitting(wish.roles, table.width) or roles_of(header, [cells for _n, cells in body], table)
    decimal = wish.decimal if wish.decimal in (POINT, COMMA) else decimal_of(body, roles, wish.usual_decimal)
    money = signs_in(dict(zip(roles, header, strict=False)).get(Role.PRICE, ""))
    mixed = wish.decimal not in (POINT, COMMA) and is_mixed(body, roles)
    pasted = Pasted(Layout(table.delimiter, at is not None, roles, decimal, money, mixed), header)
    pasted.aside += [_joined(cells) for _n, cells in rows[: at or 0]]
    for number, cells in body:
        _take(pasted, number, cells, dittos.get(number, ()))
    _add_money(pasted)
    return pasted


def _below(
    rows: Sequence[tuple[int, list[str]]], at: int | None, dittos: Dittos
) -> Sequence[tuple[int, list[str]]]:
    """Return the rows below the header and below what is merged with it."""
    if at is None:
        return rows
    return next((rows[i:] for i in range(at + 1, len(rows)) if rows[i][0] not in dittos), [])


def _take(pasted: Pasted, number: int, cells: Sequence[str], same: Collection[int]) -> None:
    """Add what a row means, with the columns where it says the `same` as the row above."""
    layout, text = pasted.layout, _joined(cells)
    try:
        row = _row(number, cells, layout, same)
    except ValueError as error:
        row = PastedRow(number, text, problem=str(error))
    if layout.mixed and row.readings and _is_otherwise(row, cells, layout, same):
        two_ways = _(
            "Numbers are written in two ways here. Choose the quantity when it is meant, or above how they are."
        )
        row = replace(row, doubt=" ".join(filter(None, (row.doubt, two_ways))))
    if row.readings or row.problem:
        pasted.rows.append(replace(row, text=text))
    else:
        pasted.aside.append(text)


def _row(number: int, cells: Sequence[str], layout: Layout, same: Collection[int]) -> PastedRow:
    if layout.delimiter == WORDS:
        return _of_words(number, cells[0], layout)
    return _of_cells(number, cells, layout, same)


def _is_otherwise(row: PastedRow, cells: Sequence[str], layout: Layout, same: Collection[int]) -> bool:
    """Whether the row has other numbers when the other sign stands before decimals."""
    other = replace(layout, decimal=COMMA if layout.decimal == POINT else POINT)
    try:
        return _row(row.number, cells, other, same).readings != row.readings
    except ValueError:
        return False  # it can be read in one way only


def _joined(cells: Sequence[str]) -> str:
    return " · ".join(cell for cell in cells if cell)[:LONGEST_LINE]


def _of_words(number: int, line: str, layout: Layout) -> PastedRow:
    if len(line) >= LONGEST_LINE:
        raise ValueError(_("This line is too long to be read to its end. Break it into several."))
    readings = read_line(line, layout.decimal)
    return PastedRow(number, line, tuple(readings), parts=parts_of(line, layout.decimal) if readings else ())


def _of_cells(number: int, cells: Sequence[str], layout: Layout, same: Collection[int]) -> PastedRow:
    """Return what the cells mean; nothing when they order nothing. A list without quantities orders one of each."""
    row = PastedRow(number, "")
    value = {role: cells[i] if i < len(cells) else "" for i, role in enumerate(layout.roles) if role}
    merged = {role for i, role in enumerate(layout.roles) if i in same}
    code, typed = value[Role.CODE], value.get(Role.QUANTITY, "1" if value[Role.CODE] else "")
    if not typed or _is_total(code) or merged >= {Role.CODE, Role.QUANTITY}:
        return row
    if not code:
        return row if any(map(_is_total, cells)) else _without_product(row, typed, layout)
    quantity, unit = read_count(typed, layout.decimal)
    if not quantity:
        return row
    price, off = value.get(Role.PRICE, ""), value.get(Role.DISCOUNT, "")
    reading = Reading(
        code,
        quantity,
        value.get(Role.UNIT, "") or unit,
        read_price(price, layout.decimal) if price else None,
        read_percentages(off, layout.decimal) if off else (),
        _money(price, cells, layout) if price else (),
    )
    shared = _("The quantity is one cell for several rows. Choose it when it is meant for each.")
    return replace(row, readings=(reading,), doubt=shared if Role.QUANTITY in merged else "")


def _is_total(cell: str) -> bool:
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", WRITTEN.sub("", cell))}
    return bool(words & TOTALS) and words <= TOTALS | BESIDE_TOTALS


def _without_product(row: PastedRow, typed: str, layout: Layout) -> PastedRow:
    count = count_of(typed, layout.decimal)
    if not count or not count[0]:
        return row
    return replace(
        row, problem=_("A quantity without a product. Type the line with its product, or remove it.")
    )


def _money(price: str, cells: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """Return the currencies that the price and its heading name, else those that stand elsewhere in the row."""
    return (*money_of(price), *layout.money) or tuple(sign for cell in cells for sign in money_of(cell))


def _add_money(pasted: Pasted) -> None:
    """Take prices without a currency in that of a title or a total beside the rows."""
    named = tuple(dict.fromkeys(sign for text in pasted.aside for sign in signs_in(text)))
    if not named:
        return
    pasted.rows = [
        replace(
            row,
            readings=tuple(_in_money(one, named) for one in row.readings),
            parts=tuple(
                replace(part, readings=tuple(_in_money(one, named) for one in part.readings))
                for part in row.parts
            ),
        )
        for row in pasted.rows
    ]


def _in_money(one: Reading, named: tuple[str, ...]) -> Reading:
    return one if one.price is None or one.money else replace(one, money=named)


def shape_of(table: Table, pasted: Pasted) -> str:
    """Return by what a customer's next paste of the same kind is known: its width and its header."""
    return f"{table.width}|{'|'.join(pasted.header).lower()}"[:LONGEST_CELL]
