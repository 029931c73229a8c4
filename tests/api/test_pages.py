"""Pages by keyset: every row once, however many share a day, and no counting."""

import base64
import json

import pytest

from tests.api.machine import pointers
from tests.builders import a_customer, a_product, an_order, in_days


def walked(machine, path, **parameters):
    """Return the rows of all pages, following `next`."""
    rows, answer = [], machine.get(path, parameters).json()
    while True:
        rows += answer["results"]
        if answer["next"] is None:
            return rows
        answer = machine.client.get(answer["next"]).json()


@pytest.mark.parametrize("limit", [1, 3, 7, 500])
@pytest.mark.parametrize("ordering", ["-entered", "entered", "ordered_on", "-ordered_on", "requested_on"])
def test_every_row_stands_on_exactly_one_page(machine, ordering, limit):
    bolts, customer = a_product(), a_customer()
    days = [in_days(-1), in_days(-3), in_days(-1), in_days(-1), in_days(-2), in_days(-3), in_days(-1)]
    numbers = {an_order({bolts: 1}, customer, ordered_on=day).number for day in days}

    rows = walked(machine, "v1/orders/", ordering=ordering, limit=limit)

    assert len(rows) == len(days)
    assert {row["number"] for row in rows} == numbers
    if "_on" in ordering:
        told = [row[ordering.removeprefix("-")] for row in rows]
        assert told == sorted(told, reverse=ordering.startswith("-"))


def test_a_row_that_comes_meanwhile_moves_no_other_row(machine):
    bolts, customer = a_product(), a_customer()
    numbers = [an_order({bolts: 1}, customer).number for _ in range(3)]
    first = machine.get("v1/orders/", {"limit": 2}).json()

    an_order({bolts: 1}, customer)

    second = machine.client.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + second["results"]] == numbers[::-1]


def test_the_filter_stays_on_the_next_page(machine):
    for n in range(4):
        a_product(f"A-{n}")
        a_product(f"B-{n}")

    rows = walked(machine, "v1/products/", sku_prefix="A-", limit=1)

    assert [row["sku"] for row in rows] == ["A-0", "A-1", "A-2", "A-3"]


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "forged",
    [
        cursor("ordered_on", "2030-01-01", 1),
        cursor("-entered", "x", 1),
        cursor("-entered", "1", 2**70),
        cursor("-entered", "1", "1"),
        cursor("-entered", "1", True),
        cursor("-entered", "1", -1),
        cursor("-entered", 1, 1),
        cursor("-entered", None, 1),
        cursor("-entered", "1"),
        cursor("-entered", "1", 1, 1),
        cursor({"a": 1}, [], {}),
        "====",
        "é",
    ],
)
def test_a_cursor_that_we_did_not_write_is_refused(machine, forged):
    answer = machine.get("v1/orders/", {"cursor": forged})

    assert (answer.status_code, pointers(answer)) == (400, ["cursor"])


@pytest.mark.parametrize(
    ("ordering", "value"),
    [("ordered_on", "2030-02-30"), ("ordered_on", "x"), ("-entered", str(2**70)), ("-entered", "\0")],
)
def test_a_cursor_of_ours_with_another_value_makes_no_error_page(machine, ordering, value):
    answer = machine.get("v1/orders/", {"ordering": ordering, "cursor": cursor(ordering, value, 1)})

    assert answer.status_code in {200, 400}
