"""Who gets what: the vectors of the specification, and what holds for whatever bids come."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from customers.status import ShippingPolicy
from orders.allocation import Bid, Demand, Held, Rank, Terms, fair_shares, first_to_go, run, take

BOLTS, NUTS, ELSEWHERE = (1, 1), (2, 1), (1, 2)
DAY, NOON = date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC)
ANY_PART = Terms()
COMPLETE, LINES = Terms(ShippingPolicy.COMPLETE), Terms(ShippingPolicy.COMPLETE_LINES)


def a_rank(place, **better):
    return Rank(True, 5, 5, DAY, NOON, place)._replace(**better)


def a_bid(place, *wanted, terms=ANY_PART, **better):
    """An order in this place of the queue; `wanted` are rows with quantities."""
    demands = [
        Demand(place * 100 + n, row, quantity, value=Fraction(1)) for n, (row, quantity) in enumerate(wanted)
    ]
    return Bid(place, a_rank(place, **better), demands, terms)


def given_to(bids, free, fair=()):
    """What each order gets in all, in the order of the bids."""
    got = Counter()
    for grant in run(bids, free, fair):
        got[grant.line_id // 100] += grant.quantity
    return [got[bid.order_id] for bid in bids]


def test_vector_8_stock_goes_by_rank_and_who_wants_whole_lines_leaves_a_part_to_the_next():
    def served(terms):
        wanted = [
            a_bid(1, (BOLTS, 60)),
            a_bid(2, (BOLTS, 30)),
            a_bid(3, (BOLTS, 50), terms=terms),
            a_bid(4, (BOLTS, 10)),
        ]
        return given_to(wanted, {BOLTS: 100})

    assert served(LINES) == [60, 30, 0, 10]
    assert served(Terms()) == [60, 30, 10, 0]


def test_vector_8_a_fair_share_is_in_packs_with_the_remainder_by_rank():
    wanted = [Demand(line, BOLTS, 60, multiple=6) for line in (1, 2, 3)]

    shares = fair_shares(100, wanted)

    assert list(shares.values()) == [36, 30, 30]
    assert 100 - sum(shares.values()) == 4


def test_what_a_contract_guarantees_is_served_before_the_rest_is_shared():
    wanted = [Demand(1, BOLTS, 60), Demand(2, BOLTS, 60, minimum=40)]

    assert fair_shares(60, wanted) == {1: 15, 2: 45}
    assert fair_shares(30, wanted) == {1: 0, 2: 30}


def test_the_rank_is_begun_then_contract_then_priority_then_promise_then_confirmation_then_line():
    ranks = [
        a_rank(9, not_begun=False),
        a_rank(8, contract_class=1),
        a_rank(7, priority=1),
        a_rank(6, promised_on=DAY - timedelta(days=1)),
        a_rank(5, confirmed_at=NOON - timedelta(hours=1)),
        a_rank(4),
        a_rank(10),
    ]

    assert sorted([*ranks[3:], *ranks[:3]]) == ranks


def test_an_order_that_ships_complete_takes_nothing_until_all_is_there_and_then_everything():
    both, bolts = a_bid(1, (BOLTS, 5), (NUTS, 5), terms=COMPLETE), a_bid(2, (BOLTS, 8))

    assert given_to([both, bolts], {BOLTS: 10, NUTS: 4}) == [0, 8]
    assert given_to([both, bolts], {BOLTS: 10, NUTS: 5}) == [10, 5]


def test_two_that_ship_complete_over_the_same_scarce_products_are_served_one_after_the_other():
    first = a_bid(1, (BOLTS, 5), (NUTS, 5), terms=COMPLETE)
    second = a_bid(2, (NUTS, 5), (BOLTS, 5), terms=COMPLETE)

    assert given_to([first, second], {BOLTS: 9, NUTS: 9}) == [10, 0]
    assert given_to([first, second], {BOLTS: 9, NUTS: 4}) == [0, 0]


def test_a_part_must_be_worth_its_shipment_unless_it_is_all_that_is_wanted():
    def served(**terms):
        wanted = Terms(ShippingPolicy.PARTIAL, floor=Fraction(30), **terms)
        return given_to([a_bid(1, (BOLTS, 20), (NUTS, 40), terms=wanted), a_bid(2, (NUTS, 9))], {NUTS: 29})

    assert served() == [0, 9]
    assert served(held=Fraction(1)) == [29, 0]
    assert given_to([a_bid(1, (BOLTS, 20), terms=Terms(floor=Fraction(30)))], {BOLTS: 20}) == [20]


def test_the_last_shipment_takes_all_or_nothing():
    last = Terms(is_last=True)

    assert given_to([a_bid(1, (BOLTS, 5), terms=last)], {BOLTS: 4}) == [0]
    assert given_to([a_bid(1, (BOLTS, 5), terms=last)], {BOLTS: 5}) == [5]


def test_what_is_short_at_home_comes_from_elsewhere_in_turn():
    wants = Bid(1, a_rank(1), [Demand(100, BOLTS, 12, (ELSEWHERE,))], COMPLETE)

    assert [(g.row, g.quantity) for g in run([wants], {BOLTS: 7, ELSEWHERE: 9})] == [
        (BOLTS, 7),
        (ELSEWHERE, 5),
    ]
    assert run([wants], {BOLTS: 7, ELSEWHERE: 4}) == []


def test_a_share_that_is_not_the_whole_line_goes_to_those_who_share():
    whole, part = a_bid(1, (BOLTS, 60), terms=LINES), a_bid(2, (BOLTS, 60))

    assert given_to([whole, part], {BOLTS: 100}, fair={BOLTS}) == [0, 60]
    assert given_to([whole, part], {BOLTS: 120}, fair={BOLTS}) == [60, 60]


def test_of_two_that_share_and_want_everything_the_first_gets_it():
    first, second = (a_bid(place, (BOLTS, 60), terms=COMPLETE) for place in (1, 2))

    assert given_to([first, second], {BOLTS: 100}, fair={BOLTS}) == [60, 0]


def a_holding(place, quantity, day=DAY, row=BOLTS):
    return Held(place, place, place, row, quantity, a_rank(place, promised_on=day))


def test_when_stock_is_gone_the_latest_promise_goes_first_and_of_those_the_lowest_rank():
    held = [
        a_holding(1, 5),
        a_holding(2, 5),
        a_holding(3, 5, DAY + timedelta(days=1)),
        a_holding(4, 9, row=NUTS),
    ]

    lost = [(loss.held.order_id, loss.quantity) for loss in first_to_go(held, {BOLTS: 12})]

    assert lost == [(3, 5), (2, 5), (1, 2)]
    assert [loss.quantity for loss in first_to_go(held, {BOLTS: 99})] == [5, 5, 5]


def lost_to(bid, held, free):
    return [(loss.held.order_id, loss.quantity) for loss in take(bid, held, free).lost]


def test_who_is_served_first_takes_what_is_free_and_then_from_the_lowest_rank():
    held = [a_holding(1, 5), a_holding(2, 5)]

    assert lost_to(a_bid(9, (BOLTS, 4)), held, {BOLTS: 4}) == []
    assert lost_to(a_bid(9, (BOLTS, 12)), held, {BOLTS: 4}) == [(2, 5), (1, 3)]
    assert lost_to(a_bid(9, (BOLTS, 15), terms=COMPLETE), held, {BOLTS: 4}) == []


def test_who_loses_a_part_and_ships_complete_gives_the_rest_back():
    complete = ShippingPolicy.COMPLETE
    held = [
        replace(a_holding(1, 5), policy=complete),
        replace(a_holding(1, 7, row=NUTS), policy=complete, allocation_id=2),
        replace(a_holding(3, 4, row=NUTS), policy=complete),
    ]

    taking = take(a_bid(9, (BOLTS, 3)), held, {})

    assert [(loss.held.allocation_id, loss.quantity) for loss in taking.given_back] == [(1, 2), (2, 7)]


rows = st.sampled_from([BOLTS, NUTS, ELSEWHERE])
terms = st.builds(
    Terms,
    st.sampled_from(ShippingPolicy),
    floor=st.sampled_from([Fraction(0), Fraction(0), Fraction(20)]),
    held=st.sampled_from([Fraction(0), Fraction(15)]),
    is_last=st.sampled_from([False, False, True]),
)
demands = st.tuples(rows, st.integers(1, 40), st.sampled_from([1, 1, 6]), st.integers(0, 10))


@st.composite
def queues(draw, all_terms=terms):
    bids = []
    for place in range(1, draw(st.integers(1, 7)) + 1):
        wanted = draw(st.lists(demands, min_size=1, max_size=3))
        lines = [
            Demand(place * 100 + n, row, quantity, (), multiple, minimum, Fraction(1))
            for n, (row, quantity, multiple, minimum) in enumerate(wanted)
        ]
        rank = a_rank(place, contract_class=draw(st.integers(1, 2)))
        bids.append(Bid(place, rank, lines, draw(all_terms)))
    return bids


stocks = st.dictionaries(rows, st.integers(0, 90))
shared = st.sets(rows)


def by_line(grants):
    got = Counter()
    for grant in grants:
        got[grant.line_id] += grant.quantity
    return got


@given(queues(), stocks, shared)
def test_nobody_gets_more_than_wanted_and_no_row_gives_more_than_is_free(bids, free, fair):
    grants = run(bids, free, fair)

    wanted = {demand.line_id: demand.quantity for bid in bids for demand in bid.demands}
    given_by = Counter()
    for grant in grants:
        given_by[grant.row] += grant.quantity
    assert all(grant.quantity > 0 for grant in grants)
    assert all(quantity <= wanted[line] for line, quantity in by_line(grants).items())
    assert all(quantity <= free[row] for row, quantity in given_by.items())


@given(queues(), stocks, shared, st.randoms(use_true_random=False))
def test_the_order_in_which_bids_come_does_not_matter(bids, free, fair, rng):
    assert run(bids, free, fair) == run(rng.sample(bids, len(bids)), free, fair)


@given(queues(), stocks, shared)
def test_every_order_gets_only_what_its_terms_accept(bids, free, fair):
    got = by_line(run(bids, free, fair))

    for bid in bids:
        given = sum(got[demand.line_id] for demand in bid.demands)
        wanted = sum(demand.quantity for demand in bid.demands)
        assert given == 0 or bid.terms.accept(wanted=wanted, given=given, worth=Fraction(given))
        if bid.terms.whole_lines:
            assert all(got[demand.line_id] in (0, demand.quantity) for demand in bid.demands)


@given(queues(), stocks, shared)
def test_a_second_run_over_what_is_left_gives_nothing(bids, free, fair):
    left = dict(free)
    got = Counter()
    for grant in run(bids, free, fair):
        left[grant.row] -= grant.quantity
        got[grant.line_id] += grant.quantity

    assert run([still_waiting(bid, got) for bid in bids], left, fair) == []


def still_waiting(bid, got):
    """The bid after a run: its lines want the rest, and what it got is held for the same shipment."""
    lines = [
        Demand(d.line_id, d.row, d.quantity - got[d.line_id], (), d.multiple, d.minimum, d.value)
        for d in bid.demands
        if d.quantity > got[d.line_id]
    ]
    held = bid.terms.held + sum(got[demand.line_id] for demand in bid.demands)
    terms = Terms(bid.terms.policy, bid.terms.floor, held, bid.terms.is_last)
    return Bid(bid.order_id, bid.rank, lines, terms)


@given(queues(), stocks)
def test_nothing_stays_free_that_somebody_waits_for_who_takes_any_part(bids, free):
    left = dict(free)
    got = Counter()
    for grant in run(bids, free):
        left[grant.row] -= grant.quantity
        got[grant.line_id] += grant.quantity

    for bid in bids:
        for demand in bid.demands:
            if not bid.terms.can_fail and got[demand.line_id] < demand.quantity:
                assert left.get(demand.row, 0) == 0


@given(queues(), stocks, st.data())
def test_nobody_loses_to_a_lower_rank(bids, free, data):
    """Where rank decides, what an order gets is the same whether those behind it are there or not."""
    ranked = sorted(bids, key=lambda bid: bid.rank)
    first = ranked[: data.draw(st.integers(0, len(ranked)))]

    alone, together = by_line(run(first, free)), by_line(run(bids, free))

    lines = {demand.line_id for bid in first for demand in bid.demands}
    assert {line: q for line, q in together.items() if line in lines} == dict(alone)


@given(st.lists(demands, min_size=1, max_size=6), st.integers(0, 150))
def test_a_fair_share_leaves_less_than_anybodys_pack(wanted, available):
    lines = [
        Demand(n, BOLTS, quantity, (), multiple, minimum)
        for n, (_row, quantity, multiple, minimum) in enumerate(wanted)
    ]

    shares = fair_shares(available, lines)

    left = available - sum(shares.values())
    assert left >= 0
    for demand in lines:
        missing = demand.quantity - shares[demand.line_id]
        assert missing >= 0
        assert missing == 0 or left < min(demand.multiple, missing)
