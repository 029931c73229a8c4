"""Credit is asked again before goods go to the warehouse and before they leave."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.services.crediting import Grant, Told, grant_credit, tell_credit
from fulfillment.errors import NothingToRelease
from fulfillment.models import Shipment
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from fulfillment.status import ShipmentStatus
from oms.verify import verify
from orders.errors import OnHold
from orders.masking import kept_back_for
from orders.models import Order
from orders.services.confirming import confirm_order
from orders.services.crediting import ask_again_about_credit, release_credit
from orders.services.exposing import exposure_of
from orders.services.holding import hold_order
from orders.status import HoldKind
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_credit_account,
    a_customer,
    a_group,
    a_product,
    a_shipment,
    a_submitted_order,
    a_user,
    a_warehouse,
    all_packed,
    in_days,
)

pytestmark = pytest.mark.django_db
RELEASE = reverse("admin:fulfillment_shipment_release")


@pytest.fixture
def kern():
    a_company()
    a_warehouse()
    return a_customer("Kern AG")


@pytest.fixture
def bolts(kern):
    return a_product("BOLT", on_hand=20_000, price=1)


def limited(account, limit):
    return grant_credit(account.pk, Grant(Decimal(limit)), by=None)


def overdue(account, amount):
    since = in_days(-90) if amount else None
    tell_credit(
        [(account.pk, Told(in_days(0), Decimal(500), overdue=Decimal(amount), overdue_since=since))], by=None
    )


def office_of(*rights):
    client = Client()
    client.force_login(a_user(*rights, is_staff=True) if rights else a_boss())
    return client


def shown(response):
    return " ".join(response.content.decode().split())


def test_at_the_limit_it_is_released_and_a_cent_above_it_is_held_with_every_figure(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_confirmed_order({bolts: 200}, customer=kern)
    limited(account, "199.99")

    assert release_order(order.pk, by=None) == []

    (hold,) = order.holds.open()
    assert hold.kind == HoldKind.CREDIT
    assert "200.00 EUR of a limit of 199.99 EUR" in hold.reason
    assert not Shipment.objects.exists()
    assert not Order.objects.ready_to_release().exists()
    limited(account, 200)
    assert len(release_order(order.pk, by=None)) == 1
    assert not order.holds.open().exists()
    assert verify() == []


def test_what_was_confirmed_for_a_day_beyond_the_horizon_counts_when_it_leaves(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_confirmed_order({bolts: 150}, customer=kern, requested_on=in_days(60))
    limited(account, 100)
    assert exposure_of(account).confirmed == 0

    assert release_order(order.pk, by=None) == []
    assert "150.00 EUR of a limit of 100.00 EUR" in order.holds.open().get().reason


def test_who_is_overdue_gets_nothing_more_and_the_goods_stay_packed(bolts, kern):
    account = a_credit_account(kern, None)
    shipment = all_packed(a_shipment({bolts: 5}, customer=kern))
    overdue(account, 400)

    kept = ship_shipment(shipment.pk, by=None)

    assert kept.status == ShipmentStatus.PACKED
    assert "overdue for 90 days" in shipment.order.holds.open().get().reason
    bolts.refresh_from_db()
    overdue(account, 0)
    assert ship_shipment(shipment.pk, by=None).status == ShipmentStatus.SHIPPED
    assert not shipment.order.holds.open().exists()
    assert verify() == []


def test_why_it_was_kept_back_is_said_though_it_was_let_go_on_meanwhile(bolts, kern):
    account = a_credit_account(kern, None)
    shipment = all_packed(a_shipment({bolts: 5}, customer=kern))
    overdue(account, 400)
    ship_shipment(shipment.pk, by=None)
    overdue(account, 0)
    assert ask_again_about_credit() == 1

    assert "overdue for 90 days" in kept_back_for(a_boss(), shipment.order)


def test_shipping_counts_the_goods_once(bolts, kern):
    a_credit_account(kern, 5)

    shipment = all_packed(a_shipment({bolts: 5}, customer=kern))

    assert ship_shipment(shipment.pk, by=None).status == ShipmentStatus.SHIPPED


def test_a_release_of_its_credit_carries_it_through_until_it_has_left(bolts, kern):
    account = a_credit_account(kern, 10)
    rep = a_user()
    order = confirm_order(a_submitted_order({bolts: 50}, customer=kern, by=rep).pk, by=rep)
    release_credit(order.pk, by=a_user(), reason="pays on Monday")
    confirm_order(order.pk, by=rep)
    limited(account, 0)

    (shipment,) = release_order(order.pk, by=None)

    assert ship_shipment(all_packed(shipment).pk, by=None).status == ShipmentStatus.SHIPPED
    assert verify() == []


def test_another_hold_is_refused_before_credit_is_asked_about(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_confirmed_order({bolts: 200}, customer=kern)
    limited(account, 1)
    hold_order(order.pk, by=a_boss(), reason="the address is asked")

    with pytest.raises(OnHold, match="the address is asked"):
        release_order(order.pk, by=None)

    assert [hold.kind for hold in order.holds.open()] == [HoldKind.MANUAL]


def test_what_has_nothing_to_release_is_not_held(bolts, kern):
    account = a_credit_account(kern, None)
    order = a_confirmed_order({a_product(on_hand=0, price=1): 5}, customer=kern)
    limited(account, 1)

    with pytest.raises(NothingToRelease):
        release_order(order.pk, by=None)

    assert not order.holds.exists()


def test_the_clock_lets_go_on_what_has_credit_again_and_nothing_else(bolts, kern):
    account = a_credit_account(kern, 300)
    orders = [a_confirmed_order({bolts: 100}, customer=kern) for _each in range(2)]
    limited(account, 150)
    for order in orders:
        release_order(order.pk, by=None)
    draft = confirm_order(a_submitted_order({bolts: 1}, customer=kern).pk, by=None)
    assert ask_again_about_credit() == 0

    limited(account, 1000)

    assert ask_again_about_credit() == 2
    assert ask_again_about_credit() == 0
    assert [hold.order for hold in draft.holds.open()] == [draft]
    assert Order.objects.ready_to_release().count() == 2


def test_the_release_page_says_why_with_figures_to_who_may_read_them(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_confirmed_order({bolts: 200}, customer=kern)
    limited(account, 100)

    answer = office_of().post(RELEASE, {"order": [order.pk]}, follow=True)

    page = shown(answer)
    assert f"{order.number} is kept back: 200.00 EUR of a limit of 100.00 EUR" in page
    assert "Who grants credit finds it among the approvals" in page
    assert order.holds.open().exists()


def test_a_form_that_is_sent_twice_says_the_same(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_confirmed_order({bolts: 200}, customer=kern)
    limited(account, 100)
    client, form = office_of(), {"order": [order.pk], "operation": "once"}
    client.post(RELEASE, form)
    limited(account, 200)

    again = shown(client.post(RELEASE, form, follow=True))

    assert f"{order.number} is kept back" in again


def test_the_ship_page_says_that_it_is_kept_back_without_figures_to_the_warehouse(bolts, kern):
    account = a_credit_account(kern, None)
    shipment = all_packed(a_shipment({bolts: 5}, customer=kern))
    overdue(account, 400)
    worker = a_user(groups=[a_group("Warehouse supervisor")], is_staff=True)
    shipment.warehouse.members.add(worker)
    client = Client()
    client.force_login(worker)
    address = reverse("admin:fulfillment_shipment_ship", args=[shipment.pk])

    page = shown(client.post(address, follow=True))
    scan = client.post(address, headers={"accept": "application/json"})

    assert f"{shipment.order.number} is kept back: its customer&#x27;s credit is used up" in page
    assert "400.00" not in page
    assert (scan.status_code, scan.json()["code"]) == (409, "kept_back")
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.PACKED


def test_asking_costs_the_same_however_many_lines_there_are(kern):
    a_credit_account(kern, 100_000)

    def costs(lines):
        order = a_confirmed_order({a_product(on_hand=9, price=1): 1 for _each in range(lines)}, customer=kern)
        with CaptureQueriesContext(connection) as released:
            (shipment,) = release_order(order.pk, by=None)
        shipment = all_packed(shipment)
        with CaptureQueriesContext(connection) as shipped:
            ship_shipment(shipment.pk, by=None)
        return len(released), len(shipped)

    assert costs(2) == costs(12)
