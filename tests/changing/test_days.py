"""A day on which nobody can want goods is refused wherever one is typed, at its field and with what was typed."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from oms.company import business_day
from oms.errors import Incomplete
from orders.errors import CallOffRefused
from orders.models import CallOff, Order, Quote
from orders.services.capturing import Header
from orders.services.changing import OrderChange, change_order
from orders.services.copying import copy_order
from orders.services.quoting import draft_quote, follow_up_quote
from orders.services.scheduling import Portions, change_call_off, plan_call_offs
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from tests.api.machine import Machine
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    agreed,
    an_address,
    an_agreement,
    in_days,
)
from tests.changing.test_page import filled, text

pytestmark = pytest.mark.django_db

LAST = 5 * 365
BEFORE, FAR = "is before it was ordered", "is too far away; enter a day within five years"
WRONG = [(date(26, 1, 4), BEFORE), (-1, BEFORE), (LAST + 1, FAR), (date.max, FAR)]


@pytest.fixture
def order(house):
    bolts, nuts = (a_product(sku, on_hand=10, at=house) for sku in ("BOLT-M8", "NUT-M8"))
    return a_confirmed_order({bolts: 4, nuts: 4})


@pytest.fixture
def office(client):
    client.force_login(a_boss())
    return client


def a_day(day):
    return in_days(day) if isinstance(day, int) else day


def unchanged(order):
    return list(Order.objects.values_list("number", "revision", "requested_on")) == [
        (order.number, 0, order.requested_on)
    ]


def said_at(answer, field):
    """Return what stands at a field, and what is typed there."""
    html = answer.content.decode()
    typed, errors = re.search(
        rf'(<input[^>]*name="{field}"[^>]*>)\s*<(?:ul|small)[^>]*>(.*?)</(?:ul|small)>', html
    ).groups()
    return re.sub("<[^>]+>", "", errors), re.search('value="([^"]*)"', typed)[1]


@pytest.mark.parametrize(("day", "why"), WRONG)
def test_an_order_in_work_is_not_moved_to_such_a_day_nor_is_a_part_of_it(order, rep, day, why):
    with pytest.raises(Incomplete, match=why):
        change_order(order.pk, OrderChange(0, requested_on=a_day(day)), by=rep)
    with pytest.raises(Incomplete, match=why):
        split_order(order.pk, Split(0, frozenset({2}), a_day(day)), by=rep)

    assert unchanged(order)


def test_the_last_day_that_is_possible_is_taken(order, rep):
    change_order(order.pk, OrderChange(0, requested_on=in_days(LAST)), by=rep)
    split_order(order.pk, Split(1, frozenset({2}), in_days(LAST - 1)), by=rep)

    assert set(Order.objects.values_list("requested_on", flat=True)) == {in_days(LAST), in_days(LAST - 1)}


def test_a_day_that_stands_there_already_stays(order, rep):
    Order.objects.filter(pk=order.pk).update(requested_on=date.max)
    same, line = date.max, order.lines.first().pk

    change_order(order.pk, OrderChange(0, quantities={line: 3}, requested_on=same), by=rep)
    part = split_order(
        order.pk, Split(1, frozenset({2}), same, an_address(order.customer, "SITE").pk), by=rep
    )

    assert part.requested_on == same


@pytest.mark.parametrize(("day", "why"), WRONG)
def test_the_pages_tell_it_at_the_field_and_keep_what_was_typed(office, order, day, why):
    typed, amend = a_day(day).isoformat(), reverse("admin:orders_order_amend", args=[order.number])
    split = reverse("admin:orders_order_split", args=[order.number])

    changing = office.post(amend, {**filled(order, requested_on=typed, add="BOLT-M8 3"), "preview": "1"})
    splitting = office.post(split, {"lines": "2", "requested_on": typed, "revision": 0})

    for answer in (changing, splitting):
        error, kept = said_at(answer, "requested_on")
        assert why in error
        assert kept == typed
    assert "BOLT-M8 3</textarea>" in changing.content.decode()
    assert '<input type="text" name="lines" value="2"' in splitting.content.decode()
    assert "is not complete" not in text(changing)
    assert unchanged(order)


def test_what_names_no_line_is_told_at_the_field_of_the_lines(office, order):
    split = reverse("admin:orders_order_split", args=[order.number])

    answer = office.post(split, {"lines": "x", "requested_on": in_days(9), "revision": 0})

    assert said_at(answer, "lines")[1] == "x"
    assert unchanged(order)


@pytest.mark.parametrize(("day", "why"), WRONG)
def test_machines_are_told_too(order, day, why):
    machine, wanted = Machine(a_boss()), a_day(day).isoformat()
    at, bolt = f"v1/orders/{order.number}/", {"sku": "BOLT-M8", "quantity": 1}

    changing = machine.post(f"{at}change/", {"revision": 0, "requested_on": wanted})
    splitting = machine.post(f"{at}split/", {"revision": 0, "positions": [2], "requested_on": wanted})
    entering = machine.order(order.customer, bolt, requested_on=wanted)

    for answer in (changing, splitting):
        assert answer.status_code == 422
        assert why in answer.json()["reasons"][0]
    assert entering.status_code == 422
    assert [(one["pointer"], why in one["detail"]) for one in entering.json()["errors"]] == [
        ("/requested_on", True)
    ]
    assert unchanged(order)


def test_a_copy_is_wanted_at_once(order, rep):
    Order.objects.filter(pk=order.pk).update(requested_on=date.max)

    assert submit_order(copy_order(order.pk, by=rep).pk, by=rep).requested_on == business_day()


def test_call_offs_are_planned_for_five_years_at_most(rep, house):
    bolts, kern = a_product("BOLT", on_hand=500, at=house), a_customer("Kern AG")
    agreement = an_agreement(kern, agreed(bolts, 8, unit="C62"), valid_to=date(2199, 1, 1))
    line, yard = agreement.lines.get().pk, an_address(kern, "YARD").pk
    far = in_days(LAST + 10)

    with pytest.raises(CallOffRefused, match=FAR):
        plan_call_offs(agreement.pk, Portions(line, yard, 10, far), by=rep)
    plan_call_offs(agreement.pk, Portions(line, yard, 10, in_days(30)), by=rep)
    with pytest.raises(CallOffRefused, match=FAR):
        change_call_off(CallOff.objects.get().pk, requested_on=far, by=rep)

    assert CallOff.objects.get().requested_on < far


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(26, 1, 4), "is over; enter today or a later day"),
        (-1, "is over"),
        (LAST + 1, FAR),
        (date.max, FAR),
    ],
)
def test_nobody_is_reminded_of_a_quote_on_such_a_day(office, house, day, why):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=None)
    url, typed = reverse("admin:orders_quote_follow_up", args=[quote.number]), a_day(day).isoformat()

    answer = office.post(url, {"day": typed})

    error, kept = said_at(answer, "day")
    assert why in error
    assert kept == typed
    assert '<details class="doc-ask" open>' in answer.content.decode()
    assert Quote.objects.get().follow_up_on is None


def test_the_day_of_a_reminder_may_pass_and_stay(house, rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=None)
    Quote.objects.update(follow_up_on=business_day() - timedelta(days=3))

    follow_up_quote(quote.pk, business_day() - timedelta(days=3), by=rep)
    follow_up_quote(quote.pk, business_day(), by=rep)

    assert Quote.objects.get().follow_up_on == business_day()
