"""Which of the products that a pasted line may name it does name: each becomes a row, or the line is in doubt."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from django.utils.translation import gettext as _

from inventory.units import written
from orders.pasting import Part, PastedRow, Reading
from orders.services.understanding import Units

GTIN_LENGTHS = (13, 14)
SHORTEST_GTIN = 7  # with the zeros in front that a spreadsheet drops
STOPS = ".,;:()“”\"'"


def spellings(code: str) -> list[str]:
    """Return a code as it may be stored: in capitals, with the zeros in front that a spreadsheet drops."""
    found = [code, code.upper()]
    if code.isascii() and code.isdigit() and len(code) >= SHORTEST_GTIN:
        found += [code.zfill(length) for length in GTIN_LENGTHS]
    return found


def codes_in(rows: Iterable[PastedRow]) -> set[str]:
    """Return every code that the rows may mean, in all spellings."""
    codes = {code for row in rows for code in _codes(row)}
    return {spelling for code in codes for spelling in spellings(code)}


def _codes(row: PastedRow) -> Iterator[str]:
    yield from (one.code for one in row.readings)
    for part in row.parts:
        yield from _codes_of(part)


def _codes_of(part: Part) -> Iterator[str]:
    yield part.text
    yield from (one.code for one in part.readings)


def stored_as(code: str, units: Units) -> str | None:
    """Return the spelling in which the code is known."""
    return next((spelling for spelling in spellings(code) if spelling in units), None)


def first_known(readings: Iterable[Reading], units: Units) -> Reading | None:
    return next((one for one in readings if stored_as(one.code, units)), None)


def told_apart(row: PastedRow, units: Units) -> list[PastedRow]:
    """Return a row for each product that a line names when all are known; else the row, in doubt when some are lost."""
    named = [part for part in row.parts if part.surely or _is_known(part, units)]
    counted = [_counted(part, units) for part in named]
    read = first_known(row.readings, units)
    if read is None:
        read = next(filter(None, counted), None)
        row = replace(row, readings=(read,)) if read else row
    elif len(named) == 1 and counted[0] and counted[0].code == read.code:
        # The number in its own part, not the first one of the line
        read = replace(read, quantity=counted[0].quantity, unit=counted[0].unit)
        row = replace(row, readings=(read,))
    lost = _lost(named, counted, read, units)
    beside = _beside(row, named, read, units)
    if not (lost or beside) or not (read or any(_is_known(part, units) for part in named)):
        return [row]
    if len(named) > 1 and all(counted) and not beside:
        return [replace(row, readings=(one,), parts=(), part=n) for n, one in enumerate(counted, 1) if one]
    return [replace(row, doubt=_told(read, [*(part.text for part in lost), *beside]))]


def _is_known(part: Part, units: Units) -> bool:
    return any(stored_as(code, units) for code in _codes_of(part))


def _counted(part: Part, units: Units) -> Reading | None:
    """Return what a part orders; nothing when it does not say how many, or names several products itself."""
    read = first_known(part.readings, units)
    if read is None or list(_others(part.readings, read, units)):
        return None
    return None if stored_as(part.text, units) and read.code != part.text else read


def _lost(
    named: Sequence[Part], counted: Sequence[Reading | None], read: Reading | None, units: Units
) -> list[Part]:
    """Return the parts besides the one that is read. A code over several parts is none of them."""
    if read is None:
        return list(named)
    own = next((part for part in named if _stands_in(read.code, part.text)), None)
    if own is None:
        return [part for part in named if not any(_stands_in(code, read.code) for code in _codes_of(part))]
    product = _product(read.code, units)
    return [
        part
        for part, one in zip(named, counted, strict=True)
        if part is not own and (one or _product(part.text, units) != product)
    ]


def _beside(row: PastedRow, named: Sequence[Part], read: Reading | None, units: Units) -> list[str]:
    """Return the codes of further products that stand in none of the parts."""
    others = _others(row.readings, read, units) if read else ()
    return [one for one in dict.fromkeys(others) if not any(_stands_in(one, part.text) for part in named)]


def _others(readings: Sequence[Reading], read: Reading, units: Units) -> Iterator[str]:
    """Yield the codes of other products that stand beside the one that is read."""
    product = _product(read.code, units)
    for one in readings:
        is_other = _product(one.code, units) not in (None, product)
        if is_other and not _stands_in(one.code, read.code) and not _stands_in(read.code, one.code):
            yield one.code


def _product(code: str, units: Units) -> int | None:
    stored = stored_as(code, units)
    return units[stored][0].product_id if stored else None


def _stands_in(code: str, text: str) -> bool:
    return _words(code) <= _words(text)


def _words(text: str) -> set[str]:
    return {word.strip(STOPS).casefold() for word in text.split() if any(map(str.isalnum, word))}


def _told(read: Reading | None, lost: Sequence[str]) -> str:
    not_read = _("Not read: %(lost)s. Type each on a line of its own.") % {"lost": ", ".join(lost)[:200]}
    if read is None:
        return not_read
    told = " ".join(filter(None, (written(Fraction(read.quantity)), read.unit, read.code)))
    return _("Read: %(read)s.") % {"read": told} + " " + not_read
