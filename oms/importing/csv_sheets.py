"""CSV as spreadsheets and exports write it: encoding and delimiter are found out, and said."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from oms.importing.problems import refuse
from oms.importing.sheets import Sheet, clean_header

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DECLARABLE = {"": _("find out"), "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": "|"}
TOLD = re.compile(r'"?sep=([^"\r\n])"?[\r\n]')
CHUNK = 1024 * 1024
LONGEST_HEADER = 100_000


def open_csv(path: Path, *, known: frozenset[str], encoding: str = "") -> Sheet:
    """Open a CSV file. Raise FileRefused when its encoding or its header cannot be made out."""
    encoding = encoding or find_encoding(path)
    require_decodable(path, encoding)
    told = told_delimiter(path, encoding)
    delimiter = told or find_delimiter(path, encoding, known)
    records = _records(path, encoding, delimiter, above=bool(told))
    _number, header = next(records, (1, []))
    if not any(cell.strip() for cell in header):
        raise refuse(_("The first row is empty."), _("Put the header there; the template shows it."), row=1)
    if any("\0" in cell for cell in header):
        raise refuse(
            _("The file holds NUL bytes, as UTF-16 without a mark does."), _("Save it as “CSV UTF-8”."), row=1
        )
    return Sheet(
        clean_header(header),
        records,
        [
            _("Read as %(encoding)s, delimiter %(delimiter)s.")
            % {"encoding": DECLARABLE.get(encoding, encoding.upper()), "delimiter": DELIMITERS[delimiter]}
        ],
    )


def find_encoding(path: Path) -> str:
    """Return the encoding that the file's first bytes declare, else UTF-8."""
    with path.open("rb") as file:
        start = file.read(3)
    return next((name for mark, name in BYTE_ORDER_MARKS.items() if start.startswith(mark)), "utf-8-sig")


def require_decodable(path: Path, encoding: str) -> None:
    """Raise FileRefused when the bytes are not what the encoding says, naming the row where it breaks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                text = decoder.decode(chunk)
                row += text.count("\n")
            except UnicodeDecodeError as error:
                raise _not_decodable(row + chunk[: error.start].count(b"\n"), encoding) from error
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise _not_decodable(row, encoding) from error


def _not_decodable(row: int, encoding: str) -> Exception:
    return refuse(
        _("The file is not %(encoding)s.") % {"encoding": DECLARABLE.get(encoding, encoding.upper())},
        _("Save it as “CSV UTF-8”, or declare Windows-1252 when that is what it is."),
        row=row,
    )


def told_delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that a first line such as `sep=;` tells to spreadsheets, which do not count it as a row."""
    with path.open(encoding=encoding, newline="") as file:
        found = TOLD.match(file.read(10))
    return found[1] if found and found[1] in DELIMITERS else ""


def find_delimiter(path: Path, encoding: str, known: frozenset[str]) -> str:
    """Return the delimiter that splits the first row into the most known columns, else the most columns."""
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(LONGEST_HEADER)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader(start.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
        except csv.Error:
            return 0, 0
        return len(known.intersection(clean_cells(cells))), len(cells)

    return max(DELIMITERS, key=score)


def clean_cells(cells: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _records(path: Path, encoding: str, delimiter: str, *, above: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number, the header being 1. Raise FileRefused for quotes that do not match.

    With a line `above` the header, that is passed over.
    """
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        if above:
            file.readline()
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _broken(number, str(error)) from error
            yield number, cells


def _broken(number: int, error: str) -> Exception:
    if "field larger" in error:
        return refuse(
            _("A cell is longer than a cell may be."), _("Look for a quote that is not closed."), row=number
        )
    return refuse(
        _("Its quotes do not match."), _("Close each quote, and write a quote inside text twice."), row=number
    )
