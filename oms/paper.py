"""Papers for customers as PDF: letterhead, a table over as many pages as it needs, totals.

No database here, and no clock: the same paper is drawn as the same bytes, today and in ten years.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice, pairwise
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from oms.lettering import BOLD, PLAIN, in_order, not_drawn, runs, width_of

logger = logging.getLogger(__name__)

SIZE, SMALL, MEDIUM, LARGE = 9, 7, 12, 16
WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 50, WIDTH - 50, HEIGHT - 45, 72
LABELS, FACTS = 330, 415  # where what is said of the paper begins, right of the address
TABLE_ON_FIRST, TABLE_ON_OTHERS = float(HEIGHT - 300), float(HEIGHT - 80)  # where the table begins
LEADING, GAP, PADDING = 11.5, 10, 3.5
ROOM_FOR_NAME = 280
LOGO_WIDTH, LOGO_HEIGHT, LOGO_PIXELS = 170, 56, (680, 224)
MOST_LINES = 6  # of one paragraph: a name of 500 letters must not push everything else off the page


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. Numbers stand right and get the width they need; the others share what is left."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends the paper. The `footer` stands on every page."""

    name: str
    lines: Sequence[str] = ()
    footer: Sequence[str] = ()
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed, as text that is formatted already."""

    title: str
    number: str
    letterhead: Letterhead
    addressee: Sequence[str]
    facts: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows broken into lines, and where each column begins."""

    edges: Sequence[float]
    rows: Sequence[Sequence[Sequence[str]]]

    def height(self, row: int) -> float:
        return max(len(cell) for cell in self.rows[row]) * LEADING + 2 * PADDING


def unprintable(paper: Paper) -> list[tuple[str, str]]:
    """Return where on the paper something stands that cannot be drawn, and its characters."""
    letterhead = paper.letterhead
    texts = [
        (_("our own name and address"), [letterhead.name, *letterhead.lines, *letterhead.footer]),
        (_("the address"), paper.addressee),
        *((label, [value]) for label, value in paper.facts),
        *((_("line %(line)s") % {"line": row[0]}, row) for row in paper.rows),
        *((label, [label]) for label, _amount in paper.totals),
        (_("the notes"), paper.notes),
    ]
    found = ((where, not_drawn(" ".join(said))) for where, said in texts)
    return [(where, characters) for where, characters in found if characters]


def as_pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF, its table's header on every page, pages numbered n of m."""
    table = _set_table(paper)
    pages = list(_pages([table.height(row) for row in range(len(table.rows))], _height_of_end(paper)))
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1, lang=paper.language)
    canvas.setTitle(f"{paper.title} {paper.number}")
    canvas.setAuthor(paper.letterhead.name)
    for n, rows in enumerate(pages):
        y = _begin(canvas, paper, is_first=n == 0)
        if rows or not paper.rows:
            y = _draw_rows(canvas, paper.columns, table, rows, y)
        if n == len(pages) - 1:
            _draw_end(canvas, paper, y)
        _draw_footer(canvas, paper, n + 1, len(pages))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _set_table(paper: Paper) -> _Table:
    edges = _edges(paper.columns, paper.rows)
    widths = [right - left - GAP for left, right in pairwise(edges)]
    cells = list(zip(paper.columns, widths, strict=True))
    return _Table(
        edges,
        [
            [
                [text] if column.is_number else list(_broken(text, width))
                for text, (column, width) in zip(row, cells, strict=True)
            ]
            for row in paper.rows
        ],
    )


