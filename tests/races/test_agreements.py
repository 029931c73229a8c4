"""Orders against each other for the last of an agreement: it gives what it has, once."""

from decimal import Decimal

import pytest
from django.db import connection, models

from customers.models import AgreementLine
from oms.declared import constraints
from oms.verify import verify
from orders.models import Order
from orders.status import OrderStatus
from tests.builders import a_customer, a_product, a_submitted_order, a_warehouse, agreed, an_agreement
from tests.races.company import MANY
from tests.races.players import Outcome, Turn, errors

pytestmark = pytest.mark.race

LEFT = 10


@pytest.fixture(params=[{"maximum": LEFT}, {"maximum_value": Decimal(LEFT * 8)}], ids=["quantity", "value"])
def orders(players, request):
    """Eight submitted orders, each for all that an agreement has left; there is stock for all."""
    a_warehouse()
    bolts, customer = a_product("BOLT-M8", on_hand=MANY * LEFT), a_customer()
    an_agreement(customer, agreed(bolts, 8, **request.param))
    return [a_submitted_order({bolts: LEFT}, customer=customer).pk for _player in range(MANY)]


def require_drawn_once(outcomes: list[Outcome]) -> None:
    assert errors(outcomes) == []
    refused = [outcome.refused.partition(":")[0] for outcome in outcomes if outcome.refused]
    assert refused == ["agreement_short"] * (MANY - 1)
    assert Order.objects.filter(status=OrderStatus.CONFIRMED).count() == 1
    assert AgreementLine.objects.get().drawn == LEFT
    assert verify() == []


def test_one_of_eight_draws_the_last_quantity_and_the_others_are_told(players, orders):
    require_drawn_once(players.race([Turn("confirm", (pk,)) for pk in orders]))


def test_without_the_lock_the_check_refuses_to_overdraw_with_error_pages(players, orders):
    outcomes = players.race([Turn("confirm", (pk,), "no_draw_lock") for pk in orders])

    with pytest.raises(AssertionError):
        require_drawn_once(outcomes)
    assert any("never_draw_more_than_agreed" in error for error in errors(outcomes))


def test_without_the_lock_and_the_check_it_is_overdrawn_and_verify_tells(players, orders, without_the_check):
    outcomes = players.race([Turn("confirm", (pk,), "no_draw_lock") for pk in orders])

    assert errors(outcomes) == []
    assert AgreementLine.objects.get().drawn == MANY * LEFT
    assert "I2 every row passes its checks" in {breach.invariant for breach in verify()}


@pytest.fixture
def without_the_check(players):
    name, lines = "never_draw_more_than_agreed", AgreementLine._meta.db_table
    (check,) = (one for one in constraints(AgreementLine, models.CheckConstraint) if one.name == name)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {lines} DROP CONSTRAINT {name}")
        yield
        cursor.execute(f"TRUNCATE {lines} CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(AgreementLine, check)


def test_orders_that_draw_in_opposite_order_while_others_give_back_never_deadlock(players):
    house, customer = a_warehouse(), a_customer()
    bolts, nuts = (a_product(sku, on_hand=100, at=house) for sku in ("BOLT", "NUT"))
    an_agreement(customer, agreed(nuts, 8, maximum=100), agreed(bolts, 8, maximum=100))
    both_ways = [{bolts: 2, nuts: 2}, {nuts: 2, bolts: 2}]
    orders = [a_submitted_order(both_ways[i % 2], customer=customer).pk for i in range(MANY // 2)]

    outcomes = players.race([Turn(act, (pk,)) for pk in orders for act in ("confirm", "cancel")])

    assert errors(outcomes) == []
    assert set(AgreementLine.objects.values_list("drawn", flat=True)) == {0}
    assert verify() == []
