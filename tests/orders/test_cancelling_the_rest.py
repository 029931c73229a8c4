"""Who cancels the rest of an order is told beforehand who is written to, and the customer what does not come."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment, void_shipment
from oms.errors import IllegalMove
from orders.emails import told_when_cancelled
from orders.errors import InTheWarehouse
from orders.models import OrderDelivery
from orders.services.cancelling import cancel_order, close_short
from orders.tasks import announce_order_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    all_picked,
    an_order,
)

pytestmark = pytest.mark.django_db
TO = "c@example.com"


@pytest.fixture
def north():
    a_company()
    return a_warehouse("NORTH")


@pytest.fixture
def bolts(north):
    return a_product("BOLT-M8", on_hand=10, at=north)


@pytest.fixture
def order(bolts):
    """Ten of fifteen bolts have left, and two nuts were never there."""
    ordered = a_confirmed_order({bolts: 15, a_product("NUT-M8"): 2}, customer=a_customer(email=TO))
    shipped(ordered)
    announce_order_events()
    mail.outbox.clear()
    return ordered


def shipped(order):
    (shipment,) = release_order(order.pk, by=None)
    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    return ship_shipment(shipment.pk, by=None)


def letters():
    announce_order_events()
    announce_order_events()
    found = [letter for letter in mail.outbox if letter.to == [TO]]
    mail.outbox.clear()
    return found


def test_the_customer_is_told_once_which_lines_and_quantities_do_not_come_and_not_why(order):
    cancel_order(order.pk, by=None, reason="does not pay anyway")

    (letter,) = letters()
    assert letter.subject == f"Your order {order.number}: the rest is cancelled"
    assert "BOLT-M8 Product BOLT-M8: 5 C62 cancelled" in letter.body
    assert "NUT-M8 Product NUT-M8: 2 C62 cancelled" in letter.body
    assert "does not pay" not in letter.body
    assert "Reason" not in letter.body
    assert not letter.attachments


def test_an_order_that_ships_in_full_is_completed_without_a_letter(bolts):
    whole = a_confirmed_order({bolts: 10}, customer=a_customer(email=TO))
    assert len(letters()) == 1

    shipped(whole)

    assert whole.events.filter(kind="completed").exists()
    assert letters() == []


def test_what_was_closed_short_and_then_ships_is_told_once(order, bolts, north):
    a_stock(bolts, 3, north)
    close_short(order.pk, "out of production", by=a_boss())

    (letter,) = letters()
    assert "out of production" in letter.body


def test_who_has_not_heard_of_the_confirmation_yet_reads_first_that_and_then_what_does_not_come(bolts):
    order = a_confirmed_order({bolts: 15}, customer=a_customer(email=TO))
    shipped(order)
    cancel_order(order.pk, by=None)

    assert [letter.subject for letter in letters()] == [
        f"Your order is confirmed as {order.number}",
        f"Your order {order.number}: the rest is cancelled",
    ]


def test_a_rest_whose_order_is_cancelled_whole_before_the_letter_went_out_is_told_as_that(order):
    cancel_order(order.pk, by=None)
    void_shipment(order.shipments.get().pk, by=None)
    cancel_order(order.pk, by=None)

    assert [letter.subject for letter in letters()] == [f"Your order {order.number} is cancelled"]


def test_a_customer_without_an_address_is_written_to_by_nobody(bolts):
    order = a_confirmed_order({bolts: 15}, customer=a_customer(email=""))
    shipped(order)
    cancel_order(order.pk, by=None)

    announce_order_events()

    assert not mail.outbox
    assert not OrderDelivery.objects.filter(sent_at=None).exists()


def test_the_pages_that_cancel_say_beforehand_who_is_written_to(order, client):
    client.force_login(a_boss())
    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert f"A letter to {TO} says what does not come any more, without the reason." in page

    there = client.get(reverse("admin:fulfillment_shipment_cancel_order", args=[order.pk])).content.decode()
    assert f"A letter to {TO} says what does not come any more, without the reason." in there

    asked = {"action": "cancel", "_selected_action": [order.pk]}
    many = client.post(reverse("admin:orders_order_changelist"), asked).content.decode()
    assert f"A letter to {TO} says what does not come any more, without the reason." in many
    assert f'name="_selected_action" value="{order.pk}"' in many


def test_what_is_said_beforehand_is_what_happens(bolts):
    boss, kern, silent = a_boss(), a_customer(email=TO), a_customer(email="")
    told = a_confirmed_order({bolts: 1}, customer=kern)
    announce_order_events()
    untold, nowhere = (
        a_confirmed_order({bolts: 1}, customer=kern),
        a_confirmed_order({bolts: 1}, customer=silent),
    )
    OrderDelivery.objects.filter(event__document=nowhere).update(sent_at=told.status_since)
    draft = an_order({bolts: 1}, customer=kern)
    mail.outbox.clear()

    said = told_when_cancelled([told, untold, nowhere, draft], boss)
    for order in (told, untold, nowhere, draft):
        cancel_order(order.pk, by=boss)

    assert said == {
        told.pk: f"A letter to {TO} says that the order is cancelled, without the reason.",
        untold.pk: "The customer was not told that it is confirmed, and gets no letter.",
        nowhere.pk: f"{silent} has no e-mail address and gets no letter: tell them.",
        draft.pk: "The customer was not told that it is confirmed, and gets no letter.",
    }
    assert [letter.subject for letter in letters()] == [f"Your order {told.number} is cancelled"]


def test_who_may_not_see_customers_reads_whom_and_not_the_address(order):
    floor = a_user("orders.view_order", "orders.view_warehouse_orders")

    (said,) = told_when_cancelled([order], floor).values()

    assert TO not in said
    assert str(order.customer) in said


def test_it_is_asked_for_all_orders_at_once(bolts, django_assert_num_queries):
    orders, boss = [a_confirmed_order({bolts: 1}) for _n in range(5)], a_boss()
    boss.get_all_permissions()
    for some in (orders[:1], orders):
        with django_assert_num_queries(1):
            told_when_cancelled(some, boss)


def asked_about(client, orders):
    form = {"action": "cancel", "_selected_action": [order.pk for order in orders]}
    return client.post(reverse("admin:orders_order_changelist"), form)


def test_the_page_that_asks_says_which_orders_the_warehouse_holds_as_the_refusal_does(client, bolts):
    held, free = (
        a_confirmed_order({bolts: 1}, customer=a_customer(email=TO)),
        a_confirmed_order({bolts: 1}),
    )
    cancelled = cancel_order(a_confirmed_order({bolts: 1}).pk, by=None)
    announce_order_events()
    release_order(held.pk, by=None)
    client.force_login(a_boss())

    asked = asked_about(client, [held, free, cancelled])

    text = asked.content.decode()
    with pytest.raises(InTheWarehouse) as refusal:
        cancel_order(held.pk, by=None)
    with pytest.raises(IllegalMove) as over:
        cancel_order(cancelled.pk, by=None)
    assert str(refusal.value) in text
    assert str(over.value) in text
    assert text.count("cannot be cancelled</span>") == 2
    assert f"A letter to {TO}" not in text
    (shipment,) = held.shipments.all()
    void_shipment(shipment.pk, by=None, reason="waits")
    assert (
        f"A letter to {TO} says that the order is cancelled" in asked_about(client, [held]).content.decode()
    )


def test_the_page_that_asks_takes_as_many_statements_for_many_held_orders_as_for_one(client, bolts):
    client.force_login(a_boss())
    orders, counted = [a_confirmed_order({bolts: 1}) for _n in range(6)], []
    for order in orders:
        release_order(order.pk, by=None)
    asked_about(client, orders)
    for some in (orders[:1], orders):
        with CaptureQueriesContext(connection) as seen:
            asked_about(client, some)
        counted.append(len(seen))
    assert counted[0] == counted[1]
