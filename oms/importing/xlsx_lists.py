"""Workbooks as people read them who made them for people: amounts with their currency, cells that are merged."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice

from openpyxl.utils.cell import range_boundaries
from openpyxl.xml.functions import iterparse

from oms.currencies import WRITTEN
from oms.importing.xlsx_sheets import MAIN, UnmeasuredSheet, as_text, damaged, first_sheet, rows_of, shown_by

IN_FORMAT = re.compile(r'\[\$(?P<sign>[^\]\-]*)[^\]]*\]|"(?P<text>[^"]*)"|(?P<plain>[$€£¥])')
Rows = list[tuple[int, list[str]]]


def list_of(file: BytesIO, *, most: int, ditto: str) -> Rows:
    """Return the first rows of a workbook's first sheet that hold something, with their numbers, not more than `most`.

    What is merged over several rows has its value in the first of them and `ditto` below. Raise FileRefused as
    `open_xlsx` does.
    """
    sheet = first_sheet(file, PricedSheet)[1]
    rows = list(islice(rows_of(sheet), most))
    if len(rows) < most:  # else there are too many anyway
        _mark_merged(rows, sheet, ditto)
    return rows


class PricedSheet(UnmeasuredSheet):
    """A sheet whose amounts show their currency."""

    @staticmethod
    def shown_by(number_format: str) -> Callable[[float], object]:
        sign = currency_in(number_format)
        return (lambda value: f"{as_text(value)} {sign}") if sign else shown_by(number_format)


def currency_in(number_format: str) -> str:
    """Return the currency that a format shows beside numbers; one that is none of ours as it stands there."""
    for found in IN_FORMAT.finditer(number_format.partition(";")[0]):
        sign = (found["sign"] or found["text"] or found["plain"] or "").strip()
        if sign and (found["sign"] or WRITTEN.fullmatch(sign)):
            return sign
    return ""


def _mark_merged(rows: Rows, sheet: UnmeasuredSheet, ditto: str) -> None:
    """Write `ditto` where the value of a cell above holds too."""
    numbers = [number for number, _cells in rows]
    for column, top, bottom in _merged(sheet):
        first, end = bisect_left(numbers, top), bisect_right(numbers, bottom)
        if first < end and numbers[first] == top and _holds(rows[first][1], column):
            for _number, cells in rows[first + 1 : end]:
                _put(cells, column, ditto)


def _holds(cells: list[str], column: int) -> bool:
    return len(cells) >= column and bool(cells[column - 1].strip())


def _put(cells: list[str], column: int, ditto: str) -> None:
    cells += [""] * (column - len(cells))
    if cells[column - 1] == ditto:
        raise damaged()  # merged twice, which would take for ever in a file that was made to
    cells[column - 1] = ditto


def _merged(sheet: UnmeasuredSheet) -> Iterator[tuple[int, int, int]]:
    """Yield the first column, the first and the last row of what is merged over several rows. It stands below them."""
    try:
        with sheet._get_source() as source:
            for _event, node in iterparse(source):
                if node.tag == f"{MAIN}mergeCell":
                    column, top, _right, bottom = range_boundaries(node.attrib["ref"])
                    if top < bottom:
                        yield column, top, bottom
                node.clear()
    except MemoryError:
        raise
    except Exception as error:  # as where rows are read
        raise damaged() from error
