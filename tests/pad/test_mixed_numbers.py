"""Numbers written in two ways in one paste: what may be either is not taken unasked."""

import pytest

from orders.services.pasting import Fix
from tests.builders import a_product, an_order
from tests.pad.pasted import entries, judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

MIXED = "SKU\tQty\tPrice\nV-220\t1.234\t5\nV-221\t3\t2,50\nV-222\t4\t3.75\nV-223\t5\t6\nV-224\t6\t1,500\nV-225\t7\t8,10"


@pytest.fixture
def order(boss):
    for n in range(220, 226):
        a_product(f"V-{n}")
    return an_order({}, by=boss)


def test_every_row_whose_number_would_be_another_is_marked(order, boss):
    found = judge(order, MIXED, boss)

    assert entries(found) == ["", "V-221 3 C62 @2.5", "", "V-223 5 C62 @6", "", "V-225 7 C62 @8.1"]
    assert "two ways" in found.rows[0].problem
    assert "is no number" in found.rows[2].problem
    assert "two ways" in found.rows[4].problem


def test_who_chooses_how_numbers_are_written_is_not_asked(order, boss):
    found = judge(order, MIXED, boss, decimal=",")

    assert entries(found)[0] == "V-220 1234 C62 @5"
    assert entries(found)[4] == "V-224 6 C62 @1.5"


def test_who_chooses_the_quantity_of_a_row_has_looked_at_it(order, boss):
    found = judge(
        order,
        MIXED,
        boss,
        fixes={found.row.place: Fix(quantity="1234") for found in judge(order, MIXED, boss).rows[:1]},
    )

    assert entries(found)[0] == "V-220 1234 C62 @5"


@pytest.mark.parametrize("text", [
    "SKU\tQty\tPrice\nV-220\t1.234\t2,50\nV-221\t3\t3,10",
    "SKU\tQty\tPrice\nV-220\t1,234\t2.50\nV-221\t3\t3.10",
    "SKU\tQty\tPrice\nV-220\t1234\t2\nV-221\t3\t3",
])  # fmt: skip
def test_numbers_written_in_one_way_are_not_asked_about(order, boss, text):
    assert all(entries(judge(order, text, boss)))


def test_lines_of_a_letter_are_looked_at_too(order, boss):
    found = judge(
        order,
        "Hallo\n1.234 V-220\n3 V-221 zu 2,50 EUR\n4 V-222 zu 3.75 EUR\n2,5 V-223\n9.5 V-224\nGruß",
        boss,
    )

    assert found.rows[0].entry == ""