def _edges(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[float]:
    needed = [
        max([width_of(column.title, BOLD, SIZE), *(width_of(row[n], PLAIN, SIZE) for row in rows)])
        if column.is_number
        else 0
        for n, column in enumerate(columns)
    ]
    others = [not column.is_number for column in columns]
    rest = (RIGHT - LEFT - sum(needed) - GAP * len(columns)) / max(1, sum(others))
    edges: list[float] = [LEFT]
    for width, is_other in zip(needed, others, strict=True):
        edges.append(edges[-1] + (rest if is_other else width) + GAP)
    return edges


def _broken(text: str, width: float) -> Iterator[str]:
    """Yield the lines of a cell. A word that is wider than its column is broken where it must be.

    Each paragraph of it may have so many lines.
    """
    for paragraph in text.split("\n"):
        lines = list(islice(_lines(paragraph, width), MOST_LINES + 1))
        if len(lines) > MOST_LINES:
            lines[-2:] = [lines[-2][:-1] + "…"]
        yield from lines or [""]


def _lines(text: str, width: float, font: str = PLAIN) -> Iterator[str]:
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, font):
            longer = f"{line} {piece}" if line else piece
            if line and width_of(longer, font, SIZE) > width:
                yield line
                line = piece
            else:
                line = longer
    if line:
        yield line


def _pieces(word: str, width: float, font: str) -> Iterator[str]:
    while width_of(word, font, SIZE) > width and len(word) > 1:
        fitting = 1
        while width_of(word[: fitting + 1], font, SIZE) <= width:
            fitting += 1
        yield word[:fitting]
        word = word[fitting:]
    yield word


def _pages(heights: Sequence[float], end: float) -> Iterator[range]:
    """Yield which rows stand on which page; the totals never stand on a page of their own without need."""
    first, y = 0, TABLE_ON_FIRST - LEADING - 2 * PADDING
    for row, height in enumerate(heights):
        needed = height + (end if row == len(heights) - 1 else 0)
        if y - needed < BOTTOM and row > first:
            yield range(first, row)
            first, y = row, TABLE_ON_OTHERS - LEADING - 2 * PADDING
        y -= height
    yield range(first, len(heights))


def _height_of_end(paper: Paper) -> float:
    return (len(paper.totals) + sum(1 for _n in _notes(paper))) * LEADING + 4 * PADDING + 2 * LEADING


def _notes(paper: Paper) -> Iterator[str]:
    for note in paper.notes:
        yield from _lines(note, RIGHT - LEFT)


def _begin(canvas: Canvas, paper: Paper, *, is_first: bool) -> float:
    """Draw what stands above the table; return where the table begins."""
    if not is_first:
        _text(canvas, LEFT, TOP, f"{paper.title} {paper.number}", BOLD)
        _text(canvas, RIGHT, TOP, paper.letterhead.name, PLAIN, right=True)
        return TABLE_ON_OTHERS
    _draw_letterhead(canvas, paper.letterhead)
    _draw_lines(canvas, LEFT, HEIGHT - 150, _fitting(paper.addressee, 250))
    _draw_facts(canvas, paper.facts)
    _text(canvas, LEFT, TABLE_ON_FIRST + 22, f"{paper.title} {paper.number}", BOLD, LARGE)
    return TABLE_ON_FIRST


def _draw_letterhead(canvas: Canvas, letterhead: Letterhead) -> None:
    logo = _logo(letterhead.logo)
    if logo is not None:
        width, height = logo.size
        scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
        width, height = width * scale, height * scale
        canvas.drawImage(ImageReader(logo), LEFT, TOP + 10 - height, width, height, mask="auto")
    else:
        size = LARGE if width_of(letterhead.name, BOLD, LARGE) <= ROOM_FOR_NAME else MEDIUM
        _text(canvas, LEFT, TOP - 6, _cut(letterhead.name, ROOM_FOR_NAME, BOLD, size), BOLD, size)
    _draw_lines(canvas, RIGHT, TOP, _fitting([letterhead.name, *letterhead.lines], 200), right=True)


def _logo(data: bytes | None) -> Any:
    """Return the logo as small as it is printed, or None where there is none that can be read."""
    if not data:
        return None
    try:
        with Image.open(BytesIO(data)) as image:
            image.thumbnail(LOGO_PIXELS)
            return image.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        logger.warning("The company's logo cannot be printed; papers go out without it", exc_info=error)
        return None


