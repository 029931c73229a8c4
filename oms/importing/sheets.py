"""Files opened with care: what is in them is known before anything is read, and said to whoever sent them."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _

from oms.importing.problems import FileRefused, refuse
from oms.text import clean

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_TITLES = 10  # rows above a header

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class Sheet:
    """A table of text: a header, and rows with their numbers as a spreadsheet shows them."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def open_sheet(path: Path, *, known: frozenset[str], encoding: str = "", name: str = "") -> Sheet:
    """Open a CSV or XLSX file, told apart by their content. `known` are the headers one may expect.

    What can be read as neither is called by the `name` its sender gave it.

    Raise FileRefused for anything that is neither, that is too large, or that could harm the reader.
    """
    from oms.importing.csv_sheets import open_csv
    from oms.importing.xlsx_sheets import damaged, open_xlsx

    size = path.stat().st_size
    if not size:
        raise refuse(_("The file is empty."), _("Save it again and check that it holds rows."))
    if size > MOST_BYTES:
        raise refuse(
            _("The file is larger than %(n)s MB.") % {"n": MOST_BYTES // 1024**2},
            _("Split it into smaller ones."),
        )
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLE:
        raise refuse(
            _("The file is an old or a password-protected workbook."),
            _("Save it as XLSX without a password, or as CSV UTF-8."),
        )
    try:
        opened = open_xlsx(path) if start.startswith(ZIP) else open_csv(path, known=known, encoding=encoding)
    except FileRefused as refusal:
        if start.startswith(ZIP) or not name.lower().endswith(".xlsx"):
            raise
        raise damaged() from refusal
    opened.rows = counted(below_header(opened, known))
    return opened


def below_header(sheet: Sheet, known: frozenset[str]) -> Iterator[tuple[int, list[str]]]:
    """Return the rows below the header. Raise FileRefused when the header stands further below, under a title."""
    first = list(islice(sheet.rows, MOST_TITLES))
    names = {plain_name(name) for name in sheet.header}
    for number, cells in first:
        found = [plain_name(clean(cell).lower()) for cell in cells]
        if len(known & set(found)) > max(1, len(known & names)):
            raise refuse(
                _("The header stands in row %(n)s, below a title.") % {"n": number},
                _("Delete the rows above it."),
                row=1,
            )
    if _filled(sheet.header) == 1 and any(_filled(cells) > 1 for _number, cells in first):
        raise refuse(
            _("The first row has one cell only, “%(title)s”.") % {"title": "".join(sheet.header)[:80]},
            _("Delete the rows above the header; it stands in the first row, a name for each column."),
            row=1,
        )
    return chain(first, sheet.rows)


def plain_name(name: str) -> str:
    """Return a header as our columns are named, however it is spaced."""
    return re.sub(r"[\s_.-]+", "_", name).strip("_")


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def counted(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Pass on the rows that hold something; refuse the file when there are too many."""
    filled = 0
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            filled += 1
            if filled > MOST_ROWS:
                raise refuse(
                    _("The file has more than %(n)s rows.") % {"n": MOST_ROWS},
                    _("Split it into smaller ones."),
                )
            yield number, cells


def clean_header(cells: list[str]) -> list[str]:
    """Return a header as columns are named: lower case, without blanks around. Raise FileRefused for too many."""
    if len(cells) > MOST_COLUMNS:
        raise refuse(
            _("The header has %(n)s columns.") % {"n": len(cells)},
            _("Use the template; it has the columns that are known."),
            row=1,
        )
    return [clean(cell).lower() for cell in cells]


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
