"""Arithmetic holds for whatever numbers come: Hypothesis looks for those for which it does not."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from customers.price_rules import Candidate, Question, Unit
from customers.pricing import price_of
from fulfillment.status import FINAL, TrackingStatus
from fulfillment.tracking import status_after
from inventory.errors import NotRepresentable
from inventory.replenishment import Position, alert_kind, suggested_purchase
from inventory.taking import FreeBin, Need, plan_picks
from inventory.units import from_base, to_base
from oms.models import TaxRounding
from oms.money import apportioned, combined, line_amount, round_half_up
from orders.discounts import DocumentDiscount
from orders.taxes import Rule, taxes_on
from orders.totals import reckon

settings.register_profile("oms", deadline=None, max_examples=80, print_blob=True)
settings.load_profile("oms")

EXPONENTS = {"JPY": 0, "EUR": 2, "KWD": 3}
exponents = st.sampled_from(list(EXPONENTS.values()))
prices = st.decimals(0, 10**9, places=6)
percents = st.decimals(0, 100, places=4)
quantities = st.integers(1, 10**9)
ratios = st.integers(1, 10**4)
units = st.builds(
    Unit, st.integers(1, 3), st.just("U"), st.sampled_from([1, 2, 6, 12]), st.sampled_from([1, 2])
)
candidates = st.builds(
    lambda unit, **rule: Candidate(
        unit_id=unit.id, unit_code=unit.code, numerator=unit.numerator, denominator=unit.denominator, **rule
    ),
    unit=units,
    rule_id=st.integers(1, 10**6),
    price_list=st.just("L"),
    tier=st.integers(1, 4),
    product_id=st.just(1),
    min_quantity=st.integers(1, 30),
    price=st.decimals(0, 1000, places=2),
    valid_from=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
)
some_candidates = st.lists(candidates, max_size=8, unique_by=lambda candidate: candidate.rule_id)
questions = st.builds(Question, st.just(1), units, st.integers(1, 40))


def half_up(value: Fraction, exponent: int) -> Fraction:
    """Round an exact number as a schoolbook does."""
    scale = 10**exponent
    return Fraction(floor(abs(value) * scale + Fraction(1, 2)), scale) * (1 if value >= 0 else -1)


@given(st.decimals(-(10**12), 10**12, places=9), exponents)
def test_rounding_is_half_up_away_from_zero(value, exponent):
    assert Fraction(round_half_up(value, exponent)) == half_up(Fraction(value), exponent)


@given(quantities, ratios, ratios, prices, percents, exponents)
def test_an_amount_is_rounded_once_from_the_exact_number(ordered, num, den, price, discount, exponent):
    exact = Fraction(ordered) * den / num * Fraction(price) * (100 - Fraction(discount)) / 100

    amount = line_amount(
        ordered,
        numerator=num,
        denominator=den,
        unit_price=price,
        discount_percent=discount,
        exponent=exponent,
    )

    assert Fraction(amount) == half_up(exact, exponent)
    assert -amount.as_tuple().exponent == exponent


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.data(), exponents)
def test_what_is_cut_over_lines_is_whole_again_and_no_part_is_a_unit_away(units, data, exponent):
    one = Decimal(1).scaleb(-exponent)
    amounts = [one * n for n in units]
    whole = one * data.draw(st.integers(0, sum(units)))

    found = apportioned(whole, amounts, exponent=exponent)

    assert sum(found) == (whole if sum(units) else 0)
    for part, amount in zip(found, amounts, strict=True):
        exact = Fraction(whole) * Fraction(amount) / Fraction(sum(amounts)) if amount else Fraction(0)
        assert 0 <= part <= amount
        assert abs(Fraction(part) - exact) < Fraction(one)


amounts_with_rates = st.lists(
    st.tuples(
        st.integers(0, 10**9), st.sampled_from([None, Decimal(0), Decimal(7), Decimal(19), Decimal("8.1")])
    ),
    max_size=20,
)


@given(
    amounts_with_rates, amounts_with_rates, percents, exponents, st.booleans(), st.sampled_from(TaxRounding)
)
def test_a_total_is_the_sum_of_what_is_rounded(lines, charges, off, exponent, includes, rounding):
    one = Decimal(1).scaleb(-exponent)
    goods, extra = [(one * n, p) for n, p in lines], [(one * n, p) for n, p in charges]

    found = reckon(goods, extra, DocumentDiscount(percent=off), Rule(exponent, includes, rounding))

    net = sum((amount for amount, _percent in [*goods, *extra]), Decimal(0)) - found.discount
    assert found.total == net + (0 if includes else found.tax)
    assert found.tax == sum(taxed.tax for taxed in found.taxes)
    assert all(number % one == 0 for number in (found.total, found.tax, found.discount, *found.shares))
    taxable = sum(
        amount - share
        for (amount, percent), share in zip(goods, found.shares, strict=True)
        if percent is not None
    ) + sum(amount for amount, percent in extra if percent is not None)
    assert sum(taxed.base + (taxed.tax if includes else 0) for taxed in found.taxes) == taxable


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), percents, exponents, st.booleans())
def test_tax_on_a_sum_is_rounded_once_and_tax_on_lines_line_by_line(units, percent, exponent, includes):
    one = Decimal(1).scaleb(-exponent)
    amounts = [one * n for n in units]
    share = Fraction(percent) / (100 + (Fraction(percent) if includes else 0))

    [on_sum] = taxes_on([(a, percent) for a in amounts], Rule(exponent, includes, TaxRounding.GROUP))
    [on_lines] = taxes_on([(a, percent) for a in amounts], Rule(exponent, includes, TaxRounding.LINE))

    assert Fraction(on_sum.tax) == half_up(Fraction(sum(amounts)) * share, exponent)
    assert Fraction(on_lines.tax) == sum(half_up(Fraction(a) * share, exponent) for a in amounts)


@given(st.lists(percents, max_size=3))
def test_discounts_in_sequence_come_to_the_exact_number(discounts):
    kept = Fraction(100)
    for discount in discounts:
        kept = kept * (100 - Fraction(discount)) / 100

    assert Fraction(combined(discounts)) == 100 - kept


def test_a_third_of_a_price_does_not_lose_its_half_cent():
    """28 digits of 1 / 3, times 1.5 percent, is a hair below half a cent; exactly it is half a cent."""
    amount = line_amount(
        1, numerator=3, denominator=1, unit_price=Decimal(1), discount_percent=Decimal("98.5"), exponent=2
    )

    assert amount == Decimal("0.01")


@given(questions, some_candidates, st.randoms(use_true_random=False))
def test_a_price_does_not_depend_on_the_order_of_its_candidates(question, rules, rng):
    shuffled = rng.sample(rules, len(rules))

    assert price_of(question, rules) == price_of(question, shuffled)


@given(questions, some_candidates, st.data())
def test_a_rule_that_lost_may_as_well_not_be_there(question, rules, data):
    found = price_of(question, rules)
    losers = [rule for rule in rules if found is None or rule.rule_id != found.trace["rule"]]
    gone = data.draw(st.sampled_from(losers)) if losers else None

    without = price_of(question, [rule for rule in rules if rule is not gone])

    assert (found and (found.unit_price, found.trace["rule"])) == (
        without and (without.unit_price, without.trace["rule"])
    )


@given(questions, some_candidates)
def test_without_the_winner_the_next_one_wins_and_never_a_better_tier(question, rules):
    found = price_of(question, rules)
    if found is None:
        assert all(rule.min_quantity > question.ordered for rule in rules)
        return
    rest = [rule for rule in rules if rule.rule_id != found.trace["rule"]]

    second = price_of(question, rest)

    reached = [rule for rule in rest if rule.min_quantity <= question.ordered]
    assert (second is None) == (not reached)
    assert second is None or second.trace["tier"] >= found.trace["tier"]


@given(st.integers(0, 10**12), ratios, ratios)
def test_units_go_there_and_back(base, num, den):
    quantity = from_base(base, numerator=num, denominator=den)

    assert Fraction(quantity) * num / den == base
    if (Decimal(quantity.numerator) / quantity.denominator) == quantity:
        exact = Decimal(quantity.numerator) / quantity.denominator
        assert to_base(exact, numerator=num, denominator=den) == base


@given(st.decimals(0, 10**6, places=4), st.integers(1, 144), st.integers(1, 144))
def test_a_quantity_is_exact_or_refused_with_two_that_are(quantity, num, den):
    try:
        base = to_base(quantity, numerator=num, denominator=den)
    except NotRepresentable as refusal:
        less, more = (Fraction(text) for text in refusal.nearest)
        assert less < Fraction(quantity) < more
        assert (more - less) * num / den == 1
        assert (less * num / den).denominator == 1
    else:
        assert Fraction(quantity) * num == base * den


rows = st.tuples(st.integers(1, 3), st.integers(1, 2))
needs = st.lists(st.tuples(rows, st.integers(1, 50)), max_size=8).map(
    lambda wanted: [Need(key, row, quantity) for key, (row, quantity) in enumerate(wanted)]
)
bins = st.lists(st.tuples(rows, st.integers(0, 40)), max_size=8).map(
    lambda there: [FreeBin(bin_id, row, quantity) for bin_id, (row, quantity) in enumerate(there)]
)


@given(needs, bins)
def test_what_is_planned_and_what_is_not_is_what_was_needed(wanted, there):
    planned, unserved = plan_picks(wanted, there)
    served, taken = Counter(), Counter()
    for pick in planned:
        served[pick.key] += pick.quantity
        taken[pick.bin_id] += pick.quantity
        assert there[pick.bin_id].row == wanted[pick.key].row
        assert pick.quantity > 0
    for need in unserved:
        served[need.key] += need.quantity

    assert served == Counter({need.key: need.quantity for need in wanted})
    assert all(taken[bin_.bin_id] <= bin_.free for bin_ in there)
    left = {bin_.row for bin_ in there if taken[bin_.bin_id] < bin_.free}
    assert not left & {need.row for need in unserved}


moments = st.integers(0, 20).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))
news = st.lists(st.tuples(st.sampled_from(list(TrackingStatus)), moments), max_size=8)


@given(news, st.randoms(use_true_random=False), st.integers(1, 3))
def test_a_parcel_stands_where_its_news_put_it_in_whatever_order_and_however_often(told, rng, times):
    again = rng.sample(told * times, len(told) * times)

    assert status_after(told) == status_after(again)


@given(news, news)
def test_a_parcel_that_has_ended_moves_only_for_what_ended_it_earlier(told, later):
    ended = status_after(told)
    if ended not in FINAL:
        return
    last = max((at for _status, at in told), default=None)
    after = [(status, at + timedelta(days=2)) for status, at in later]

    assert last is not None
    assert status_after([*told, *after]) == ended


positions = st.builds(
    Position,
    on_hand=st.integers(0, 500),
    inbound=st.integers(0, 500),
    demand=st.integers(0, 500),
    reorder_point=st.integers(0, 300),
    order_up_to=st.integers(300, 900),
    minimum=st.integers(1, 100),
    multiple=st.integers(1, 48),
)


@given(positions)
def test_a_suggested_purchase_reaches_the_level_and_one_parcel_less_would_not(position):
    bought = suggested_purchase(position)
    at = position.on_the_shelf + position.inbound

    assert (bought > 0) == (alert_kind(position) == "reorder")
    if bought:
        assert at + bought >= position.order_up_to
        assert bought >= position.minimum
        assert bought == position.minimum or at + bought - position.multiple < max(
            position.order_up_to, at + 1
        )
