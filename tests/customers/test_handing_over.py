"""Customers change hands: who sees them, what stands in their history, and what the page shows before."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.errors import NotHandedOver
from customers.models import Customer, CustomerEvent
from customers.services.handing_over import HandOver, hand_over_customers
from oms.verify import verify
from orders.models import Order, Quote
from orders.services.capturing import Header
from orders.services.handing_over import hand_over_with_drafts
from orders.services.quoting import draft_quote
from orders.services.submitting import take_back_order
from orders.status import RuleFact
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_submitted_order,
    a_team,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db):
    a_company(zone="UTC")
    a_warehouse()


def a_person(role, **values):
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True, **values)


def page(**asked):
    found = "&".join(f"{name}={value}" for name, values in asked.items() for value in values)
    return f"{reverse('admin:orders_customer_hand_over')}?{found}"


def ids(*customers):
    return [customer.pk for customer in customers]


def test_the_new_rep_sees_customer_quotes_and_orders_at_once_and_the_old_one_no_longer():
    old, new = a_person("Sales rep"), a_person("Sales rep")
    kern, bolts = a_customer("Kern AG", rep=old), a_product("BOLT")
    order = an_order({bolts: 1}, customer=kern, by=old)
    quote = draft_quote(Header(kern.pk), [a_line(bolts, 1)], by=old)

    hand_over_customers([kern.pk], HandOver("Ana leaves", rep=new), by=a_boss())

    assert Customer.objects.visible_to(new).get() == kern
    assert Order.objects.visible_to(new).get() == order
    assert Quote.objects.visible_to(new).get() == quote
    assert not Customer.objects.visible_to(old).exists()
    assert not Order.objects.visible_to(old).exists()
    assert not Quote.objects.visible_to(old).exists()


def test_the_history_says_from_whom_to_whom_by_whom_and_why():
    old, new, boss = a_user(username="ana"), a_person("Sales rep", username="ben"), a_boss()
    north, south = a_team(), a_team()
    kern = a_customer(rep=old, team=north)

    hand_over_customers([kern.pk], HandOver("new region", rep=new, team=south), by=boss)

    event = CustomerEvent.objects.get()
    assert (event.customer, event.by, event.kind) == (kern, boss, "handed_over")
    assert event.detail == f"rep ana → ben, team {north} → {south}: new region"


def test_what_is_not_named_stays_and_who_has_it_already_is_left_alone():
    team, rep = a_team(), a_person("Sales rep")
    moved, there = a_customer(team=team), a_customer(rep=rep, team=team)

    done = hand_over_customers(ids(moved, there), HandOver("why", rep=rep), by=a_boss())

    moved.refresh_from_db()
    assert (done, moved.rep, moved.team) == ([moved], rep, team)
    assert not there.events.exists()


@pytest.mark.parametrize(
    ("to", "reason", "says"),
    [
        ({}, "why", "Choose a rep or a team"),
        ({"is_active": False, "is_staff": True}, "why", "cannot sign in"),
        ({"is_staff": False}, "why", "cannot sign in"),
        ({"is_staff": True}, "", "Write why"),
    ],
)
def test_nobody_and_nothing_are_refused(to, reason, says):
    kern = a_customer()
    rep = a_user(**to) if to else None

    with pytest.raises(NotHandedOver, match=says):
        hand_over_customers([kern.pk], HandOver(reason, rep=rep), by=a_boss())

    kern.refresh_from_db()
    assert kern.rep is None
    assert not CustomerEvent.objects.exists()


@pytest.mark.parametrize("many", [2, 40])
def test_the_statements_do_not_grow_with_the_customers(many):
    rep, boss, team = a_person("Sales rep"), a_boss(), a_team()
    customers = [a_customer(team=team) for _ in range(many)]

    with CaptureQueriesContext(
        connection,
    ) as asked:
        hand_over_customers(ids(*customers), HandOver("why", rep=rep), by=boss)

    assert len(asked) == 5  # two of them begin and end the transaction


# --- the page --------------------------------------------------------------------------------------------------------


def test_a_manager_ticks_customers_and_sees_what_comes_along(client):
    manager = a_person("Sales manager")
    team = a_team(manager)
    kern, bolts = a_customer("Kern AG", team=team), a_product("BOLT")
    an_order({bolts: 1}, customer=kern)
    draft_quote(Header(kern.pk), [a_line(bolts, 1)], by=manager)
    client.force_login(manager)
    ticked = {"action": "hand_over", "_selected_action": [kern.pk]}

    asked = client.post(reverse("admin:customers_customer_changelist"), ticked, follow=True)

    preview = asked.context["preview"]
    assert asked.request["PATH_INFO"] == reverse("admin:orders_customer_hand_over")
    assert (preview.customers, preview.quotes, preview.drafts, preview.in_work) == (1, 1, 1, 0)


def test_all_customers_of_a_rep_are_handed_over_as_far_as_the_manager_sees_them(client):
    manager, old, new = a_person("Sales manager"), a_person("Sales rep"), a_person("Sales rep")
    team = a_team(manager)
    mine, foreign = a_customer(rep=old, team=team), a_customer(rep=old)
    client.force_login(manager)
    filled = {"of": old.pk, "rep": new.pk, "team": "", "reason": "Ana leaves"}

    answer = client.post(page(), filled, follow=True)

    assert "1 customer was handed over." in answer.content.decode()
    mine.refresh_from_db()
    foreign.refresh_from_db()
    assert (mine.rep, foreign.rep) == (new, old)


def test_a_refusal_stands_on_the_page_with_what_was_filled_in(client):
    kern = a_customer("Kern AG")
    client.force_login(a_boss())

    answer = client.post(page(), {"customer": kern.pk, "rep": "", "team": "", "reason": "because"})

    assert "Choose a rep or a team" in answer.content.decode()
    assert 'value="because"' in answer.content.decode()


def test_without_a_choice_the_page_asks_whose_customers(client):
    rep = a_person("Sales rep", first_name="Ana", last_name="Sommer")
    a_customer(rep=rep)
    client.force_login(a_boss())

    answer = client.get(page(customer=["nonsense"])).content.decode()

    assert f'href="?of={rep.pk}">Ana Sommer' in answer


def test_a_rep_may_not(client):
    rep = a_person("Sales rep")
    kern = a_customer(rep=rep)
    client.force_login(rep)

    assert client.post(page(), {"customer": kern.pk, "rep": rep.pk, "reason": "x"}).status_code == 403


# --- drafts go along --------------------------------------------------------------------------------------------------


def drafts_of(customer, bolts, by):
    return (
        draft_quote(Header(customer.pk), [a_line(bolts, 1)], by=by),
        an_order({bolts: 1}, customer=customer, by=by),
    )


def test_the_new_rep_is_given_what_the_one_before_has_in_draft():
    ana, ben = a_person("Sales rep", username="ana"), a_person("Sales rep", username="ben")
    kern, bolts = a_customer("Kern AG", rep=ana), a_product("BOLT")
    quote, order = drafts_of(kern, bolts, ana)

    customers, drafts = hand_over_with_drafts([kern.pk], HandOver("Ana leaves", rep=ben), by=a_boss())

    assert (customers, drafts) == ([kern], 2)
    for document in (quote, order):
        document.refresh_from_db()
        assert document.created_by == ben
        event = document.events.get(kind="handed over")
        assert event.note == "now with ben: Ana leaves"
        assert document.events.get(version=1).by == ana
    assert verify() == []


def test_drafts_of_others_ones_own_and_what_was_asked_about_stay_with_who_has_them():
    ana, ben = a_person("Sales rep"), a_person("Sales rep")
    manager = a_boss()
    kern, roth, bolts = a_customer(rep=ana), a_customer(rep=manager), a_product("BOLT", on_hand=9)
    others = drafts_of(kern, bolts, manager)
    own = drafts_of(roth, bolts, manager)
    sent = a_submitted_order({bolts: 1}, customer=kern, by=ana)
    a_rule(RuleFact.TOTAL_ABOVE, 1, a_group("managers"))
    asked = take_back_order(a_submitted_order({bolts: 1}, customer=kern, by=ana).pk, by=ana)
    assert asked.approvals.exists()

    _customers, drafts = hand_over_with_drafts(ids(kern, roth), HandOver("away", rep=ben), by=manager)

    assert drafts == 0
    for document in (*others, *own, sent, asked):
        before = document.created_by
        document.refresh_from_db()
        assert document.created_by == before


def test_the_page_takes_drafts_along_unless_told_otherwise(client):
    manager = a_person("Sales manager")
    team, ana, ben = a_team(manager), a_person("Sales rep"), a_person("Sales rep")
    bolts = a_product("BOLT")
    first, second = (a_customer(rep=ana, team=team) for _n in range(2))
    kept, gone = (drafts_of(customer, bolts, ana)[1] for customer in (first, second))
    client.force_login(manager)

    for customer, answer in ((first, {}), (second, {"drafts": "on"})):
        data = {"customer": customer.pk, "rep": ben.pk, "reason": "away", **answer}
        seen = client.post(page(), data, follow=True).content.decode()
        assert ("2 drafts went along." in seen) == bool(answer)

    assert Order.objects.get(pk=kept.pk).created_by == ana
    assert Order.objects.get(pk=gone.pk).created_by == ben


def test_handing_drafts_over_costs_the_same_for_one_and_for_many():
    ana, ben, boss, bolts = a_person("Sales rep"), a_person("Sales rep"), a_boss(), a_product("BOLT")
    counts = []
    for many in (1, 8):
        customers = [a_customer(rep=ana) for _n in range(many)]
        for customer in customers:
            drafts_of(customer, bolts, ana)
        with CaptureQueriesContext(connection) as captured:
            hand_over_with_drafts(ids(*customers), HandOver("away", rep=ben), by=boss)
        counts.append(len(captured))
    assert counts[0] == counts[1]
