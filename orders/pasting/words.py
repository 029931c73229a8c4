"""A line of a letter: a product among words, with how many, and what is asked to be paid."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from oms.currencies import SIGN
from orders.pasting.numbers import (
    DISCOUNTS,
    NUMBER,
    read_count,
    read_number,
    read_percentages,
    read_price,
    unit_named,
)
from orders.pasting.readings import Reading

BULLET = re.compile(r"^\s*(?:>\s*)*(?:[-*•–·]\s+|\d{1,3}[.)]\s+)?")
FIRST = re.compile(rf"(?P<count>{NUMBER})\s*(?:[xX×*]|(?P<unit>[^\W\d_]{{1,12}})\.?)?\s+(?P<code>\S.*)")
LAST = re.compile(
    rf"(?P<code>.*\S)[\s:;,=–]+(?:[xX×*]\s*)?(?P<count>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,12}})?\.?"
)
OFF = re.compile(rf"(?P<rest>.*?\S)\s+{DISCOUNTS}\s*%", re.ASCII)
# What stands before a price. Some of it stands before other numbers too: then only a currency tells.
PLAIN = r"@|(?i:(?<!bis )\bzu(?:\s+je)?\b|\bà(?!\w)|(?<!up )\bat\b)"
WITH_SIGN = r"(?i:\b(?:zum\s+preis\s+von|je|a|preis|price|ep)\b:?)"
PER = r"(?:\s*/\s*|\s+(?i:per|pro|je|p\.|das|für|for)\s+)(?P<per>\w{1,12})\b\.?|\s+(?i:each|apiece)\b"
PRICE = re.compile(
    rf"(?:(?P<plain>{PLAIN})|{WITH_SIGN})\s*(?P<before>{SIGN})?\s*(?P<price>{NUMBER})(?![\d%:])"
    rf"(?:\s*(?P<behind>{SIGN}))?(?:{PER})?"
)
AMOUNT = re.compile(rf"{SIGN}\s*{NUMBER}|(?<![\w.,-]){NUMBER}\s*{SIGN}")
MOST_TOKENS = 200
STOPS = ".,;:()“”\"'"


def read_line(line: str, decimal: str) -> list[Reading]:
    """Return what a line of a letter may mean. One without a digit is only words."""
    text = unbulleted(line)
    if not any(c.isdigit() for c in text):
        return []
    rest, terms = own_terms(text, decimal)
    found = [replace(one, **terms) for one in _worded(rest, decimal)]
    return found if rest == text else [*found, *_worded(text, decimal)]  # a code may end like a discount


def unbulleted(line: str) -> str:
    return BULLET.sub("", line).strip()


def own_terms(text: str, decimal: str) -> tuple[str, dict[str, Any]]:
    """Return what is left of a line without the price and the discounts that it asks for, and those."""
    terms: dict[str, Any] = {}
    if off := OFF.fullmatch(text):
        text, terms["discounts"] = off["rest"], read_percentages(off["discounts"], decimal)
    if asked := _asked(text, decimal):
        terms |= _price_of(asked, decimal)
        text = " ".join(f"{text[: asked.start()]} {text[asked.end() :]}".split()).rstrip(" ,;")
    if amount := AMOUNT.search(text):
        terms["unread"] = amount[0].strip()
    return text, terms


def _asked(text: str, decimal: str) -> re.Match[str] | None:
    """Return where a price stands: with a currency anywhere, else at the end of a line that says how many besides."""
    for found in PRICE.finditer(text, 1):
        if found["before"] or found["behind"] or found["plain"] == "@":
            return found
        before, behind = text[: found.start()].rstrip(), text[found.end() :]
        if found["plain"] and not behind.strip(STOPS) and has_count(before, decimal):
            return found
    return None


def _price_of(found: re.Match[str], decimal: str) -> dict[str, Any]:
    per = found["per"] or ""
    if any(c.isdigit() for c in per):
        raise ValueError(
            _("“%(text)s” is a price for several at once. Type the line with that for one.")
            % {"text": found[0].strip()[:80]}
        )
    money = tuple(sign for sign in (found["before"], found["behind"]) if sign)
    return {"price": read_price(found["price"], decimal), "money": money, "per": per}


def has_count(text: str, decimal: str) -> bool:
    """Whether a number stands among the words."""
    return any(count_of(token, decimal) for token in tokens_of(text))


def _worded(text: str, decimal: str) -> list[Reading]:
    found = [Reading(text)]
    for pattern in (FIRST, LAST):
        if counted := pattern.fullmatch(text):
            found += _counted(counted, decimal)
    return found + list(_of_tokens(text, decimal))


def _counted(found: re.Match[str], decimal: str) -> list[Reading]:
    """Return the reading of a code with its number, and one where what looks like a unit begins the code.

    None when what looks like the number is a code like 12.34.56.
    """
    try:
        quantity = read_number(found["count"], decimal)
    except ValueError:
        return []
    readings = [Reading(found["code"].rstrip(" -–:,;"), quantity, unit_named(found["unit"]))]
    if found["unit"] and found.start("unit") < found.start("code"):
        readings.append(Reading(found.string[found.start("unit") :], quantity))
    return readings


def _of_tokens(text: str, decimal: str) -> Iterable[Reading]:
    """Yield each word that may be a code with the first number beside it: “please send 20 of V-220 soon”."""
    tokens = tokens_of(text)
    counts = [(i, count) for i, token in enumerate(tokens) if (count := count_of(token, decimal))]
    for i, token in enumerate(tokens):
        beside = next((count for j, count in counts if j != i), None)
        if is_codelike(token) and beside:
            yield Reading(token, *beside)


def tokens_of(text: str) -> list[str]:
    return [token.strip(STOPS) for token in text.split()[:MOST_TOKENS]]


def is_codelike(token: str) -> bool:
    return len(token) > 2 and any(c.isdigit() for c in token)


def count_of(token: str, decimal: str) -> tuple[Decimal, str] | None:
    try:
        return read_count(token, decimal)
    except ValueError:
        return None
