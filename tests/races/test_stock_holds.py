"""Quotes hold each unit once, and nobody gets between a quote and its order."""

import pytest

from inventory.models import StockLevel
from oms.verify import verify
from orders.models import HoldPolicy, OrderLine, StockHold
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_submitted_order,
    a_warehouse,
)
from tests.races.company import MANY
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race


@pytest.fixture
def bolts(players):
    a_company()
    a_warehouse()
    HoldPolicy.objects.create(days=5)
    return a_product("BOLT-M8", on_hand=10)


def a_quote(bolts, quantity):
    return draft_quote(Header(a_customer().pk), [a_line(bolts, quantity)], by=None)


def held():
    return sum(StockHold.objects.open().values_list("quantity", flat=True))


def test_eight_quotes_hold_what_is_there_and_no_more(players, bolts):
    quotes = [a_quote(bolts, 3).pk for _player in range(MANY)]

    outcomes = players.race([Turn("send", (pk,)) for pk in quotes])

    assert errors(outcomes) == []
    assert held() == StockLevel.objects.get().held == 10
    assert verify() == []


def test_without_the_lock_they_hold_more_than_there_is(players, bolts):
    quotes = [a_quote(bolts, 3).pk for _player in range(MANY)]

    outcomes = players.race([Turn("send", (pk,), "no_lock") for pk in quotes])

    assert held() > 10 or errors(outcomes)


@pytest.fixture
def sold(bolts):
    """The order of a quote that holds four of ten units; who is served first waits for more than all the others."""
    quote = send_quote(a_quote(bolts, 4).pk, by=None)
    a_confirmed_order({bolts: 20}, customer=a_customer(contract_class=1))
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
    return submit_order(order_from_quote(quote.pk, by=None).pk, by=None).pk


def confirmed_among_others(players, bolts, sold, sabotage=""):
    """Confirm it while others are confirmed and served; return what it got."""
    others = [a_submitted_order({bolts: 4}).pk for _player in range(MANY - 3)]
    turns = [Turn("confirm", (sold,), sabotage), Turn("serve"), Turn("serve")]
    outcomes = players.race([*turns, *(Turn("confirm", (pk,)) for pk in others)])
    assert errors(outcomes) == []
    assert verify() == []
    return OrderLine.objects.get(order=sold).allocated


def test_nobody_gets_between_a_quote_and_its_order(players, bolts, sold):
    assert confirmed_among_others(players, bolts, sold) == 4


def test_in_its_turn_it_would_get_nothing(players, bolts, sold):
    assert confirmed_among_others(players, bolts, sold, "no_own_turn") == 0


def test_the_clock_and_the_order_end_a_hold_once(players, bolts, sold):
    outcomes = players.race([Turn("confirm", (sold,)), *[Turn("end_holds", (9,))] * (MANY - 1)])

    assert errors(outcomes) == []
    hold = StockHold.objects.get()
    ended_by_clock = sum(outcome.answer for outcome in outcomes[1:])
    assert (hold.ended_by == "lapsed", ended_by_clock) in [(True, 1), (False, 0)]
    assert StockLevel.objects.get().held == 0
    assert OrderLine.objects.get(order=sold).allocated == (0 if ended_by_clock else 4)
