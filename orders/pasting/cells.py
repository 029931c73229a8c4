"""Text is split into rows of cells: what stands between them is found out."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from oms.text import clean_code

MOST_ROWS = 2000
LONGEST_PASTE = 500_000
MOST_COLUMNS = 30
LONGEST_CELL = 200
LONGEST_LINE = 1000  # of words
FOR_EACH = re.compile(r"(?i:\b(?:je|jeweils|each)\s+\d|\d\s+(?:[^\W\d_]+\.?\s+)?(?:je|jeweils|each)\b)")
GOES_ON = re.compile(r"(?i:\S\s+(?:und|and|sowie|et|&)$)")
WENT_ON = re.compile(r"(?i:(?:und|and|sowie|et)\s)")
DITTO = "〃"  # the same as in the row above: what a merged cell holds below its first row
TAB, SEMICOLON, PIPE, COMMA, BLANKS, WORDS = "\t", ";", "|", ",", "  ", ""
DELIMITERS = (TAB, SEMICOLON, PIPE, COMMA, BLANKS, WORDS)
MOSTLY = 0.8
ASKED = re.compile(r"(?i:@|\b(?:zu|je|à|at))\s*[€$£]?\s*\d+,\d")  # a price in a sentence
Dittos = dict[int, frozenset[int]]


@dataclass(slots=True)
class Table:
    """Rows of cells with their places in the text."""

    delimiter: str
    rows: list[tuple[int, list[str]]]

    @property
    def width(self) -> int:
        return max((len(cells) for _number, cells in self.rows), default=0)


def split(text: str, delimiter: str | None = None) -> Table:
    """Return the text as rows of cells that hold something; raise ValueError, with a sentence, for too much of it."""
    if len(text) > LONGEST_PASTE:
        raise ValueError(_("That is too much text for an order. Paste fewer rows."))
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    chosen = delimiter if delimiter in DELIMITERS else _delimiter(lines)
    longest = LONGEST_LINE if chosen == WORDS else LONGEST_CELL
    rows = [
        (number, [clean_code(cell)[:longest] for cell in cells[:MOST_COLUMNS]])
        for number, cells in enumerate(_cells(lines, chosen), start=1)
        if any(cell.strip() for cell in cells)
    ]
    require_few(len(rows))
    return Table(chosen, rows)


def require_few(n: int) -> None:
    """Raise ValueError for more rows than are looked at at once."""
    if n > MOST_ROWS:
        raise ValueError(_("%(n)s rows are too many; paste %(most)s at most.") % {"n": n, "most": MOST_ROWS})


def _delimiter(text: str) -> str:
    """Return what stands between the cells: the first sign that splits most rows alike; in prose nothing does."""
    lines = [line for line in text.split("\n") if line.strip()][:200]
    if any(TAB in line for line in lines):
        return TAB
    for sign in (SEMICOLON, PIPE, COMMA, BLANKS):
        widths = Counter(len(cells) for cells in _cells("\n".join(lines), sign))
        width, often = widths.most_common(1)[0] if widths else (0, 0)
        if width > 1 and often >= MOSTLY * len(lines) and not _is_prose(lines, sign):
            return sign
    return WORDS


def _is_prose(lines: Sequence[str], sign: str) -> bool:
    """Whether a comma or semicolon stands between words or before decimals rather than between cells."""
    if sign not in (COMMA, SEMICOLON):
        return False
    if sum(map(bool, map(FOR_EACH.search, lines))) >= MOSTLY * len(lines):
        return True
    return sign == COMMA and (
        all(re.search(r", |\d,\d", line) for line in lines) or any(map(ASKED.search, lines))
    )


def _cells(text: str, delimiter: str) -> list[list[str]]:
    if delimiter == WORDS:
        return [[line] for line in text.split("\n")]
    if delimiter == BLANKS:
        return [re.split(r" {2,}", line.strip()) for line in text.split("\n")]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    if rows and all(len(cell) <= LONGEST_CELL for cells in rows for cell in cells):
        return rows
    return [line.split(delimiter) for line in text.split("\n")]  # a quote that nobody closed is an inch


def without_dittos(rows: Sequence[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], Dittos]:
    """Return the rows with what stands above in place of each ditto mark, and where those stood, by row."""
    filled: list[tuple[int, list[str]]] = []
    dittos: Dittos = {}
    above: list[str] = []
    for number, cells in rows:
        same = {i for i, cell in enumerate(cells) if cell == DITTO and i < len(above)}
        above = [above[i] if i in same else cell for i, cell in enumerate(cells)]
        filled.append((number, above))
        if same:
            dittos[number] = frozenset(same)
    return filled, dittos


def unwrapped(rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return lines of words with those put together that a mail program broke: “je 3 A, B” and “und C”."""
    whole: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        before, line = whole[-1][1][0] if whole else "", cells[0]
        goes_on = GOES_ON.search(before) or (before.endswith(COMMA) and FOR_EACH.search(before))
        if whole and len(before) < LONGEST_LINE and (goes_on or WENT_ON.match(line)):
            number, line = whole.pop()[0], f"{before} {line}"
        whole.append((number, [line]))
    return whole
