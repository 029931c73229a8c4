"""Pasted rows are looked up and shown as they are understood; nothing is entered by looking."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Product
from inventory.neighbours import neighbours
from orders.models import Order, PasteColumns
from orders.services.pasting import Confidence, Fix
from tests.builders import a_customer, a_product, a_unit, a_user, an_order, many_products
from tests.pad.pasted import a_workbook, judge, look, post, sent_file, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def order(boss):
    return an_order({}, by=boss)


def test_every_code_is_resolved_with_how_sure_it_is(order, boss):
    bolt = a_product("B-M8-40")
    a_unit(bolt, "BX", numerator=12, gtin="4006381333931")
    a_product("V-220")

    found = judge(order, "V-220\t20\nv-220\t1\nV 220\t2\n4006381333931\t3\nB-M8-4O\t4\nQQQQQQ\t5", boss)

    assert told(found) == [
        (Confidence.EXACT, "V-220 20 C62"),
        (Confidence.CASE, "V-220 1 C62"),
        (Confidence.CASE, "V-220 2 C62"),
        (Confidence.BARCODE, "B-M8-40 3 BX"),
        (Confidence.NEAR, ""),
        (Confidence.UNKNOWN, ""),
    ]
    assert found.rows[4].problem == "Do you mean B-M8-40?"


def test_zeros_that_a_spreadsheet_dropped_are_put_back(order, boss):
    a_unit(a_product("V-220"), "BX", numerator=12, gtin="0012345678905")

    assert told(judge(order, "12345678905\t3", boss)) == [(Confidence.BARCODE, "V-220 3 BX")]


def test_half_a_sku_is_likelier_than_a_slip_in_a_whole_one(boss):
    for sku in ("LB-600", "BB-6000-2RS"):
        a_product(sku)

    found = neighbours(["BB-600"], Product.objects.all(), limit=3)["BB-600"]
    assert [near.product.sku for near in found] == ["BB-6000-2RS", "LB-600"]


def test_an_unknown_code_keeps_its_place_with_three_suggestions(order, boss):
    for sku in ("V-220", "V-221", "V-230", "V-320"):
        a_product(sku)

    (first, bad, last) = judge(order, "V-220\t1\nV-2220\t2\nV-221\t3", boss).rows

    assert (first.entry, bad.entry, last.entry) == ("V-220 1 C62", "", "V-221 3 C62")
    assert len(bad.suggestions) == 3
    assert bad.suggestions[0].sku == "V-220"


def test_two_skus_that_differ_only_in_signs_are_a_choice(order, boss):
    a_product("V-220")
    a_product("V2-20")

    (one,) = judge(order, "v220\t1", boss).rows

    assert one.entry == ""
    assert {product.sku for product in one.suggestions} == {"V-220", "V2-20"}


def test_a_suggestion_and_a_quantity_are_taken_by_choice(order, boss):
    a_unit(a_product("V-220"), "BX", numerator=12)

    fixes = {"1": Fix(code="V-220"), "2": Fix(quantity="2 BX")}

    assert told(judge(order, "V-2220\t5\nV-220\t24", boss, fixes=fixes)) == [
        (Confidence.EXACT, "V-220 5 C62"),
        (Confidence.EXACT, "V-220 2 BX"),
    ]


def test_what_is_not_sold_so_is_offered_in_the_nearest_packs(order, boss):
    bolt = a_product("B-M8-40")
    bolt.units.update(multiple=100)
    a_unit(bolt, "BX", numerator=200)

    few, exact, boxed = judge(order, "B-M8-40\t150\nB-M8-40\t400\nB-M8-40\t1.5 BX", boss).rows

    assert (few.entry, few.offers) == ("", ["100 C62", "200 C62"])
    assert (exact.entry, exact.offers) == ("B-M8-40 400 C62", ["2 BX"])
    assert boxed.entry == "B-M8-40 1.5 BX"


def test_a_unit_that_is_not_sold_is_named_and_words_for_a_piece_are_understood(order, boss):
    a_product("V-220")

    pallet, piece = judge(order, "V-220\t2\tpal\nV-220\t3\tStk", boss).rows

    assert (pallet.entry, pallet.problem, pallet.offers) == ("", "not sold in pal", ["2 C62"])
    assert piece.entry == "V-220 3 C62"


def test_rows_that_repeat_a_product_are_kept_or_added_up_by_choice(order, boss):
    a_product("V-220")
    text = "SKU\tQty\tPrice\nV-220\t2\t\nV-220\t3\t9\nV-220\t5\t"

    kept, merged = judge(order, text, boss), judge(order, text, boss, merge=True)

    assert kept.repeated == merged.repeated == 1, "at another price it is another line"
    assert [e for _c, e in told(kept)] == ["V-220 2 C62", "V-220 3 C62 @9", "V-220 5 C62"]
    assert [e for _c, e in told(merged)] == ["V-220 7 C62", "V-220 3 C62 @9", ""]


def test_what_is_taken_away_is_not_added_up(order, boss):
    a_product("V-220")

    plus, minus = judge(order, "V-220\t10\nV-220\t-4", boss, merge=True).rows

    assert (plus.entry, minus.entry, minus.problem) == ("V-220 10 C62", "", "A quantity is more than 0.")


def test_who_may_not_type_prices_gets_those_of_the_list_and_is_told(order, client):
    rep = a_user("orders.change_order", "inventory.view_product", is_staff=True)
    a_product("V-220")

    found = judge(order, "V-220\t2\t9.50", rep)

    assert told(found) == [(Confidence.EXACT, "V-220 2 C62")]
    assert found.prices_left_out


def test_discounts_are_pasted_one_after_the_other_and_typed_so(order, boss, client):
    a_product("V-220", price="10")
    rep = a_user("orders.change_order", "inventory.view_product", is_staff=True)

    found = judge(order, "SKU\tQty\tPrice\tDiscount\nV-220\t2\t\t10+10\nV-220\t3\t8\t5", boss)
    kept = judge(order, "V-220 2 10+10%", rep)

    assert [one.entry for one in found.rows] == ["V-220 2 C62 10+10 %", "V-220 3 C62 @8 5 %"]
    assert [one.repeats for one in found.rows] == ["", ""]
    assert kept.prices_left_out
    assert not kept.rows[0].discounts
    html = look(client, order, "V-220\t2\t10+10%").json()["html"]
    assert "<small>\N{MINUS SIGN}10+10 %</small>" in html


def test_nobody_finds_products_they_may_not_see(order):
    a_product("V-220")

    (one,) = judge(order, "V-220\t2", a_user("orders.change_order")).rows

    assert (one.confidence, one.suggestions) == (Confidence.UNKNOWN, [])


@pytest.mark.parametrize("unknown", [False, True])
def test_looking_takes_as_many_statements_for_two_thousand_rows(order, boss, unknown):
    skus = [f"{p.sku}{'X' if unknown else ''}" for p in many_products(2000)]
    counts = []
    for n in (2, 2000):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = judge(order, "\n".join(f"{sku}\t5" for sku in skus[:n]), boss)
        assert len(found.rows) == n
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8


# --- the doorways -------------------------------------------------------------------------------------------------


def test_looking_enters_nothing(client, order):
    a_product("V-220")

    answer = look(client, order, "V-220\t20\nV-2220\t1").json()

    assert [row["entry"] for row in answer["rows"]] == ["V-220 20 C62", ""]
    assert answer["rows"][1]["instead"] == [{"label": "V-220", "title": "Product V-220", "entry": "V-220 1"}]
    assert "Add 1 line" in answer["html"]
    order.refresh_from_db()
    assert (order.revision, order.lines.count()) == (0, 0)
    assert not PasteColumns.objects.exists()


def test_the_columns_that_were_taken_are_remembered_for_the_customer(client, order, boss):
    a_product("V-220")
    text = "7\tV-220\t1.200\n9\tV-220\t3.400"
    columns = look(client, order, text, roles=["quantity", "code", "price"]).json()["columns"]
    assert columns["roles"] == ["quantity", "code", "price"]

    for _ in range(2):
        assert post(client, order, "paste_columns", **columns).status_code == 200

    assert PasteColumns.objects.count() == 1
    again = judge(order, text, boss)
    assert again.remembered
    assert again.rows[0].entry == "V-220 7 C62 @1.2"
    assert not judge(an_order({}, a_customer()), text, boss).remembered, (
        "another customer's lists are their own"
    )


def test_choices_win_over_what_is_remembered(client, order, boss):
    a_product("V-220")
    text = "V-220\t7\t8"
    columns = look(client, order, text).json()["columns"]
    post(client, order, "paste_columns", **{**columns, "roles": ["code", "", "quantity"]})

    assert told(judge(order, text, boss))[0][1] == "V-220 8 C62"
    roles = tuple(look(client, order, text, roles=["code", "quantity", ""]).json()["columns"]["roles"])
    assert roles == ("code", "quantity", "")


def test_a_row_that_says_nothing_of_a_product_shows_no_quantity(order, boss):
    (one, _other) = judge(order, "SKU\tText\tQty\n\tValve\t7\nV-220\tValve\tmany", boss).rows

    assert (one.quantity, one.entry) == ("", "")
    assert "without a product" in one.problem


def test_a_workbook_becomes_rows(client, order):
    a_product("V-220")
    content = a_workbook(["SKU", "Qty", 'Ø "'], ["V-220", 20, None], ["00123", 1.5, "a\nb"])

    answer = sent_file(client, order, content)

    assert answer.json()["text"] == "SKU\tQty\tØ ”\nV-220\t20\n00123\t1.5\ta b"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.4", b"MZ\x90"])
def test_a_file_that_is_no_workbook_is_refused_in_words(client, order, content):
    answer = sent_file(client, order, content)

    assert answer.status_code == 422
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": 5}, {"roles": ["no role"]}, {"roles": "code"}, {"merge": "yes"}, {"fixes": {}},
        {"fixes": [{"row": "1"}]}, {"fixes": [{"row": 1, "code": "", "quantity": ""}]},
        {"decimal": 1}, {"more": 1}, {"text": "x" * 2_000_000},
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_paste_is_a_bad_request(client, order, change):
    assert look(client, order, **{"text": "V-220\t1", **change}).status_code == 400


def test_too_much_is_refused_in_words(client, order):
    answer = look(client, order, "\n".join(["V-220\t1"] * 2001))

    assert (answer.status_code, "too many" in answer.json()["message"]) == (422, True)


def test_a_document_that_is_no_draft_takes_no_paste(client, order, boss):
    Order.objects.filter(pk=order.pk).update(status="submitted")

    assert look(client, order, "V-220\t1").status_code == 422


def test_columns_that_order_nothing_are_not_remembered(client, order):
    body = {"shape": "2|", "roles": ["quantity", ""], "header": False, "decimal": "."}

    assert post(client, order, "paste_columns", **body).status_code == 400
    assert not PasteColumns.objects.exists()


def test_markup_in_a_cell_is_text(client, order):
    html = look(client, order, "<script>alert(1)</script>9\t1\nV\t2").json()["html"]

    assert "<script>" not in html


UNTEXT = [
    "\0",
    "\ud800",
    "V-2\0 20",
    "\u0130" * 300,
    "9" * 400,
    "V-220\t" + "9" * 30,
    "V-220\t20\t" + "1" * 40,
]


@pytest.mark.parametrize("text", UNTEXT)
def test_what_no_table_can_hold_is_answered_in_words_too(client, order, text):
    a_product("V-220")
    fix = {"row": "1", "code": text[:900], "quantity": text[:900]}

    for asked in ({"text": text}, {"text": "V-220\t20", "fixes": [fix]}, {"text": text, "merge": True}):
        assert look(client, order, **asked).status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "change",
    [{"shape": "\0"}, {"shape": "\ud800"}, {"roles": ["code", *["quantity"] * 99]}, {"shape": "x" * 900}],
)
def test_columns_that_no_table_can_hold_are_not_remembered(client, order, change):
    body = {"shape": "2|", "roles": ["code", "quantity"], "header": False, "decimal": ".", **change}

    assert post(client, order, "paste_columns", **body).status_code in {200, 400}
