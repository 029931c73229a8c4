"""The list of holds as work: what is open, the oldest first, whose turn it is and what is next, done from the list."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Hold
from orders.services.approving import decide
from orders.services.holding import hold_order, let_go_on
from orders.status import Verdict
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_group,
    a_product,
    a_rule,
    a_submitted_order,
    a_user,
)

pytestmark = pytest.mark.django_db
HOLDS = reverse("admin:orders_hold_changelist")


@pytest.fixture
def office():
    client = Client()
    client.user = a_boss()
    client.force_login(client.user)
    return client


@pytest.fixture
def bolts(db):
    return a_product("BOLT-M8", on_hand=100)


def listed(client, **asked):
    page = client.get(HOLDS, asked)
    assert page.status_code == 200
    return [hold.order.number for hold in page.context["cl"].result_list], page.content.decode()


def held(bolts, by, days=0, owner=None):
    order = a_confirmed_order({bolts: 1}, customer=a_customer("Kern AG"))
    hold = hold_order(order.pk, by=by, reason="wrong gauge?", owner=owner)
    Hold.objects.filter(pk=hold.pk).update(since=timezone.now() - timedelta(days=days))
    return order


def test_open_holds_come_oldest_first_with_age_owner_and_next_step(office, bolts):
    young, old = held(bolts, office.user, days=2), held(bolts, office.user, days=30)
    ended = held(bolts, office.user, days=60)
    let_go_on(ended.pk, by=office.user)
    group = a_group("Sales managers")
    a_rule(threshold=5, approvers=group)
    asks = a_submitted_order({bolts: 1}, by=a_user())

    numbers, text = listed(office)

    assert numbers == [old.number, young.number, asks.number]
    for told in ("4\xa0weeks", "2\xa0days", "let it go on", "approve or reject it", "Kern AG"):
        assert told in text
    assert reverse("admin:orders_approvalrequest_inbox") in text
    assert listed(office, state="ended")[0] == [ended.number]
    assert len(listed(office, state="all")[0]) == 4


def test_they_are_filtered_by_whose_turn_it_is(office, bolts):
    mine, theirs = a_group("Ours"), a_group("Theirs")
    office.user.groups.add(mine)
    ours = held(bolts, a_user(), owner=mine)
    other = held(bolts, a_user(), owner=theirs)
    by_hand = held(bolts, office.user)

    assert set(listed(office, owner="me")[0]) == {ours.number, by_hand.number}
    assert listed(office, owner=str(theirs.pk))[0] == [other.number]
    assert len(listed(office, owner="987654321")[0]) == 3


def test_a_rejected_change_is_for_who_sells(office, bolts):
    group = a_group("Sales managers")
    boss = a_user(groups=[group])
    a_rule(threshold=5, approvers=group)
    order = a_submitted_order({bolts: 1}, by=a_user())
    decide(order.approvals.get().pk, Verdict.APPROVE, by=boss)

    assert listed(office)[0] == []


def test_holds_by_hand_are_ended_from_the_list_and_others_say_where(office, bolts):
    order = held(bolts, office.user)
    a_rule(threshold=5, approvers=a_group("Sales managers"))
    asks = a_submitted_order({bolts: 1}, by=a_user())
    ticked = list(Hold.objects.values_list("pk", flat=True))

    office.post(HOLDS, {"action": "let_go_on", "_selected_action": ticked}, follow=True)

    assert not order.holds.open().exists()
    assert asks.holds.open().exists()


@pytest.mark.parametrize("may_hold", [False, True])
def test_only_who_may_hold_ends_a_hold_from_the_list(bolts, office, may_hold):
    order, rights = held(bolts, office.user), ["orders.view_hold", "orders.view_order"]
    viewer = Client()
    seller = a_user(*rights, "customers.view_all_customers", *["orders.hold_order"] * may_hold, is_staff=True)
    viewer.force_login(seller)
    assert listed(viewer)[0] == [order.number]

    viewer.post(HOLDS, {"action": "let_go_on", "_selected_action": [order.holds.get().pk]}, follow=True)

    assert order.holds.open().exists() != may_hold


def test_only_who_decides_is_led_to_the_inbox(client, bolts):
    a_rule(threshold=5, approvers=a_group("Sales managers"))
    order = a_submitted_order({bolts: 1})
    inbox = reverse("admin:orders_approvalrequest_inbox")
    rights = ["orders.view_hold", "orders.view_order", "customers.view_all_customers"]

    for decides in (False, True):
        client.force_login(a_user(*rights, *["orders.decide_approval"] * decides, is_staff=True))
        numbers, page = listed(client)
        assert numbers == [order.number]
        assert ("see who decides" in page) is not decides
        row = page.split('id="result_list"')[1].split("</table>")[0]
        assert (inbox in row) is decides
