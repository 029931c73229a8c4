"""The same request twice is done once."""

import pytest
from django.db import connections

from oms.errors import Refused
from oms.idempotency import Answer, InFlight, KeyReused, fingerprint, once
from oms.models import IdempotencyKey
from orders.models import Order
from tests.builders import a_product, a_user, a_warehouse, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    a_warehouse()
    return a_user()


@pytest.fixture
def enter():
    def act() -> Answer:
        return Answer(201, {"number": an_order({a_product(): 1}).number})

    return act


def test_the_second_time_the_first_answer_comes_again(client, enter):
    first = once(client, "k1", fingerprint("body"), enter)
    second = once(client, "k1", fingerprint("body"), enter)

    assert (first.status, first.body, first.replayed) == (second.status, second.body, False)
    assert second.replayed
    assert Order.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(client, enter):
    once(client, "k1", fingerprint("body"), enter)

    with pytest.raises(KeyReused, match="k1"):
        once(client, "k1", fingerprint("another body"), enter)

    assert Order.objects.count() == 1


def test_a_key_belongs_to_its_client(client, enter):
    once(client, "k1", fingerprint("body"), enter)
    once(a_user(), "k1", fingerprint("body"), enter)

    assert Order.objects.count() == 2


def test_a_refusal_leaves_nothing_behind_so_it_may_be_sent_again(client, enter):
    def refuse() -> Answer:
        enter()
        raise Refused("not today")

    with pytest.raises(Refused, match="not today"):
        once(client, "k1", fingerprint("body"), refuse)
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()

    assert not once(client, "k1", fingerprint("body"), enter).replayed


def test_equal_requests_have_equal_fingerprints_whatever_the_order_of_their_keys():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_worked_on_the_second_is_told_so(client, enter):
    """Another connection holds the key: the second request does not wait, it is told to ask again."""
    other = connections.create_connection("default")
    try:

        def act() -> Answer:
            with pytest.raises(InFlight, match="k1"):
                once_on(other, client)
            return enter()

        once(client, "k1", fingerprint("body"), act)
    finally:
        other.close()

    assert Order.objects.count() == 1


def once_on(other, client) -> None:
    """Send the request over a connection of its own."""
    mine = connections["default"]
    connections["default"] = other
    try:
        once(client, "k1", fingerprint("body"), lambda: Answer(201, None))
    finally:
        connections["default"] = mine
