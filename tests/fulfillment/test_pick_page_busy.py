"""Somebody else holds the rows: the pages say so instead of falling over."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from fulfillment.models import PickTask, Shipment
from orders.models import Order
from tests.builders import a_boss, a_company, a_confirmed_order, a_product, a_shipment, a_warehouse
from tests.fulfillment.floor import LEAD, a_worker, signed_in
from tests.fulfillment.test_pick_page import SCRIPT

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def holding():
    """Return a function that locks a row in another connection until the test is over."""
    over, threads = threading.Event(), []

    def hold(model, pk):
        held = threading.Event()

        def work():
            with transaction.atomic():
                model.objects.locked().get(pk=pk)
                held.set()
                over.wait(10)
            connections.close_all()

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        assert held.wait(10)

    yield hold
    over.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def impatient():
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")


def test_a_pick_that_has_to_wait_too_long_may_be_sent_again(holding, impatient):
    a_company()
    warehouse = a_warehouse("MAIN")
    shipment = a_shipment({a_product(on_hand=9, at=warehouse): 3}, by=a_boss())
    page = reverse("admin:fulfillment_shipment_pick", args=[shipment.pk])
    client, task = signed_in(a_worker(warehouse, *LEAD)), PickTask.objects.get().pk
    holding(Shipment, shipment.pk)

    answer = client.post(page, {"task": task, "quantity": "1", "operation": "a"}, headers=SCRIPT)
    form = client.post(page, {"task": task, "quantity": "1", "operation": "b"}, follow=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert "Somebody else is changing the same thing" in form.content.decode()
    assert PickTask.objects.get().picked == 0


def test_an_order_that_somebody_works_on_is_not_released_and_the_others_are(holding, impatient):
    a_company()
    warehouse = a_warehouse("MAIN")
    bolts = a_product(on_hand=9, at=warehouse)
    taken, free = (a_confirmed_order({bolts: 3}, by=a_boss()) for _ in range(2))
    client = signed_in(a_worker(warehouse, *LEAD))
    holding(Order, taken.pk)

    sent = {"order": [taken.pk, free.pk], "operation": "a"}
    text = client.post(reverse("admin:fulfillment_shipment_release"), sent, follow=True).content.decode()

    assert "Somebody else is changing the same thing" in text
    assert Shipment.objects.get().order == free
