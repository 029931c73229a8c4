"""A file given back with what is wrong in it: the same rows, and one more column."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from oms.importing.cells import escaped
from oms.importing.keeping import JOBS
from oms.importing.matching import ERRORS
from oms.importing.problems import FileRefused
from oms.importing.resource import Upload
from oms.importing.sheets import open_sheet
from oms.importing.writing import FORMATS

LONGEST = 2_000  # what is said of one row


def with_errors(upload: Upload, refusal: FileRefused, known: Sequence[str]) -> str:
    """Store the file with its errors, as CSV or XLSX as it came; return where. Empty when no row is to blame."""
    if not any(problem.row > 1 for problem in refusal.problems):
        return ""
    with upload.path.open("rb") as start:
        form = "xlsx" if start.read(2) == b"PK" else "csv"
    sheet = open_sheet(upload.path, known=frozenset(known), encoding=upload.encoding, name=upload.name)
    at = sheet.header.index(ERRORS) if ERRORS in sheet.header else None
    said = _said(refusal)
    header = [*_without(sheet.header, at), ERRORS]
    rows = (
        [*_padded(_without(cells, at), len(header) - 1), said.get(number, "")] for number, cells in sheet.rows
    )
    with TemporaryFile() as file:
        FORMATS[form][1](file, _plain(map(escaped, header)), map(_plain, rows))
        file.seek(0)
        return default_storage.save(f"{JOBS}/{uuid4().hex}.{form}", File(file))


def _said(refusal: FileRefused) -> dict[int, str]:
    """Return what is wrong with each row. Beyond those that are listed, only that something is."""
    found: dict[int, list[str]] = defaultdict(list)
    for problem in refusal.problems:
        value = f" “{problem.value}”" if problem.value else ""
        found[problem.row].append(f"{problem.column}{value}: {problem.rule} {problem.remedy}".strip(": "))
    more = _("Something is wrong here, too; it is told once the first problems are mended.")
    rest = dict.fromkeys(refusal.bad_rows - found.keys(), more)
    return {**rest, **{row: " ".join(texts)[:LONGEST] for row, texts in found.items()}}


def _without(cells: Sequence[str], at: int | None) -> list[str]:
    return [cell for place, cell in enumerate(cells) if place != at]


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _plain(cells: Iterable[str]) -> list[str]:
    return [ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells]
