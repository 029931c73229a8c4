"""Prices that customers ask for, in words or in columns: in the order's currency they are taken, in no other one."""

from decimal import Decimal

import pytest

from orders.pasting import Role, recognise, split
from orders.services.pasting import Fix
from tests.builders import a_currency, a_customer, a_product, a_unit, a_user, an_order
from tests.pad.pasted import a_workbook, entries, judge, look, sent_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def order(boss):
    a_unit(a_product("V-220"), "BX", numerator=12)
    a_product("V-221")
    return an_order({}, by=boss)


@pytest.mark.parametrize(
    "asked",
    [
        "zu 2,50 EUR", "zu je 2,50 Euro", "@ 2,50 EUR", "@2.50", "at 2.50", "à 2,50 €", "à € 2,50", "a 2,50 €",
        "zu 2,50", "at €2.50 each", "zu 2,50 EUR/Stk.", "@ 2.50 EUR per piece", "zum Preis von 2,50 EUR",
        "at 2.50 eur, please", "zu 2,50 EUR bis Freitag",
    ],
)  # fmt: skip
def test_a_price_in_words_is_the_price_asked_for(order, boss, asked):
    for line in (f"200 V-220 {asked}", f"200 x V-220 {asked}"):
        assert entries(judge(order, f"Hello\n{line}\nBye", boss)) == ["V-220 200 C62 @2.5"]


@pytest.mark.parametrize(
    "asked",
    [
        "zu $2.35",
        "@ 2.35 USD",
        "@2.35$",
        "at US$ 2.35",
        "zu 2,35 CHF",
        "à 2,35 £",
        "zu 2,35 kr",
        "zu 2,35 TRY",
    ],
)
def test_a_price_in_another_currency_is_not_taken(order, boss, asked):
    (one,) = judge(order, f"200 V-220 {asked}\nBye", boss).rows

    assert (one.entry, one.price, one.offers[0]) == ("", None, "200 C62")
    assert "is not in EUR. Choose the quantity for the list's price" in one.problem
    chosen = judge(order, f"200 V-220 {asked}\nBye", boss, fixes={"1": Fix(quantity="200 C62")})
    assert entries(chosen) == ["V-220 200 C62"]


def test_a_sign_may_be_that_of_several_currencies(boss):
    a_product("V-220")
    order = an_order({}, a_customer(currency=a_currency("CAD", 2)), by=boss)

    found = judge(order, "5 V-220 @ $2\n5 V-220 @ C$2\n5 V-220 @ 2 CAD\n5 V-220 @ US$2\n5 V-220 @ 2 €", boss)

    assert entries(found) == ["V-220 5 C62 @2"] * 3 + ["", ""]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("zu 2,50 EUR pro 100 Stück", "is a price for several"),
        ("zu 2,50 EUR/100", "is a price for several"),
        ("@ 30 EUR per box", "30/box is the price of another unit"),
        ("für insgesamt 500 EUR", "“500 EUR” was not read"),
        ("2,50 EUR", "“2,50 EUR” was not read"),
        ("EUR 2.50", "“EUR 2.50” was not read"),
        ("zu -2 EUR", "0 or more"),
        ("zu 2.5.0 EUR", "is no number"),
    ],
)
def test_a_price_that_is_not_for_one_is_looked_at(order, boss, asked, told):
    (one,) = judge(order, f"200 V-220 {asked}\nBye", boss).rows

    assert (one.entry, one.price) == ("", None)
    assert told in one.problem


def test_a_price_for_the_unit_that_is_ordered_is_taken(order, boss):
    found = judge(order, "20 BX V-220 zu 30 EUR/BX\n20 bx V-220 @ 30 per bx\nBye", boss)

    assert entries(found) == ["V-220 20 BX @30"] * 2


@pytest.mark.parametrize(
    "line",
    [
        "bis zu 20 V-220",
        "V-220 at 20",
        "20 V-220 zu 100 %",
        "20 V-220 until 30.11. at 10:30",
        "20 V-220 at home",
    ],
)
def test_other_numbers_are_no_prices(order, boss, line):
    (one,) = judge(order, f"{line}\nBye", boss).rows

    assert one.price is None
    assert one.reading.quantity == 20


def test_a_code_that_holds_such_words_is_a_code(order, boss):
    for sku in ("ADAPTER AT 5", "EUR-PAL"):
        a_product(sku)

    found = judge(order, "20 ADAPTER AT 5\n20 EUR-PAL\nBye", boss)

    assert entries(found) == ["ADAPTER AT 5 20 C62", "EUR-PAL 20 C62"]


def test_a_comma_before_cents_does_not_part_the_lines_of_a_letter(order, boss):
    letter = "\n".join(["Hallo", *["200 V-220 zu 2,50 EUR", "10 V-221 zu 3,10"] * 4])

    assert entries(judge(order, letter, boss))[:2] == ["V-220 200 C62 @2.5", "V-221 10 C62 @3.1"]


