"""Orders of one group against each other for the last of its credit: one of them gets it."""

import pytest

from oms.verify import verify
from orders.models import Hold, Order
from orders.services.exposing import exposure_of
from orders.status import HoldKind, OrderStatus
from tests.builders import a_credit_account, a_customer, a_product, a_submitted_order, a_warehouse
from tests.races.company import MANY
from tests.races.players import Outcome, Turn, errors

pytestmark = pytest.mark.race


@pytest.fixture
def orders(players):
    """Eight submitted orders of a company and those below it, with credit and stock for one of them."""
    a_warehouse()
    bolts, holding = a_product("BOLT-M8", on_hand=MANY * 10, price=6), a_customer("Holding")
    a_credit_account(holding, 100)
    buyers = [holding, *(a_customer(parent=holding) for _each in range(MANY - 1))]
    return [a_submitted_order({bolts: 10}, customer=buyer).pk for buyer in buyers]


def require_one_within_the_limit(outcomes: list[Outcome]) -> None:
    assert errors(outcomes) == []
    confirmed = Order.objects.filter(status=OrderStatus.CONFIRMED)
    assert confirmed.count() == 1
    assert Hold.objects.open().filter(kind=HoldKind.CREDIT).count() == MANY - 1
    account = confirmed.get().customer.credit_account
    assert exposure_of(account).used == 60
    assert verify() == []


def test_one_of_eight_gets_the_last_credit_and_the_others_wait(players, orders):
    require_one_within_the_limit(players.race([Turn("confirm", (pk,)) for pk in orders]))


def test_without_the_lock_of_the_account_they_slip_under_the_limit_together(players, orders):
    outcomes = players.race([Turn("confirm", (pk,), "no_credit_lock") for pk in orders])

    with pytest.raises(AssertionError):
        require_one_within_the_limit(outcomes)
    assert errors(outcomes) == []
    assert Order.objects.filter(status=OrderStatus.CONFIRMED).count() == MANY
