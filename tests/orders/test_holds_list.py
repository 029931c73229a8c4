"""The list of holds as work: what is open, the oldest first, whose turn it is and what is next, done from the list."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import Hold
from orders.services.approving import decide
from orders.services.drafting import Change, Edit, HeaderChange, edit_order
from orders.services.holding import hold_order, let_go_on
from orders.services.submitting import submit_order
from orders.status import Verdict
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_group,
    a_product,
    a_rule,
    a_submitted_order,
    a_team,
    a_user,
    an_order,
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


SEES_ALL = "customers.view_all_customers"


def an_approver(name, *groups, **values):
    rights = values.pop("rights", ("orders.decide_approval", "orders.view_order", SEES_ALL))
    return a_user(*rights, first_name=name, groups=list(groups), **values)


def next_steps(page):
    return [" ".join(text.split()) for text in re.findall(r"see who decides[^<]*", page)]


@pytest.fixture
def viewer(client, db):
    client.force_login(a_user("orders.view_hold", "orders.view_order", SEES_ALL, is_staff=True))
    return client


@pytest.mark.django_db(transaction=True)  # what one transaction does is one moment of the past
def test_who_decides_is_named_without_those_who_may_not(viewer, bolts):
    """Not who is away, who has no such right, who does not see the customer, or who entered, edited or submitted it."""
    group, team = a_group("Sales managers"), a_team()
    a_rule(threshold=5, approvers=group)
    by, edits, submits = (an_approver(name, group) for name in ("Enters", "Edits", "Submits"))
    an_approver("Anna", group), an_approver("Away", group, is_active=False)
    an_approver("Rightless", group, rights=(SEES_ALL, "orders.view_order"))
    an_approver(
        "Blind", group, rights=("orders.decide_approval", "orders.view_order", "customers.view_customer")
    )
    of_team = ("orders.decide_approval", "customers.view_customer", "customers.view_team_customers")
    team.members.add(an_approver("Teo", group, rights=of_team))
    a_team(an_approver("Tessa", group, rights=of_team))
    an_approver("Elsewhere", a_group("Others"))
    order = an_order({bolts: 1}, customer=a_customer(team=team), by=by)
    edit_order(order.pk, Edit(0, change=[Change(order.lines.get().pk, ordered=2)]), by=edits)
    edit_order(order.pk, Edit(1, header=HeaderChange(note="for Monday")), by=by)
    submit_order(order.pk, by=submits)

    numbers, page = listed(viewer)

    assert numbers == [order.number]
    assert next_steps(page) == ["see who decides: Anna, Teo"]


def test_more_than_three_and_nobody_are_named_by_their_role(viewer, bolts):
    group, empty = a_group("Sales managers"), a_group("Board")
    a_rule(threshold=5, approvers=group)
    for name in "ABC":
        an_approver(name, group)
    few = a_submitted_order({bolts: 1})
    assert next_steps(listed(viewer)[1]) == ["see who decides: A, B, C"]
    an_approver("D", group)
    assert next_steps(listed(viewer)[1]) == ["see who decides: Sales managers"]

    a_rule(threshold=15, approvers=empty)
    two = a_submitted_order({bolts: 2})
    assert listed(viewer)[0] == [few.number, two.number]
    assert next_steps(listed(viewer)[1])[1] == "see who decides: Sales managers, Board"


def test_naming_who_decides_takes_one_statement_however_many_wait(viewer, bolts):
    a_rule(threshold=5, approvers=a_group("Sales managers"))
    an_approver("Anna", a_group("Sales managers"))

    def statements():
        with CaptureQueriesContext(connection) as queries:
            listed(viewer)
        return len(queries)

    a_submitted_order({bolts: 1})
    statements()
    few = statements()
    for _n in range(5):
        a_submitted_order({bolts: 1})

    assert statements() == few
