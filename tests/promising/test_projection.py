"""Availability over time, against the vectors of the specification and against counting by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.projection import Demand, Part, Supply, project

TODAY = date(2026, 6, 1)
LAST = 15


def day(n):
    return TODAY + timedelta(days=n)


def vector(last_demand, protected=0):
    """100 on hand, 60 leave on day 3, 40 come on day 7 before the cut-off, some leave on day 10."""
    return project(
        100,
        [Supply(day(7), 40, before_cut_off=True)],
        [Demand(day(3), 60), Demand(day(10), last_demand)],
        today=TODAY,
        protected=protected,
    )


def test_a_later_demand_limits_what_can_be_promised_today():
    found = vector(70)

    assert [step.projected for step in found.steps] == [100, 40, 80, 10]
    assert [found.promisable_on(day(n)) for n in range(12)] == [10] * 12


def test_what_comes_later_can_be_promised_from_then_on():
    found = vector(30)

    assert [found.promisable_on(day(n)) for n in range(9)] == [40] * 7 + [50] * 2
    assert (found.earliest(40), found.earliest(41), found.earliest(50)) == (TODAY, day(7), day(7))
    assert found.earliest(51) is None
    assert found.schedule(50) == [Part(TODAY, 40), Part(day(7), 10)]
    assert found.last_rise == day(7)


def test_a_promise_of_40_today_leaves_nothing_until_day_6_and_10_from_day_7():
    left = vector(30).after([Part(TODAY, 40)])

    assert [left.promisable_on(day(n)) for n in range(9)] == [0] * 7 + [10] * 2


def test_protected_stock_is_not_promised():
    found = vector(30, protected=15)

    assert (found.promisable_on(TODAY), found.promisable_on(day(7))) == (25, 35)


def test_what_comes_after_the_cut_off_serves_the_next_day():
    early, late = (project(0, [Supply(day(2), 5, known)], [], today=TODAY) for known in (True, False))

    assert (early.earliest(5), late.earliest(5)) == (day(2), day(3))


def test_overdue_demand_counts_today_and_late_supply_comes_today():
    found = project(10, [Supply(day(-9), 5)], [Demand(day(-9), 4)], today=TODAY)

    assert [(step.on, step.projected) for step in found.steps] == [(TODAY, 6), (day(1), 11)]
    assert found.promisable_on(day(-1)) == 0


def test_without_stock_supply_or_demand_nothing_can_be_promised():
    found = project(0, [], [], today=TODAY)

    assert found.promisable_on(day(400)) == 0
    assert found.schedule(3) == []
    assert found.last_rise == TODAY


def test_parts_are_whole_packs_until_the_last():
    found = project(10, [Supply(day(1), 9, before_cut_off=True)], [], today=TODAY)

    assert found.schedule(18, pack=6) == [Part(TODAY, 6), Part(day(1), 12)]
    assert found.schedule(10, pack=6) == [Part(TODAY, 10)]


def test_parts_of_days_that_leave_together_are_one():
    found = project(4, [Supply(day(1), 2, before_cut_off=True)], [], today=TODAY)

    assert found.schedule(6, leaves=lambda _day: day(3)) == [Part(day(3), 6)]


days = st.integers(-3, LAST).map(day)
amounts = st.integers(1, 60)
supplies = st.lists(st.builds(Supply, days, amounts, st.booleans()), max_size=6)
demands = st.lists(st.builds(Demand, days, amounts), max_size=6)
situations = st.tuples(st.integers(0, 100), supplies, demands, st.integers(0, 20))


def counted(usable, incoming, outgoing):
    """Return the stock at the end of each day, counted one day at a time: the oracle."""
    balances, there = {}, usable
    for n in range(LAST + 3):
        there -= sum(d.quantity for d in outgoing if d.on == day(n) or (n == 0 and d.on < TODAY))
        there += sum(s.quantity for s in incoming if s.counts_on(TODAY) == day(n))
        balances[n] = there
    return balances


def oracle(situation, n):
    usable, incoming, outgoing, protected = situation
    balances = counted(usable, incoming, outgoing)
    return max(0, min(balances[u] for u in balances if u >= n) - protected)


def of(situation):
    usable, incoming, outgoing, protected = situation
    return project(usable, incoming, outgoing, today=TODAY, protected=protected)


@given(situations)
def test_each_day_is_as_counted_by_hand(situation):
    found = of(situation)

    assert [found.promisable_on(day(n)) for n in range(LAST + 2)] == [
        oracle(situation, n) for n in range(LAST + 2)
    ]


@given(situations)
def test_later_days_never_promise_less(situation):
    offered = [step.promisable for step in of(situation).steps]

    assert offered == sorted(offered)


@given(situations, st.integers(0, LAST), st.integers(1, 100))
def test_a_promise_within_bounds_spoils_no_later_day_and_one_more_would(situation, n, quantity):
    usable, incoming, outgoing, protected = situation
    before = counted(usable, incoming, outgoing)
    offered = of(situation).promisable_on(day(n))

    for promised in {min(quantity, offered), offered}:
        later = counted(usable, incoming, [*outgoing, Demand(day(n), promised)])
        assert all(later[u] >= min(protected, before[u]) for u in later if u >= n)
    if offered:
        spoilt = counted(usable, incoming, [*outgoing, Demand(day(n), offered + 1)])
        assert min(spoilt[u] for u in spoilt if u >= n) < protected


@given(situations, st.lists(st.integers(1, 80), min_size=1, max_size=4), st.sampled_from([1, 6, 12]))
def test_parts_fit_exactly_and_what_was_promised_before_still_holds(situation, wanted, pack):
    usable, incoming, outgoing, protected = situation
    found = of(situation)
    kept: list[Demand] = []
    for quantity in wanted:
        before = found
        parts = found.schedule(quantity, pack=pack)
        found = found.after(parts)
        kept += [Demand(part.on, part.quantity) for part in parts]
        whole = before.earliest(quantity)
        assert (whole is not None) == (sum(part.quantity for part in parts) == quantity)
        assert whole is None or parts[-1].on == whole
        assert all(a.promisable <= before.promisable_on(a.on) for a in found.steps)

    assert (
        found.steps[-1].promisable
        == of((usable, incoming, [*outgoing, *kept], protected)).steps[-1].promisable
    )
    start, end = counted(usable, incoming, outgoing), counted(usable, incoming, [*outgoing, *kept])
    for n in end:  # no day is worse than the protected stock because of what was promised
        assert end[n] >= min(protected, start[n])


def test_the_oracle_notices_a_sum_without_look_ahead():
    """The control: what can be promised is not what is there on the day."""
    situation = (100, [Supply(day(7), 40, True)], [Demand(day(3), 60), Demand(day(10), 70)], 0)

    with pytest.raises(AssertionError):
        assert oracle(situation, 0) == counted(*situation[:3])[0]
