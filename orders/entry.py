"""One typed line of an order: `B-M8-40 200 @0.42 10+10%`, `200x B-M8-40`, `V-220 2 bx`. No database here."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from oms.numbers import read_decimal
from oms.text import clean_code
from orders.discounts import read_discounts, written

LONGEST_ENTRY = 300
NUMBER = r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?"
UNIT = r"(?:\s|(?![eE][0-9]))(?P<unit>[A-Za-z][A-Za-z0-9]{0,19})"  # 1e9 is no unit E9
PRICE = re.compile(r"(?P<rest>.*?)\s*@\s*(?P<price>\S*)", re.ASCII)
PERCENT = r"[0-9]{1,3}(?:\.[0-9]{1,12})?"
DISCOUNTS = re.compile(
    rf"(?P<rest>.*?\S)\s(?:-\s?)?(?P<discounts>{PERCENT}(?:\s?\+\s?{PERCENT})*)\s?%", re.ASCII
)
COUNT_FIRST = re.compile(rf"(?P<count>{NUMBER})\s?[xX*]\s+(?P<code>.+)", re.ASCII)
COUNT_LAST = re.compile(rf"(?P<code>.+)\s(?P<count>{NUMBER})(?:{UNIT})?", re.ASCII)
COUNT = re.compile(rf"(?P<count>{NUMBER})(?:{UNIT})?", re.ASCII)
# What stands where a quantity should: it says what was not understood, once the rest is a SKU.
MISREAD_FIRST = re.compile(r"(?P<count>\S*\d\S*?)\s?[xX*]\s+(?P<code>.+)")
MOST_MISREAD_WORDS = 3


class UnknownCode(ValueError):
    """A code is no SKU, no number of the customer's and no barcode."""

    def __init__(self, code: str) -> None:
        self.code = code[:80]
        text = _("“%(code)s” is no SKU, no number of theirs and no barcode that we know.")
        super().__init__(text % {"code": self.code})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line may mean. An empty unit is the one offered first, no price is the list's; `discounts` in turn.

    With a `problem` the code may be right, but what stands beside it is no quantity.
    """

    code: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None
    problem: str = ""
    discounts: tuple[Decimal, ...] = ()


def readings(text: str) -> list[Entry]:
    """Return what the line may mean, the likeliest first: a SKU may hold blanks and end in digits.

    Raise ValueError, with a sentence, when it means nothing.
    """
    typed = clean_code(text)
    if not typed:
        raise ValueError(_("Type a SKU, then the quantity."))
    if len(typed) > LONGEST_ENTRY:
        raise ValueError(_("“%(text)s …” is too long for a line.") % {"text": typed[:80]})
    off = DISCOUNTS.fullmatch(typed)
    if off is None:
        return _priced(typed)
    discounts = read_discounts(off["discounts"])
    return [Entry(typed), *(replace(entry, discounts=discounts) for entry in _priced(off["rest"]))]


def _priced(text: str) -> list[Entry]:
    found = PRICE.fullmatch(text)
    rest, price = (found["rest"], _price(found["price"])) if found else (text, None)
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
    yield from _misread(text)


def _misread(text: str) -> Iterator[Entry]:
    if first := MISREAD_FIRST.fullmatch(text):
        yield Entry(first["code"], problem=_no_quantity(first["count"]))
    words = text.split(" ")
    for n in range(1, min(MOST_MISREAD_WORDS, len(words) - 1) + 1):
        yield Entry(" ".join(words[:-n]), problem=_no_quantity(" ".join(words[-n:])))


def meant(found: Sequence[Entry], known: Container[str]) -> Entry:
    """Return the first of the readings whose code is known, with the code as it is known.

    Raise UnknownCode when there is none, ValueError with a sentence when what stands beside it is no quantity.
    """
    for entry in found:
        for code in (entry.code, entry.code.upper()):
            if code in known:
                return _without_problem(replace(entry, code=code))
    likely = [entry for entry in found if not entry.problem and entry.discounts == found[-1].discounts][:2][
        -1
    ]
    raise UnknownCode(likely.code)


def _without_problem(entry: Entry) -> Entry:
    if entry.problem:
        raise ValueError(entry.problem)
    return entry


def written_terms(price: Decimal | None, discounts: Sequence[Decimal]) -> str:
    """Return a price and discounts of a line's own as they are typed behind its quantity: ` @0.42 10+10 %`."""
    at = "" if price is None else f" @{price.normalize():f}"
    return f"{at} {written(discounts)} %" if discounts else at


def read_count(text: str) -> tuple[Decimal, str]:
    """Return a quantity and the unit's code typed as `200` or `2 bx`; raise ValueError with a sentence."""
    found = COUNT.fullmatch(clean_code(text))
    if not found:
        raise ValueError(_no_quantity(text))
    return Decimal(found["count"]), (found["unit"] or "").upper()


def _no_quantity(text: str) -> str:
    return _("“%(text)s” is not a quantity like 1200, 0.5 or 2 BX.") % {"text": text[:80]}
