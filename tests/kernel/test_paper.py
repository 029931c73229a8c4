"""Papers are drawn the same each time, with their header on each page and nothing cut that counts."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from oms.lettering import BOLD, EAST_ASIAN, PLAIN, in_order, letters_of, not_drawn, runs, width_of
from oms.paper import RIGHT, Column, Letterhead, Paper, as_pdf, unprintable

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


EASTERN = "六角螺栓 M8 カタカナ ひらがな 한국어 ﾊﾝｶｸ 「、」"


def test_chinese_japanese_and_korean_are_drawn_with_a_font_that_has_them(drawn):
    paper = a_paper(
        name=EASTERN, addressee=["東京都千代田区 1-1", "北京市朝阳区"], totals=[("合計", "1 JPY")]
    )
    pdf = as_pdf(paper)

    assert unprintable(paper) == []
    written = "".join(texts(drawn[0]))
    for char in EASTERN + "東京都千代田区北京市朝阳区合計":
        assert char in written
    assert as_pdf(paper) == pdf


def test_a_paper_holds_only_the_letters_of_the_large_font_that_it_needs():
    pdf = as_pdf(a_paper(name=EASTERN))

    assert b"DroidSansFallback" in pdf
    assert len(pdf) < 80_000
    assert b"DroidSansFallback" not in as_pdf(a_paper(name="Größe Ελληνικά Кириллица € ½ ’ … ﬁ"))


def test_what_one_font_has_is_one_piece_and_is_as_wide_as_the_library_says():
    text = "Größe Ελληνικά Кириллица 1,234.50 €"

    assert runs(text, PLAIN) == [(PLAIN, text)]
    assert width_of(text, PLAIN, 9) == stringWidth(text, PLAIN, 9)
    assert runs("M8 漢字 x", PLAIN) == [(PLAIN, "M8 "), (EAST_ASIAN, "漢字"), (PLAIN, " x")]
    assert runs("", PLAIN) == [(PLAIN, "")]
    assert runs("\U0001f9ff", PLAIN) == [(PLAIN, "\U0001f9ff")]


def test_a_piece_in_another_font_begins_where_the_one_before_ends_and_stands_right(drawn):
    as_pdf(a_paper(0, addressee=["AG 漢字 Co"], totals=[("合計", "12 円")]))

    places = {text: x for text, x, _y in drawn[0]}
    assert places["漢字"] == pytest.approx(places["AG "] + width_of("AG ", PLAIN, 9))
    assert places[" Co"] == pytest.approx(places["漢字"] + width_of("漢字", PLAIN, 9))
    assert places["円"] + width_of("円", PLAIN, 9) == pytest.approx(RIGHT - 5)


@pytest.mark.parametrize("text", ["ไทย", "नमस्ते", "\U0001f9ff", "\U00020000", "\ue123", "ܐܒ", "ߊߋ"])
def test_what_no_font_has_is_told_with_its_place(text):
    """Thai, Devanagari, an amulet, a rare ideograph, a letter that somebody made up, Syriac and N'Ko."""
    here = a_paper(addressee=["Kern", text], facts=[("Your order", f"PO {text}")], notes=[text])

    assert unprintable(here) == [
        ("the address", not_drawn(text)), ("Your order", not_drawn(text)), ("the notes", not_drawn(text))
    ]  # fmt: skip
    assert unprintable(a_paper(2, name=text))[1] == ("line 2", not_drawn(text))
    assert unprintable(a_paper(letterhead=Letterhead("N", footer=[text]))) == [
        ("our own name and address", not_drawn(text))
    ]
    as_pdf(here)


@pytest.mark.parametrize(
    "text", ["", "a\nb\tc\u00a0d\u3000e", "naïve café Œ ẞ", "Ђ Ґ Ў", "ἀρχή", "“’–…”", "½ × 10² µ €"]
)
def test_what_can_be_drawn_is_not_told(text):
    assert not_drawn(text) == ""


@pytest.mark.parametrize(
    ("text", "from_the_left"),
    [
        ("שלום 12 (AG)", "(AG) 12 םולש"),
        ("M8 שלום x", "M8 םולש x"),
        ("سلام", "\ufee1\ufefc\ufeb3"),
        ("چای", "\ufbfc\ufe8e\ufb7c"),
        ("مُحَمَّد", "\ufeaa\u0651\u064e\ufee4\u064e\ufea4\u064f\ufee3"),
        ("Größe (漢字) 1-2", "Größe (漢字) 1-2"),
    ],
)
def test_what_is_read_from_the_right_is_joined_and_turned_round(drawn, text, from_the_left):
    as_pdf(a_paper(addressee=[text], rows=[["1", text, "2"]], notes=[text]))

    assert in_order(text) == from_the_left
    assert not_drawn(text) == ""
    whole = from_the_left if text.startswith("Gr") is False else "Größe ("
    assert texts(drawn[0]).count(whole) == 3


def test_a_text_from_the_right_is_as_wide_in_the_order_in_which_it_is_read(drawn):
    text = "سلام (M8) 12"

    assert width_of(text, PLAIN, 9) == pytest.approx(stringWidth(in_order(text), PLAIN, 9))
    as_pdf(a_paper(0, totals=[("سلام", text)]))
    assert (in_order(text), RIGHT - 5 - width_of(text, BOLD, 9)) in [
        (text, pytest.approx(x)) for text, x, _y in drawn[0]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\u202eש\u202c\u202c",
        "\u2067" * 70 + "ש",
        "ש\n\u2029ש",
        "\u0651",
        "\u200fא" * 300,
        "ש)))(((",
        "ש\ufbd0",
    ],
)
def test_odd_marks_of_direction_draw_something(text):
    as_pdf(a_paper(addressee=[text], rows=[[text, text, text]], facts=[(text, text)], notes=[text]))


def test_a_long_text_from_the_right_begins_on_its_first_line(drawn):
    words = [f"שלום{n}" for n in range(100)]
    as_pdf(a_paper(0, notes=[" ".join(words)]))

    lines = [text for text in texts(drawn[0]) if "םול" in text]
    assert len(lines) > 3
    assert "0" in lines[0]
    assert "99" in lines[-1]


def test_letters_of_arabic_kind_that_no_font_has_joined_are_told_as_they_were_typed():
    assert not_drawn("سلام ﷲ ݐ") == "اللهݐ"


def test_a_character_that_stands_there_often_is_told_once():
    assert not_drawn("ไ ไ ท ไ") == "ไท"


def test_every_letter_is_either_drawn_or_told():
    for char in map(chr, range(0x20, 0x30000)):
        if char.isprintable() and not char.isspace() and not not_drawn(char):
            for font, piece in runs(char, PLAIN):
                assert letters_of(font).issuperset(piece)
