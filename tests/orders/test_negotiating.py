"""A customer asks for other terms by the link: kept as it came, seen by who sells, and answering nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oms.errors import IllegalMove
from oms.verify import breaches
from orders.models import CounterLine, CounterOffer, QuoteLine
from orders.services.answering import DeadLink, make_link, revoke_links
from orders.services.capturing import Header
from orders.services.negotiating import Counter, NothingWanted, Wanted, counter_by_link
from orders.services.quoting import (
    Acceptance,
    Expired,
    Superseded,
    accept_quote,
    cancel_quote,
    draft_quote,
    revise_quote,
    send_quote,
)
from orders.status import QuoteStatus
from orders.tasks import announce_quote_events
from orders.validity import end_of_validity
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_product,
    a_warehouse,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db
LESS = Counter(
    "M. Kern", "match Baltic, please", {1: Wanted(price=Decimal("0.40")), 2: Wanted(Decimal(7), None, "now")}
)


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss():
    return a_boss()


@pytest.fixture
def quote(boss):
    lines = [a_line(a_product("BOLT"), 3), a_line(a_product("NUT"), 5)]
    return send_quote(draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss).pk, by=boss)


@pytest.fixture
def token(quote):
    return make_link(quote.pk, by=None)


def address(token):
    return reverse("public:quote_counter", args=[token])


def test_what_the_customer_wants_is_kept_line_by_line(quote, token):
    offer = counter_by_link(token, LESS, ip="10.0.0.1")

    wanted = list(CounterLine.objects.values_list("line__product__sku", "quantity", "price", "comment"))
    assert wanted == [("BOLT", None, Decimal("0.40"), ""), ("NUT", 7, None, "now")]
    assert (offer.version.number, offer.name, offer.ip) == (1, "M. Kern", "10.0.0.1")
    quote.refresh_from_db()
    assert quote.status == QuoteStatus.SENT
    assert quote.events.latest("version").note == "M. Kern: match Baltic, please"
    assert list(breaches()) == []


def test_what_is_sent_again_is_kept_and_told_once(client, quote, token):
    form = {"name": "M. Kern", "p-1": "0.40", "comment": "match Baltic, please"}
    sent = [client.post(address(token), form, follow=True) for _n in range(3)]

    assert all("we have got it" in answer.content.decode() for answer in sent)
    assert all(answer.redirect_chain for answer in sent)
    assert CounterOffer.objects.count() == quote.events.filter(kind="countered").count() == 1

    client.post(address(token), {**form, "p-1": "0.39"})
    client.post(address(token), form)
    assert CounterOffer.objects.count() == 3  # the same as the first, and not as the last


def test_the_version_can_still_be_accepted(quote, token):
    counter_by_link(token, LESS, ip=None)

    assert accept_quote(quote.pk, Acceptance("M. Kern"), by=None).status == QuoteStatus.ACCEPTED


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda quote: revise_quote(quote.pk, by=None), Superseded),
        (lambda quote: type(quote).objects.filter(pk=quote.pk).update(valid_until=in_days(-1)), Expired),
        (lambda quote: accept_quote(quote.pk, Acceptance("M. Kern"), by=None), IllegalMove),
        (lambda quote: revoke_links(quote.pk, by=None), DeadLink),
    ],
)
def test_what_cannot_be_answered_cannot_be_countered(quote, token, change, refusal):
    change(quote)
    if refusal is Superseded:
        send_quote(quote.pk, by=None)

    with pytest.raises(refusal):
        counter_by_link(token, LESS, ip=None)
    assert not CounterOffer.objects.exists()


def test_nothing_is_no_counter_offer_and_twenty_are_enough(token):
    with pytest.raises(NothingWanted, match="Say what"):
        counter_by_link(token, Counter("M. Kern"), ip=None)
    for n in range(20):
        counter_by_link(token, replace(LESS, comment=f"wish {n}"), ip=None)
    with pytest.raises(NothingWanted, match="call us"):
        counter_by_link(token, LESS, ip=None)


def test_lines_of_no_such_number_are_left_out(token):
    counter_by_link(token, Counter("M. Kern", "", {1: Wanted(comment="x"), 99: Wanted(comment="y")}), ip=None)

    assert CounterLine.objects.count() == 1


@pytest.mark.parametrize("values", [{"quantity": 0}, {"price": -1}, {}])
def test_the_database_refuses_wishes_that_cannot_be(token, values):
    offer = counter_by_link(token, Counter("M. Kern", "less"), ip=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        CounterLine.objects.create(offer=offer, line=QuoteLine.objects.first(), **values)


def test_a_counter_offer_is_never_changed(token):
    counter_by_link(token, LESS, ip=None)

    for rows in (CounterOffer.objects.all(), CounterLine.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(comment="more")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_keeping_takes_as_many_statements_for_any_length(boss):
    counts = []
    for n in (2, 40):
        drafted = draft_quote(Header(a_customer().pk), [a_line(p, 1) for p in many_products(n)], by=boss)
        send_quote(drafted.pk, by=boss)
        token = make_link(drafted.pk, by=None)
        wanted = Counter("M. Kern", "", {i: Wanted(comment="x") for i in range(1, n + 1)})
        with CaptureQueriesContext(connection) as seen:
            counter_by_link(token, wanted, ip=None)
        counts.append(len(seen))

    assert counts[0] == counts[1]


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_asks_line_by_line_and_keeps_what_was_filled_in(client, quote, token, boss):
    assert address(token) in client.get(reverse("public:quote", args=[token])).content.decode()
    assert "BOLT" in client.get(address(token)).content.decode()
    assert not CounterOffer.objects.exists()

    done = client.post(
        address(token), {"name": "M. Kern", "comment": "less", "p-1": "0.40", "q-2": "7"}, follow=True
    )

    assert done.status_code == 200
    assert "can still be accepted" in done.content.decode()
    assert CounterLine.objects.count() == 2
    client.force_login(boss)
    told = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert "Counter-offers" in told
    assert "0.40" in told


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "comment": "less"}, {"p-1": "cheap"}, {"p-1": "-1"}, {"q-1": "0"}, {"q-1": "1e9"},
        {"p-1": "0.1234567"}, {"p-1": "1,500"}, {"q-1": "٣"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_stays_filled_in(client, token, given):
    response = client.post(address(token), {"name": "M. Kern", "c-2": "kept <b>", **given})

    assert response.status_code == 422
    assert "kept &lt;b&gt;" in response.content.decode()
    assert not CounterOffer.objects.exists()


def test_an_empty_counter_offer_is_asked_for_again(client, token):
    assert client.post(address(token), {"name": "M. Kern"}).status_code == 409


def test_a_dead_link_says_nothing(client):
    assert client.get(address("x" * 32)).status_code == 404


def test_a_quote_that_is_answered_leads_back(client, quote, token):
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None)

    assert client.post(address(token), {"name": "M. Kern", "comment": "less"}).status_code == 302
    assert not CounterOffer.objects.exists()


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("expire", "Please ask us to renew it."),
        ("cancel", "This quote is not open any more."),
        ("accept", "This quote was accepted. Thank you!"),
        ("revise", "We are working on a new version"),
    ],
)
def test_a_quote_that_ends_in_the_last_second_says_so_in_the_customers_words(
    client, quote, token, boss, monkeypatch, end, told
):
    """It was open when the page looked, and is not when the wish is to be kept."""

    def too_late(*args, **values):
        if end == "expire":
            over = end_of_validity(quote) + timedelta(seconds=1)
            monkeypatch.setattr(timezone, "now", lambda: over)
        elif end == "cancel":
            cancel_quote(quote.pk, by=boss)
        elif end == "accept":
            accept_quote(quote.pk, Acceptance("M. Kern"), by=boss)
        else:
            revise_quote(quote.pk, by=boss)
        return counter_by_link(*args, **values)

    monkeypatch.setattr("orders.views.public_counter.counter_by_link", too_late)
    answer = client.post(address(token), {"name": "M. Kern", "p-1": "0.40"}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(reverse("public:quote", args=[token]), 302)]
    assert told in page
    assert not [words for words in ("Revise", "Reload", "cannot become", "pad") if words in page]
    assert not CounterOffer.objects.exists()


def test_the_page_stays_small(client, boss):
    drafted = draft_quote(Header(a_customer().pk), [a_line(p, 1) for p in many_products(300)], by=boss)
    send_quote(drafted.pk, by=boss)

    page = client.get(address(make_link(drafted.pk, by=None))).content

    assert len(page) < 50_000
    assert b"260 more lines" in page
    assert b"<script" not in page


def test_who_sells_is_told(quote, token, boss):
    type(boss).objects.filter(pk=boss.pk).update(email="ana@example.com")
    announce_quote_events()
    mail.outbox.clear()

    counter_by_link(token, LESS, ip=None)
    announce_quote_events()

    assert [letter.to for letter in mail.outbox] == [["ana@example.com"]]
    assert "match Baltic" in mail.outbox[0].body
