"""The same request twice is done once."""

import threading
from collections import Counter

import pytest
from django.db import connection

from oms.models import IdempotencyKey
from orders import api
from orders.models import Order
from tests.api.machine import Machine
from tests.builders import a_boss, a_company, a_customer, a_product, a_user, a_warehouse

THREADS = 8


def body_for(customer, product, quantity=1):
    return {"customer": customer.code, "lines": [{"sku": product.sku, "quantity": quantity}]}


@pytest.mark.parametrize(
    "headers", [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "é"}, {"Idempotency-Key": "k" * 201}]
)
def test_a_change_without_a_usable_key_is_refused(machine, headers):
    body = body_for(a_customer(), a_product())

    answer = machine.client.post("/api/v1/orders/", body, content_type="application/json", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not Order.objects.exists()


def test_the_same_key_and_body_get_the_stored_answer(machine):
    body = body_for(a_customer(), a_product())

    first = machine.post("v1/orders/", body, key="one")
    other_order = {"lines": body["lines"], "customer": body["customer"]}  # the same, in another order
    again = machine.post("v1/orders/", other_order, key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_move_is_replayed_as_it_was(machine):
    order = machine.order(a_customer(), a_product()).json()["number"]
    first = machine.post(f"v1/orders/{order}/submit/", key="s")
    machine.post(f"v1/orders/{order}/cancel/", {"reason": ""})

    again = machine.post(f"v1/orders/{order}/submit/", key="s")

    assert again.json() == first.json()
    assert again.json()["status"] == "submitted"


def test_a_key_is_for_one_request(machine):
    customer, bolts = a_customer(), a_product()
    number = machine.post("v1/orders/", body_for(customer, bolts), key="one").json()["number"]

    other_body = machine.post("v1/orders/", body_for(customer, bolts, 2), key="one")
    other_address = machine.post(f"v1/orders/{number}/submit/", key="one")

    for answer in (other_body, other_address):
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert Order.objects.count() == 1


def test_keys_belong_to_their_client(machine):
    body = body_for(a_customer(), a_product())
    machine.post("v1/orders/", body, key="one")

    answer = Machine(a_boss()).post("v1/orders/", body, key="one")

    assert answer.status_code == 201
    assert Order.objects.count() == 2


def test_a_refusal_leaves_the_key_free(machine):
    customer, bolts = a_customer(), a_product()

    refused = machine.post("v1/orders/", {"customer": customer.code, "lines": []}, key="one")
    mended = machine.post("v1/orders/", body_for(customer, bolts), key="one")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_a_right_that_was_taken_away_is_not_replayed_around(machine, house):
    rep = a_user("customers.view_all_customers", "orders.view_order", "orders.add_order")
    body, robot = body_for(a_customer(), a_product()), Machine(rep)
    assert robot.post("v1/orders/", body, key="one").status_code == 201

    rep.user_permissions.clear()

    assert robot.post("v1/orders/", body, key="one").status_code == 403


def at_once(machine, body, times=THREADS):
    """Send the same request from many threads, each with its own connection; return the answers."""
    barrier, answers = threading.Barrier(times), []

    def send():
        try:
            twin = machine.twin()
            barrier.wait()
            answers.append(twin.post("v1/orders/", body, key="the same"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def a_race():
    a_company()
    a_warehouse()
    machine = Machine(a_boss())
    return machine, body_for(a_customer(), a_product())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_request_from_eight_threads_makes_one_order():
    machine, body = a_race()

    answers = at_once(machine, body)

    assert len(answers) == THREADS
    assert Order.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert sum("Idempotency-Replayed" not in one for one in answers if one.status_code == 201) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "in_flight"
            assert answer["Retry-After"] == "1"
    assert machine.post("v1/orders/", body, key="the same")["Idempotency-Replayed"] == "true"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_eight_threads_make_more_than_one_order(monkeypatch):
    """The control: what the test above sees when nobody looks at the key."""
    machine, body = a_race()
    monkeypatch.setattr("oms.api.doorway.once", lambda _client, _key, _hash, act: act())

    at_once(machine, body)

    assert Order.objects.count() == THREADS


@pytest.mark.django_db(transaction=True)
def test_while_the_first_request_is_worked_on_the_second_is_told_to_wait(monkeypatch):
    machine, body = a_race()
    inside, go_on = threading.Event(), threading.Event()

    def slowly(*args, **kwargs):
        inside.set()
        go_on.wait(10)
        return real(*args, **kwargs)

    real = api.enter_order
    monkeypatch.setattr(api, "enter_order", slowly)
    first = threading.Thread(target=lambda: at_once(machine, body, times=1))
    first.start()
    inside.wait(10)

    second = machine.post("v1/orders/", body, key="the same")
    go_on.set()
    first.join()

    assert (second.status_code, second.json()["code"]) == (409, "in_flight")
    assert second["Retry-After"] == "1"
    assert Order.objects.count() == 1
