"""XLSX workbooks, looked through before they are parsed: a small file can unpack into one that fills the memory."""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from oms.importing.cells import Formula
from oms.importing.problems import FileRefused, refuse
from oms.importing.sheets import MOST_COLUMNS, MOST_ROWS, Sheet, clean_header

MOST_ENTRIES = 500
MOST_UNPACKED = 200 * 1024 * 1024
MOST_STRINGS = 40 * 1024 * 1024  # the table of texts is held in memory
MOST_RATIO = 100
SMALL = 1024 * 1024  # what unpacks to less is harmless at any ratio
MOST_EMPTY_ROWS = MOST_ROWS  # between two rows that hold something
MOST_CELLS = 5 * MOST_COLUMNS  # in a row, empty ones with a format included
XML = (".xml", ".rels")
FORMULA, SEEN = "f", "visible"  # as openpyxl calls them
LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # of a number format: what is shown as it stands
MAIN = f"{{{SHEET_MAIN_NS}}}"


def open_xlsx(path: Path) -> Sheet:
    """Open the first sheet that one can see. Raise FileRefused for what is no workbook or could harm the reader."""
    workbook, sheet = first_sheet(path)
    rows = rows_of(sheet)
    number, header = next(rows, (1, []))
    if number != 1 or not header:
        raise refuse(_("The first row is empty."), _("Put the header there; the template shows it."), row=1)
    notes = [_("Read from sheet “%(sheet)s”.") % {"sheet": sheet.title}]
    if len(workbook.worksheets) > 1:
        notes.append(_("The other sheets were not read."))
    return Sheet(clean_header(header), _padded(rows, len(header)), notes)


def first_sheet(file: Path | BytesIO, table: type["UnmeasuredSheet"] | None = None) -> tuple[Any, Any]:
    """Return a workbook and the first sheet of it that one can see, as a `table`."""
    require_harmless(file)
    workbook = _load(file, table or UnmeasuredSheet)
    sheet = next((one for one in workbook.worksheets if one.sheet_state == SEEN), None)
    if sheet is None:
        raise refuse(
            _("The workbook has no sheet that one can see."), _("Put the rows into its first sheet.")
        )
    return workbook, sheet


def require_harmless(path: Path | BytesIO) -> None:
    """Raise FileRefused for an archive that is none, too large unpacked, encrypted, or that carries programs."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _require_small(entries)
            for entry in entries:
                _require_plain(archive, entry)
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise damaged() from error
    if "xl/workbook.xml" not in names:
        raise refuse(
            _("The file is an archive, but no XLSX workbook."), _("Save it as XLSX, or as CSV UTF-8.")
        )


def _require_small(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    strings = sum(entry.file_size for entry in entries if "sharedStrings" in entry.filename)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or strings > MOST_STRINGS
        or (unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1))
    ):
        raise refuse(
            _("The workbook unpacks to more than is read here."),
            _("Save the rows alone as a new workbook, or as CSV UTF-8."),
        )


def _require_plain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 0x1:
        raise refuse(_("The workbook is protected by a password."), _("Save it without one."))
    if "vbaproject" in name.lower():
        raise refuse(_("The workbook carries macros."), _("Save it as XLSX without macros."))
    if name.startswith("/") or ".." in Path(name).parts or "\\" in name:
        raise damaged()
    if name.endswith(XML):
        with archive.open(entry) as part:
            if b"<!DOCTYPE" in part.read(4096).upper():
                raise damaged()


def damaged() -> FileRefused:
    return refuse(_("The workbook is damaged."), _("Open it in a spreadsheet and save it as XLSX again."))


def _load(path: Path | BytesIO, table: type["UnmeasuredSheet"]) -> Any:
    """Load a workbook row by row. Whatever its parts are broken by, the file is what is wrong."""
    try:
        content = path.read_bytes() if isinstance(path, Path) else path.getvalue()
        file = BytesIO(content)  # by a path, openpyxl would judge the file by its name
        reader = QuickReader(file, read_only=True, data_only=False, keep_links=False)
        reader.table = table
        reader.read()
        return reader.wb
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises what its parsers raise
        raise damaged() from error


class UnmeasuredSheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet that nobody measures: what the file says of its size may be wrong, and where it says nothing, openpyxl
    would read all rows once more."""

    shows: Sequence[Callable[[float], object]] = ()

    @staticmethod
    def shown_by(number_format: str) -> Callable[[float], object]:
        return shown_by(number_format)

    def _get_size(self) -> None:
        """Leave its size unknown."""

    def _get_row(
        self,
        row: list[dict[str, Any]],
        min_col: int = 1,
        max_col: int | None = None,
        values_only: bool = False,
    ) -> Sequence[object]:
        """Return the values of a row, numbers as they look where that says more than the number."""
        values: list[object] = [None] * (row[-1]["column"] if row else 0)
        for cell in row:
            values[cell["column"] - 1] = self._as_shown(cell)
        return values

    def _as_shown(self, cell: Mapping[str, Any]) -> object:
        value = cell["value"]
        if cell["data_type"] == FORMULA:
            return Formula(getattr(value, "text", value))
        if cell["style_id"] and type(value) in (int, float):
            return self._shows()[cell["style_id"]](value)
        return value

    def _shows(self) -> Sequence[Callable[[float], object]]:
        """Return how numbers of each style of the workbook look."""
        if not self.shows:
            own, styles = self.parent._number_formats, self.parent._cell_styles
            formats = [
                BUILTIN_FORMATS.get(style.numFmtId) or own[style.numFmtId - BUILTIN_FORMATS_MAX_SIZE]
                for style in styles
            ]
            self.shows = [self.shown_by(one) for one in formats]
        return self.shows


