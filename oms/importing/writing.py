"""Tables written as CSV and XLSX, with no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from oms.company import business_day
from oms.importing.cells import escaped

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


FORMATS = {"csv": (CSV_TYPE, write_csv), "xlsx": (XLSX_TYPE, write_xlsx)}


def table_file(name: str, kind: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Answer with a table as a file of this kind. It is written to disk first: what breaks off is never sent."""
    content_type, write = FORMATS[kind]
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    write(file, header, rows)
    file.seek(0)
    day = business_day().isoformat()
    answer = FileResponse(
        file, as_attachment=True, filename=f"{name}-{day}.{kind}", content_type=content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
