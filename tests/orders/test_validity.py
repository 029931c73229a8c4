"""A quote is valid to the end of its last day where its customer is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oms.verify import verify
from orders.models import Quote
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.quoting import (
    Acceptance,
    Expired,
    accept_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.services.renewing import renew_quote
from orders.status import QuoteStatus
from orders.validity import end_of_validity
from tests.builders import a_company, a_customer, a_line, a_product, a_warehouse, in_days
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


def test_a_customer_reads_nothing_of_revising(client, monkeypatch):
    token = make_link(a_sent_quote(HERE).pk, by=None)
    at(monkeypatch, "Europe/Berlin")
    address = reverse("public:quote", args=[token])

    answer = client.post(address, YES, follow=True)

    for told in (answer.content.decode(), client.get(address).content.decode()):
        assert "Revise" not in told
        assert DAY.isoformat() not in told
    assert not Quote.objects.filter(status=QuoteStatus.ACCEPTED).exists()
