"""T11: the database gives a transaction up, and nobody is told: it is begun again, three times at most."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from psycopg.errors import DeadlockDetected, SerializationFailure

from inventory.models import StockLevel
from oms import contention
from oms.contention import again_after_ties
from oms.verify import verify
from orders.models import Order
from orders.status import OrderStatus
from tests.builders import a_boss, a_customer, a_product, a_submitted_order, a_warehouse
from tests.campaigns import trials
from tests.races.players import Turn

ORDERS = 30
SHARE = 0.05  # of the statements in transactions; a request has a dozen of them

pytestmark = pytest.mark.race


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(contention, "PAUSE", 0)


def tie(kind=SerializationFailure):
    error = OperationalError("given up")
    error.__cause__ = kind("given up")
    return error


@pytest.mark.parametrize("kind", [SerializationFailure, DeadlockDetected])
@pytest.mark.django_db(transaction=True)
def test_a_tie_is_tried_again_three_times_and_no_more(quick, kind):
    calls = []

    def always_loses():
        calls.append(1)
        raise tie(kind)

    with pytest.raises(OperationalError):
        again_after_ties(always_loses)
    assert len(calls) == 1 + contention.MOST_RETRIES


@pytest.mark.django_db
def test_only_the_outermost_call_is_made_again(quick):
    calls = []

    def loses():
        calls.append(1)
        raise tie()

    with pytest.raises(OperationalError):
        again_after_ties(loses)
    assert len(calls) == 1


class Ties:
    """Serialization failures thrown at random, three at most in one request."""

    def __init__(self, chosen: int, most: int = contention.MOST_RETRIES) -> None:
        self.dice, self.most, self.thrown, self.left = random.Random(chosen), most, 0, 0

    def __call__(self, execute, sql, parameters, many, context):
        in_service = connection.in_atomic_block and "django_session" not in sql and "SAVEPOINT" not in sql
        if in_service and self.left and self.dice.random() < SHARE:
            self.thrown, self.left = self.thrown + 1, self.left - 1
            raise tie()
        return execute(sql, parameters, many, context)

    @contextmanager
    def in_one_request(self) -> Iterator[None]:
        self.left = self.most
        with connection.execute_wrapper(self):
            yield


def ask(client, ties, many) -> list[int]:
    """Confirm and cancel so many orders in the office while ties are thrown; return what it answered."""
    bolts, customer = a_product(on_hand=50, at=a_warehouse()), a_customer()
    client.force_login(a_boss())
    answers = []
    for _trial in range(many):
        order = a_submitted_order({bolts: 2}, customer=customer)
        for step in ("confirm", "cancel"):
            with ties.in_one_request():
                address = reverse(f"admin:orders_order_{step}", args=[order.number])
                answers.append(client.post(address, {"reason": "a trial"}).status_code)
    return answers


@pytest.mark.django_db(transaction=True)
def test_serialization_failures_never_reach_a_person(client, quick, request):
    chosen, many = trials.seed(request), trials.trials(ORDERS)
    ties = Ties(chosen)

    answers = ask(client, ties, many)

    trials.told(request, "T11", requests=len(answers), failures_thrown=ties.thrown)
    assert set(answers) == {302}
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.CANCELLED}
    assert StockLevel.objects.get().available == 50
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_retry_they_do(client, quick, monkeypatch):
    monkeypatch.setattr(contention, "MOST_RETRIES", 0)

    assert 503 in ask(client, Ties(1, most=1), 10)


@pytest.mark.parametrize(("act", "ends"), [("confirm_again", "done"), ("confirm_once", "deadlock detected")])
def test_a_deadlock_is_lost_by_nobody_when_it_is_tried_again(duel, act, ends):
    """Each locks its first product and asks for the other's; without the retry one of them is told so."""
    house = a_warehouse()
    bolts, nuts = (a_product(sku, on_hand=9, at=house) for sku in ("BOLT", "NUT"))
    both_ways = [{bolts: 2, nuts: 2}, {nuts: 2, bolts: 2}]
    orders = [a_submitted_order(lines, warehouse_id=house.pk) for lines in both_ways]
    turns = [Turn(f"tests.campaigns.commands.{act}", (order.pk,)) for order in orders]

    _letters, outcomes = duel.play(turns, "AB" * 60)

    said = " ".join(outcome.error or str(outcome.answer) for outcome in outcomes)
    assert ends in said
    promised = StockLevel.objects.filter(warehouse=house).values_list("allocated", flat=True)
    assert set(promised) == ({4} if ends == "done" else {2})
