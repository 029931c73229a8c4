"""Several call the same portion off at once, on the phone and by the clock: there is one order."""

import pytest

from oms.verify import verify
from orders.models import CallOff, Order
from orders.services.scheduling import Portions, plan_call_offs
from tests.builders import a_customer, a_product, a_warehouse, agreed, an_agreement, in_days
from tests.races.company import MANY
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race


@pytest.fixture
def portion(players):
    """A call-off that is due."""
    a_warehouse()
    customer = a_customer()
    agreement = an_agreement(customer, agreed(a_product("BOLT-M8", on_hand=100), 8, maximum=1000))
    line, place = agreement.lines.get(), customer.addresses.get()
    plan_call_offs(agreement.pk, Portions(line.pk, place.pk, 100, in_days(5)), by=None)
    return CallOff.objects.get().pk


def test_one_of_eight_calls_it_off_and_the_others_are_told(players, portion):
    outcomes = players.race([Turn("call_portion_off", (portion,))] * (MANY - 2) + [Turn("call_due_off")] * 2)

    assert errors(outcomes) == []
    order = Order.objects.get()
    assert [one.answer for one in outcomes].count(order.number) + outcomes[-1].answer + outcomes[
        -2
    ].answer == 1
    told = [one.refused for one in outcomes if one.refused]
    assert all(f"called off already: {order}" in words for words in told)
    assert verify() == []


def test_without_the_lock_each_of_eight_makes_an_order(players, portion):
    outcomes = players.race([Turn("call_portion_off", (portion,), "no_agreement_lock")] * MANY)

    assert errors(outcomes) == []
    assert Order.objects.count() == MANY
