"""When somebody else is at it, or the database gives up: told so, nothing changed, safe to send again."""

import threading

import pytest
from django.db import connection, transaction

from orders import api
from orders.models import Order
from tests.api.machine import Machine
from tests.builders import a_boss, a_company, a_customer, a_product, a_warehouse, an_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    """The number of a draft, and a machine whose statements have the limits of the web."""
    a_company()
    a_warehouse()
    machine, number = Machine(a_boss()), an_order({a_product(): 1}, a_customer()).number
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'; SET statement_timeout = '500ms'")
    yield machine, number
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout; RESET statement_timeout")


def test_an_order_that_somebody_else_is_changing_is_busy(draft):
    machine, number = draft
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                list(Order.objects.filter(number=number).locked())
                held.set()
                done.wait(10)
        finally:
            connection.close()

    rival = threading.Thread(target=hold)
    rival.start()
    held.wait(10)

    busy = machine.post(f"v1/orders/{number}/submit/", key="one")
    done.set()
    rival.join()

    assert (busy.status_code, busy.json()["code"], busy["Retry-After"]) == (409, "busy", "1")
    assert machine.post(f"v1/orders/{number}/submit/", key="one").json()["status"] == "submitted"


def test_what_takes_too_long_is_given_up_and_changes_nothing(draft, monkeypatch):
    machine, number = draft

    def slowly(order_id, *, by):
        Order.objects.filter(pk=order_id).update(note="half done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    monkeypatch.setattr(api, "submit_order", slowly)
    answer = machine.post(f"v1/orders/{number}/submit/")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "too_slow", "1")
    assert Order.objects.get().note == ""


def test_two_senders_with_one_reference_make_one_order(draft):
    machine, _number = draft
    customer, bolts = a_customer(), a_product()
    barrier, answers = threading.Barrier(4), []

    def send():
        try:
            twin = machine.twin()
            barrier.wait()
            answers.append(twin.order(customer, bolts, reference="WEB-1"))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert Order.objects.filter(reference="WEB-1").count() == 1
