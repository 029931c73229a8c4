"""An acceptance that is recorded after the quote's last day, with the day on which it came."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from oms.company import business_day
from oms.verify import breaches
from orders.models import Quote, QuoteAnswer
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import (
    Acceptance,
    Expired,
    Said,
    accept_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.status import QuoteStatus
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_user, a_warehouse, in_days

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss():
    return a_boss()


def sent(by, days_ago=3, valid=-1):
    """A quote sent some days ago, whose last day was yesterday."""
    quote = draft_quote(Header(a_customer("Kern AG").pk), [a_line(a_product(), 3)], by=by)
    version = quote.versions.get()
    type(version).objects.filter(pk=version.pk).update(
        sent_at=timezone.now() - days_ago * DAY, valid_until=business_day() + valid * DAY
    )
    quote.valid_until = business_day() + valid * DAY
    quote.save(update_fields=["valid_until"])
    quote.move_to(QuoteStatus.SENT, by=by, version=1)
    return quote


@pytest.mark.parametrize("written_down", [False, True])
def test_it_is_recorded_with_who_when_and_that_it_was_after_the_last_day(client, boss, written_down):
    quote = sent(boss)
    if written_down:
        expire_quotes()
    client.force_login(boss)
    page = reverse("admin:orders_quote_change", args=[quote.pk])
    assert 'name="came_on"' in client.get(page).content.decode()
    form = {"name": "M. Kern", "evidence": "e-mail of 17:00", "came_on": str(business_day() - DAY)}

    told = client.post(reverse("admin:orders_quote_accept", args=[quote.number]), form, follow=True)

    quote.refresh_from_db()
    assert quote.status == QuoteStatus.ACCEPTED
    answer = QuoteAnswer.objects.get()
    assert (answer.by, answer.came_on, answer.evidence) == (boss, business_day() - DAY, "e-mail of 17:00")
    assert "in time, recorded after the last day" in told.content.decode()
    assert order_from_quote(quote.pk, by=boss).total == quote.versions.get().total
    assert list(breaches()) == []


def test_one_that_came_after_the_last_day_says_so(client, boss):
    quote = sent(boss)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=boss, said=Said(came_on=business_day()))
    client.force_login(boss)

    shown = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()

    assert "after the last day" in shown
    assert "in time" not in shown


@pytest.mark.parametrize(
    ("days", "told"), [(None, "Say on which day"), (1, "Give a day"), (-4, "was sent on")]
)
@pytest.mark.parametrize("written_down", [False, True])
def test_without_a_day_or_with_one_that_cannot_be_it_is_refused(boss, days, told, written_down):
    quote = sent(boss)
    if written_down:
        expire_quotes()
    came_on = None if days is None else business_day() + days * DAY

    with pytest.raises(Expired, match=told):
        accept_quote(quote.pk, Acceptance("M. Kern"), by=boss, said=Said(came_on=came_on))

    assert not QuoteAnswer.objects.exists()


@pytest.mark.parametrize("day", ["", "31.2.2026", "2026-02-31"])
def test_the_page_asks_for_the_day(client, boss, day):
    quote = sent(boss)
    client.force_login(boss)
    form = {"name": "M. Kern", "came_on": day}

    told = client.post(reverse("admin:orders_quote_accept", args=[quote.number]), form, follow=True)

    offered = {offer.step.name: offer for offer in told.context["offers"]}
    assert offered["accept"].form.errors["came_on"]
    assert not QuoteAnswer.objects.exists()


def test_a_quote_that_is_valid_asks_for_no_day_and_an_expired_one_offers_renewing_first(client, boss):
    client.force_login(boss)
    valid, over = sent(boss, valid=1), sent(boss)
    expire_quotes()

    def page(quote):
        return client.get(reverse("admin:orders_quote_change", args=[quote.pk]))

    assert 'name="came_on"' not in page(valid).content.decode()
    primary = [offer.step.name for offer in page(over).context["offers"] if offer.primary]
    assert primary == ["revise"]
    accept_quote(valid.pk, Acceptance("M. Kern"), by=boss, said=Said(came_on=business_day()))
    assert QuoteAnswer.objects.get().came_on is None


def test_who_may_not_record_answers_records_no_late_one(client, boss):
    quote = sent(boss)
    rights = ("orders.view_quote", "orders.change_quote", "customers.view_all_customers")
    client.force_login(a_user(*rights, is_staff=True))
    form = {"name": "M. Kern", "came_on": str(business_day())}

    assert client.post(reverse("admin:orders_quote_accept", args=[quote.number]), form).status_code == 403


@pytest.mark.parametrize("written_down", [False, True])
def test_the_customer_accepts_no_expired_quote_by_a_link(client, boss, written_down):
    quote = sent(boss, valid=1)
    token = make_link(quote.pk, by=None)
    Quote.objects.filter(pk=quote.pk).update(valid_until=in_days(-2))
    if written_down:
        expire_quotes()

    with pytest.raises(Expired):
        answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None)
    answer = client.post(
        reverse("public:quote", args=[token]), {"answer": "accept", "name": "M. Kern", "agree": "on"}
    )
    assert "Please ask us to renew it" in answer.content.decode()
    assert "Say on which day" not in answer.content.decode()


def test_what_was_promised_with_a_version_stays_on_its_page_when_the_next_has_another_day(client, boss):
    first = business_day() + 5 * DAY
    lines = [a_line(a_product(), 3)]
    quote = draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss, valid_until=first)
    send_quote(quote.pk, by=boss)
    revise_quote(quote.pk, by=boss, valid_until=first + 20 * DAY)

    assert [version.last_day for version in quote.versions.order_by("number").select_related("quote")] == [
        first,
        first + 20 * DAY,
    ]
    assert send_quote(quote.pk, by=boss).versions.get(number=2).valid_until == first + 20 * DAY


def test_versions_sent_before_get_the_day_of_their_quote(boss):
    quote = sent(boss, valid=4)
    fill = import_module("orders.migrations.0035_promised_with_a_version").FILL
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_quoteversion DISABLE TRIGGER USER")
        cursor.execute("UPDATE orders_quoteversion SET valid_until = NULL")
        cursor.execute(fill)

    assert quote.versions.get().valid_until == quote.valid_until
    with pytest.raises(DatabaseError), transaction.atomic():
        quote.versions.update(valid_until=None)