class QuickReader(ExcelReader):  # type: ignore[misc]
    """Reads a workbook, its table of texts five times as fast: of 100,000 texts openpyxl makes an object each."""

    table = UnmeasuredSheet

    def read_worksheets(self) -> None:
        for sheet, part in self.parser.find_sheets():
            if part.target in self.valid_files and "chartsheet" not in part.Type:
                table = self.table(self.wb, sheet.name, part.target, self.shared_strings)
                table.sheet_state = sheet.state
                self.wb._sheets.append(table)

    def read_strings(self) -> None:
        table = self.package.find(SHARED_STRINGS)
        if table is not None:
            with self.archive.open(table.PartName[1:]) as source:
                self.shared_strings = list(_texts(source))


def shown_by(number_format: str) -> Callable[[float], object]:
    """Return how a format shows numbers where a person reads another one than the file holds: 10 % for 0.1, 00123."""
    plain = LITERALS.sub("", number_format).partition(";")[0]
    if "%" in plain:
        return as_percent
    if plain.strip("0") == "" and len(plain) > 1:
        return lambda value: _number(float(value)).zfill(len(plain)) if value >= 0 else value
    return _as_it_is


def as_percent(value: float) -> str:
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"


def _as_it_is(value: float) -> float:
    return value


def _texts(source: IO[bytes]) -> Iterator[str]:
    """Yield the texts of a table, those in several formats as one; how they are pronounced is left out."""
    for _event, node in iterparse(source):
        if node.tag == f"{MAIN}si":
            parts = chain(node.findall(f"{MAIN}t"), node.findall(f"{MAIN}r/{MAIN}t"))
            yield "".join(part.text or "" for part in parts).replace("x005F_", "")
            node.clear()


def rows_of(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds something with its number; cells after the last filled one are left out."""
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    empty = 0
    while True:
        try:
            found = next(rows, None)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise damaged() from error
        if found is None:
            return
        number, cells = found
        if len(cells) > MOST_CELLS:
            _too_wide(number)
        texts = _trimmed([as_text(cell) for cell in cells])
        empty = 0 if texts else empty + 1
        if empty > MOST_EMPTY_ROWS:
            _too_empty(number)
        if texts:
            yield number, texts


def _too_wide(number: int) -> NoReturn:
    raise refuse(
        _("There are more than %(n)s columns.") % {"n": MOST_CELLS},
        _("Delete the columns to the right of the table."),
        row=number,
    )


def _too_empty(number: int) -> NoReturn:
    raise refuse(
        _("There are more than %(n)s empty rows.") % {"n": MOST_EMPTY_ROWS},
        _("Delete the rows below the table."),
        row=number,
    )


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _padded(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """A spreadsheet does not keep the empty cells at the end of a row; here they are again."""
    for number, cells in rows:
        yield number, cells + [""] * (width - len(cells))


def as_text(value: object) -> str:
    """Return a cell's value as a person would have typed it into a CSV file; a formula stays its own text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value)
        case datetime():
            return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: float) -> str:
    """The shortest text that reads as the same number: what was typed, not what the machine keeps."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    return (
        str(int(exact)) if exact == exact.to_integral_value() and abs(exact) < 10**18 else format(exact, "f")
    )
