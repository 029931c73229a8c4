"""Where an order is, for its customer: a link opens one page without prices, and reading it changes nothing."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fulfillment.following import Carton, Part, Whereabouts, told
from fulfillment.models import Carrier
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.tasks import announce_shipment_events
from orders.models import OrderLink
from orders.services.answering import NothingToOffer
from orders.services.following import make_order_link, revoke_order_links
from orders.services.holding import hold_order
from orders.tasks import announce_order_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_shipment,
    a_user,
    a_warehouse,
    all_packed,
    an_order,
    many_products,
)

TODAY = date(2026, 6, 10)
MORNING, LAST_WEEK = datetime(2026, 6, 10, 9, 5, tzinfo=UTC), datetime(2026, 6, 3, 15, 40, tzinfo=UTC)


def words(*parts, status="released", rest=0, due_on=None, is_held=False, in_work=None):
    with timezone.override(UTC):
        return told(Whereabouts(status, is_held, parts, rest, due_on, TODAY, in_work))


def a_part(status, at, *cartons, has_left=False):
    return Part(status, has_left, at, [Carton(n) for n in cartons])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (words(status="submitted"), "We have your order and are checking it; you will hear from us."),
        (words(status="cancelled", rest=3), "This order was cancelled."),
        (words(status="confirmed", rest=2, due_on=date(2026, 6, 14)), "Due 14 Jun 2026."),
        (words(status="confirmed", rest=2), "The day of the rest is not known yet; you will hear from us."),
        (
            words(status="confirmed", rest=2, is_held=True),
            "We are checking something before the rest leaves; you will hear from us.",
        ),
        (words(a_part("picking", MORNING), a_part("planned", MORNING)), "We are picking."),
        (words(a_part("picking", MORNING), in_work=date(2026, 6, 12)), "We are picking; due 12 Jun 2026."),
        (words(a_part("picking", MORNING), in_work=date(2026, 6, 9)), "We are picking."),
        (words(a_part("packed", MORNING, 1)), "Packed today, 09:05."),
        (words(a_part("shipped", MORNING, 1)), "Packed today, 09:05."),
        (
            words(
                a_part("shipped", LAST_WEEK, 1, has_left=True),
                a_part("packed", MORNING, 2),
                rest=1,
                due_on=date(2026, 6, 14),
            ),
            "Carton 1 of 2 left on 3 Jun 2026, 15:40. Packed today, 09:05. Rest due 14 Jun 2026.",
        ),
        (
            words(a_part("delivered", LAST_WEEK, 1, 2, 3, 4, has_left=True), status="closed"),
            "Cartons 1 to 4 of 4 arrived on 3 Jun 2026, 15:40.",
        ),
        (words(status="closed"), "Nothing is left to send."),
    ],
)
def test_it_is_said_in_short_sentences(said, words):
    assert said == words


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(db):
    a_company(phone="+49 40 1234")
    return a_warehouse("MAIN")


@pytest.fixture
def kern(house):
    return a_customer("Kern AG")


def address(token):
    return reverse("tracking:order", args=[token])


def page_of(client, order):
    response = client.get(address(make_order_link(order.pk, by=None)))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_what_left_and_when_the_rest_is_due_and_changes_nothing(client, kern):
    bolts, nuts = a_product("BOLT", on_hand=5, price="77"), a_product("NUT")
    dhl = Carrier.objects.create(code="DHL", name="DHL", tracking_url="https://t.example/{number}")
    shipment = all_packed(a_shipment({bolts: 5, nuts: 3}, customer=kern, customer_po="4500-77"))
    assert "Packed today" in page_of(client, shipment.order)
    carton = shipment.packages.get()
    type(carton).objects.update(tracking_number="00340")
    type(shipment).objects.update(carrier=dhl)
    ship_shipment(shipment.pk, by=a_boss())
    hand_over(shipment.pk, by=a_boss())
    before = list(OrderLink.objects.values())
    token = make_order_link(shipment.order_id, by=None)
    events = shipment.order.events.count()

    response = client.get(address(token))

    shown = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    for part in ("Carton 1 of 1 left today", "your order 4500-77", "DHL 00340", "BOLT", "NUT"):
        assert part in shown
    assert 'href="https://t.example/00340"' in response.content.decode()
    assert "77.00" not in shown
    assert "<script" not in response.content.decode()
    assert len(response.content) < 50_000
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert (list(OrderLink.objects.values())[:-1], shipment.order.events.count()) == (before, events)


def test_an_order_on_hold_says_no_reason(client, kern):
    order = a_confirmed_order({a_product("BOLT", on_hand=5): 2}, customer=kern)
    hold_order(order.pk, by=a_boss(), reason="bad payer")

    shown = page_of(client, order)

    assert "We are checking something" in shown
    assert "bad payer" not in shown


def test_a_dead_link_is_the_page_of_every_dead_link(client, kern):
    order = a_confirmed_order({a_product("BOLT"): 2}, customer=kern)
    revoked = make_order_link(order.pk, by=None)
    revoke_order_links(order.pk, by=None)
    old = make_order_link(order.pk, by=None)
    OrderLink.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))

    dead = [client.get(address(token)) for token in (revoked, old, "x" * 32)]

    assert {response.status_code for response in dead} == {404}
    assert len({response.content for response in dead}) == 1
    assert b"+49 40 1234" in dead[0].content
    assert client.get(reverse("public:quote", args=[make_order_link(order.pk, by=None)])).status_code == 404
    with pytest.raises(NothingToOffer):
        make_order_link(an_order({a_product(): 1}, customer=kern).pk, by=None)


@pytest.mark.parametrize("change", [{"token_hash": "0" * 64}, {"revoked_at": None}, {"order_id": 0}])
def test_a_link_never_opens_more_than_it_did(kern, change):
    order = a_confirmed_order({a_product("BOLT"): 2}, customer=kern)
    make_order_link(order.pk, by=None)
    if "revoked_at" in change:
        revoke_order_links(order.pk, by=None)
    if "order_id" in change:
        change = {"order": a_confirmed_order({a_product("NUT"): 2}, customer=kern)}

    with pytest.raises(DatabaseError, match=r"a_link|Cannot"), transaction.atomic():
        OrderLink.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        OrderLink.objects.all().delete()


def test_links_are_made_by_who_sells_and_letters_carry_one(client, kern, settings):
    settings.OMS_PUBLIC_URL = "https://oms.example"
    rep, clerk = (
        a_user(groups=[Group.objects.get(name=role)], is_staff=True) for role in ("Sales rep", "Finance")
    )
    type(kern).objects.update(rep=rep)
    shipment = all_packed(a_shipment({a_product("BOLT", on_hand=5): 5}, customer=kern))
    ship_shipment(shipment.pk, by=a_boss())
    hand_over(shipment.pk, by=a_boss())
    announce_order_events()
    announce_shipment_events()
    carried = [re.findall(r"https://oms\.example(/t/\S+)", letter.body) for letter in mail.outbox]

    def post(user, what):
        client.force_login(user)
        return client.post(reverse(f"admin:orders_order_{what}", args=[shipment.order.number]), follow=True)

    assert [len(found) for found in carried] == [1, 1]
    assert post(clerk, "link").status_code == 403
    (token,) = re.findall(r"/t/([A-Za-z0-9_-]{32})/", post(rep, "link").content.decode())
    assert client.get(address(token)).status_code == 200
    assert "revoked" in post(rep, "revoke").content.decode()
    assert [client.get(url).status_code for (url,) in carried] == [404, 404]


def test_the_statements_do_not_grow_with_the_lines(client, kern):
    counts, sizes = [], []
    for n in (2, 150):
        order = a_confirmed_order(dict.fromkeys(many_products(n), 1), customer=kern)
        token = make_order_link(order.pk, by=None)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(address(token))
        counts.append(len(asked))
        sizes.append(len(response.content))

    assert counts[0] == counts[1] <= 8
    assert sizes[1] < 50_000
