"""Cutting lines where agreements run out, without a database: nothing is lost, and nobody gives more than there is."""

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from customers.agreements import Left, agreement_line, priced_in_parts
from customers.price_rules import Candidate, Question, Terms, Unit
from customers.price_trace import recomputed
from customers.status import PriceTier
from inventory.units import from_base, misfit
from oms.money import line_amount

DAY = date(2026, 1, 1)


class Sold(NamedTuple):
    """A unit with what may be ordered of it."""

    numerator: int = 1
    denominator: int = 1
    multiple: int = 1
    minimum: int = 1


def candidate(rule_id, tier, price, terms=None):
    return Candidate(rule_id, f"list {rule_id}", tier, 1, 1, "C62", 1, 1, 1, Decimal(price), DAY, terms)


def agreement(rule_id, left, price="8"):
    return candidate(rule_id, PriceTier.AGREEMENT, price, Terms(left=left))


BASE = candidate(1, PriceTier.EVERYONE, "10")  # its id is also that of an agreement's line
units = st.builds(
    Sold, st.sampled_from([1, 10, 12]), st.sampled_from([1, 7]), st.integers(1, 6), st.integers(1, 9)
)
limits = st.one_of(
    st.integers(0, 300).map(lambda left: Terms(left=left)),
    st.decimals(0, 2400, places=2).map(lambda value: Terms(left_value=value)),
)
agreements = st.lists(limits, max_size=3).map(
    lambda terms: [candidate(n, PriceTier.AGREEMENT, "8", one) for n, one in enumerate(terms, start=1)]
)


def cut(ordered, sold, candidates, left):
    question = Question(1, Unit(1, "C62", sold.numerator, sold.denominator), ordered)
    return priced_in_parts(question, sold, candidates, left, partial(amount, sold))


def amount(sold, ordered, price):
    return line_amount(
        ordered,
        numerator=sold.numerator,
        denominator=sold.denominator,
        unit_price=price,
        discount_percent=Decimal(0),
        exponent=2,
    )


@given(st.lists(st.integers(1, 500), min_size=1, max_size=4), units, agreements)
def test_parts_add_up_to_their_lines_and_no_agreement_gives_more_than_it_has(lines, sold, agreed):
    left, given_away, paid = Left(), Counter[int](), Counter[int]()

    for ordered in lines:
        parts = cut(ordered, sold, [*agreed, BASE], left)
        assert sum(part for part, _price in parts) == ordered
        assert all(part > 0 for part, _price in parts)
        for part, price in parts:
            assert recomputed(price.trace) == price.unit_price
            if (line := agreement_line(price)) is not None:
                given_away[line] += part
                paid[line] += amount(sold, part, price.unit_price)

    for one in agreed:
        assert one.terms.left is None or given_away[one.rule_id] <= one.terms.left
        assert one.terms.left_value is None or paid[one.rule_id] <= one.terms.left_value


@given(st.integers(1, 200), units, agreements)
def test_what_can_be_ordered_is_cut_into_parts_that_can_be(packs, sold, agreed):
    base, rest = divmod(packs * sold.multiple * sold.numerator, sold.denominator)
    quantity = from_base(base, numerator=sold.numerator, denominator=sold.denominator)
    if rest or not base or misfit(quantity, sold):
        return

    for part, _price in cut(base, sold, [*agreed, BASE], Left()):
        assert not misfit(from_base(part, numerator=sold.numerator, denominator=sold.denominator), sold)


@given(st.integers(1, 500), agreements, st.randoms())
def test_the_order_of_candidates_does_not_matter(ordered, agreed, rng):
    candidates = [*agreed, BASE]
    shuffled = rng.sample(candidates, len(candidates))

    assert cut(ordered, Sold(), candidates, Left()) == cut(ordered, Sold(), shuffled, Left())


@given(st.integers(1, 500), st.decimals(0, 4000, places=2))
def test_each_unit_is_at_the_agreed_price_while_its_value_is_not_spent(ordered, value):
    parts = cut(
        ordered, Sold(), [candidate(1, PriceTier.AGREEMENT, "8", Terms(left_value=value)), BASE], Left()
    )

    at = Counter({price.unit_price: part for part, price in parts})
    assert at[Decimal(8)] == min(ordered, int(value // 8))


@given(st.integers(1, 500), st.integers(1, 500))
def test_each_unit_is_at_the_agreed_price_while_there_is_some(ordered, most):
    parts = cut(ordered, Sold(), [agreement(1, most), BASE], Left())

    at = Counter({price.unit_price: part for part, price in parts})
    assert at[Decimal(8)] == min(ordered, most)
    assert at[Decimal(10)] == max(0, ordered - most)
