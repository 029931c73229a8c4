"""A line that names several products: each is read when all are sure, else the line says what of it was not read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.services.pasting import Fix
from tests.builders import a_product, a_unit, an_order, many_products
from tests.pad.pasted import entries, judge, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def order(boss):
    for sku in ("A", "B", "C", "V-221", "22423", "EUR-PAL"):
        a_product(sku)
    a_unit(a_product("V-220"), "BX", numerator=12, gtin="4006381333931")
    return an_order({}, by=boss)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("je 3 A und B", ["A 3", "B 3"]),
        ("- Bitte je 3 A und B, danke", ["A 3", "B 3"]),
        ("je 3 A und B bis Freitag", ["A 3", "B 3"]),
        ("Hallo Ana, je 3 A und B", ["A 3", "B 3"]),
        ("10 V-220 und 5 V-220", ["V-220 10", "V-220 5"]),
        ("3 each of A and B", ["A 3", "B 3"]),
        ("A, B und C je 10 Stück", ["A 10", "B 10", "C 10"]),
        ("A, B, C (je 10 Stk.)", ["A 10", "B 10", "C 10"]),
        ("10 pcs V-221, 22423 and A each", ["V-221 10", "22423 10", "A 10"]),
        ("V-220 + V-221: je 4", ["V-220 4", "V-221 4"]),
        ("v-220 und v-221 je 3", ["V-220 3", "V-221 3"]),
        ("je 3 22423 und A zu 2,50 EUR", ["22423 3 @2.5", "A 3 @2.5"]),
        ("3 A und 4 B", ["A 3", "B 4"]),
        ("A 3, B 4; 5 x C", ["A 3", "B 4", "C 5"]),
        ("10 V-220 zu 2,50 EUR und 5 V-221 zu 3 EUR", ["V-220 10 @2.5", "V-221 5 @3"]),
    ],
)
def test_all_are_read_when_each_is_known(order, boss, line, expected):
    found = judge(order, f"Hallo Ana\n{line}\nGruß", boss)

    assert [entry.replace(" C62", "") for entry in entries(found)] == expected
    assert [one.row.place for one in found.rows] == [f"2.{n}" for n in range(1, len(expected) + 1)]


@pytest.mark.parametrize(
    ("line", "read", "lost"),
    [
        ("je 3 A und ZZ", "3 A", ["ZZ"]),
        ("je 3 A, XX-99, YY und B", "3 A", ["XX-99", "YY", "B"]),
        ("3 A und B", "3 A", ["B"]),
        ("3 A und ZZ", "3 A", ["ZZ"]),
        ("A und B: 5", "5 B", ["A"]),
        ("20 V-220, V-2221", "20 V-220", ["V-2221"]),
        ("20 V-220 DN15, DN20", "20 V-220", ["DN20"]),
        ("20 V-220, 5 DN20", "20 V-220", ["5 DN20"]),
        ("20 V-220, 5 V-2221", "20 V-220", ["5 V-2221"]),
        ("20 V-220 statt V-221", "20 V-220", ["V-221"]),
        ("20 V-220 oder V-221", "20 V-220", ["V-221"]),
        ("für V-220: je 3 A und B", "3 V-220", ["A", "B"]),
        ("je 5 V-220, je 7 V-221", "5 V-220", ["V-221"]),
        ("3 V-220 und 5 V-221 zu 3 EUR", "3 V-220", ["5 V-221"]),
    ],
)
def test_what_is_not_sure_keeps_the_line_marked_with_what_was_read(order, boss, line, read, lost):
    (one,) = judge(order, f"{line}\nGruß", boss).rows

    assert one.entry == ""
    assert f"Read: {read}. Not read: " in one.problem
    for text in lost:
        assert text in one.problem.partition("Not read: ")[2]


DESCRIBED = ["20 x V-220, DN20", "20 V-220, dn 20", "V-220, DN20, PN16: 20", "20 x V-220, M10x40, DN20"]


@pytest.mark.parametrize("line", DESCRIBED)
def test_a_dimension_behind_a_comma_is_that_of_the_product(order, boss, line):
    assert entries(judge(order, f"Hallo\n{line}\nGruß", boss)) == ["V-220 20 C62"]


@pytest.mark.parametrize("line", DESCRIBED[:1])
def test_a_dimension_that_is_a_product_of_its_own_is_asked_about(order, boss, line):
    a_product("DN20")

    (one,) = judge(order, f"Hallo\n{line}\nGruß", boss).rows

    assert one.entry == ""
    assert "Read: 20 V-220. Not read: DN20" in one.problem


@pytest.mark.parametrize(
    "line", ["3 A oder B", "Hallo Ana, bitte je 3 A und B", "je 3 A und 5 B", "je 3 YY und ZZ"]
)
def test_nothing_is_taken_where_nobody_can_say_how_many(order, boss, line):
    (one,) = judge(order, f"{line}\nGruß", boss).rows

    assert one.entry == ""
    assert one.problem


@pytest.mark.parametrize(
    "line",
    [
        "20 V-220",
        "20 x V-220, verzinkt, bis Freitag",
        "20 x V-220 Winkel und Mutter",
        "20 V-220 und bitte bis 30.11. liefern",
        "20 V-220 and thanks",
        "bis zu 20 V-220 mit 230V",
        "please send 20 of V-220 (V-220)",
        "20 x V-220, 4006381333931",
    ],
)
def test_words_beside_a_product_are_no_products(order, boss, line):
    assert entries(judge(order, f"{line}\nGruß", boss)) == ["V-220 20 C62"]


@pytest.mark.parametrize(
    "letter", ["A,B je 3\nC,V-221 je 4", "A; B je 3\nC; V-221 je 4", "3 each A,B\n4 pcs each C,V-221"]
)
def test_what_stands_between_products_is_no_border_of_cells(order, boss, letter):
    found = judge(order, letter, boss)

    assert entries(found) == ["A 3 C62", "B 3 C62", "C 4 C62", "V-221 4 C62"]


def test_a_list_with_such_words_in_a_description_is_a_list(order, boss):
    found = judge(order, "A;Set je 3 Stück;5\nB;Valve;6\nC;Valve;7", boss)

    assert entries(found) == ["A 5 C62", "B 6 C62", "C 7 C62"]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("je 3 A, B\nund C\n4 V-221", ["A 3", "B 3", "C 3", "V-221 4"]),
        ("je 3 A,\nB und\nC\n4 V-221", ["A 3", "B 3", "C 3", "V-221 4"]),
        ("Hallo Ana,\n3 A und\n4 B\nGruß", ["A 3", "B 4"]),
        ("20 V-221\nund viele herzliche Grüße", ["V-221 20"]),
        ("Order 4711 as told and\n20 V-221", ["V-221 20"]),
        ("Dear 3M team,\n20 V-221", ["V-221 20"]),
        ("3 A,\n4 B,\n5 C", ["A 3", "B 4", "C 5"]),
        ("und\n3 A", ["A 3"]),
    ],
)
def test_a_line_that_was_broken_is_put_together(order, boss, letter, expected):
    found = [entry.replace(" C62", "") for entry in entries(judge(order, letter, boss)) if entry]

    assert found == expected


def test_a_sku_with_such_words_in_it_is_one_product(order, boss):
    for sku in ("NUT AND BOLT SET", "A, B UND C"):
        a_product(sku)

    found = judge(order, "3 nut and bolt set\n4 A, B und C\nGruß", boss)

    assert entries(found) == ["NUT AND BOLT SET 3 C62", "A, B UND C 4 C62"]


def test_what_was_read_is_taken_by_choice(order, boss):
    (one,) = judge(order, "20 V-220 statt V-221\nGruß", boss).rows
    assert one.offers[0] == "20 C62"

    chosen = judge(order, "20 V-220 statt V-221\nGruß", boss, fixes={"1": Fix(quantity="20 C62")})

    assert entries(chosen) == ["V-220 20 C62"]


def test_each_product_of_a_line_has_choices_of_its_own(order, boss):
    text = "V-220 und V-221 je 12\n3 V-221\nGruß"

    found = judge(order, text, boss, fixes={"1.1": Fix(quantity="1 BX")}, merge=True)

    assert entries(found) == ["V-220 1 BX", "V-221 15 C62", ""]
    assert found.rows[2].repeats == "1.2"


def test_the_page_shows_each_product_of_a_line_with_its_place(client, order):
    answer = look(client, order, "V-220 und V-221 je 12\n3 A und B\nGruß").json()

    assert [row["entry"] for row in answer["rows"]] == ["V-220 12 C62", "V-221 12 C62", ""]
    assert answer["rows"][2]["instead"] == [{"label": "3 C62", "title": "", "entry": "A 3 C62"}]
    assert 'data-row="1.1" data-quantity="1 BX"' in answer["html"]
    assert "Not read: B" in answer["html"]


def test_products_in_doubt_are_not_added_up(order, boss):
    found = judge(order, "20 V-220 statt V-221\n5 V-220\nGruß", boss, merge=True)

    assert entries(found) == ["", "V-220 5 C62"]
    assert found.repeated == 0


def test_a_line_that_becomes_too_many_rows_is_refused(order, boss):
    line = "je 3 " + ", ".join(["A"] * 100)

    with pytest.raises(ValueError, match="2100 rows are too many"):
        judge(order, "\n".join([line] * 21), boss)


@pytest.mark.parametrize(
    "line",
    [
        "je und je 3", "je 3", "je 12.34.56 A und B", "je -3 A und B", ", , und ; & 3", "3 each each of of A and",
        "je 3 " + "A, " * 300, "3 A und B zu -2 EUR", "und " * 240 + "3", "A je 3 je 4 und B", "3 A und B @",
    ],
)  # fmt: skip
def test_whatever_stands_there_is_read_or_named(order, boss, line):
    for one in judge(order, f"{line}\nGruß 7", boss).rows:
        assert one.entry or one.problem


def test_lines_with_several_products_take_as_many_statements_for_many(boss):
    order, skus, counts = an_order({}, by=boss), [product.sku for product in many_products(400)], []
    for n in (4, 400):
        lines = [f"{a} und {b} je 5\n5 {a} und {b}" for a, b in zip(skus[:n:2], skus[1:n:2], strict=True)]
        with CaptureQueriesContext(connection) as seen:
            found = judge(order, "\n".join(lines), boss)
        assert len(found.rows) == n + n // 2
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8
