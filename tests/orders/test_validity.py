"""A quote is valid to the end of its last day where its customer is."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from oms.verify import verify
from orders.models import Quote
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.quoting import (
    Acceptance,
    Expired,
    accept_quote,
    cancel_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.services.renewing import renew_quote
from orders.status import QuoteStatus
from orders.validity import end_of_validity
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
from tests.orders.test_public_quote import YES

pytestmark = pytest.mark.django_db

WEST, EAST, HERE = "America/Los_Angeles", "Pacific/Kiritimati", ""
DAY = in_days(30)


@pytest.fixture(autouse=True)
def house():
    a_company(zone="Europe/Berlin")
    return a_warehouse("MAIN")


def a_sent_quote(zone):
    customer = a_customer()
    customer.zone = zone
    customer.full_clean()
    customer.save()
    quote = draft_quote(Header(customer.pk), [a_line(a_product(), 3)], by=None, valid_until=DAY)
    return send_quote(quote.pk, by=None)


def at(monkeypatch, zone, **after):
    """It is the end of the day in this zone, or so much later."""
    end = datetime(DAY.year, DAY.month, DAY.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    now = end + timedelta(**after)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.parametrize(("zone", "clock"), [(WEST, WEST), (EAST, EAST), (HERE, "Europe/Berlin")])
def test_it_is_accepted_to_the_last_second_of_their_day_and_not_after(monkeypatch, zone, clock):
    quote = a_sent_quote(zone)

    at(monkeypatch, clock)
    with pytest.raises(Expired):
        accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
    at(monkeypatch, clock, seconds=-1)
    assert expire_quotes() == 0
    assert accept_quote(quote.pk, Acceptance("M. Kern"), by=None).status == QuoteStatus.ACCEPTED
    assert verify() == []


@pytest.mark.parametrize(("zone", "clock"), [(WEST, WEST), (EAST, EAST), (HERE, "Europe/Berlin")])
def test_it_expires_when_their_day_is_over(monkeypatch, zone, clock):
    quote = a_sent_quote(zone)

    at(monkeypatch, clock, seconds=-1)
    assert expire_quotes() == 0
    at(monkeypatch, clock)
    assert expire_quotes() == 1
    assert expire_quotes() == 0

    assert Quote.objects.get(pk=quote.pk).status == QuoteStatus.EXPIRED


def test_looking_for_what_is_over_costs_the_same_for_few_and_many(monkeypatch):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert expire_quotes() == 0
        return len(queries)

    a_sent_quote(WEST), a_sent_quote(HERE)
    at(monkeypatch, EAST)
    few = statements()
    for _n in range(5):
        a_sent_quote(WEST), a_sent_quote(HERE)

    assert statements() == few


def test_its_link_lives_from_the_end_of_their_day_on():
    quote = a_sent_quote(WEST)
    make_link(quote.pk, by=None)

    assert end_of_validity(quote).astimezone(ZoneInfo(WEST)).hour == 0
    assert quote.versions.get().links.get().expires_at > end_of_validity(quote)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "x" * 61, "Europe/Berlin\0", "../etc/passwd"])
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(ValidationError):
        a_sent_quote(zone)


def test_a_zone_that_is_known_no_more_is_ours():
    quote = a_sent_quote(WEST)
    quote.customer.zone = "Nowhere/Any"

    assert end_of_validity(quote).astimezone(ZoneInfo("Europe/Berlin")).hour == 0


@pytest.mark.parametrize("again", [revise_quote, renew_quote])
def test_a_day_that_is_over_is_refused_where_it_is_given(monkeypatch, again):
    quote = a_sent_quote(HERE)

    with pytest.raises(Expired, match=r"is over\. Give Q-"):
        again(quote.pk, by=None, valid_until=in_days(-1))
    assert Quote.objects.get(pk=quote.pk).status == QuoteStatus.SENT
    again(quote.pk, by=None, valid_until=in_days(0))

    at(monkeypatch, "Europe/Berlin")
    with pytest.raises(Expired, match="on its pad"):
        send_quote(quote.pk, by=None)


@pytest.mark.parametrize("again", ["revise", "renew"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (str(in_days(-1)), "is over. Give Q-"),
        ("9999-99-99", "Enter a valid date."),
        ("<b>", "Enter a valid date."),
    ],
)
def test_a_day_that_is_over_is_refused_at_its_field_with_what_was_typed(client, again, typed, told):
    quote = a_sent_quote(HERE)
    client.force_login(a_boss())

    answer = client.post(reverse(f"admin:orders_quote_{again}", args=[quote.number]), {"valid_until": typed})

    page = answer.content.decode()
    (asked,) = re.findall(r'<details class="doc-ask" open>.*?</details>', page, re.DOTALL)
    assert answer.status_code == 200
    assert f'value="{escape(typed)}"' in asked
    assert f'aria-describedby="{again}_valid_until_error"' in asked
    assert f'id="{again}_valid_until_error">▲ ' in asked
    assert told in asked
    assert page.count(told) == 1
    assert Quote.objects.get(pk=quote.pk).status == QuoteStatus.SENT


def test_a_day_refused_of_a_quote_that_meanwhile_ended_is_said_in_a_message(client):
    cancelled = a_sent_quote(HERE)
    cancel_quote(cancelled.pk, by=None)
    client.force_login(a_boss())

    answer = client.post(
        reverse("admin:orders_quote_revise", args=[cancelled.number]), {"valid_until": "x"}, follow=True
    )

    assert answer.redirect_chain
    assert "Revise … Valid until: Enter a valid date." in answer.content.decode()


def test_a_reason_that_is_needed_is_asked_for_at_its_field_and_in_the_inbox_by_a_message(client):
    order = a_confirmed_order({a_product(): 1})
    client.force_login(a_boss())
    address = reverse("admin:orders_order_hold", args=[order.number])

    page = client.post(address, {"reason": " "}).content.decode()
    (asked,) = re.findall(r'<details class="doc-ask" open>.*?</details>', page, re.DOTALL)
    assert "This field is required." in asked
    assert "autofocus" in asked
    back = client.post(address, {"reason": " ", "back": "inbox"})
    assert back.status_code == 302
    assert back.url == reverse("admin:orders_approvalrequest_inbox")


def test_a_customer_reads_nothing_of_revising(client, monkeypatch):
    token = make_link(a_sent_quote(HERE).pk, by=None)
    at(monkeypatch, "Europe/Berlin")
    address = reverse("public:quote", args=[token])

    answer = client.post(address, YES, follow=True)

    for told in (answer.content.decode(), client.get(address).content.decode()):
        assert "Revise" not in told
        assert DAY.isoformat() not in told
    assert not Quote.objects.filter(status=QuoteStatus.ACCEPTED).exists()
