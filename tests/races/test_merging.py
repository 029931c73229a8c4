"""A customer is merged while somebody enters an order for it: the order ends at the customer that is kept."""

import pytest
from django.db import connection

from customers.models import Customer
from oms.verify import verify
from orders.models import Order
from tests.builders import a_customer, a_product, a_warehouse
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race

HELD = " FOR KEY SHARE"


@pytest.fixture
def house(players):
    a_warehouse()
    return a_product("BOLT").units.get()


def pair():
    return a_customer("Kern AG"), a_customer("Kern A.G.")


def race(players, *turns):
    outcomes = players.race(turns)
    assert errors(outcomes) == []
    assert [outcome.refused for outcome in outcomes] == ["", ""]


def guard():
    """Return the function of the trigger as it is declared in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger WHERE tgrelid = 'orders_order'::regclass "
            "AND tgname LIKE '%keep_to_the_kept_customer%'"
        )
        return cursor.fetchone()[0]


def declare(function):
    with connection.cursor() as cursor:
        cursor.execute(function)


def test_an_order_entered_during_a_merge_ends_at_the_kept_customer(players, house):
    kept, gone = pair()

    race(players, Turn("merge_and_linger", (kept.pk, gone.pk)), Turn("order_in_between", (gone.pk, house.pk)))

    assert Order.objects.get().customer == kept
    assert verify() == []


def test_control_without_the_held_key_it_stays_behind(players, house):
    kept, gone = pair()
    declared = guard()
    assert HELD in declared
    declare(declared.replace(HELD, ""))
    try:
        race(
            players,
            Turn("merge_and_linger", (kept.pk, gone.pk)),
            Turn("order_in_between", (gone.pk, house.pk)),
        )
    finally:
        declare(declared)

    assert Order.objects.get().customer == gone


def test_a_merge_waits_for_an_order_that_is_being_entered_and_takes_it_along(players, house):
    kept, gone = pair()

    race(players, Turn("order_and_linger", (gone.pk, house.pk)), Turn("merge_in_between", (kept.pk, gone.pk)))

    assert Order.objects.get().customer == kept
    assert verify() == []


def test_control_a_merge_that_does_not_hold_the_customers_leaves_it_behind(players, house):
    kept, gone = pair()
    gone.addresses.all().delete()  # else moving them would wait for the order
    gone.addresses.create(code="MAIN", name="x", street="x", city="x", country="DE")

    race(
        players,
        Turn("order_and_linger", (gone.pk, house.pk)),
        Turn("merge_in_between", (kept.pk, gone.pk), sabotage="no_hold"),
    )

    assert Order.objects.get().customer == gone


def test_of_two_that_merge_each_into_the_other_one_does(players, house):
    one, other = pair()

    outcomes = players.race(
        [Turn("merge_and_linger", (one.pk, other.pk)), Turn("merge_and_linger", (other.pk, one.pk))]
    )

    assert errors(outcomes) == []
    assert sorted(bool(outcome.refused) for outcome in outcomes) == [False, True]
    assert Customer.objects.exclude(merged_into=None).count() == 1
