"""How the text of a cell is read. Strict: what could be meant two ways is asked about, never guessed."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from stdnum import ean

from oms.barcodes import one_gtin, why_no_gtin
from oms.models import languages, require_known_zone
from oms.numbers import LARGEST_QUANTITY, read_decimal, read_whole
from oms.text import clean, clean_code

Reader = Callable[[str], Any]
Number = TypeVar("Number", int, Decimal)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+", re.ASCII)
RATIO = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}))?", re.ASCII)
SPREADSHEET_ERRORS = frozenset({"#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DIV/0!"})
FIRST_YEAR, LAST_YEAR = 1900, 2199
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


class Formula(str):
    """A formula in a workbook's cell. Text of a CSV file that looks like one is text."""

    __slots__ = ()


class Unreadable(ValueError):
    """The text of a cell breaks a rule; the remedy says what to write instead."""

    def __init__(self, rule: str, remedy: str = "") -> None:
        super().__init__(rule)
        self.rule, self.remedy = rule, remedy


def escaped(text: str) -> str:
    """Return text so that a spreadsheet does not run it: a leading apostrophe marks what looks like a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescaped(text: str) -> str:
    """Return text without the apostrophe that `escaped` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def text(longest: int) -> Reader:
    """Read a line of text, stored as it stands, formulas included."""

    def read(cell: str) -> str:
        return _no_longer(clean(unescaped(cell)), longest)

    return read


def code(longest: int) -> Reader:
    """Read a code such as a SKU: composed, trimmed, nothing invisible in it."""

    def read(cell: str) -> str:
        found = clean_code(unescaped(cell))
        if SCIENTIFIC.fullmatch(found) and "+" in found:
            raise _rounded_away()
        return _no_longer(found, longest)

    return read


def _no_longer(found: str, longest: int) -> str:
    if len(found) > longest:
        raise Unreadable(
            _("is longer than %(n)s characters.") % {"n": longest},
            _("Shorten it; it has %(n)s.") % {"n": len(found)},
        )
    return found


def _rounded_away() -> Unreadable:
    return Unreadable(
        _("was rounded by a spreadsheet; its last digits are lost."),
        _("Format the column as text and enter the number again."),
    )


def whole(lowest: int = 0, highest: int = LARGEST_QUANTITY) -> Reader:
    """Read a whole number between two bounds."""

    def read(cell: str) -> int:
        try:
            found = read_whole(cell)
        except ValueError as error:
            raise Unreadable(_("is not a whole number."), _("Write digits only, such as 1200.")) from error
        return _between(found, lowest, highest)

    return read


def decimal(
    *, places: int, lowest: int = 0, highest: int = LARGEST_QUANTITY - 1, above: int | None = None
) -> Reader:
    """Read an exact number with at most `places` decimals, between two bounds; with `above` one that is more."""

    def read(cell: str) -> Decimal:
        try:
            found = read_decimal(cell) + 0
        except ValueError as error:
            raise Unreadable(
                _("is not a number."),
                _("Write it like 1234.50: a point before the decimals, nothing between thousands."),
            ) from error
        if found != round(found, places):
            raise Unreadable(_("has more than %(n)s decimals.") % {"n": places}, _("Round it."))
        if above is not None and found <= above:
            told = {"n": above}
            raise Unreadable(_("is not more than %(n)s.") % told, _("Write more than %(n)s.") % told)
        return _between(found, lowest, highest)

    return read


def percent(*, places: int) -> Reader:
    """Read a percentage of 0 to 100, with its sign or without."""
    read = decimal(places=places, highest=100)
    return lambda cell: read(cell.removesuffix("%").rstrip())


def _between(found: Number, lowest: int, highest: int) -> Number:
    if found < lowest:
        raise Unreadable(_("is less than %(n)s.") % {"n": lowest}, _("Write %(n)s or more.") % {"n": lowest})
    if found > highest:
        raise Unreadable(
            _("is more than %(n)s.") % {"n": highest}, _("Write %(n)s or less.") % {"n": highest}
        )
    return found


