"""What was pasted is read as a person would: delimiter, header, columns, numbers. No database here."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.pasting import Reading, Role, Wish, recognise, split

quietly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SKU, N, UNIT, PRICE, NONE = Role.CODE, Role.QUANTITY, Role.UNIT, Role.PRICE, Role.NOTHING
OFF = Role.DISCOUNT


def read(text, **wish):
    return recognise(split(text), Wish(**wish))


def first_readings(pasted):
    return [(r.code, r.quantity, r.unit, r.price) for row in pasted.rows for r in row.readings[:1]]


@pytest.mark.parametrize(
    ("text", "delimiter", "has_header", "roles"),
    [
        ("B-M8-40\t200\nV-220\t20", "\t", False, (SKU, N)),
        ("SKU\tQty\tPrice\nB-M8-40\t200\t0.42", "\t", True, (SKU, N, PRICE)),
        ("Artikel-Nr.;Bezeichnung;Menge;ME;EP\nB-M8-40;Bolzen;200;Stk;0,42", ";", True, (SKU, NONE, N, UNIT, PRICE)),
        ("Pos,Item code,Description,Quantity,Unit price,Total\n1,V-220,Valve,20,41.20,824.00", ",", True,
         (NONE, SKU, NONE, N, PRICE, NONE)),
        ("Order 4500-77\t\t\nfor\tKern AG\t\nRef\tQuantité\tPrix\nV-220\t2\t9", "\t", True, (SKU, N, PRICE)),
        ("1\tB-M8-40\tBolt zinc\t200\n2\tV-220\tValve brass\t20", "\t", False, (NONE, SKU, NONE, N)),
        ("4006381333931\t12\n4006381333948\t5", "\t", False, (SKU, N)),
        ("B-M8-40|200|EA|0.42\nV-220|20|EA|41.20\nV-221|3|BX|9", "|", False, (SKU, N, UNIT, PRICE)),
        ("B-M8-40   200\nV-220     20", "  ", False, (SKU, N)),
        ("20,B-M8-40\n5,V-220", ",", False, (N, SKU)),
        ("StockCode\tDescription\tQuantity\tUnitPrice\n71053\tLANTERN\t6\t3.39\n84029E\tWOOLLY HOTTIE\t8\t3.39", "\t",
         True, (SKU, NONE, N, PRICE)),
        ("71053\tLANTERN\t6\t3.39\n84029E\tWOOLLY HOTTIE\t8\t3.39", "\t", False, (SKU, NONE, N, PRICE)),
        ("Lantern\t2500\t3.39\nWoolly hottie\t1200\t3.39", "\t", False, (SKU, N, PRICE)),
        ("SKU\tQty\tRabatt\nB-M8-40\t200\t10+10", "\t", True, (SKU, N, OFF)),
        ("B-M8-40;10+10%;200\nV-220;5%;20", ";", False, (SKU, OFF, N)),
        ("Please send:\n200 x B-M8-40\n20 V-220", "", False, (SKU,)),
        ("20 bolts, zinc\n5 valves, brass", "", False, (SKU,)),
    ],
)  # fmt: skip
def test_delimiter_header_and_columns_are_found_out(text, delimiter, has_header, roles):
    layout = read(text).layout

    assert (layout.delimiter, layout.has_header, layout.roles) == (delimiter, has_header, roles)


@pytest.mark.parametrize(
    ("cells", "decimal", "numbers"),
    [
        (["1.200", "3"], ",", ["1200", "3"]),
        (["1,200", "3"], ".", ["1200", "3"]),
        (["1.200,50"], ",", ["1200.5"]),
        (["1,200.50", "1,200"], ".", ["1200.5", "1200"]),
        (["1.5", "1.200"], ".", ["1.5", "1.2"]),
        (["1,5", "1.200"], ",", ["1.5", "1200"]),
        (["1.200.300"], ",", ["1200300"]),
        (["1 200", "1'300", "1’400", "1\u00a0500"], ".", ["1200", "1300", "1400", "1500"]),
        (["0.125"], ".", ["0.125"]),
        (["1234.500"], ".", ["1234.5"]),
        (["12"], ".", ["12"]),
    ],
)
def test_the_number_format_is_found_out_over_all_rows(cells, decimal, numbers):
    pasted = read("\n".join(f"A-{i}\t{cell}" for i, cell in enumerate(cells)))

    assert pasted.layout.decimal == decimal
    assert [q for _c, q, _u, _p in first_readings(pasted)] == list(map(Decimal, numbers))


def test_prices_keep_their_currency_out_and_units_may_stand_with_the_quantity():
    pasted = read("SKU;Qty;Price\nV-220;2bx;€ 1.041,20\nV-221;3 Stk.;9,00 EUR")

    assert first_readings(pasted) == [
        ("V-220", 2, "bx", Decimal("1041.20")),
        ("V-221", 3, "Stk", Decimal(9)),
    ]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("200 x B-M8-40", ("B-M8-40", 200, "")),
        ("200x B-M8-40", ("B-M8-40", 200, "")),
        ("- 1.200 Stk. B-M8-40", ("B-M8-40", 1200, "Stk")),
        ("* B-M8-40: 200", ("B-M8-40", 200, "")),
        ("> B-M8-40 - 200 pcs", ("B-M8-40", 200, "pcs")),
        ("2) V-220 5 bx", ("V-220", 5, "bx")),
        ("please send us 20 of V-220 until Friday", ("V-220", 20, "")),
        ("B-M8-40", ("B-M8-40", 1, "")),
    ],
)
def test_a_line_of_a_letter_may_mean_what_a_person_would_read(line, meant):
    (row,) = read(line + "\n").rows

    assert meant in [(r.code, r.quantity, r.unit) for r in row.readings]


@pytest.mark.parametrize(
    ("text", "discounts"),
    [
        ("20 x V-220 @ 41.20 10+10%", ["10", "10"]),
        ("V-220: 20 -2,5 %", ["2.5"]),
        ("V-220 20 -10 % + 5 %", ["10", "5"]),
        ("V-220\t20\n", []),
        ("SKU\tQty\tDiscount\nV-220\t20\t10 % + 5 %", ["10", "5"]),
        ("SKU;Menge;Rabatt\nV-220;1,5;2,5+1", ["2.5", "1"]),
    ],
)
def test_discounts_are_read_one_after_the_other(text, discounts):
    (row,) = read(text).rows

    assert row.readings[0].discounts == tuple(map(Decimal, discounts))
    assert not row.problem


def test_a_code_that_ends_like_a_discount_is_read_too_and_impossible_ones_are_named():
    (row,) = read("5 x ALC 70%").rows
    assert [(one.code, one.discounts) for one in row.readings if one.code.startswith("ALC")] == [
        ("ALC", (Decimal(70),)),
        ("ALC 70%", ()),
    ]
    assert "0 to 100 percent" in read("5 x V-220 170%").rows[0].problem


def test_a_price_behind_an_at_sign_belongs_to_the_line():
    (row,) = read("200 B-M8-40 @0.40 EUR").rows

    assert Reading("B-M8-40", Decimal(200), price=Decimal("0.40"), money=("EUR",)) in row.readings


def test_what_orders_nothing_is_left_out_and_still_there():
    pasted = read("Dear Ana,\nplease:\n20 V-220\nKind regards")

    assert len(pasted.rows) == 1
    assert pasted.aside == ["Dear Ana,", "please:", "Kind regards"]


def test_rows_of_a_form_without_a_quantity_are_left_out():
    pasted = read("SKU\tQty\nV-220\t\nV-221\t0\nV-222\t4")

    assert [row.number for row in pasted.rows] == [4]
    assert pasted.aside == ["V-220", "V-221 · 0"]


@pytest.mark.parametrize("text", ["SKU\tText\tQty\nV-220\tValve\t20\n\t{}\t350", "SKU;Qty\nV-220;20\n{};350"])
@pytest.mark.parametrize("label", ["Summe", "Total", "Grand total:", "Gesamtmenge Stück", "SUMME EUR"])
def test_a_total_is_left_out(text, label):
    pasted = read(text.format(label))

    assert [row.readings[0].code for row in pasted.rows] == ["V-220"]
    assert any("350" in aside for aside in pasted.aside)


@pytest.mark.parametrize(
    "row", ["\t\t20", "\tValve brass\t20", "\tTotal Quartz oil\t20", "\t\t20 Stk", "\t\t-20"]
)
def test_a_quantity_without_a_product_is_looked_at(row):
    pasted = read(f"SKU\tText\tQty\nV-220\tValve\t5\n{row}\nV-221\tValve\t4")

    assert [one.number for one in pasted.rows] == [2, 3, 4]
    assert "without a product" in pasted.rows[1].problem
    assert pasted.aside == []


@pytest.mark.parametrize("row", ["\t\t", "\tbrass fittings\t", "\t\t0", "\t\tQty", "\tnote\tas always"])
def test_a_row_with_neither_orders_nothing(row):
    assert [one.number for one in read(f"SKU\tText\tQty\nV-220\tValve\t5\n{row}").rows] == [2]


def test_a_ditto_mark_is_what_stands_above():
    pasted = read("SKU\tSize\tQty\nV-220\tS\t5\n〃\tM\t6\n〃\tL\t\n〃\t〃\t7")

    assert [one[:2] for one in first_readings(pasted)] == [("V-220", 5), ("V-220", 6), ("V-220", 7)]
    assert [row.text for row in pasted.rows][1:] == ["V-220 · M · 6", "V-220 · L · 7"]


@pytest.mark.parametrize("row", ["\tnote\t〃", "〃\tnote\t〃"])
def test_a_quantity_that_holds_for_several_rows_is_no_second_one(row):
    (first, *others) = read(f"SKU\tText\tQty\nV-220\tValve\t5\n{row}\nV-221\tValve\t4").rows

    assert first.readings[0].quantity == 5
    assert [one.readings[0].code for one in others if one.readings] == ["V-221"]


def test_a_quantity_over_several_products_is_in_doubt():
    (_first, second) = read("SKU\tText\tQty\nV-220\tValve\t5\nV-221\tValve\t〃").rows

    assert "one cell for several rows" in second.doubt


def test_rows_that_are_merged_with_the_header_are_part_of_it():
    pasted = read("SKU\tQty\tPrice\n〃\tStk\tEUR\nV-220\t5\t9.50")

    assert first_readings(pasted) == [("V-220", 5, "", Decimal("9.50"))]
    assert pasted.rows[0].problem == ""


@pytest.mark.parametrize("text", ["〃\t〃\n〃\t〃", "〃", "SKU\tQty\n〃\t5", "〃\t〃\t〃\n\t〃"])
def test_ditto_marks_alone_order_nothing(text):
    assert not any(one.quantity > 5 for row in read(text).rows for one in row.readings)


@pytest.mark.parametrize(
    "piece", ["1 + ", "9,", "9.", "je 3 ", "9 abc ", "a und ", "@ 9 ", "= ", "9 zu 9,", "9 EUR "]
)
def test_no_line_takes_long(piece):
    lines = [(piece * 1000)[:990] + "%"] * 20
    began = process_time()

    read("\n".join([*lines, "Gruß"]), delimiter="")

    assert process_time() - began < 2


def test_a_line_too_long_to_be_read_is_named():
    (row,) = read("20 V-220 " + "and so on " * 200 + "\n").rows

    assert "too long" in row.problem


@pytest.mark.parametrize("cell", ["12.34.56", "many", "1,2,3", "٣", "1e9", "NaN"])
def test_what_is_no_quantity_is_named_in_its_row(cell):
    pasted = read(f"SKU\tQty\nV-220\t{cell}\nV-221\t4")

    assert cell in pasted.rows[0].problem
    assert [row.problem for row in pasted.rows[1:]] == [""]


def test_quotes_hold_delimiters_and_an_inch_is_no_quote():
    assert first_readings(read('SKU,Text,Qty\n"V-220","Valve, brass",4'))[0][:2] == ("V-220", 4)
    assert first_readings(read('SKU\tText\tQty\nV-220\tValve 2" brass\t4\nV-221\t"3 inch\t5'))[1][:2] == (
        "V-221",
        5,
    )


def test_choices_win_over_what_is_found_out():
    pasted = read("B-M8\t7\t200\nB-M9\t8\t300", roles=(SKU, NONE, N), decimal=",", has_header=True)

    assert first_readings(pasted) == [("B-M9", 300, "", None)]


def test_columns_without_a_code_are_no_choice():
    assert read("B-M8\t7", roles=(NONE, N)).layout.roles == (SKU, N)


@pytest.mark.parametrize("rows", [2000, 2001])
def test_two_thousand_rows_are_taken_and_no_more(rows):
    text = "\n".join(f"SKU-{i}\t5" for i in range(rows))

    if rows > 2000:
        with pytest.raises(ValueError, match="too many"):
            split(text)
    else:
        assert len(read(text).rows) == rows


def test_a_text_of_any_length_is_refused_in_words():
    with pytest.raises(ValueError, match="too much"):
        split("x" * 500_001)


@quietly
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_in_words(text):
    pasted = read(text)

    assert all(row.readings or row.problem for row in pasted.rows)
    assert all(r.quantity.is_finite() for row in pasted.rows for r in row.readings)


codes = st.from_regex(r"[A-Z]{1,3}-[A-Z0-9]{2,8}", fullmatch=True)
counts = st.integers(1, 999_999)


@quietly
@given(
    st.lists(st.tuples(codes, counts), min_size=1, max_size=30),
    st.sampled_from(["\t", ";", "|"]),
    st.booleans(),
)
def test_what_a_spreadsheet_writes_comes_back(rows, sign, with_header):
    header = ["Article" + sign + "Quantity"] if with_header else []
    pasted = read("\n".join([*header, *(f"{code}{sign}{n}" for code, n in rows)]))

    assert first_readings(pasted) == [(code, n, "", None) for code, n in rows]


@quietly
@given(st.lists(st.tuples(codes, counts), min_size=2, max_size=30), st.sampled_from(",."))
def test_grouped_numbers_come_back_in_either_format(rows, group):
    text = "\n".join(f"{code}\t{n:,}".replace(",", group) for code, n in [*rows, ("V-220", 1_000_000)])

    assert [q for _c, q, _u, _p in first_readings(read(text))] == [n for _code, n in rows] + [1_000_000]


@pytest.mark.parametrize(
    ("text", "roles", "quantities"),
    [
        ("Art.-Nr.\tMenge\nA-1\t20\nA-2\t40", (SKU, N), [20, 40]),
        ("SKU\tBedarf\nA-1\t20\nA-2\t40\nA-3\tca. 100\nA-4\t60\nA-5\tsiehe Mail\nA-6\t10", (SKU, N),
         [20, 40, None, 60, None, 10]),
        ("A-1;20\nA-2;40\nA-3;60\nA-4;tbd", (SKU, N), [20, 40, 60, None]),
        (("Art.-Nr.\tBezeichnung\tMenge\tEP\tGesamt\nA-1\tBolzen\t1.200\t0,42\t504,00\n"
         "A-2\tMutter\t40\t0,10\t4,00\nA-3\tScheibe\t2 Kt\t9,00\t18,00"), (SKU, NONE, N, PRICE, NONE), [1200, 40, 2]),
        ("A-1\tBolt zinc\nA-2\tNut M8", (SKU, NONE), [1, 1]),
    ],
)  # fmt: skip
def test_a_column_with_numbers_here_and_there_is_the_quantity_and_the_rest_is_looked_at(
    text, roles, quantities
):
    pasted = read(text)

    assert pasted.layout.roles == roles
    assert [row.readings[0].quantity if row.readings else None for row in pasted.rows] == quantities
    assert all(row.problem for row in pasted.rows if not row.readings)


def test_what_is_usual_decides_where_the_cells_leave_a_doubt_only():
    doubt, clear = "SKU\tQty\tPrice\nA-1\t40\t2.345", "SKU\tQty\tPrice\nA-1\t1,200\t2.10\nA-2\t40\t2.345"

    assert first_readings(read(doubt, usual_decimal=","))[0][3] == 2345
    assert [one[3] for one in first_readings(read(clear, usual_decimal=","))] == [
        Decimal("2.10"),
        Decimal("2.345"),
    ]
    assert [one[1] for one in first_readings(read(clear, usual_decimal=","))] == [1200, 40]
