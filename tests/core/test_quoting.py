"""The life of a quote: what was sent is frozen, what is over is over, and there is one order."""

from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.utils import timezone

from customers.models import Customer
from oms.errors import IllegalMove, Incomplete
from oms.models import Company
from orders.models import Order, Quote
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import (
    Acceptance,
    Expired,
    _expire,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.status import QuoteStatus
from tests.builders import a_company, a_customer, a_line, a_product, a_warehouse, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts():
    a_company()
    return a_product("BOLT-M8", price="0.42", at=a_warehouse())


@pytest.fixture
def sent(bolts):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 100)], by=None)
    return send_quote(quote.pk, by=None)


def test_an_accepted_quote_becomes_one_order_at_its_prices(sent, bolts):
    bolts.prices.update(price=Decimal("0.99"))
    accept_quote(sent.pk, Acceptance("M. Kern", "4500-1"), by=None)

    order = order_from_quote(sent.pk, by=None)

    line = order.lines.get()
    assert (order.total, line.unit_price, order.customer_po) == (Decimal("42.00"), Decimal("0.42"), "4500-1")
    with pytest.raises(IllegalMove):
        order_from_quote(sent.pk, by=None)
    assert Order.objects.count() == 1


def test_a_customer_who_requires_a_po_number_accepts_only_with_one(sent):
    Customer.objects.update(po_required=True)

    with pytest.raises(Incomplete, match="requires one; ask for it and enter it with the acceptance"):
        accept_quote(sent.pk, Acceptance("M. Kern"), by=None)

    sent.refresh_from_db()
    assert (sent.status, sent.accepted_by) == (QuoteStatus.SENT, "")
    assert accept_quote(sent.pk, Acceptance("M. Kern", "4500-1"), by=None).status == QuoteStatus.ACCEPTED


@pytest.mark.parametrize(
    "answer",
    [
        lambda pk: accept_quote(pk, Acceptance("M. Kern"), by=None),
        lambda pk: decline_quote(pk, "too dear", by=None),
        lambda pk: cancel_quote(pk, by=None),
    ],
)
def test_a_quote_is_answered_once(sent, answer):
    answer(sent.pk)

    with pytest.raises(IllegalMove):
        accept_quote(sent.pk, Acceptance("somebody else"), by=None)
    with pytest.raises(IllegalMove):
        decline_quote(sent.pk, "no", by=None)


def test_a_draft_cannot_be_accepted(bolts):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 1)], by=None)

    with pytest.raises(IllegalMove, match=quote.number):
        accept_quote(quote.pk, Acceptance("M. Kern"), by=None)


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        (datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC), True),  # 23:59:59 in Berlin
        (datetime(2026, 3, 10, 23, 0, 0, tzinfo=UTC), False),  # midnight there, not yet in UTC
    ],
)
def test_a_quote_is_valid_to_the_end_of_its_last_day_where_the_company_is(sent, moment, in_time):
    Company.objects.update(zone="Europe/Berlin")
    Quote.objects.update(valid_until="2026-03-10")

    with patch("oms.company.timezone.now", return_value=moment):
        if in_time:
            assert expire_quotes() == 0
            assert accept_quote(sent.pk, Acceptance("M. Kern"), by=None).status == QuoteStatus.ACCEPTED
        else:
            with pytest.raises(Expired, match="10 Mar 2026"):
                accept_quote(sent.pk, Acceptance("M. Kern"), by=None)
            assert expire_quotes() == 1


def test_expiring_twice_expires_once(sent):
    Quote.objects.update(valid_until=in_days(-2))

    assert (expire_quotes(), expire_quotes()) == (1, 0)


def test_a_quote_that_was_prolonged_meanwhile_does_not_expire(sent):
    """Between looking for what is over and taking its lock somebody gives the customer another month."""
    Quote.objects.update(valid_until=in_days(30))

    assert _expire(sent.pk, timezone.now()) == 0
    assert Quote.objects.get().status == QuoteStatus.SENT


def test_revising_what_was_sent_drafts_the_next_version_and_leaves_the_sent_one(sent):
    revised = revise_quote(sent.pk, by=None)

    assert (revised.status, revised.version_number) == (QuoteStatus.DRAFT, 2)
    first, second = revised.versions.order_by("number")
    assert first.sent_at is not None
    assert second.sent_at is None
    assert first.total == second.total == Decimal("42.00")
    assert send_quote(sent.pk, by=None).status == QuoteStatus.SENT


def test_revising_an_expired_quote_gives_it_another_month(sent):
    Quote.objects.update(valid_until=in_days(-2))
    expire_quotes()

    revised = revise_quote(sent.pk, by=None)

    assert revised.valid_until > in_days(25)


def test_a_quote_past_its_last_day_is_not_sent(bolts):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 1)], by=None, valid_until=in_days(-2))

    with pytest.raises(Expired):
        send_quote(quote.pk, by=None)


def test_a_quote_without_lines_or_prices_is_not_sent(bolts):
    empty = draft_quote(Header(a_customer().pk), [], by=None)
    unpriced = draft_quote(Header(a_customer().pk), [a_line(a_product("ODD", price=None), 1)], by=None)

    with pytest.raises(Incomplete, match="there are none"):
        send_quote(empty.pk, by=None)
    with pytest.raises(Incomplete, match="ODD: has no price"):
        send_quote(unpriced.pk, by=None)
