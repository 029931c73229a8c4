"""What was typed or scanned is read as what it may stand for."""

import pytest

from oms.typed import LONGEST, Typed

GOOD = "4006381333931"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SO-1042", "SO-1042"), ("so1042", "SO-1042"), (" so 1042 ", "SO-1042"), ("1042", "SO-1042"),
        ("Q-1042", ""), ("SO-", ""), ("SO-10x", ""), ("٣", ""), ("1" * 16, ""), ("", ""),
    ],
)  # fmt: skip
def test_a_document_number_is_read_however_it_is_written(text, number):
    assert Typed.read(text).number("SO") == number


@pytest.mark.parametrize("scanned", [GOOD, "]E0" + GOOD, "4006381 333931", "400-6381-333931"])
def test_a_barcode_is_looked_for_with_the_zeros_of_a_longer_one(scanned):
    typed = Typed.read(scanned)

    assert set(typed.gtins) == {GOOD, "0" + GOOD}
    assert not typed.is_broken_gtin


@pytest.mark.parametrize(("text", "broken"), [(GOOD[:-1] + "2", True), ("400638", False), ("M8-40", False)])
def test_a_wrong_check_digit_is_no_barcode(text, broken):
    assert Typed.read(text).gtins == []
    assert Typed.read(text).is_broken_gtin == broken


def test_words_are_looked_for_by_how_they_begin():
    assert Typed.read("Valve 2\" brass & (co):* 'x'").words == "'Valve':* & 'brass':* & 'co':*"
    assert Typed.read("% _ '").words == ""


def test_what_is_invisible_or_too_long_is_left_out():
    assert Typed.read("\u200bSO-\x001042\u202e").text == "SO-1042"
    assert len(Typed.read("x" * 10_000).text) == LONGEST
    assert not Typed.read(" \u200b ")
