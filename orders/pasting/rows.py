"""Each row means a product and a quantity, or several that it may mean, or nothing that orders anything."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.pasting.cells import COMMA, LONGEST_CELL, WORDS, Table
from orders.pasting.columns import Layout, Role, Wish, decimal_of, fitting, header_at, roles_of
from orders.pasting.numbers import (
    DISCOUNTS,
    MONEY,
    NUMBER,
    POINT,
    read_count,
    read_number,
    read_percentages,
    unit_named,
)

BULLET = re.compile(r"^\s*(?:>\s*)*(?:[-*•–·]\s+|\d{1,3}[.)]\s+)?")
FIRST = re.compile(rf"(?P<count>{NUMBER})\s*(?:[xX×*]|(?P<unit>[^\W\d_]{{1,12}})\.?)?\s+(?P<code>\S.*)")
LAST = re.compile(
    rf"(?P<code>.*\S)[\s:;,=–]+(?:[xX×*]\s*)?(?P<count>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,12}})?\.?"
)
PRICE = re.compile(rf"(?P<rest>.*\S)\s*@\s*(?P<price>{NUMBER})\s*{MONEY.pattern}?", re.IGNORECASE)
OFF = re.compile(rf"(?P<rest>.*?\S)\s+{DISCOUNTS}\s*%", re.ASCII)
MOST_TOKENS = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row may mean. An empty unit is the one offered first, no price is the list's; `discounts` in turn."""

    code: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None
    discounts: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row with its place in the text, and what it may mean, the likeliest first; or what is wrong with it."""

    number: int
    text: str
    readings: tuple[Reading, ...] = ()
    problem: str = ""


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
    at = header_at(table, wish.has_header)
    header = table.rows[at][1] if at is not None else []
    body = table.rows[at + 1 :] if at is not None else table.rows
    roles = fitting(wish.roles, table.width) or roles_of(header, [cells for _n, cells in body], table)
    decimal = wish.decimal if wish.decimal in (POINT, COMMA) else decimal_of(body, roles, wish.usual_decimal)
    pasted = Pasted(Layout(table.delimiter, at is not None, roles, decimal), header)
    pasted.aside += [_joined(cells) for _n, cells in table.rows[: at or 0]]
    for number, cells in body:
        _take(pasted, number, cells)
    return pasted


def _take(pasted: Pasted, number: int, cells: Sequence[str]) -> None:
    layout, text = pasted.layout, _joined(cells)
    try:
        found = _of_words(text, layout.decimal) if layout.delimiter == WORDS else _of_cells(cells, layout)
    except ValueError as error:
        pasted.rows.append(PastedRow(number, text, problem=str(error)))
        return
    if found:
        pasted.rows.append(PastedRow(number, text, tuple(found)))
    else:
        pasted.aside.append(text)


def _joined(cells: Sequence[str]) -> str:
    return " · ".join(cell for cell in cells if cell)[:LONGEST_CELL]


def _of_cells(cells: Sequence[str], layout: Layout) -> list[Reading]:
    """Return what the cells mean; nothing when they order nothing. A list without quantities orders one of each."""
    value = {role: cells[i] if i < len(cells) else "" for i, role in enumerate(layout.roles) if role}
    code, typed = value[Role.CODE], value.get(Role.QUANTITY, "1")
    if not typed or not code:
        return []
    quantity, unit = read_count(typed, layout.decimal)
    if not quantity:
        return []
    price, off = value.get(Role.PRICE, ""), value.get(Role.DISCOUNT, "")
    return [
        Reading(
            code,
            quantity,
            value.get(Role.UNIT, "") or unit,
            _price(price, layout.decimal) if price else None,
            read_percentages(off, layout.decimal) if off else (),
        )
    ]


def _price(text: str, decimal: str) -> Decimal:
    price = read_number(text, decimal)
    if price < 0:
        raise ValueError(_("A price is 0 or more."))
    return price


def _of_words(line: str, decimal: str) -> list[Reading]:
    """Return what a line of a letter may mean. One without a digit is only words."""
    text = BULLET.sub("", line).strip()
    if not any(c.isdigit() for c in text):
        return []
    off = OFF.fullmatch(text)
    if off is None:
        return _worded(text, decimal)
    discounts = read_percentages(off["discounts"], decimal)
    reduced = [replace(one, discounts=discounts) for one in _worded(off["rest"], decimal)]
    return [*reduced, *_worded(text, decimal)]  # a code may end like a discount


def _worded(text: str, decimal: str) -> list[Reading]:
    priced = PRICE.fullmatch(text)
    rest, price = (priced["rest"], _price(priced["price"], decimal)) if priced else (text, None)
    found = [Reading(rest, price=price)]
    for pattern in (FIRST, LAST):
        if counted := pattern.fullmatch(rest):
            found += _counted(counted, decimal, price)
    return found + list(_of_tokens(rest, decimal, price))


def _counted(found: re.Match[str], decimal: str, price: Decimal | None) -> list[Reading]:
    """Return the reading of a code with its number; none when what looks like the number is a code like 12.34.56."""
    try:
        quantity = read_number(found["count"], decimal)
    except ValueError:
        return []
    return [Reading(found["code"].rstrip(" -–:"), quantity, unit_named(found["unit"]), price)]


def _of_tokens(text: str, decimal: str, price: Decimal | None) -> Iterable[Reading]:
    """Yield each word that may be a code with the first number beside it: “please send 20 of V-220 soon”."""
    tokens = [token.strip(".,;:()“”\"'") for token in text.split()]
    counts = [(i, count) for i, token in enumerate(tokens) if (count := _count_of(token, decimal))]
    for i, token in enumerate(tokens[:MOST_TOKENS]):
        beside = next((count for j, count in counts if j != i), None)
        if len(token) > 2 and any(c.isdigit() for c in token) and beside:
            yield Reading(token, *beside, price)


def _count_of(token: str, decimal: str) -> tuple[Decimal, str] | None:
    try:
        return read_count(token, decimal)
    except ValueError:
        return None


def shape_of(table: Table, pasted: Pasted) -> str:
    """Return by what a customer's next paste of the same kind is known: its width and its header."""
    return f"{table.width}|{'|'.join(pasted.header).lower()}"[:LONGEST_CELL]
