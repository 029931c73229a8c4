"""Letters are owed in the transaction of their event and sent by the clock: once, in order, never lost."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.utils import timezone

from fulfillment.models import Carrier
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.services.tracking import deliver_shipment, record_tracking_numbers
from fulfillment.status import CarrierKind, ShipmentStatus
from fulfillment.tasks import announce_shipment_events, track_shipments
from inventory.models import ReorderPolicy, RestockAlert
from inventory.status import AlertKind
from inventory.tasks import announce_restock_alerts
from oms import outbox
from orders.models import OrderDelivery, OrderEvent
from orders.services.approving import decide
from orders.services.capturing import Header
from orders.services.quoting import draft_quote, send_quote
from orders.status import Verdict
from orders.tasks import announce_order_events, announce_quote_events, raise_restock_alerts
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_user,
    a_warehouse,
    all_packed,
)

pytestmark = pytest.mark.django_db


def test_every_event_of_an_order_is_owed_to_mail(a_bolt):
    order = a_confirmed_order({a_bolt: 2})

    assert OrderDelivery.objects.filter(event__document=order).count() == OrderEvent.objects.count() == 3


@pytest.fixture
def a_bolt():
    a_company()
    return a_product("BOLT", on_hand=5, at=a_warehouse())


def test_the_customer_gets_one_confirmation_that_names_what_follows(a_bolt):
    order = a_confirmed_order({a_bolt: 8}, customer=a_customer("Kern AG", email="einkauf@example.com"))

    announce_order_events()
    announce_order_events()

    (letter,) = mail.outbox
    assert letter.to == ["einkauf@example.com"]
    assert order.number in letter.subject
    assert "BOLT" in letter.body
    assert "3 follow" in letter.body
    assert "80.00 EUR" in letter.body


def test_approvers_are_asked_and_the_seller_is_told(a_bolt):
    managers = a_group("managers")
    a_rule(threshold=1, approvers=managers)
    sees = ("orders.view_order", "customers.view_all_customers")
    rep = a_user(*sees, email="rep@example.com")
    manager = a_user(*sees, email="boss@example.com", groups=[managers])
    order = a_submitted_order({a_bolt: 2}, by=rep)

    announce_order_events()
    decide(order.approvals.get().pk, Verdict.REJECT, by=manager, reason="too cheap")
    announce_order_events()

    assert [letter.to for letter in mail.outbox] == [["boss@example.com"], ["rep@example.com"]]
    assert "total 20 is above 1" in mail.outbox[0].body
    assert "too cheap" in mail.outbox[1].body


def test_a_quote_is_offered_to_the_customer(a_bolt):
    quote = draft_quote(Header(a_customer(email="c@example.com").pk), [a_line(a_bolt, 3)], by=None)
    send_quote(quote.pk, by=None)

    announce_quote_events()

    assert quote.number in mail.outbox[0].subject


def test_the_customer_hears_of_a_shipment_when_the_carrier_has_it_and_when_it_arrives(a_bolt):
    boss = a_boss()
    shipment = all_packed(a_shipment({a_bolt: 2}, by=boss))
    dhl = Carrier.objects.create(code="DHL", name="DHL", tracking_url="https://example.com/{number}")
    record_tracking_numbers(shipment.pk, {1: "JD0001"}, dhl, by=boss)
    ship_shipment(shipment.pk, by=boss)
    announce_shipment_events()
    assert not mail.outbox

    hand_over(shipment.pk, by=boss)
    deliver_shipment(shipment.pk, by=boss)
    announce_shipment_events()
    announce_shipment_events()

    assert len(mail.outbox) == 2
    assert "https://example.com/JD0001" in mail.outbox[0].body


def test_a_letter_that_fails_is_tried_again_and_parked_after_five_attempts(a_bolt, monkeypatch):
    a_confirmed_order({a_bolt: 2})

    def refuse(_event):
        raise SMTPException("mailbox is full")

    for _attempt in range(5):
        OrderDelivery.objects.update(next_try_at=timezone.now())
        assert outbox.deliver_due(OrderDelivery, "mail", refuse) == 0

    first = OrderDelivery.objects.order_by("pk").first()
    assert (first.attempts, first.error) == (5, "mailbox is full")
    assert first.parked_at is not None


def test_a_letter_whose_sender_dies_every_time_is_parked(a_bolt):
    a_confirmed_order({a_bolt: 2})
    for _attempt in range(5):
        OrderDelivery.objects.update(next_try_at=timezone.now())
        outbox.claim(OrderDelivery, "mail")
    OrderDelivery.objects.update(next_try_at=timezone.now())

    outbox.deliver_due(OrderDelivery, "mail", lambda _event: None)

    assert list(OrderDelivery.objects.exclude(parked_at=None).values_list("event__version", flat=True)) == [1]


def test_news_of_one_order_wait_for_the_earlier_ones(a_bolt):
    a_confirmed_order({a_bolt: 2})

    assert len(outbox.claim(OrderDelivery, "mail")) == 1


def test_the_letters_of_one_document_go_out_in_one_run_in_their_order(a_bolt):
    order = a_confirmed_order({a_bolt: 2})
    seen = []

    outbox.deliver_due(OrderDelivery, "mail", lambda event: seen.append(event.version))

    assert seen == [1, 2, 3]
    assert not OrderDelivery.objects.filter(event__document=order, sent_at=None).exists()


def test_what_runs_low_is_told_once():
    warehouse, bolts = a_warehouse(), a_product("BOLT")
    a_user("inventory.change_restockalert", email="buyer@example.com")
    ReorderPolicy.objects.create(product=bolts, warehouse=warehouse, reorder_point=10, order_up_to=50)

    assert raise_restock_alerts() == 1
    assert raise_restock_alerts() == 0
    announce_restock_alerts()
    announce_restock_alerts()

    assert RestockAlert.objects.get().kind == AlertKind.REORDER
    assert len(mail.outbox) == 1
    assert "Buy 50" in mail.outbox[0].body


def test_a_simulated_carrier_brings_the_parcel_to_the_door(a_bolt):
    boss = a_boss()
    shipment = all_packed(a_shipment({a_bolt: 2}, by=boss))
    carrier = Carrier.objects.create(code="SIM", name="Simulated", kind=CarrierKind.SIMULATED)
    record_tracking_numbers(shipment.pk, {1: "SIM1"}, carrier, by=boss)
    ship_shipment(shipment.pk, by=boss)
    long_ago = timezone.now() - timedelta(days=4)
    type(shipment).objects.filter(pk=shipment.pk).update(handed_over_at=long_ago, next_poll_at=long_ago)

    assert track_shipments() == 1
    assert track_shipments() == 0

    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.DELIVERED
    assert shipment.packages.get().tracking.count() == 4
