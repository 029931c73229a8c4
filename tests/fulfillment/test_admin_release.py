"""Orders are released to the warehouse, each on its own."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models import Shipment
from orders.models import Order
from orders.services.holding import hold_order
from tests.builders import a_boss, a_confirmed_order, a_customer, a_product, a_warehouse, in_days
from tests.fulfillment.floor import FLOOR, LEAD, a_long_confirmed_order, a_worker, signed_in
from tests.promising.house import ships_on

pytestmark = pytest.mark.django_db

RELEASE = "/admin/fulfillment/shipment/release/"


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN")


@pytest.fixture
def lead(warehouse):
    return a_worker(warehouse, *LEAD)


@pytest.fixture
def bolts(warehouse):
    return a_product("BOLT", on_hand=100, at=warehouse)


def test_ready_orders_are_listed_with_what_can_be_released(warehouse, lead, bolts):
    nuts = a_product("NUT", on_hand=9, at=warehouse)
    order, client = a_confirmed_order({bolts: 30, nuts: 4}, by=a_boss()), signed_in(lead)

    rows = client.get(RELEASE).context["rows"]

    assert [(row["order"], row["sites"], row["lines"]) for row in rows] == [(order, "MAIN", 2)]
    assert "Units" not in client.get(RELEASE).content.decode()


def test_they_come_by_the_day_they_are_promised_to_leave_then_by_rank(warehouse, lead, bolts):
    requested_first = a_confirmed_order({bolts: 1}, requested_on=in_days(10))
    promised_first = a_confirmed_order({bolts: 1}, requested_on=in_days(12))
    urgent = a_confirmed_order({bolts: 1}, requested_on=in_days(10))
    best = a_confirmed_order({bolts: 1}, requested_on=in_days(10), customer=a_customer(contract_class=1))
    for order, day in ((requested_first, 9), (promised_first, 3), (urgent, 9), (best, 9)):
        ships_on(order, in_days(day))
    Order.objects.filter(pk=urgent.pk).update(priority=1)

    rows = signed_in(lead).get(RELEASE).context["rows"]

    assert [row["order"] for row in rows] == [promised_first, best, urgent, requested_first]


def test_chosen_orders_are_released_and_the_others_stay(lead, bolts):
    first, second = (a_confirmed_order({bolts: 3}, by=a_boss()) for _ in range(2))

    answer = signed_in(lead).post(RELEASE, {"order": [first.pk]}, follow=True)

    assert Shipment.objects.get().order == first
    assert Shipment.objects.get().number in answer.content.decode()
    assert [row["order"] for row in answer.context["rows"]] == [second]


def test_what_is_refused_is_told_with_its_reason_and_the_others_go(lead, bolts):
    held, free = (a_confirmed_order({bolts: 3}, by=a_boss()) for _ in range(2))
    hold_order(held.pk, by=a_boss(), reason="unpaid")

    text = signed_in(lead).post(RELEASE, {"order": [held.pk, free.pk]}, follow=True).content.decode()

    assert Shipment.objects.get().order == free
    assert "unpaid" in text
    assert "1 order is released" in text


def test_only_an_order_that_lacks_stock_is_said_to_wait_for_it(lead, bolts):
    whole, partly = a_confirmed_order({bolts: 3}, by=a_boss()), a_confirmed_order({bolts: 120}, by=a_boss())
    client = signed_in(lead)
    client.post(RELEASE, {"order": [whole.pk, partly.pk]})

    again = [
        client.post(RELEASE, {"order": [order.pk]}, follow=True).content.decode() for order in (whole, partly)
    ]

    assert ["waits for stock" in text for text in again] == [False, True]
    assert "nothing of it is left to release" in again[0]


def test_sending_the_form_twice_releases_once_and_says_so_twice(lead, bolts):
    order = a_confirmed_order({bolts: 3}, by=a_boss())
    client, sent = signed_in(lead), {"order": [order.pk], "operation": uuid.uuid4().hex}

    for _ in range(2):
        assert "1 order is released" in client.post(RELEASE, sent, follow=True).content.decode()

    assert Shipment.objects.count() == 1


def test_an_order_of_another_warehouse_releases_nothing_at_all(lead, bolts):
    elsewhere = a_warehouse("EAST")
    own = a_confirmed_order({bolts: 3}, by=a_boss())
    foreign = a_confirmed_order(
        {a_product("NUT", on_hand=9, at=elsewhere): 3}, by=a_boss(), warehouse_id=elsewhere.pk
    )

    assert signed_in(lead).post(RELEASE, {"order": [own.pk, foreign.pk]}).status_code == 404
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("value", ["", "abc", "1.5", "-1", "9" * 30, "999999999999999", "1\0"])
def test_garbage_is_not_there(lead, bolts, value):
    order = a_confirmed_order({bolts: 3}, by=a_boss())

    assert signed_in(lead).post(RELEASE, {"order": [order.pk, value]}).status_code == 404
    assert not Shipment.objects.exists()


def test_choosing_nothing_says_so(lead):
    assert "No order was chosen" in signed_in(lead).post(RELEASE, follow=True).content.decode()


def test_release_takes_its_right(warehouse, bolts):
    order = a_confirmed_order({bolts: 3}, by=a_boss())
    client = signed_in(a_worker(warehouse, *FLOOR))

    assert client.get(RELEASE).status_code == 403
    assert client.post(RELEASE, {"order": [order.pk]}).status_code == 403
    assert not Shipment.objects.exists()


def test_the_statements_grow_neither_with_lines_nor_with_listed_orders(warehouse, lead, bolts):
    client = signed_in(lead)

    def statements(lines):
        order = a_long_confirmed_order(lines, warehouse)
        counts = []
        for ask in (
            lambda: client.get(RELEASE),
            lambda: client.post(RELEASE, {"order": [order.pk], "operation": uuid.uuid4().hex}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code in {200, 302}
            counts.append(len(queries))
        return counts

    small = statements(10)
    for _ in range(5):
        a_confirmed_order({bolts: 1}, by=a_boss())
    assert statements(500) == small
    assert reverse("admin:fulfillment_shipment_release") == RELEASE
