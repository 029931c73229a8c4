"""One typed line of an order: `B-M8-40 200 @0.42`, `200x B-M8-40`, `V-220 2 bx`. No database here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from oms.numbers import read_decimal
from oms.text import clean_code

LONGEST_ENTRY = 300
NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
PRICE = re.compile(r"(?P<rest>.*?)\s*@\s*(?P<price>\S*)", re.ASCII)
COUNT_FIRST = re.compile(rf"(?P<count>{NUMBER})\s?[xX*]\s+(?P<code>.+)", re.ASCII)
COUNT_LAST = re.compile(
    rf"(?P<code>.+)\s(?P<count>{NUMBER})\s?(?P<unit>[A-Za-z][A-Za-z0-9]{{0,19}})?", re.ASCII
)
COUNT = re.compile(rf"(?P<count>-?{NUMBER})\s?(?P<unit>[A-Za-z][A-Za-z0-9]{{0,19}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line may mean. An empty unit is the one offered first, no price is the list's."""

    code: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None


def readings(text: str) -> list[Entry]:
    """Return what the line may mean, the likeliest first: a SKU may hold blanks and end in digits.

    Raise ValueError, with a sentence, when it means nothing.
    """
    typed = clean_code(text)
    if not typed:
        raise ValueError(_("Type a SKU, then the quantity."))
    if len(typed) > LONGEST_ENTRY:
        raise ValueError(_("“%(text)s …” is too long for a line.") % {"text": typed[:80]})
    found = PRICE.fullmatch(typed)
    rest, price = (found["rest"], _price(found["price"])) if found else (typed, None)
    if not rest:
        raise ValueError(_("Type a SKU before the price."))
    return list(_split(rest, price))


def _price(text: str) -> Decimal:
    price = read_decimal(text)
    if price < 0:
        raise ValueError(_("A price is 0 or more."))
    return price


def _split(text: str, price: Decimal | None) -> Iterator[Entry]:
    yield Entry(text, price=price)
    if first := COUNT_FIRST.fullmatch(text):
        yield Entry(first["code"], Decimal(first["count"]), price=price)
    if last := COUNT_LAST.fullmatch(text):
        yield Entry(last["code"], Decimal(last["count"]), (last["unit"] or "").upper(), price)


def read_count(text: str) -> tuple[Decimal, str]:
    """Return a quantity and the unit's code typed as `200` or `2 bx`; raise ValueError with a sentence."""
    found = COUNT.fullmatch(clean_code(text))
    if not found:
        raise ValueError(_("“%(text)s” is not a quantity like 200 or 2 BX.") % {"text": text[:80]})
    return Decimal(found["count"]), (found["unit"] or "").upper()
