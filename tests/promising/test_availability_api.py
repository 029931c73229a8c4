"""`GET /api/v1/availability/`: promises for machines, and a clear 400 for what means nothing."""

import pytest

from inventory.models import Substitute
from oms.company import business_day
from tests.api.machine import Machine, pointers
from tests.builders import a_boss, a_company, a_product, a_unit, a_warehouse, in_days
from tests.promising.house import bought_within, on_its_way

PATH = "v1/availability/"


@pytest.fixture
def north(db):
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59.999999")


@pytest.fixture
def machine(north):
    return Machine(a_boss())


def rows(machine, **asked):
    answer = machine.get(PATH, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_quantity_is_promised_at_once_and_in_parts(machine, north):
    bolts = a_product("BOLT", on_hand=30, at=north)
    on_its_way(bolts, north, 20, in_days(4))

    (row,) = rows(machine, sku="BOLT", quantity="40")

    today, then = business_day().isoformat(), in_days(5).isoformat()
    assert (row["asked"], row["promisable"], row["available"]) == (40, 30, 30)
    assert row["by_date"] == [{"on": today, "quantity": 30}, {"on": then, "quantity": 50}]
    assert row["incoming"] == [{"on": in_days(4).isoformat(), "quantity": 20}]
    assert [(part["quantity"], part["ship_on"]) for part in row["schedule"]] == [(30, today), (10, then)]
    assert row["promise"]["ship_on"] == then
    assert row["promise"]["deliver_on"] > then


def test_a_date_asks_what_can_leave_then(machine, north):
    bolts = a_product("BOLT", on_hand=30, at=north)
    on_its_way(bolts, north, 20, in_days(4))

    (row,) = rows(machine, sku="BOLT", quantity="40", date=in_days(9).isoformat())

    assert (row["promisable"], row["promise"]["ship_on"]) == (50, in_days(9).isoformat())


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("7", "7 PK of BOLT: sold in multiples of 3; order 6 or 9 PK."),
        ("3", "sold from 6 on; order 6 PK."),
        ("0", "order 6 PK."),
    ],
)
def test_a_quantity_that_no_line_may_have_is_refused_with_the_nearest(machine, north, quantity, said):
    a_unit(a_product("BOLT", on_hand=900, at=north), "PK", numerator=5, multiple=3, minimum=6)

    answer = machine.get(PATH, {"sku": "BOLT", "quantity": quantity, "unit": "PK"})

    assert (answer.status_code, pointers(answer)) == (400, ["quantity"])
    assert said in answer.content.decode()


def test_parts_are_whole_packs_as_allocation_shares_them(machine, north):
    bolts = a_product("BOLT", on_hand=17, at=north)
    a_unit(bolts, "PK", numerator=5, denominator=2, multiple=1)  # two packs hold five
    on_its_way(bolts, north, 20, in_days(4))

    (row,) = rows(machine, sku="BOLT", quantity="12", unit="PK")

    assert [part["quantity"] for part in row["schedule"]] == [15, 15]


def test_without_a_quantity_nothing_is_promised(machine, north):
    a_product("BOLT", on_hand=30, at=north)

    (row,) = rows(machine, sku="BOLT")

    assert (row["asked"], row["promise"], row["schedule"]) == (None, None, [])


def test_several_skus_have_one_quantity_or_each_their_own(machine, north):
    a_product("BOLT", on_hand=30, at=north)
    a_product("NUT", on_hand=30, at=north)

    assert [row["asked"] for row in rows(machine, sku=["NUT", "BOLT"], quantity="7")] == [7, 7]
    assert [row["asked"] for row in rows(machine, sku=["NUT", "BOLT"], quantity=["7", "8"])] == [7, 8]


def test_a_quantity_may_be_in_a_sales_unit(machine, north):
    a_unit(a_product("BOLT", on_hand=300, at=north), "PK", numerator=100)

    (row,) = rows(machine, sku="BOLT", quantity="2", unit="pk")

    assert (row["asked"], row["promise"]["quantity"]) == (200, 200)


def test_substitutes_and_purchases_are_told(machine, north):
    bolts, big = a_product("BOLT"), a_product("BIG", on_hand=9, at=north)
    Substitute.objects.create(product=bolts, substitute=big, numerator=1, denominator=2)
    bought_within(bolts, 6)

    (row,) = rows(machine, sku="BOLT", quantity="8")

    assert (row["promise"]["bought"], row["promise"]["ship_on"]) == (True, in_days(6).isoformat())
    (substitute,) = row["substitutes"]
    assert (substitute["sku"], substitute["quantity"], substitute["available"]) == ("BIG", 4, 9)
    assert substitute["promise"]["ship_on"] == business_day().isoformat()


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-3"}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"quantity": "٣"}, "quantity"),
        ({"quantity": "0.5"}, "quantity"),  # of a piece
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "999999999999", "unit": "PK"}, "quantity"),
        ({"quantity": ["1", "2"]}, "quantity"),
        ({"quantity": "1", "unit": "BX"}, "unit"),
        ({"unit": "PK"}, "unit"),
        ({"date": "2026-02-30"}, "date"),
        ({"date": "tomorrow"}, "date"),
        ({"date": -3}, "date"),
        ({"date": 800}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"country": "Germany"}, "country"),
        ({"country": "de"}, "country"),
        ({"country": "ZZ"}, "country"),
        ({"country": "XX"}, "country"),
        ({"country": "UK"}, "country"),  # which is GB
        ({"country": ""}, "country"),
        ({"country": "D\u00c9"}, "country"),
        ({"country": "DE\n"}, "country"),
        ({"warehouse": "WEST"}, "warehouse"),
        ({"sku": ["BOLT", "NUT"]}, "sku"),
        ({"colour": "red"}, "colour"),
        ({"date": ["2030-01-01", "2030-01-02"]}, "date"),
    ],
)
def test_what_means_nothing_is_a_bad_request_that_says_where(machine, north, asked, where):
    a_unit(a_product("BOLT", on_hand=30, at=north), "PK", numerator=100)
    days = {"date": in_days(asked["date"]).isoformat()} if isinstance(asked.get("date"), int) else {}

    answer = machine.get(PATH, {"sku": "BOLT", **asked, **days})

    assert answer.status_code == 400
    assert pointers(answer) == [where]


def test_what_is_no_country_is_told_with_the_value_and_what_helps(machine, north):
    a_product("BOLT", on_hand=30, at=north)

    (problem,) = machine.get(PATH, {"sku": "BOLT", "country": "ZZ"}).json()["errors"]

    assert "country" in problem.values()
    assert "“ZZ” is no country that we know. Write two capital letters (ISO 3166), such as DE." in str(
        problem
    )
    for known in ("DE", "GB", "XK"):
        assert machine.get(PATH, {"sku": "BOLT", "country": known}).status_code == 200


def test_everything_wrong_is_told_at_once(machine, north):
    a_product("BOLT")
    wrong = {"sku": ["BOLT", "NUT"], "quantity": "x", "date": "x", "country": "x", "warehouse": "x"}

    assert pointers(machine.get(PATH, wrong)) == ["sku", "warehouse", "quantity", "date", "country"]


def test_an_amount_for_each_sku_needs_different_skus(machine, north):
    a_product("BOLT")

    assert pointers(machine.get(PATH, {"sku": ["BOLT", "BOLT"], "quantity": ["1", "2"]})) == ["quantity"]