FOREIGN = {
    "a cell": "SKU\tQty\tPrice\nV-220\t2\t9.50 USD",
    "a sign": "SKU\tQty\tPrice\nV-220\t2\t$9.50",
    "a header": "SKU\tQty\tPrice (USD)\nV-220\t2\t9.50",
    "a header with a sign": "Artikel;Menge;EP $\nV-220;2;9,50",
    "a header against a cell": "SKU\tQty\tPrice EUR\nV-220\t2\t9.50 USD",
    "a column": "SKU\tQty\tPrice\tCurrency\nV-220\t2\t9.50\tUSD",
    "a column without a header": "V-220\t2\t9.50\tUSD\nV-221\t3\t1.20\tUSD",
    "a column of amounts without a header": "V-220\t2 USD\t5\nV-221\t3 USD\t6",
    "the amount": "SKU\tQty\tPrice\tAmount\nV-220\t2\t9.50\t19.00 USD",
    "a title": "All prices in USD\t\t\nSKU\tQty\tPrice\nV-220\t2\t9.50",
    "a total": "SKU\tQty\tPrice\nV-220\t2\t9.50\nTotal USD\t2\t19",
    "words above": "Prices in USD, please\n2 V-220 @9.50",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_another_currency_is_seen_wherever_it_stands(order, boss, text):
    one = judge(order, text, boss).rows[0]

    assert (one.entry, one.price) == ("", None)
    assert "is not in EUR" in one.problem


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_the_orders_own_currency_is_taken_wherever_it_stands(order, boss, text):
    own = text.replace("USD", "EUR").replace("$", "€")

    one = judge(order, own, boss).rows[0]

    assert one.price is not None
    assert one.entry.startswith("V-220")


IN_DOLLARS = "SKU\tQty\tPrice (USD)\nV-220\t2\t9.50\nV-221\t3\t1.20\nV-2221\t3\t1.20"


def test_a_column_in_another_currency_is_told_once_with_one_remedy(order, boss, client):
    found = judge(order, IN_DOLLARS, boss)

    assert (found.foreign, entries(found)) == ("USD", ["", "", ""])
    assert [one.problem for one in found.rows[:2]] == ["9.50 USD is not in EUR.", "1.20 USD is not in EUR."]
    shown = look(client, order, IN_DOLLARS).json()["html"]
    assert shown.count("The prices are in USD, the document is in EUR: none of them is taken.") == 1
    assert shown.count('data-wish="listed"') == 1
    assert "Choose the quantity" not in shown


def test_the_remedy_takes_the_lists_prices_for_all_rows(order, boss, client):
    found = judge(order, IN_DOLLARS, boss, listed=True)

    assert entries(found) == ["V-220 2 C62", "V-221 3 C62", ""]
    assert 'data-wish="listed" checked' in look(client, order, IN_DOLLARS, listed=True).json()["html"]


@pytest.mark.parametrize(
    "rows", ["V-220\t2\t9.50 USD\nV-221\t3\t1.20 EUR", "V-220\t2\t9.50 USD\nV-221\t3\t1.20 GBP"]
)
def test_prices_in_several_currencies_are_asked_about_one_by_one(order, boss, rows):
    found = judge(order, f"SKU\tQty\tPrice\n{rows}", boss, listed=True)

    assert (found.foreign, found.rows[0].entry) == ("", "")
    assert "Choose the quantity for the list's price" in found.rows[0].problem


def test_a_unit_behind_the_price_and_no_price_at_all_are_left_alone(order, boss):
    found = judge(order, "SKU\tQty\tUnit\tPrice USD\nV-220\t2\tBX\t\nV-221\t3\tSTK\t", boss)

    assert entries(found) == ["V-220 2 BX", "V-221 3 C62"]


def test_a_column_that_is_not_used_has_no_currency(order, boss):
    roles = (Role.CODE, Role.QUANTITY, Role.NOTHING)

    found = judge(order, "SKU\tQty\tPrice\nV-220\t2\t9.50 USD", boss, roles=roles)

    assert entries(found) == ["V-220 2 C62"]


def test_who_may_not_type_prices_is_not_asked_about_them(order):
    rep = a_user("orders.change_order", "inventory.view_product", is_staff=True)

    found = judge(order, "200 V-220 @ 2.35 USD\n3 V-221 zu 5 EUR\nBye", rep)

    assert entries(found) == ["V-220 200 C62", "V-221 3 C62"]
    assert found.prices_left_out


def test_an_unknown_code_tells_of_its_price_too(order, boss, client):
    (row,) = look(client, order, "200 V-2221 @ 2.35 USD\nBye").json()["rows"]

    assert "V-221?" in row["problem"] or "nothing that we know" in row["problem"]
    assert "2.35 USD is not in EUR" in row["problem"]
    assert "@" not in "".join(one["entry"] for one in row["instead"])


@pytest.mark.parametrize(
    ("number_format", "told"),
    [
        ('"$"#,##0.00', "9.5 $"), ("[$$-409]#,##0.00", "9.5 $"), ("[$USD] #,##0.00", "9.5 USD"),
        ("#,##0.00 [$€-407]", "9.5 €"), ("0.00", "9.5"),
        ('_-* #,##0.00 "EUR"_-', "9.5 EUR"), ("[$Fr.-807] #,##0.00", "9.5 Fr."), ("[$-409]0.00", "9.5"),
        ('0.00 "Stk"', "9.5"), ("[Red]0.00", "9.5"), ("General", "9.5"),
    ],
)  # fmt: skip
def test_the_currency_that_a_workbook_shows_is_read(client, order, number_format, told):
    content = a_workbook(["SKU", "Qty", "Price"], ["V-220", 2, 9.5], formats={"C2": number_format})

    text = sent_file(client, order, content).json()["text"]

    assert text.splitlines()[1] == f"V-220\t2\t{told}"
    entry = look(client, order, text).json()["rows"][0]["entry"]
    assert entry == ("V-220 2 C62 @9.5" if told in {"9.5", "9.5 €", "9.5 EUR"} else "")


def test_prices_keep_their_number_format_beside_a_currency():
    pasted = recognise(split("SKU;Qty;Price\nV-220;1.200;CHF 1'041,20\nV-221;3;9,00 CHF"))

    assert [row.readings[0].price for row in pasted.rows] == [Decimal("1041.20"), Decimal(9)]
