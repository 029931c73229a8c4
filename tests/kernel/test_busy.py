"""Waiting in vain is no error page: it says that nothing was changed and that trying again is right."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from oms.models import IdempotencyKey
from oms.tasks import forget_old_answers
from orders.models import Order
from tests.builders import a_boss, a_product, a_submitted_order, a_warehouse


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_too_long_answers_that_somebody_is_busy(client):
    order = a_submitted_order({a_product(on_hand=5, at=a_warehouse()): 1})
    client.force_login(a_boss())
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Order.objects.locked().get(pk=order.pk)
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    answer = client.post(reverse("admin:orders_order_confirm", args=[order.number]))
    done.set()
    thread.join()

    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"


@pytest.mark.django_db
def test_old_answers_are_forgotten_and_new_ones_kept():
    boss, now = a_boss(), timezone.now()
    for key, age in (("old", 31), ("new", 29)):
        IdempotencyKey.objects.create(
            client=boss,
            key=key,
            request_hash="x",
            status=200,
            answer={},
            created_at=now - timedelta(days=age),
        )

    assert forget_old_answers() == 1
    assert IdempotencyKey.objects.get().key == "new"
