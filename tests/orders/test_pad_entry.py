"""What a typed line may mean: SKU, quantity, unit and price in the orders people type them."""

from decimal import Decimal

import pytest

from orders.entry import Entry, read_count, readings


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("B-M8-40", Entry("B-M8-40")),
        ("  B-M8-40   200 ", Entry("B-M8-40", Decimal(200))),
        ("B-M8-40 200 @0.42", Entry("B-M8-40", Decimal(200), price=Decimal("0.42"))),
        ("B-M8-40 200@0.42", Entry("B-M8-40", Decimal(200), price=Decimal("0.42"))),
        ("B-M8-40 200 @ 0.42", Entry("B-M8-40", Decimal(200), price=Decimal("0.42"))),
        ("B-M8-40 @0", Entry("B-M8-40", price=Decimal(0))),
        ("200x B-M8-40", Entry("B-M8-40", Decimal(200))),
        ("200 x B-M8-40 @1", Entry("B-M8-40", Decimal(200), price=Decimal(1))),
        ("V-220 2bx", Entry("V-220", Decimal(2), "BX")),
        ("V-220 2 box", Entry("V-220", Decimal(2), "BOX")),
        ("V-220 0.5 kgm", Entry("V-220", Decimal("0.5"), "KGM")),
        ("B-M8-40\t200", Entry("B-M8-40", Decimal(200))),
    ],
)
def test_a_line_is_read_as_it_is_typed(text, meant):
    assert meant in readings(text)


def test_a_sku_with_blanks_and_digits_is_tried_whole_first():
    assert [entry.code for entry in readings("BOLT M8 40")] == ["BOLT M8 40", "BOLT M8"]


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "\u200b", "@5", "A @", "A @x", "A @1e3", "A @-1", "A @٣", "A @1,5", "a" * 400]
)
def test_what_means_nothing_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r".+"):
        readings(text)


@pytest.mark.parametrize(
    ("text", "meant"), [("200", (200, "")), ("2 bx", (2, "BX")), ("2bx", (2, "BX")), ("-5", (-5, ""))]
)
def test_a_quantity_may_name_its_unit(text, meant):
    assert read_count(text) == meant


@pytest.mark.parametrize("text", ["", "x", "1e-3", "1_000", "٣", "NaN", "1,000", "9" * 40, "1 2 3", "\x00"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(ValueError, match="not a quantity"):
        read_count(text)
