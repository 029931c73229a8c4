"""Processes that count one bin, and that decide on one difference, at the same moment."""

import pytest
from django.db.models import Sum

from inventory.models import BinStock, CountRound, StockAdjustment, StockMovement
from inventory.services.adjusting import Difference, Why, propose_adjustments
from inventory.services.sheets import Choice, open_count_sheet
from inventory.status import AdjustmentReason, AdjustmentStatus, MovementKind
from oms.verify import verify
from tests.builders import a_company, a_product, a_user, a_warehouse, first_bin
from tests.races.company import MANY
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race


@pytest.fixture
def bolts(players):
    a_company()
    return a_product("BOLT", on_hand=100, at=a_warehouse("MAIN", adjust_units=10))


@pytest.fixture
def people(bolts):
    return [a_user() for _player in range(MANY)]


def a_stop(product):
    location = BinStock.objects.get(product=product).location
    return open_count_sheet(Choice(location.warehouse), by=None).stops.get()


def counting(bolts, people, stops, found, sabotage=""):
    return [
        Turn("count_bin", (stop.pk, bolts.pk, found, user.pk), sabotage)
        for stop, user in zip(stops, people, strict=True)
    ]


def test_of_eight_who_count_one_bin_one_is_first_and_the_others_learn_who(players, bolts, people):
    outcomes = players.race(counting(bolts, people, [a_stop(bolts)] * MANY, 60))

    assert errors(outcomes) == []
    assert [outcome.answer for outcome in outcomes].count("0 applied, 1 waiting") == 1
    assert sum("counted_already" in outcome.refused for outcome in outcomes) == MANY - 1
    assert (CountRound.objects.count(), StockAdjustment.objects.count()) == (1, 1)
    assert verify() == []


def test_without_that_question_only_the_constraint_stands_between_them(players, bolts, people):
    outcomes = players.race(counting(bolts, people, [a_stop(bolts)] * MANY, 60, "no_question"))

    assert sum("a_bin_is_counted_by_one_at_a_time" in error for error in errors(outcomes)) == MANY - 1


def booked():
    losses = StockMovement.objects.filter(kind=MovementKind.COUNT)
    return losses.aggregate(n=Sum("quantity"))["n"]


def test_a_bin_on_eight_sheets_loses_what_is_missing_once(players, bolts, people):
    outcomes = players.race(counting(bolts, people, [a_stop(bolts) for _n in range(MANY)], 95))

    assert errors(outcomes) == []
    assert booked() == 5
    assert BinStock.objects.get(product=bolts).quantity == 95
    assert verify() == []


def test_without_turns_and_locks_it_loses_it_again_and_again(players, bolts, people):
    players.race(counting(bolts, people, [a_stop(bolts) for _n in range(MANY)], 95, "no_turns"))

    assert booked() > 5


def test_of_eight_who_approve_one_difference_one_does(players, bolts, people):
    house = BinStock.objects.get(product=bolts).location.warehouse
    gone = Difference(bolts.pk, first_bin(house), -40)
    lost = propose_adjustments([gone], Why(AdjustmentReason.LOST), by=a_user())

    outcomes = players.race([Turn("approve_adjustment", (lost[0].pk, user.pk)) for user in people])

    assert errors(outcomes) == []
    assert sum("already_decided" in outcome.refused for outcome in outcomes) == MANY - 1
    assert StockMovement.objects.filter(document=lost[0].number).count() == 1
    assert verify() == []
    assert StockAdjustment.objects.get().status == AdjustmentStatus.APPLIED
