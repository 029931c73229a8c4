"""Tables written as CSV and XLSX, with no cell that a spreadsheet would run."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from oms.company import business_day
from oms.importing.cells import escaped

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIGITS = 15  # that a spreadsheet keeps of a number
EXACT_TO = 10**DIGITS
CALENDAR_BEGINS = 1900  # as spreadsheets count days; that year has one too many
TEXT = "s"  # as openpyxl calls it


def cell_text(value: object) -> str:
    """Return a value as our own import reads it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize(), "f")
        case int() | date():
            return str(value)
        case _:
            return escaped(str(value))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file in UTF-8 with a mark that spreadsheets look for."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def csv_header(header: Sequence[str]) -> str:
    """Return the header row of a template."""
    return ",".join(header)


def write_csv(to: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    to.writelines(line.encode() for line in csv_lines(header, rows))


def write_xlsx(to: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook whose cells are all text, so that leading zeros and long numbers stay as they are."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(header)
    for row in rows:
        sheet.append([_text_cell(sheet, cell_text(value)) for value in row])
    workbook.save(to)


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text or None)
    cell.number_format = "@"
    return cell


def write_typed_xlsx(to: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook to look at: numbers can be added up, days filtered, and text is text, never a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in chain([header], rows):
        sheet.append([_typed_cell(sheet, value) for value in row])
    workbook.save(to)


def _typed_cell(sheet: Any, value: object) -> Any:
    number_format = format_of(value)
    if number_format is None:
        return _plain_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    return cell


def format_of(value: object) -> str | None:
    """Return how a spreadsheet shows a number, a day or a moment; None for what it does not know or would round."""
    match value:
        case bool():
            return None
        case int():
            return "0" if abs(value) < EXACT_TO else None
        case Decimal():
            return _format_of_decimal(value)
        case datetime():
            return "yyyy-mm-dd hh:mm:ss" if value.year > CALENDAR_BEGINS else None
        case date():
            return "yyyy-mm-dd" if value.year > CALENDAR_BEGINS else None
        case _:
            return None


def _format_of_decimal(value: Decimal) -> str | None:
    digits, exponent = value.as_tuple()[1:]
    if not isinstance(exponent, int) or len(digits) + max(exponent, 0) > DIGITS:
        return None
    return "#,##0." + "0" * -exponent if exponent < 0 else "#,##0"


def _plain_cell(sheet: Any, value: object) -> Any:
    """Return a cell of text, whatever that looks like: its type says so, and no spreadsheet runs it."""
    text = value if isinstance(value, str) else cell_text(value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text) or None)
    if text:
        cell.data_type = TEXT
    cell.number_format = "@"
    return cell


Writer = Callable[[IO[bytes], Sequence[str], Iterable[Sequence[Any]]], None]
Formats = Mapping[str, tuple[str, Writer]]

FORMATS: Formats = {"csv": (CSV_TYPE, write_csv), "xlsx": (XLSX_TYPE, write_xlsx)}  # to be read in again
TO_LOOK_AT: Formats = {**FORMATS, "xlsx": (XLSX_TYPE, write_typed_xlsx)}


def table_file(
    name: str, kind: str, header: Sequence[str], rows: Iterable[Sequence[Any]], formats: Formats = FORMATS
) -> FileResponse:
    """Answer with a table as a file of this kind. It is written to disk first: what breaks off is never sent."""
    content_type, write = formats[kind]
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    write(file, header, rows)
    file.seek(0)
    day = business_day().isoformat()
    answer = FileResponse(
        file, as_attachment=True, filename=f"{name}-{day}.{kind}", content_type=content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
