"""The columns of a kind of file, declared as the fields of its row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oms.importing.cells import SPREADSHEET_ERRORS, Formula, Reader, Unreadable
from oms.importing.problems import FileRefused, Problems, refuse
from oms.importing.progress import told_of
from oms.importing.sheets import Sheet

Words = str | Promise

LEFT_OUT = "\0"  # stands in a header for a column that is not read; no file's header holds it
UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # stands for a code that cannot be read: nothing has it
WITHOUT_IT_NOTHING = object()  # stands for a cell on which the meaning of its whole row hangs
LONGEST_CELL = 32_767  # what a spreadsheet's cell can hold


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, how its cells are read, and whether each row must fill it.

    `instead` stands for a cell that cannot be read while the rest of its row is checked.
    """

    name: str
    read: Reader
    required: bool
    help: Words
    instead: Any


def column(read: Reader, help_: Words = "", *, required: bool = False, instead: Any = None) -> Any:
    """Declare a field of a row as a column of the file; an empty cell is None."""
    metadata = {"read": read, "help": help_, "required": required, "instead": instead}
    return field(metadata=metadata) if required else field(metadata=metadata, default=None)


@dataclass(slots=True, kw_only=True)
class Row:
    """A row of a file. `row` is its number in the spreadsheet, the header being row 1."""

    row: int


RowT = TypeVar("RowT", bound=Row)


def columns_of(kind: type[Row]) -> list[Column]:
    """Return the columns of a kind of row, in the order of the template."""
    return [
        Column(f.name, *(f.metadata[part] for part in ("read", "required", "help", "instead")))
        for f in fields(kind)
        if "read" in f.metadata
    ]


def require_header(kind: type[Row], header: Sequence[str]) -> None:
    """Raise FileRefused when the header lacks, repeats or adds a column."""
    columns = columns_of(kind)
    known = [c.name for c in columns]
    missing = [c.name for c in columns if c.required and c.name not in header]
    problems = Problems()
    for name, times in Counter(header).items():
        if name == LEFT_OUT:
            continue
        if name not in known:
            problems.add(1, name or _("(no name)"), "", _("is no column here."), _nearest(name, known))
        elif times > 1:
            problems.add(1, name, "", _("stands in the header twice."), _("Keep one of them."))
    for name in missing:
        problems.add(1, name, "", _("is missing."), _("Add this column; the template has all of them."))
    if problems:
        raise FileRefused(problems.listed(), problems.total)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    if near:
        return _("Did you mean %(name)s?") % {"name": near[0]}
    return _("Remove it, or use one of: %(names)s.") % {"names": ", ".join(known)}


def read_rows(kind: type[RowT], sheet: Sheet, problems: Problems) -> list[RowT]:
    """Return the rows that can be checked, noting every cell that cannot be read."""
    require_header(kind, sheet.header)
    columns = {c.name: c for c in columns_of(kind)}
    in_file = [columns.get(name) for name in sheet.header]
    found = []
    for number, row in told_of("reading", sheet.rows):
        cells = _without_empty_end(row, len(sheet.header))
        values = (
            _read_cells(number, in_file, cells, problems)
            if _right_length(number, sheet, cells, problems)
            else None
        )
        if values is not None:
            found.append(kind(row=number, **values))
    if not found and not problems:
        raise refuse(_("There is a header, but no row below it."), _("Fill the template and send it again."))
    return found


def _without_empty_end(cells: list[str], width: int) -> list[str]:
    """Return a row without the empty cells that some write beyond the last column."""
    return cells[:width] if len(cells) > width and not any(map(str.strip, cells[width:])) else cells


def _right_length(number: int, sheet: Sheet, cells: Sequence[str], problems: Problems) -> bool:
    if len(cells) == len(sheet.header):
        return True
    problems.add(
        number,
        "",
        "",
        _("has %(n)s cells, the header %(wanted)s.") % {"n": len(cells), "wanted": len(sheet.header)},
        _("Put quotes around text that holds the delimiter."),
    )
    return False


def _read_cells(
    number: int, columns: Sequence[Column | None], cells: Sequence[str], problems: Problems
) -> dict[str, Any] | None:
    """Return the values of a row; None when one is missing without which the others say nothing."""
    values: dict[str, Any] = {}
    for column_, cell in zip(columns, cells, strict=True):
        if column_ is None:
            continue
        try:
            values[column_.name] = _read(column_, cell)
        except Unreadable as wrong:
            problems.add_unread(number, column_.name, cell, wrong.rule, wrong.remedy)
            values[column_.name] = column_.instead
    return None if WITHOUT_IT_NOTHING in values.values() else values


def _read(column_: Column, cell: str) -> Any:
    if len(cell) > LONGEST_CELL:
        raise Unreadable(_("is longer than a cell may be."), _("Shorten it."))
    if "\0" in cell:
        raise Unreadable(_("holds a NUL byte."), _("Save the file as CSV UTF-8 again; this one is damaged."))
    if isinstance(cell, Formula):
        raise Unreadable(_("is a formula."), _("Copy the column, and paste it as values only."))
    trimmed = cell.strip()
    if not trimmed:
        if column_.required:
            raise Unreadable(_("must not be empty."), _("Fill it in."))
        return None
    if trimmed in SPREADSHEET_ERRORS:
        raise Unreadable(_("is an error of the spreadsheet."), _("Mend the formula, or paste its values."))
    found = column_.read(trimmed)
    if found == "" and column_.required:
        raise Unreadable(_("holds nothing one can see."), _("Fill it in."))
    return None if found == "" else found
