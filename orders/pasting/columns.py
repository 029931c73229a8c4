"""What the columns of a table hold: told by its header, else by what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from oms.currencies import WRITTEN
from orders.pasting.cells import COMMA, MOSTLY, WORDS, Table
from orders.pasting.numbers import COUNT, DISCOUNTS, POINT, joined, money_of, shown_decimal

HEADER_WITHIN = 10  # titles stand above a header, rarely more than that


class Role(StrEnum):
    """What a column holds."""

    CODE = "code"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    DISCOUNT = "discount"
    NOTHING = ""


SOME = 0.5
NUMBERS = frozenset({Role.QUANTITY, Role.PRICE})
# A word of a header tells the role of its column; what is said first wins: a "unit price" is a price.
HEADINGS: dict[Role, str] = {
    Role.NOTHING: "total amount sum value betrag gesamt summe montant importe description name text bezeichnung "
    "designation descripción omschrijving descrizione pos position line zeile",
    Role.PRICE: "price preis einzelpreis prix precio prezzo prijs cost",
    Role.DISCOUNT: "discount disc rabatt nachlass remise descuento dto sconto korting",
    Role.QUANTITY: "qty quantity menge anzahl bestellmenge quantité qté cantidad quantità aantal "
    "stück stk pcs pieces count bedarf",
    Role.UNIT: "unit uom einheit me unité unidad eenheid pack",
    Role.CODE: "sku code item article art artikel artikelnr artikelnummer part material product produkt ref reference "
    "référence referencia ean gtin barcode codice artikelcode",
}  # fmt: skip
ROLE_OF = {word: role for role, words in reversed(HEADINGS.items()) for word in words.split()}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose, or what was remembered; None is found out."""

    delimiter: str | None = None
    has_header: bool | None = None
    roles: tuple[Role, ...] | None = None
    decimal: str | None = None
    usual_decimal: str | None = None  # where the cells leave a doubt


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows were read: between cells, above them, what each column holds, and the sign before decimals."""

    delimiter: str
    has_header: bool
    roles: tuple[Role, ...]
    decimal: str
    money: tuple[str, ...] = ()  # the currencies that stand above the prices
    mixed: bool = False  # whether numbers are written in both ways, and nobody has chosen one


def header_at(table: Table, wanted: bool | None) -> int | None:
    """Return the place of the header, if there is one; what stands above it is no order."""
    if wanted is False or table.delimiter == WORDS or len(table.rows) < 2:
        return None
    for at, (_n, cells) in enumerate(table.rows[:HEADER_WITHIN]):
        if len({role for role in map(_role_of, cells) if role}) > 1 and not any(map(_is_number, cells)):
            return at
    if wanted:
        return 0
    first, *rest = (cells for _n, cells in table.rows)
    is_title = not any(map(_is_number, first)) and _role_of(first[0]) is not None
    return 0 if is_title and any(_is_number(cell) for cells in rest for cell in cells) else None


def _role_of(heading: str) -> Role | None:
    """Return the role that a heading tells, also one written as programs do: StockCode, unit_price."""
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", heading).lower())
    found = {ROLE_OF[word] for word in words if word in ROLE_OF}
    return next((role for role in HEADINGS if role in found), None)


def fitting(roles: tuple[Role, ...] | None, width: int) -> tuple[Role, ...] | None:
    if not roles or Role.CODE not in roles:
        return None
    return (*roles, *[Role.NOTHING] * width)[:width]


def roles_of(header: Sequence[str], body: Sequence[Sequence[str]], table: Table) -> tuple[Role, ...]:
    if table.delimiter == WORDS:
        return (Role.CODE,)
    found = _said(header, table.width)
    columns = [[cells[i] if i < len(cells) else "" for cells in body] for i in range(table.width)]
    free = [i for i in range(table.width) if found[i] is None]
    _guess(found, columns, free)
    return tuple(role or Role.NOTHING for role in found)


def _said(header: Sequence[str], width: int) -> list[Role | None]:
    """Return the roles that the header says; the first column of a role has it, later ones have none."""
    found: list[Role | None] = [None] * width
    for i, heading in enumerate(header):
        role = _role_of(heading)
        found[i] = Role.NOTHING if role and role in found[:i] else role
    return found


def _guess(found: list[Role | None], columns: Sequence[Sequence[str]], free: Sequence[int]) -> None:
    """Fill in the roles that the content tells."""
    if Role.DISCOUNT not in found:
        off = next((i for i in free if _share(columns[i], _is_discount) >= MOSTLY), None)
        free = [i for i in free if i != off]
        if off is not None:
            found[off] = Role.DISCOUNT
    paid = [i for i in free if _share(columns[i], _is_money) >= MOSTLY]
    priced = next((i for i in paid if any(map(_is_number, columns[i]))), None)
    if Role.PRICE not in found and priced is not None:
        found[priced] = Role.PRICE
    free = [i for i in free if i not in paid]
    numeric = [i for i in free if _share(columns[i], _is_number) >= MOSTLY]
    if len(numeric) > 1 and _is_counter(columns[numeric[0]]):
        found[numeric.pop(0)] = Role.NOTHING
    worded = [i for i in free if i not in numeric and found[i] is None]
    if Role.CODE not in found and (code := _code_column(columns, worded, numeric)) is not None:
        found[code] = Role.CODE
    numeric = [i for i in numeric if found[i] is None]
    if Role.QUANTITY not in found and numeric:
        whole = [i for i in numeric if _share(columns[i], _is_whole) >= MOSTLY]
        quantity = (whole or numeric)[0]
        numeric = [i for i in numeric if i > quantity]
        found[quantity] = Role.QUANTITY
    elif Role.QUANTITY not in found and (likely := _likeliest_quantity(found, columns, free)) is not None:
        found[likely] = Role.QUANTITY
    if Role.PRICE not in found and numeric:
        found[numeric[0]] = Role.PRICE
    if Role.UNIT not in found:
        unit = next((i for i in worded if found[i] is None and _are_units(columns[i])), None)
        if unit is not None:
            found[unit] = Role.UNIT


def _likeliest_quantity(
    found: Sequence[Role | None], columns: Sequence[Sequence[str]], free: Sequence[int]
) -> int | None:
    """Return the column that has numbers in half of its cells at least: the others are for people to look at."""
    shares = {i: _share(columns[i], _is_number) for i in free if found[i] is None}
    best = max(shares, key=lambda i: shares[i], default=None)
    return best if best is not None and shares[best] >= SOME else None


def _code_column(columns: Sequence[Sequence[str]], worded: list[int], numeric: list[int]) -> int | None:
    coded = [i for i in worded if _share(columns[i], _is_code) >= 0.5]
    barcodes = [i for i in numeric if _share(columns[i], lambda cell: len(cell) >= 8) >= MOSTLY]
    whole = [i for i in numeric if _share(columns[i], _is_whole) >= MOSTLY]
    articles = [i for i in whole[:-1] if _share(columns[i], _is_article) >= MOSTLY]  # the last tells how many
    return next(iter([*coded, *barcodes, *articles, *worded, *numeric]), None)


def _share(cells: Sequence[str], is_so: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(map(is_so, filled)) / len(filled) if filled else 0.0


def _is_number(cell: str) -> bool:
    return COUNT.fullmatch(joined(WRITTEN.sub("", cell)).strip()) is not None


def _is_money(cell: str) -> bool:
    return bool(money_of(cell))


def _is_discount(cell: str) -> bool:
    return (
        cell.endswith("%") and re.fullmatch(DISCOUNTS, cell.removesuffix("%").strip(), re.ASCII) is not None
    )


def _is_whole(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\s*[^\W\d_]{1,12}\.?)?", joined(cell)) is not None


def _is_code(cell: str) -> bool:
    return any(c.isdigit() for c in cell) and cell.count(" ") < 2


def _is_article(cell: str) -> bool:
    """Whether it looks like an article number, such as 71053 or 84029E, rather than how many."""
    return re.fullmatch(r"\d{4,}[A-Z]{0,3}", cell, re.IGNORECASE) is not None


def _is_counter(cells: Sequence[str]) -> bool:
    """Whether the column only counts the rows: 1, 2, 3 or 10, 20, 30."""
    if len(cells) < 2 or not all(cell.isascii() and cell.isdigit() and len(cell) < 7 for cell in cells):
        return False
    numbers = list(map(int, cells))
    return numbers[0] in (1, 10) and {b - a for a, b in pairwise(numbers)} == {numbers[0]}


def _are_units(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    short = all(len(cell) <= 6 and not any(c.isdigit() for c in cell) for cell in filled)
    return bool(filled) and short and len(set(filled)) <= max(3, len(filled) // 4)


def decimal_of(body: Sequence[tuple[int, list[str]]], roles: Sequence[Role], usual: str | None = None) -> str:
    """Return the sign before decimals that the numbers show, else the usual one.

    Without one, 1.200 pieces are many and a price has a point.
    """
    certain: Counter[str] = Counter()
    likely: Counter[str] = Counter()
    for role, cell in _numbers(body, roles):
        if sign := shown_decimal(cell):
            certain[sign] += 1
        elif role == Role.QUANTITY and (grouped := re.search(r"\d([.,])\d{3}(?!\d)", cell)):
            likely[COMMA if grouped[1] == POINT else POINT] += 1
    if not certain and usual:
        return usual
    votes = certain or likely
    return votes.most_common(1)[0][0] if votes else POINT


def is_mixed(body: Sequence[tuple[int, list[str]]], roles: Sequence[Role]) -> bool:
    """Whether some numbers show a point before decimals and others a comma."""
    return {POINT, COMMA} <= {shown_decimal(cell) for _role, cell in _numbers(body, roles)}


def _numbers(body: Sequence[tuple[int, list[str]]], roles: Sequence[Role]) -> Iterator[tuple[Role, str]]:
    """Yield what stands where numbers do; without columns, the words that may be quantities."""
    for _n, cells in body:
        if Role.QUANTITY in roles:
            yield from ((role, cell) for role, cell in zip(roles, cells, strict=False) if role in NUMBERS)
        else:
            words = " ".join(cells).replace("@", " ").split()
            yield from ((Role.QUANTITY, word) for word in words if _is_number(word))
