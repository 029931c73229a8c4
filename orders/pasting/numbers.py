"""Numbers as people and spreadsheets write them, with thousands set apart and a point or a comma before decimals."""

import re
from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from oms.currencies import SIGN
from orders.discounts import read_discounts
from orders.pasting.cells import COMMA

POINT = "."
GROUPS = re.compile(r"[\s'’\u00a0\u202f]")  # what stands between thousands wherever one writes
NUMBER = r"-?[0-9](?:[0-9.,'’\u00a0\u202f]*[0-9])?"
PERCENT = r"[0-9]{1,3}(?:[.,][0-9]{1,4})?"
DISCOUNTS = rf"(?:-\s*)?(?P<discounts>{PERCENT}(?:(?:\s*%)?\s*\+\s*{PERCENT})*)"
MONEY = re.compile(
    rf"\s*(?:(?P<only>{SIGN})|(?P<before>{SIGN})?\s*(?P<price>{NUMBER})\s*(?P<behind>{SIGN})?)\s*"
)
COUNT = re.compile(rf"(?P<count>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,12}})?\.?")


def joined(text: str) -> str:
    """Return a cell without the blanks that set thousands apart: 1 200 is one number."""
    return re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", text)


def shown_decimal(cell: str) -> str | None:
    """Return which sign stands before decimals, when the number leaves no doubt."""
    signs = re.findall(r"[.,]", cell)
    if not signs:
        return None
    if len(set(signs)) == 2:
        return str(signs[-1])
    if len(signs) > 1:
        return COMMA if signs[0] == POINT else POINT
    before, _sign, after = GROUPS.sub("", cell).partition(signs[0])
    digits = len(re.match(r"\d*", after)[0])  # type: ignore[index]
    whole = len(re.search(r"\d*$", before)[0])  # type: ignore[index]
    return None if digits == 3 and 0 < whole < 4 and not before.endswith("0" * whole) else str(signs[0])


def read_number(text: str, decimal: str) -> Decimal:
    """Return a number with thousands set apart or not; raise ValueError naming what was read."""
    group = COMMA if decimal == POINT else POINT
    plain = GROUPS.sub("", text)
    point, comma = re.escape(decimal), re.escape(group)
    if re.fullmatch(
        rf"-?(?:\d{{1,12}}|\d{{1,3}}(?:{comma}\d{{3}}){{1,3}})(?:{point}\d{{1,12}})?", plain, re.ASCII
    ):
        return Decimal(plain.replace(group, "").replace(decimal, POINT))
    shown = "1,200.50" if decimal == POINT else "1.200,50"
    raise ValueError(_("“%(text)s” is no number like %(shown)s.") % {"text": text[:80], "shown": shown})


def read_in_language(text: str) -> Decimal:
    """Return a number as who reads the active language types it, with either sign before its decimals.

    Raise ValueError with a sentence when it is none, and when it may be two: 1.234 on a page that writes 1.234,00.
    """
    own, shown = get_format("DECIMAL_SEPARATOR"), shown_decimal(text)
    if shown is None and re.search("[.,]", text) and own not in text:
        both = {
            "text": text[:80],
            "one": re.sub("[.,]", "", text)[:80],
            "other": re.sub("[.,]", own, text)[:80],
        }
        raise ValueError(_("“%(text)s” may be %(one)s or %(other)s. Write the one you mean.") % both)
    return read_number(text, shown or own)


def read_price(text: str, decimal: str) -> Decimal:
    """Return a price with or without its currency; raise ValueError with a sentence."""
    found = MONEY.fullmatch(text)
    price = read_number(found["price"] if found and found["price"] else text, decimal)
    if price < 0:
        raise ValueError(_("A price is 0 or more."))
    return price


def money_of(cell: str) -> tuple[str, ...]:
    """Return the currencies of a cell that holds an amount, or a currency and nothing else."""
    found = MONEY.fullmatch(cell)
    return tuple(filter(None, (found["only"], found["before"], found["behind"]))) if found else ()


def read_count(text: str, decimal: str) -> tuple[Decimal, str]:
    """Return a quantity, and the unit that stands behind it; raise ValueError with a sentence."""
    found = COUNT.fullmatch(joined(text))
    if not found:
        raise ValueError(_("“%(text)s” is not a quantity.") % {"text": text[:80]})
    return read_number(found["count"], decimal), unit_named(found["unit"])


def unit_named(text: str | None) -> str:
    return "" if not text or text in ("x", "X") else text


def read_percentages(text: str, decimal: str) -> tuple[Decimal, ...]:
    """Return the discounts that `10`, `10+10 %` or `2,5 + 1` say; raise ValueError with a sentence."""
    each = [part.strip().removesuffix("%") for part in text.strip().removeprefix("-").split("+")]
    return read_discounts("+".join(format(read_number(part, decimal), "f") for part in each))