def _draw_facts(canvas: Canvas, facts: Iterable[tuple[str, str]]) -> None:
    y = HEIGHT - 150.0
    for label, value in facts:
        _text(canvas, LABELS, y, label, PLAIN)
        for line in list(_lines(value, RIGHT - FACTS, BOLD))[:3] or [""]:
            _text(canvas, FACTS, y, line, BOLD)
            y -= LEADING


def _draw_rows(canvas: Canvas, columns: Sequence[Column], table: _Table, rows: range, y: float) -> float:
    """Draw the header and these rows; return where the next thing goes."""
    for n, column in enumerate(columns):
        _cell(canvas, column, table.edges[n : n + 2], y - PADDING - SIZE, column.title, BOLD)
    y -= LEADING + 2 * PADDING
    _rule(canvas, y, 0.9)
    for row in rows:
        for n, cell in enumerate(table.rows[row]):
            for line, text in enumerate(cell):
                at = y - PADDING - SIZE - line * LEADING
                _cell(canvas, columns[n], table.edges[n : n + 2], at, text, PLAIN)
        y -= table.height(row)
        _rule(canvas, y, 0.3)
    return y


def _cell(canvas: Canvas, column: Column, edges: Sequence[float], y: float, text: str, font: str) -> None:
    if column.is_number:
        _text(canvas, edges[1] - GAP / 2, y, text, font, right=True)
    else:
        _text(canvas, edges[0] + GAP / 2, y, text, font)


def _draw_end(canvas: Canvas, paper: Paper, y: float) -> None:
    y -= 2 * PADDING + SIZE
    for label, amount in paper.totals:
        _text(canvas, RIGHT - GAP / 2, y, amount, BOLD, right=True)
        _text(canvas, RIGHT - width_of(amount, BOLD, SIZE) - 2 * GAP, y, label, BOLD, right=True)
        y -= LEADING
    _draw_lines(canvas, LEFT, y - LEADING, list(_notes(paper)))


def _draw_footer(canvas: Canvas, paper: Paper, page: int, pages: int) -> None:
    _rule(canvas, BOTTOM - 14, 0.3)
    y = BOTTOM - 26.0
    for line in _fitting(paper.letterhead.footer, RIGHT - LEFT - 80, PLAIN, SMALL)[:3]:
        _text(canvas, LEFT, y, line, PLAIN, SMALL)
        y -= SMALL + 2
    with translation.override(paper.language):
        said = _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}
    _text(canvas, RIGHT, BOTTOM - 26, said, PLAIN, SMALL, right=True)


def _draw_lines(canvas: Canvas, x: float, y: float, lines: Iterable[str], *, right: bool = False) -> None:
    for line in lines:
        _text(canvas, x, y, line, PLAIN, right=right)
        y -= LEADING


def _fitting(lines: Iterable[str], width: float, font: str = PLAIN, size: float = SIZE) -> list[str]:
    """Return the lines, each cut where its room ends."""
    return [_cut(line, width, font, size) for line in lines if line]


def _cut(line: str, width: float, font: str, size: float) -> str:
    if width_of(line, font, size) <= width:
        return line
    while line and width_of(line + "…", font, size) > width:
        line = line[:-1]
    return line + "…"


def _rule(canvas: Canvas, y: float, thickness: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.line(LEFT, y, RIGHT, y)


def _text(
    canvas: Canvas, x: float, y: float, text: str, font: str, size: float = SIZE, *, right: bool = False
) -> None:
    """Write a text, each piece of it in the font that has its letters."""
    *first, (last, rest) = runs(in_order(text), font)
    if right and first:
        x -= width_of(text, font, size)
    for used, piece in first:
        canvas.setFont(used, size)
        canvas.drawString(x, y, piece)
        x += stringWidth(piece, used, size)
    canvas.setFont(last, size)
    if right and not first:
        canvas.drawRightString(x, y, rest)
    else:
        canvas.drawString(x, y, rest)
