"""Papers are drawn the same each time, with their header on each page and nothing cut that counts."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from oms.paper import RIGHT, Column, Letterhead, Paper, as_pdf

COLUMNS = [Column("#", is_number=True), Column("Product"), Column("Amount", is_number=True)]


def a_paper(count: int = 3, name: str = "Sechskantschraube Größe M8", **values: object) -> Paper:
    lines = [[str(n), f"B-{n} {name}", f"{n * 1000:,}.50"] for n in range(1, count + 1)]
    defaults = {
        "title": "Quote",
        "number": "Q-1 v1",
        "letterhead": Letterhead("Nordwerk", ["Hafenstr. 1"], ["Sparkasse DE02"]),
        "addressee": ["Müller & Söhne"],
        "facts": [("Date", "26 Nov 2026")],
        "columns": COLUMNS,
        "rows": lines,
        "totals": [("Net total", "1,234.50 EUR")],
    }
    return Paper(**{**defaults, **values})


@pytest.fixture
def drawn(monkeypatch):
    """What is written on each page: texts with the place of their left edge and of their right one."""
    pages: list[list[tuple[str, float, float]]] = [[]]

    def write(canvas, x, y, text, **_more):
        pages[-1].append((text, x, y))

    def write_right(canvas, x, y, text, **_more):
        pages[-1].append((text, x - canvas.stringWidth(text, canvas._fontname, canvas._fontsize), y))

    show = Canvas.showPage
    monkeypatch.setattr(Canvas, "drawString", write)
    monkeypatch.setattr(Canvas, "drawRightString", write_right)
    monkeypatch.setattr(Canvas, "showPage", lambda canvas: (show(canvas), pages.append([])))
    return pages


def texts(page: list[tuple[str, float, float]]) -> list[str]:
    return [text for text, _x, _y in page]


def a_logo(size: tuple[int, int] = (900, 300)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "navy").save(target, "PNG")
    return target.getvalue()


def test_the_same_paper_is_the_same_bytes():
    assert as_pdf(a_paper(40)) == as_pdf(a_paper(40))
    assert as_pdf(a_paper(40)) != as_pdf(a_paper(41))


def test_two_hundred_lines_have_their_header_and_their_number_on_each_page(drawn):
    as_pdf(a_paper(200))

    pages = drawn[:-1]
    assert len(pages) > 3
    for n, page in enumerate(pages, start=1):
        assert {"#", "Product", "Amount", f"Page {n} of {len(pages)}", "Sparkasse DE02"} <= set(texts(page))
    numbers = [text for page in pages for text in texts(page) if text.isdigit()]
    assert numbers == [str(n) for n in range(1, 201)]


def test_the_total_never_stands_alone_and_never_on_the_footer(drawn):
    for rows in range(1, 60):
        drawn[:] = [[]]
        as_pdf(a_paper(rows))
        last = drawn[-2]
        ((_text, _x, total),) = [one for one in last if one[0] == "1,234.50 EUR"]
        assert str(rows) in texts(last)
        assert total > 72


def test_a_long_name_goes_over_lines_and_a_number_is_never_broken(drawn):
    as_pdf(a_paper(2, name="Ä" * 400 + " " + "wort " * 300))

    written = texts(drawn[0])
    assert "2,000.50" in written
    assert any(text.endswith("…") for text in written)
    assert all(x >= 0 for _text, x, _y in drawn[0])


def test_a_name_stays_left_of_the_numbers(drawn, monkeypatch):
    as_pdf(a_paper(5, name="W" * 120))

    amounts = min(x for text, x, _y in drawn[0] if text.endswith(".50"))
    for text, x, _y in drawn[0]:
        if set(text) == {"W"}:
            assert x + len(text) * 8 < amounts < RIGHT


@pytest.mark.parametrize("logo", [None, b"", b"garbage", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_a_paper_without_a_logo_that_can_be_read_names_the_company(logo, drawn):
    as_pdf(a_paper(letterhead=Letterhead("Nordwerk", logo=logo)))

    assert texts(drawn[0]).count("Nordwerk") == 2


def test_a_large_logo_makes_no_large_paper():
    plain = len(as_pdf(a_paper()))
    noise = BytesIO()
    Image.effect_noise((3000, 2000), 90).save(noise, "PNG")

    pdf = as_pdf(a_paper(letterhead=Letterhead("Nordwerk", logo=noise.getvalue())))

    assert len(noise.getvalue()) > 2_000_000
    assert len(pdf) - plain < 400_000
    assert len(re.findall(rb"/Subtype /Image", pdf)) >= 1


def test_a_paper_with_nothing_on_it_is_still_one_page(drawn):
    as_pdf(replace(a_paper(0), addressee=[], facts=[], totals=[]))

    assert "Page 1 of 1" in texts(drawn[0])


@pytest.mark.parametrize("lines", [6, 7])
def test_a_cell_of_as_many_lines_as_it_may_have_keeps_its_last_letter(drawn, lines):
    words = [f"{n}{'m' * 12}" for n in range(lines)]  # so wide that each stands on a line of its own
    as_pdf(a_paper(columns=[Column(name) for name in "ABCD"], rows=[[" ".join(words), "", "", ""]]))

    written = [text for text in texts(drawn[0]) if "mmm" in text]
    assert written == (words if lines == 6 else [*words[:5], words[5][:-1] + "…"])
