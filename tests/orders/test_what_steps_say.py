"""What a step says afterwards is what it did, and not the state that the document had before."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from fulfillment.services.releasing import release_order
from orders.models import Order
from orders.services.capturing import Header
from orders.services.quoting import draft_quote, send_quote
from orders.status import OrderStatus, QuoteStatus
from orders.views.steps import ORDER_STEPS, QUOTE_STEPS
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_warehouse,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(client):
    """Return a function that takes a step and returns the sentences that are told then."""
    client.force_login(a_boss())

    def said(document, name, **data):
        kind = "order" if isinstance(document, Order) else "quote"
        answer = client.post(
            reverse(f"admin:orders_{kind}_{name}", args=[document.number]), data, follow=True
        )
        return [str(message) for message in answer.context["messages"]]

    return said


@pytest.fixture
def house(db):
    a_company()
    return a_warehouse("NORTH")


@pytest.fixture
def order(house):
    bolts, nuts = (a_product(sku, on_hand=10, at=house) for sku in ("BOLT-M8", "NUT-M8"))
    return a_confirmed_order({bolts: 14, nuts: 4})


@pytest.fixture
def quote(house):
    return send_quote(draft_quote(Header(a_customer().pk), [a_line(a_product(), 2)], by=None).pk, by=None)


@pytest.mark.parametrize("step", [*ORDER_STEPS, *QUOTE_STEPS], ids=lambda step: step.name)
def test_every_step_leads_to_a_state_or_has_a_sentence_of_its_own(step):
    assert step.said or step.to in {*OrderStatus, *QuoteStatus}


def test_what_is_held_and_let_go_on_says_so(said, order):
    assert said(order, "hold", reason="look at it") == [f"{order} is on hold."]
    assert said(order, "let_go_on") == [f"{order} is not held by hand any more."]


def test_an_order_that_is_made_of_another_is_named_with_what_it_is(said, order):
    revision = Order.objects.get(pk=order.pk).revision
    part = said(order, "split", lines="2", requested_on=in_days(9).isoformat(), revision=revision)
    copy = said(order, "copy")

    split_off, copied = Order.objects.exclude(pk=order.pk).order_by("pk")
    assert part == [f"{split_off} is what was split off, with a place and a day of its own."]
    assert copy == [f"{copied} is a draft with the same lines, at today's prices."]


def test_what_is_closed_short_says_what_became_of_the_rest(said, order):
    release_order(order.pk, by=None)

    assert said(order, "close_short", reason="enough") == [f"What was open of {order} is cancelled."]


def test_a_reminder_is_told_with_its_day_and_year(said, quote):
    day = in_days(5)

    assert said(quote, "follow_up", day=day.isoformat()) == [
        f"You are reminded of {quote} on {date_format(day)}."
    ]
    assert said(quote, "follow_up", day="") == [f"Nobody is reminded of {quote}."]


def test_why_a_quote_was_lost_is_kept(said, quote):
    said(quote, "decline", reason="too dear")

    assert said(quote, "why", outcome="price") == [f"It is kept why {quote} came out so."]


def test_a_step_to_another_state_says_the_state(said, quote):
    assert said(quote, "cancel") == [f"{quote} is cancelled."]