def day(cell: str) -> date:
    """Read a date as ISO 8601 writes it."""
    remedy = _("Write it like 2026-03-02: year, month, day.")
    if not ISO_DATE.fullmatch(cell):
        if re.fullmatch(r"[0-9]{5}", cell, re.ASCII):
            remedy = _("It may be a spreadsheet's own number for a date: format the column as date or text.")
        raise Unreadable(_("is not a date."), remedy)
    try:
        found = date.fromisoformat(cell)
    except ValueError as error:
        raise Unreadable(_("is no day of the calendar."), remedy) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(
            _("is outside the years %(a)s to %(b)s.") % {"a": FIRST_YEAR, "b": LAST_YEAR}, remedy
        )
    return found


def yes_or_no(cell: str) -> bool:
    """Read yes or no, true or false, 1 or 0."""
    word = cell.lower()
    if word in YES or word in NO:
        return word in YES
    raise Unreadable(_("is neither yes nor no."), _("Write yes or no."))


def choice(choices: type[models.TextChoices]) -> Reader:
    """Read one of the values of a list of choices."""

    def read(cell: str) -> str:
        if cell.lower() in choices.values:
            return cell.lower()
        raise Unreadable(
            _("is not known here."), _("Write one of: %(words)s.") % {"words": ", ".join(choices.values)}
        )

    return read


def pattern(expression: str, rule: str | Promise, remedy: str | Promise, *, upper: bool = True) -> Reader:
    """Read what matches an expression, in capital letters unless told otherwise."""
    wanted = re.compile(expression, re.ASCII)

    def read(cell: str) -> str:
        found = cell.upper() if upper else cell
        if not wanted.fullmatch(found):
            raise Unreadable(str(rule), str(remedy))
        return found

    return read


def email(cell: str) -> str:
    """Read an e-mail address."""
    try:
        validate_email(cell)
    except ValidationError as error:
        raise Unreadable(_("is not an e-mail address."), _("Write it like name@example.com.")) from error
    return _no_longer(cell, 254)


def zone(cell: str) -> str:
    """Read the name of a time zone."""
    try:
        require_known_zone(cell)
    except ValidationError as error:
        rule, remedy = _("is not a time zone."), _("Write a name such as Europe/Berlin or America/New_York.")
        raise Unreadable(rule, remedy) from error
    return cell


def language(cell: str) -> str:
    """Read the code of a language in which customers can be spoken to."""
    if cell not in (codes := [code for code, _name in languages()]):
        raise Unreadable(
            _("is no language in which customers can be written to."),
            _("Write one of %(codes)s, or leave it empty.") % {"codes": ", ".join(codes)},
        )
    return cell


def gtin(cell: str) -> str:
    """Read a GTIN of 8, 12, 13 or 14 digits whose check digit is right."""
    if SCIENTIFIC.fullmatch(cell):
        raise _rounded_away()
    digits = str(ean.compact(cell)) if cell.isascii() else cell
    if problem := why_no_gtin(digits):
        raise Unreadable(*problem)
    return one_gtin(digits)


def ratio(cell: str) -> tuple[int, int]:
    """Read how many base units a unit holds: 12, or 1/1000 when a base unit holds many of it."""
    found = RATIO.fullmatch(cell)
    numerator, denominator = (int(found[1]), int(found[2] or 1)) if found else (0, 0)
    if not 0 < numerator < 2**31 or not 0 < denominator < 2**31:
        raise Unreadable(
            _("is not a number of base units."),
            _("Write 12 when one holds 12 base units, 1/1000 when 1000 make one."),
        )
    return numerator, denominator


def one_of(words: Sequence[str]) -> str:
    """Return words as a message lists them, not too many."""
    return ", ".join(list(words)[:10]) + ("…" if len(words) > 10 else "")
