"""Two companies that are put below each other at the same moment."""

import pytest
from django.db import connection

from customers.models import Customer
from tests.builders import a_customer
from tests.races.players import Turn

pytestmark = pytest.mark.race

LOCK = "PERFORM pg_advisory_xact_lock(7301, 1);"


def race_for_a_circle(players):
    """Let each of two companies become the other's parent; return how many did."""
    one, other = a_customer(), a_customer()
    players.race([Turn("put_below", (one.pk, other.pk)), Turn("put_below", (other.pk, one.pk))])
    return Customer.objects.exclude(parent=None).count()


def walks():
    """Return the functions of the triggers that walk the tree, as they are declared in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT f FROM pg_trigger, pg_get_functiondef(tgfoid) AS f "
            "WHERE tgrelid = 'customers_customer'::regclass AND strpos(f, %s) > 0",
            [LOCK],
        )
        return [function for (function,) in cursor.fetchall()]


def declare(functions):
    with connection.cursor() as cursor:
        for function in functions:
            cursor.execute(function)


def test_one_of_two_becomes_the_parent(players):
    assert race_for_a_circle(players) == 1


def test_control_without_the_lock_both_do(players):
    declared = walks()
    assert len(declared) == 3  # the tree's own, and two that keep the credit accounts
    declare(function.replace(LOCK, "") for function in declared)
    try:
        assert race_for_a_circle(players) == 2
    finally:
        Customer.objects.update(parent=None)
        declare(declared)
