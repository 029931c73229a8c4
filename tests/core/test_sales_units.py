"""What may be ordered of a unit: the one rule beside a search through every quantity there is."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import NotOrderable
from inventory.units import as_ordered, misfit, read_counted, whole_pack
from oms.errors import Refused


class Unit(NamedTuple):
    numerator: int = 1
    denominator: int = 1
    multiple: int = 1
    minimum: int = 1


units = st.builds(Unit, st.integers(1, 12), st.integers(1, 12), st.integers(1, 12), st.integers(1, 30))
quantities = st.one_of(st.decimals(-2, 40, places=3), st.integers(-2, 40).map(Decimal))


def can_be_written(quantity: Fraction) -> bool:
    return (10**12 * quantity).denominator == 1


def all_that_can_be_ordered(unit: Unit, up_to: int) -> list[Fraction]:
    """Go through the base units one by one, in rising order."""
    every = (Fraction(base * unit.denominator, unit.numerator) for base in range(1, up_to * unit.numerator))
    return [
        quantity
        for quantity in every
        if can_be_written(quantity)
        and (unit.multiple == 1 or quantity % unit.multiple == 0)
        and (unit.minimum == 1 or quantity >= unit.minimum)
    ]


@given(quantities, units)
def test_a_quantity_is_orderable_or_the_nearest_two_that_are_come_back(quantity, unit):
    good = all_that_can_be_ordered(unit, up_to=250)
    below = [q for q in good if q < quantity][-1:]
    above = [q for q in good if q > quantity][:1]

    found = misfit(quantity, unit)

    if found is None:
        assert Fraction(quantity) in good
    else:
        assert Fraction(quantity) not in good
        assert [Fraction(text) for text in found.nearest] == below + above


@given(quantities, units)
def test_what_is_offered_can_be_typed_and_is_taken(quantity, unit):
    found = misfit(quantity, unit)

    for text in found.nearest if found else ():
        assert as_ordered(Decimal(text), unit, sku="A", name="box") > 0


@given(st.integers(1, 10**6), st.integers(1, 144), st.integers(1, 144))
def test_without_terms_every_number_of_base_units_fits(base, numerator, denominator):
    assert misfit(Fraction(base * denominator, numerator), Unit(numerator, denominator)) is None


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("1.5", Unit(), "1.5 box of A: cannot be counted exactly; order 1 or 2 box."),
        ("7", Unit(multiple=6), "7 box of A: sold in multiples of 6; order 6 or 12 box."),
        ("5", Unit(multiple=6), "5 box of A: sold in multiples of 6; order 6 box."),
        ("5", Unit(minimum=12), "5 box of A: sold from 12 on; order 12 box."),
        (
            "12",
            Unit(multiple=5, minimum=14),
            "12 box of A: sold in multiples of 5, from 15 on; order 15 box.",
        ),
        ("10", Unit(multiple=5, minimum=14), "10 box of A: sold from 15 on; order 15 box."),
        ("2", Unit(1, 3, multiple=2), "2 box of A: sold in multiples of 6; order 6 box."),
        ("0.5", Unit(3), "0.5 box of A: sold from 1 on; order 1 box."),
        ("1.5", Unit(3), "1.5 box of A: cannot be counted exactly; order 1 or 2 box."),
        ("2.0005", Unit(1000), "2.0005 box of A: cannot be counted exactly; order 2 or 2.001 box."),
        ("0", Unit(), "0 box of A: sold from 1 on; order 1 box."),
        ("-5", Unit(minimum=10), "-5 box of A: sold from 10 on; order 10 box."),
    ],
)
def test_a_refusal_names_product_quantity_rule_and_the_nearest(quantity, unit, said):
    with pytest.raises(NotOrderable) as refusal:
        as_ordered(Decimal(quantity), unit, sku="A", name="box")

    assert str(refusal.value) == said


def test_metres_are_cut_where_millimetres_are_counted():
    assert as_ordered(Decimal("12.345"), Unit(1000), sku="A", name="metre") == 12_345


@given(st.integers(1, 60), st.integers(1, 40), st.integers(1, 12))
def test_a_whole_pack_is_the_least_that_is_whole_in_both(numerator, denominator, multiple):
    found = whole_pack(numerator * multiple, denominator)

    packs = [Fraction(base * denominator, numerator * multiple) for base in range(1, found + 1)]
    assert [pack.denominator == 1 for pack in packs].index(True) + 1 == found


@pytest.mark.parametrize(
    ("typed", "base"),
    [("2.5", 2500), ("2,5", 2500), ("2,50", 2500), ("1000", 1_000_000), ("0,0015", None), ("7", 7000)],
)
def test_a_handheld_reads_a_comma_as_its_keyboard_means_it(typed, base):
    if base is None:
        with pytest.raises(Refused, match=r"0\.001"):
            read_counted(typed, 1000)
    else:
        assert read_counted(typed, 1000) == base


@pytest.mark.parametrize("typed", ["1,000", " 12,345 ", "0,125"])
def test_what_may_be_one_or_a_thousand_is_refused(typed):
    with pytest.raises(Refused, match="may be one or a thousand"):
        read_counted(typed, 1000)


@pytest.mark.parametrize("typed", ["1,000", "1.0", "1 000", "1_000", ""])
def test_pieces_are_whole_numbers(typed):
    with pytest.raises(Refused, match="not a whole number"):
        read_counted(typed, 1)
