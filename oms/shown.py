"""Numbers and days as people read them: 1,234.50, and 3 Dec; in other languages as these do it."""

from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import get_language

MARKS = {"DECIMAL_SEPARATOR": ".", "THOUSAND_SEPARATOR": ",", "NUMBER_GROUPING": 3}


def grouped(number: Decimal | int, decimals: int | None = None) -> str:
    """Return a number as its reader writes it, thousands apart. It has no more decimals than are asked for.

    Thousands stand on one page. Python writes them ten times as fast as Django, where the language does it as Python.
    """
    if not writes_as_python(get_language() or settings.LANGUAGE_CODE):
        return number_format(number, decimals, force_grouping=True)
    if decimals is None:
        return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return f"{number or 0:,.{decimals}f}"  # nothing is not negative


@cache
def writes_as_python(language: str) -> bool:
    """Whether a language has the marks between digits that Python has."""
    return all(get_format(name, language) == mark for name, mark in MARKS.items())


def short_day(day: date | None, before: str = "") -> str:
    """Return a day without its year where that is this one: 3 Dec, but 3 Dec 2027. `before` it may stand a weekday, D.

    Nothing is returned for none.
    """
    if day is None:
        return ""
    is_near = day.year == timezone.localtime().year  # the reader's; rows by the hundred ask no table for it
    told = date_format(day, "MONTH_DAY_FORMAT" if is_near else "DATE_FORMAT")
    return f"{date_format(day, before)} {told}" if before else told
