"""A workbook whose cells are merged: what stands in one holds for all rows that it covers."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.builders import a_product, an_order
from tests.pad.pasted import a_workbook, look, sent_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def order(boss):
    a_product("V-220")
    a_product("V-221")
    return an_order({}, by=boss)


def pasted(client, order, content):
    answer = sent_file(client, order, content).json()
    return look(client, order, answer["text"], decimal=".").json()


def entries(answer):
    return [row["entry"] for row in answer["rows"]]


SIZES = (
    ["SKU", "Description", "Qty"],
    ["V-220", "S", 100],
    [None, "M", 200],
    [None, "L", 50],
    ["V-221", "S", 7],
    ["Summe", None, 357],
)


@pytest.mark.parametrize("merged", [["A2:A4"], ["A2:A4", "A6:B6"], ["A2:A3", "B3:B3"]])
def test_a_merged_product_holds_for_all_its_rows(client, order, merged):
    answer = pasted(client, order, a_workbook(*SIZES, merged=merged))

    third = "V-220 50 C62" if "A2:A4" in merged else ""
    assert entries(answer) == ["V-220 100 C62", "V-220 200 C62", third, "V-221 7 C62"]
    assert "1 row orders nothing" in answer["html"]


def test_a_quantity_whose_product_is_not_merged_is_looked_at(client, order):
    answer = pasted(client, order, a_workbook(*SIZES))

    assert entries(answer) == ["V-220 100 C62", "", "", "V-221 7 C62"]
    assert "without a product" in answer["rows"][1]["problem"]


def test_titles_over_columns_and_headers_over_rows_are_no_orders(client, order):
    content = a_workbook(
        ["Order 77", None, None], ["SKU", "Qty", "Price"], [None, "Stk", "EUR"], ["V-220", 5, 9.5],
        merged=["A1:C1", "A2:A3"],
    )  # fmt: skip

    assert entries(pasted(client, order, content)) == ["V-220 5 C62 @9.5"]


def test_a_price_that_is_merged_holds_for_each_and_a_quantity_is_asked_about(client, order):
    content = a_workbook(
        ["SKU", "Qty", "Price"], ["V-220", 5, 9.5], ["V-221", None, None], merged=["B2:B3", "C2:C3"]
    )

    answer = pasted(client, order, content)

    assert entries(answer) == ["V-220 5 C62 @9.5", ""]
    assert "one cell for several rows" in answer["rows"][1]["problem"]
    assert answer["rows"][1]["instead"][0]["entry"] == "V-221 5 C62 @9.5"


def test_one_item_over_two_rows_is_ordered_once(client, order):
    content = a_workbook(
        ["SKU", "Text", "Qty"], ["V-220", "Valve", 5], [None, "brass", None], merged=["A2:A3", "C2:C3"]
    )

    assert entries(pasted(client, order, content)) == ["V-220 5 C62"]


def test_cells_merged_beside_the_rows_and_empty_ones_say_nothing(client, order):
    content = a_workbook(
        ["SKU", "Qty"],
        ["V-220", 5],
        [None, None],
        ["V-221", 6],
        merged=["D1:D90", "A3:B3", "F90:F95"],
    )

    assert entries(pasted(client, order, content)) == ["V-220 5 C62", "V-221 6 C62"]


def with_ranges(*refs):
    """A workbook that says other ranges than its sheet has."""
    source, file = ZipFile(BytesIO(a_workbook(*SIZES, merged=["A2:A4"]))), BytesIO()
    ranges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs).encode()
    with ZipFile(file, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, re.sub(rb'<mergeCell ref="A2:A4"[^>]*>', ranges, source.read(entry)))
    return file.getvalue()


@pytest.mark.parametrize("refs", [["A2:A4"] * 2, ["A2:A4", "A3:A5"], ["nowhere"], ["A2"], ["A0:A9"], ["4:2"]])
def test_ranges_that_no_spreadsheet_writes_are_refused_or_left_alone(client, order, refs):
    answer = sent_file(client, order, with_ranges(*refs))

    assert answer.status_code in {200, 422}
    assert answer.json().get("message") or answer.json()["text"]


def test_thousands_of_ranges_over_everything_are_no_work(client, order):
    assert sent_file(client, order, with_ranges(*["A2:A1048576"] * 5000)).status_code == 422
