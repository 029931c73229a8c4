"""Credit in the inbox: orders that wait for it and what was asked for stand beside the approvals."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.services.crediting import Grant, grant_credit
from orders.models import holds_to_release
from orders.services.confirming import confirm_order
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_credit_account,
    a_customer,
    a_group,
    a_product,
    a_rule,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = pytest.mark.django_db
HOME = reverse("admin:index")
INBOX = reverse("admin:orders_approvalrequest_inbox")


@pytest.fixture
def rep():
    a_company()
    a_warehouse()
    return a_user(groups=[a_group("Sales rep")], is_staff=True, username="ana")


@pytest.fixture
def finance(rep):
    return a_user(groups=[a_group("Finance")], is_staff=True, username="fin")


@pytest.fixture
def kern(rep):
    return a_customer("Kern AG", rep=rep)


def office_of(user):
    client = Client()
    client.force_login(user)
    return client


def shown(user, address=INBOX):
    return " ".join(office_of(user).get(address).content.decode().split())


def a_waiting_order(kern, rep, quantity=200):
    return confirm_order(
        a_submitted_order({a_product(on_hand=900, price=1): quantity}, customer=kern, by=rep).pk, by=rep
    )


def test_one_inbox_holds_approvals_orders_without_credit_and_credit_asked_for(kern, rep, finance):
    a_rule(threshold=50, approvers=a_group("Finance"))
    approval = submit_order(an_order({a_product(on_hand=9, price=100): 1}, customer=kern, by=rep).pk, by=rep)
    other = a_customer("Nordhaus", rep=rep)
    account = a_credit_account(other, 10)
    held = a_waiting_order(other, rep, quantity=40)
    grant_credit(account.pk, Grant(Decimal(5000)), by=a_user(), note="new branch")

    page = shown(finance)

    assert "3 requests wait for you" in page
    for text in (
        approval.number,
        held.number,
        "Nordhaus",
        "40.00 EUR of a limit of 10.00 EUR",
        "5,000.00 EUR",
        "new branch",
    ):
        assert text in page
    home = shown(finance, HOME)
    assert "Approvals waiting for you" in home
    assert "Decide them" in home


def test_it_is_released_there_with_a_reason_and_leads_back(kern, rep, finance):
    a_credit_account(kern, 100)
    order = a_waiting_order(kern, rep)
    address = reverse("admin:orders_order_release_credit", args=[order.number])
    client = office_of(finance)

    refused = client.post(address, {"back": "inbox", "reason": ""})
    assert (refused.url, order.holds.open().count()) == (INBOX, 1)
    answer = client.post(address, {"back": "inbox", "reason": "always pays"})

    assert answer.url == INBOX
    assert order.holds.get().credit_release.reason == "always pays"
    assert "Nothing waits for you." in shown(finance)


def test_what_is_ones_own_does_not_wait_for_one(kern, rep, finance):
    account = a_credit_account(kern, 100)
    a_waiting_order(kern, finance)
    grant_credit(account.pk, Grant(Decimal(5000)), by=finance)

    assert "Nothing waits for you." in shown(finance)
    second = a_user(groups=[a_group("Finance")], is_staff=True)
    assert "2 requests wait for you" in shown(second)


def test_who_had_a_hand_in_the_limit_is_not_asked_to_release(kern, rep, finance):
    account = a_credit_account(kern, 100)
    a_waiting_order(kern, rep)
    assert holds_to_release(finance).count() == 1

    grant_credit(account.pk, Grant(Decimal(90)), by=finance)

    assert not holds_to_release(finance).exists()


def test_each_sees_only_what_they_may_decide(kern, rep):
    account = a_credit_account(kern, 100)
    held = a_waiting_order(kern, rep)
    grant_credit(account.pk, Grant(Decimal(5000)), by=a_user(), note="new branch")
    sees = ["orders.view_order", "customers.view_all_customers", "customers.view_customer"]
    releases = a_user(*sees, "orders.release_credit", is_staff=True)
    grants = a_user(*sees, "customers.change_creditaccount", "customers.view_creditaccount", is_staff=True)

    assert held.number in shown(releases)
    assert "new branch" not in shown(releases)
    assert "100.00 EUR" not in shown(releases)  # who may not see credit reads no figure of it
    assert "Approvals waiting for you" in shown(releases, HOME)
    assert held.number not in shown(grants)
    assert "new branch" in shown(grants)
    assert office_of(a_user(*sees, is_staff=True)).get(INBOX).status_code == 403


def test_the_inbox_costs_the_same_however_much_waits_for_credit(rep, finance):
    def costs():
        with CaptureQueriesContext(connection) as made:
            shown(finance)
        return len(made)

    def one_more():
        customer = a_customer(rep=rep)
        account = a_credit_account(customer, 10)
        a_waiting_order(customer, rep, quantity=40)
        grant_credit(account.pk, Grant(Decimal(50)), by=rep)

    one_more()
    costs()
    few = costs()
    for _each in range(6):
        one_more()

    assert costs() == few
