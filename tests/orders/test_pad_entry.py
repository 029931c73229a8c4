"""What a typed line may mean: SKU, quantity, unit and price in the orders people type them."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orders.entry import Entry, meant, read_count, readings

KNOWN = {"SKU", "BOLT M8", "BOLT M8 40", "4006381333931"}
PLAIN = r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?"


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
        ("B-M8-40 200 10%", Entry("B-M8-40", Decimal(200), discounts=(Decimal(10),))),
        ("B-M8-40 200 -10 + 2.5 %", Entry("B-M8-40", Decimal(200), discounts=(Decimal(10), Decimal("2.5")))),
        (
            "B-M8-40 2 bx @0.42 10+10%",
            Entry("B-M8-40", Decimal(2), "BX", Decimal("0.42"), discounts=(Decimal(10), Decimal(10))),
        ),
    ],
)
def test_a_line_is_read_as_it_is_typed(text, meant):
    assert meant in readings(text)


def test_a_sku_with_blanks_and_digits_is_tried_whole_first():
    found = [entry.code for entry in readings("BOLT M8 40") if not entry.problem]

    assert found == ["BOLT M8 40", "BOLT M8"]


def read(text):
    return meant(readings(text), KNOWN)


@pytest.mark.parametrize(
    "wrong",
    ["1e9", "1E9", "1,5", "1,500", "1.500,00", "1_000", "1 000", "1 000 000", "'5", "+5", ".5", "5.", "1.2.3", "\u0663",
     "NaN", "inf", "\u22121", "0,5 KGM", "½", "1/2", "9" * 13, "Bolt zinc"],
)  # fmt: skip
def test_what_stands_where_a_quantity_should_is_named(wrong):
    with pytest.raises(ValueError, match=re.escape(f"“{wrong}” is not a quantity like 1200, 0.5 or 2 BX.")):
        read(f"SKU {wrong}")


def test_a_sku_that_ends_like_a_discount_is_tried_whole_first():
    assert readings("ALCOHOL 70%")[0] == Entry("ALCOHOL 70%")
    assert meant(readings("SKU 70 %"), KNOWN) == Entry("SKU", discounts=(Decimal(70),))
    with pytest.raises(ValueError, match="“QQQ” is no SKU"):
        meant(readings("QQQ 10%"), KNOWN)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("101%", "0 to 100 percent"), ("1+1+1+1%", "At most 3"), ("1.00001%", "at most 4 decimals")],
)
def test_discounts_that_no_line_takes_are_said(wrong, words):
    with pytest.raises(ValueError, match=words):
        readings(f"SKU 5 {wrong}")


@pytest.mark.parametrize("wrong", ["1e3", "1,5", "1.500,00", "1_000", "\u0663"])
def test_so_it_is_in_front_of_the_sku(wrong):
    with pytest.raises(ValueError, match=re.escape(f"“{wrong}” is not a quantity")):
        read(f"{wrong}x SKU")


def test_a_quantity_below_nothing_is_read_as_it_stands():
    assert read("SKU -1").quantity == -1
    assert read("-1x SKU").quantity == -1


def test_the_longest_code_that_is_known_is_meant():
    assert read("bolt m8 40") == Entry("BOLT M8 40")
    assert read("BOLT M8 40 200") == Entry("BOLT M8 40", Decimal(200))
    assert read("BOLT M8 41") == Entry("BOLT M8", Decimal(41))


@pytest.mark.parametrize(("text", "named"), [("B-9 5", "B-9"), ("B-9", "B-9"), ("1x B-9 40", "B-9 40")])
def test_a_code_that_nobody_knows_is_named(text, named):
    with pytest.raises(
        ValueError, match=f"“{named}” is no SKU, no number of theirs and no barcode that we know"
    ):
        read(text)


def told(act, text):
    """What the text means, or the sentence that refuses it."""
    try:
        return act(text)
    except ValueError as error:
        return str(error)


@given(st.text(max_size=320))
@example("SKU\r5")
@example("SKU 1\v000")
def test_any_text_is_read_or_refused_with_a_sentence(text):
    found = told(readings, text)

    assert found
    assert isinstance(found, str) or all(entry.code for entry in found)


GARBAGE = "0123456789.,-+eExX*_'%/@ ab\u0663½\u00a0\u2009\u200b\r\n\t\v"


@given(st.text(GARBAGE, min_size=1, max_size=16))
@example("1e9")
@example("-1")
@example("1,5")
@example("1\r000")
@example("0%")
@example("1 0%")
def test_a_number_is_read_as_it_stands_or_refused(typed):
    for line in (f"SKU {typed}", f"{typed}x SKU", f"{typed} x SKU @1", f"SKU 7 @{typed}", f"SKU {typed} KGM"):
        entry = told(lambda text: meant(readings(text), {"SKU"}), line)
        if isinstance(entry, Entry):
            said = line.replace("\u200b", "").replace("SKU", "", 1)
            said = re.sub(r"\s(-\s?)?[0-9.]+(\s?\+\s?[0-9.]+)*\s?%\s*$", "", said)  # a discount, 0 % too
            count, _at, price = said.partition("@")
            number = re.fullmatch(rf"\s*({PLAIN})(?!e\d)\s*([x*]|[a-z][a-z0-9]*)?\s*", count, re.IGNORECASE)
            assert entry.quantity == (Decimal(number[1]) if number else 1)
            assert number or not count.strip()
            assert entry.price == (Decimal(price.strip()) if price else None)


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
