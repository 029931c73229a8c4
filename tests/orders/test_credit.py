"""Credit: what is owed and will be, when an order waits for it, and who lets it go on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import CreditAccount, CreditChange, Customer
from customers.services.crediting import Grant, Told, grant_credit, tell_credit
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment, void_shipment
from oms.demo.clock import tell_the_database
from oms.verify import verify
from orders.errors import CannotDecide, NothingOpen
from orders.models import CreditRelease, Hold, Order
from orders.services.cancelling import cancel_order, close_short
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.crediting import release_credit
from orders.services.exposing import exposure_of
from orders.services.submitting import submit_order, take_back_order
from orders.status import HoldKind, OrderStatus
from tests.builders import (
    a_boss,
    a_charge_kind,
    a_company,
    a_confirmed_order,
    a_credit_account,
    a_currency,
    a_customer,
    a_product,
    a_rate,
    a_shipment,
    a_submitted_order,
    a_tax_rate,
    a_user,
    a_warehouse,
    agreed,
    all_packed,
    an_agreement,
    an_order,
    eased_credit,
    in_days,
)
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db


def build():
    a_company()
    a_warehouse()
    return a_product("BOLT", on_hand=20_000, price=1), a_customer("Kern AG")


built = shared_by_the_module(build)


@pytest.fixture
def bolts(built):
    return built[0]


@pytest.fixture
def kern(built):
    return built[1]


def told(**figures):
    return Told(in_days(-1), **{name: Decimal(value) for name, value in figures.items()})


def shipped(lines, customer, days_ago=0):
    """An order of which everything left us so many days ago, as the past of orders tells."""
    shipment = all_packed(a_shipment(lines, customer=customer))
    tell_the_database((timezone.now() - timedelta(days=days_ago)).isoformat())
    return ship_shipment(shipment.pk, by=None)


def waiting(bolts, kern, quantity=200, limit=100, by=None):
    """An order that waits for credit."""
    account = a_credit_account(kern, limit)
    return account, confirm_order(a_submitted_order({bolts: quantity}, customer=kern, by=by).pk, by=by)


def test_every_part_counts_once_and_the_tolerance_decides(bolts, kern):
    shipped({bolts: 1200}, kern)
    a_confirmed_order({bolts: 2000}, customer=kern)
    a_confirmed_order({bolts: 5000}, customer=kern, requested_on=in_days(60))
    account = a_credit_account(kern, 10_000, told=told(receivables=6000, unapplied=500, deposits=300))
    order = a_submitted_order({bolts: 1700}, customer=kern)

    exposure = exposure_of(account, order.total, order.currency)

    assert (exposure.shipped, exposure.confirmed, exposure.adds) == (1200, 2000, 1700)
    assert (exposure.total, exposure.available) == (10_100, -100)
    kern.refresh_from_db()
    assert confirm_order(order.pk, by=None).status == OrderStatus.SUBMITTED
    (hold,) = order.holds.open()
    assert hold.kind == HoldKind.CREDIT
    assert "10,100.00 EUR of a limit of 10,000.00 EUR" in hold.reason
    assert "1,200.00 EUR shipped since, 2,000.00 EUR open orders" in hold.reason
    assert not order.lines.filter(allocated__gt=0).exists()
    grant_credit(account.pk, Grant(Decimal(10_000), tolerance_percent=Decimal(1)), by=None)
    assert confirm_order(order.pk, by=None).status == OrderStatus.CONFIRMED
    assert not order.holds.open().exists()
    assert verify() == []


def test_at_the_limit_it_goes_on_and_a_cent_above_it_waits(bolts, kern):
    account = a_credit_account(kern, 200)
    order = a_submitted_order({bolts: 200}, customer=kern)
    grant_credit(account.pk, Grant(Decimal("199.99")), by=None)
    assert confirm_order(order.pk, by=None).status == OrderStatus.SUBMITTED

    grant_credit(account.pk, Grant(Decimal(200)), by=None)

    assert confirm_order(order.pk, by=None).status == OrderStatus.CONFIRMED


@pytest.mark.parametrize(("limit", "status"), [(0, OrderStatus.SUBMITTED), (None, OrderStatus.CONFIRMED)])
def test_a_limit_of_nothing_is_no_credit_and_no_limit_is_any(bolts, kern, limit, status):
    _account, order = waiting(bolts, kern, limit=limit)

    assert order.status == status


@pytest.mark.parametrize(("overdue", "days", "waits"), [(101, 31, True), (100, 31, False), (101, 30, False)])
def test_overdue_stops_when_it_is_too_much_for_too_long(bolts, kern, overdue, days, waits):
    figures = Told(in_days(0), Decimal(900), overdue=Decimal(overdue), overdue_since=in_days(-days))
    a_credit_account(kern, None, told=figures, overdue_amount=Decimal(100), overdue_days=30)
    order = a_submitted_order({bolts: 5}, customer=kern)

    confirm_order(order.pk, by=None)

    assert [hold.reason for hold in order.holds.open()] == [
        f"{overdue}.00 EUR overdue for {days} days"
    ] * waits


def test_a_company_has_the_account_of_the_nearest_above_and_they_count_together(bolts):
    holding = a_customer("Holding")
    works = a_customer("Works", parent=holding)
    shop, apart = a_customer("Shop", parent=works), a_customer("Apart", parent=works)
    account, own = a_credit_account(holding, 1000), a_credit_account(apart, 5)
    a_confirmed_order({bolts: 400}, customer=works)
    a_confirmed_order({bolts: 500}, customer=shop)
    assert exposure_of(account).used == 900
    assert confirm_order(a_submitted_order({bolts: 6}, customer=apart).pk, by=None).status == "submitted"

    Customer.objects.filter(pk=shop.pk).update(parent=apart)

    assert (exposure_of(account).used, exposure_of(own).used) == (400, 500)
    assert verify() == []


def test_what_left_before_the_day_is_accountings_and_what_comes_back_counts_no_more(bolts, kern):
    shipped({bolts: 100}, kern, days_ago=3)
    later = shipped({bolts: 40}, kern)
    account = a_credit_account(kern, 1000)
    assert exposure_of(account).shipped == 40

    void_shipment(later.pk, by=None)

    exposure = exposure_of(account)
    assert (exposure.shipped, exposure.confirmed) == (0, 40)


def test_an_order_counts_gross_with_its_charges_and_a_part_of_it_by_what_its_lines_come_to(bolts, kern):
    nuts = a_product("NUT", on_hand=4, price=3)  # 70 and 4 of 10 at 3 leave: 82 of 100
    part = Decimal("107.34")
    a_tax_rate(19)
    freight = a_charge_kind()
    account = a_credit_account(kern, 1000)
    order = an_order({bolts: 70, nuts: 10}, customer=kern, charges={freight.pk: Decimal(10)})
    confirm_order(submit_order(order.pk, by=None).pk, by=None)
    order.refresh_from_db()
    assert order.total == Decimal("130.90")
    assert exposure_of(account).confirmed == Decimal("130.90")

    (shipment,) = release_order(order.pk, by=None)
    all_packed(shipment)
    tell_the_database(timezone.now().isoformat())
    ship_shipment(shipment.pk, by=None)
    exposure = exposure_of(account)
    assert (exposure.shipped, exposure.confirmed) == (part, Decimal("130.90") - part)


def test_other_currencies_are_converted_either_way_and_an_unknown_rate_stops(bolts, kern):
    a_rate("USD", "0.8", valid_from=in_days(-9))
    account = a_credit_account(kern, 1000)
    dollars, pounds = a_currency("USD"), a_currency("GBP")

    assert exposure_of(account, Decimal(100), dollars).adds == 80
    in_dollars = a_credit_account(a_customer(), 10, currency="USD")
    assert exposure_of(in_dollars, Decimal(100), a_currency()).adds == 125
    unknown = exposure_of(account, Decimal(100), pounds)
    assert (unknown.adds, unknown.unknown, unknown.is_held) == (0, 1, True)


def test_cancelling_and_closing_short_give_credit_back(bolts, kern):
    account = a_credit_account(kern, 1000)
    one, two = (a_confirmed_order({bolts: 300}, customer=kern) for _each in range(2))
    nuts = a_product("NUT", on_hand=0, price=1)
    three = a_confirmed_order({bolts: 100, nuts: 100}, customer=kern)
    release_order(three.pk, by=None)
    assert exposure_of(account).confirmed == 800

    cancel_order(one.pk, by=None)
    close_short(three.pk, "not made any more", by=a_user())

    assert exposure_of(account).confirmed == 400
    assert two.total == 300


def test_the_hold_says_the_figures_of_the_last_try_and_ends_with_its_order(bolts, kern):
    account, order = waiting(bolts, kern)
    tell_credit([(account.pk, Told(in_days(0), receivables=Decimal(7)))], by=None)

    confirm_order(order.pk, by=None)

    assert "207.00 EUR of a limit of 100.00 EUR" in order.holds.get().reason
    assert order.events.filter(kind="held").count() == 1
    take_back_order(order.pk, by=None)
    assert not order.holds.open().exists()
    confirm_order(submit_order(order.pk, by=None).pk, by=None)
    assert order.holds.open().count() == 1
    cancel_order(order.pk, by=None)
    assert not order.holds.open().exists()


def test_what_waits_for_credit_has_drawn_nothing_from_agreements(bolts, kern):
    terms = an_agreement(kern, agreed(bolts, "0.5", maximum=200))
    account, order = waiting(bolts, kern, limit=50)
    assert terms.lines.get().drawn == 0

    grant_credit(account.pk, Grant(Decimal(100)), by=None)

    assert confirm_order(order.pk, by=None).status == OrderStatus.CONFIRMED
    assert terms.lines.get().drawn == 200


def test_somebody_else_releases_it_and_then_it_is_confirmed_as_it_is(bolts, kern):
    rep, controller = a_user(), a_user()
    _account, order = waiting(bolts, kern, by=rep)

    release_credit(order.pk, by=controller, reason="pays on Monday")

    released = order.holds.get().credit_release
    assert (released.amount, released.by, released.submitted_by) == (200, controller, rep)
    assert confirm_order(order.pk, by=rep).status == OrderStatus.CONFIRMED
    assert verify() == []


def test_a_release_covers_no_more_and_not_for_ever(bolts, kern):
    rep = a_user()
    _account, order = waiting(bolts, kern, by=rep)
    release_credit(order.pk, by=a_user(), reason="pays on Monday")
    type(order).objects.filter(pk=order.pk).update(revision=9)
    assert confirm_order(order.pk, by=rep).status == OrderStatus.SUBMITTED
    type(order).objects.filter(pk=order.pk).update(revision=order.revision)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orders.services.crediting.business_day", lambda: in_days(15))
        assert confirm_order(order.pk, by=rep).status == OrderStatus.SUBMITTED

    assert confirm_order(order.pk, by=rep).status == OrderStatus.CONFIRMED


def test_nobody_releases_their_own_order_superusers_neither(bolts, kern):
    boss = a_boss()
    _account, order = waiting(bolts, kern, by=boss)

    with pytest.raises(CannotDecide, match="is your own"):
        release_credit(order.pk, by=boss, reason="I say so")
    assert order.holds.open().exists()


def test_who_changed_the_limit_of_late_does_not_release_superusers_neither(bolts, kern):
    boss = a_boss()
    account, order = waiting(bolts, kern, by=a_user())
    grant_credit(account.pk, Grant(Decimal(50)), by=boss)

    with pytest.raises(CannotDecide, match="within 30 days"):
        release_credit(order.pk, by=boss, reason="I say so")


def test_neither_who_asked_for_more_credit_nor_who_agreed_releases(bolts, kern):
    asks, agrees = a_user(), a_boss()
    account, order = waiting(bolts, kern, by=a_user())
    eased_credit(account, 150, asks=asks, agrees=agrees)

    for hand in (asks, agrees):
        with pytest.raises(CannotDecide, match="within 30 days"):
            release_credit(order.pk, by=hand, reason="I say so")
        with pytest.raises(IntegrityError, match="does not release its holds"), transaction.atomic():
            a_release(order, account, hand)


def a_release(order, account, by):
    return CreditRelease.objects.create(
        hold=order.holds.get(), account=account, amount=1, revision=1, until=in_days(1), reason="x", by=by
    )


def test_who_changed_the_limit_long_ago_does_release(bolts, kern):
    boss = a_boss()
    account, order = waiting(bolts, kern, by=a_user())
    before = timezone.now() - timedelta(days=31)
    CreditChange.objects.create(account=account, by=boss, at=before, **Grant(Decimal(50))._asdict())

    release_credit(order.pk, by=boss, reason="long ago")
    assert not order.holds.open().exists()


def test_what_does_not_wait_for_credit_is_not_released_and_a_reason_is_needed(bolts, kern):
    _account, order = waiting(bolts, kern, by=a_user())

    with pytest.raises(CannotDecide, match="Say why"):
        release_credit(order.pk, by=a_user(), reason="")
    with pytest.raises(NothingOpen):
        release_credit(a_submitted_order({bolts: 1}, customer=kern).pk, by=a_user(), reason="why not")


def test_other_holds_keep_it_from_asking_for_credit(bolts, kern):
    a_credit_account(kern, 1)
    order = a_submitted_order({bolts: 5}, customer=kern)
    Hold.objects.create(order=order, kind=HoldKind.MANUAL, reason="the address is asked")

    confirm_order(order.pk, by=None)

    assert [hold.kind for hold in order.holds.all()] == [HoldKind.MANUAL]


def test_statements_for_credit_do_not_grow_with_orders_and_lines(bolts, kern):
    nobody, free, limited = a_customer(), a_customer(), kern
    a_credit_account(free, None)
    made_for = a_credit_account(limited, 100_000)
    account = CreditAccount.objects.select_related("currency").get(pk=made_for.pk)
    counted = {who.pk: _confirming(bolts, who) for who in (nobody, free, limited)}
    for _each in range(5):
        a_confirmed_order({bolts: 3, a_product(on_hand=9): 2}, customer=kern)
    with CaptureQueriesContext(connection) as made:
        exposure_of(account)

    assert len(made) == 2
    assert counted[free.pk] - counted[nobody.pk] == 1
    assert counted[limited.pk] - counted[nobody.pk] == 3
    assert _confirming(bolts, limited) == counted[limited.pk]


def _confirming(bolts, customer):
    order = a_submitted_order({bolts: 1}, customer=customer)
    with CaptureQueriesContext(connection) as made:
        assert confirm_order(order.pk, by=None).status == OrderStatus.CONFIRMED
    return len(made)


def changed(order, quantity):
    order.refresh_from_db()
    return change_order(order.pk, OrderChange(order.revision, {order.lines.get().pk: quantity}), by=a_user())


def test_a_confirmed_order_that_grows_above_the_limit_waits_and_goes_on_when_it_shrinks(bolts, kern):
    a_credit_account(kern, 100)
    order = a_confirmed_order({bolts: 90}, customer=kern)
    assert changed(order, 100).credit == ""

    done = changed(order, 101)

    assert "101.00 EUR of a limit of 100.00 EUR" in done.credit
    assert [hold.kind for hold in order.holds.open()] == [HoldKind.CREDIT]
    assert not Order.objects.ready_to_release().exists()
    assert changed(order, 99).credit == ""
    assert not order.holds.open().exists()
    assert verify() == []


def test_a_confirmed_order_that_costs_no_more_is_not_asked_about(bolts, kern):
    account = a_credit_account(kern, 100)
    order = a_confirmed_order({bolts: 90}, customer=kern)
    grant_credit(account.pk, Grant(Decimal(0)), by=None)

    assert changed(order, 80).credit == ""
    assert not order.holds.exists()


def test_a_grown_order_is_released_by_somebody_else(bolts, kern):
    a_credit_account(kern, 100)
    order = a_confirmed_order({bolts: 90}, customer=kern)
    changed(order, 200)

    release_credit(order.pk, by=a_user(), reason="pays on Monday")

    assert Order.objects.ready_to_release().exists()
    assert changed(order, 199).credit == ""
    assert "201.00" in changed(order, 201).credit


def test_the_page_says_that_it_may_go_on(client, bolts, kern):
    a_credit_account(kern, 0)
    order = a_submitted_order({bolts: 1}, customer=kern)
    confirm_order(order.pk, by=None)
    client.force_login(a_boss())
    address = reverse("admin:orders_order_release_credit", args=[order.number])

    page = client.post(address, {"reason": "pays on Monday"}, follow=True).content.decode()

    assert f"{order} may go on, as far as credit is concerned." in page
    assert not order.holds.open().exists()
