"""The customer's page of a quote: reading changes nothing, an answer is kept with its evidence."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from customers.models import Customer
from oms.models import Attempts
from orders.models import HoldPolicy, Quote, QuoteAnswer, QuoteLink
from orders.services.answering import Answer, DeadLink, answer_by_link, make_link, revoke_links
from orders.services.capturing import Header
from orders.services.delivering import delivery_of
from orders.services.issuing import issue_quote
from orders.services.quoting import (
    Acceptance,
    Said,
    accept_quote,
    cancel_quote,
    draft_quote,
    revise_quote,
    send_quote,
)
from orders.services.stock_holds import let_stock_go
from orders.status import QuoteStatus, Reply
from orders.tasks import announce_quote_events
from orders.views import public
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_user,
    a_warehouse,
    in_days,
    many_products,
)
from tests.promising.house import bought_within

pytestmark = pytest.mark.django_db
YES = {"answer": "accept", "name": "M. Kern", "customer_po": "4500-77", "agree": "on"}
NO = {"answer": "decline", "name": "M. Kern", "reason": "too dear"}


@pytest.fixture(autouse=True)
def house():
    a_company(phone="+49 40 1234")
    return a_warehouse("MAIN")


@pytest.fixture
def quote(house):
    return a_sent_quote()


def a_sent_quote(lines=None, **customer):
    buyer = a_customer("Kern AG", **{"email": "einkauf@example.com", **customer})
    lines = lines or [a_line(a_product("BOLT"), 3)]
    return send_quote(draft_quote(Header(buyer.pk), lines, by=None).pk, by=None)


def address(token):
    return reverse("public:quote", args=[token])


def everything():
    """How many rows each table has, and every quote as it stands."""
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names() if t.startswith(("orders_", "oms_"))]
        cursor.execute(" UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in sorted(tables)))
        return cursor.fetchall(), list(Quote.objects.values()), list(QuoteLink.objects.values())


@pytest.mark.parametrize(
    ("there", "said"), [(3, "We hold the goods for you until"), (2, "We hold part of the goods"), (0, None)]
)
def test_it_says_that_goods_are_held_and_until_when(client, house, there, said):
    HoldPolicy.objects.create(days=4)
    quote = a_sent_quote([a_line(a_product("BOLT", on_hand=there), 3)])

    page = client.get(address(make_link(quote.pk, by=None))).content.decode()

    assert (said in page) if said else ("We hold" not in page)
    assert (date_format(in_days(4)) in page) == bool(said)


def test_it_says_no_longer_that_goods_are_held_when_they_were_let_go(client, house):
    HoldPolicy.objects.create(days=4)
    quote = a_sent_quote([a_line(a_product("BOLT", on_hand=3), 3)])
    let_stock_go(quote.pk, by=a_boss())

    assert "We hold" not in client.get(address(make_link(quote.pk, by=None))).content.decode()


def test_it_says_when_the_goods_would_be_there(client, house):
    house.transit_days = 2
    house.save()
    here, bought = a_product("BOLT", on_hand=3), a_product("NUT")
    unknown = a_product("RING")
    bought_within(bought, 30)
    day = delivery_of(draft_quote(Header(a_customer().pk), [a_line(here, 1)], by=None).versions.get()).last

    def page(*products):
        quote = a_sent_quote([a_line(product, 1) for product in products])
        return quote, client.get(address(make_link(quote.pk, by=None))).content.decode()

    assert f"Delivery {date_format(day)}, if it is ordered today" in page(here)[1]
    assert f"Delivery from {date_format(day)} on, everything by" in page(here, bought)[1]
    assert "the day of 1 line is still to be settled" in page(here, unknown)[1]
    assert "Delivery" not in page(unknown)[1]
    quote, _shown = page(here)
    Quote.objects.filter(pk=quote.pk).update(valid_until=in_days(-1))
    assert "Delivery" not in client.get(address(make_link(quote.pk, by=None))).content.decode()


def test_opening_shows_the_quote_and_changes_nothing(client, quote):
    issue_quote(quote.pk, by=None)
    token = make_link(quote.pk, by=None)
    before = everything()

    for _time in range(3):
        response = client.get(address(token))
    client.head(address(token))
    pdf = client.get(reverse("public:quote_pdf", args=[token]))

    page = response.content.decode()
    assert response.status_code == 200
    assert f"{quote.number} v1" in page
    assert "30.00 EUR" in page
    assert pdf.content.startswith(b"%PDF-")
    assert everything() == before
    assert not response.cookies


def test_the_page_keeps_the_token_to_itself(client, quote):
    response = client.get(address(make_link(quote.pk, by=None)))

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "<script" not in response.content.decode()


def test_only_the_hash_of_a_token_is_kept(quote):
    token = make_link(quote.pk, by=None)

    kept = list(QuoteLink.objects.values_list("token_hash", flat=True))
    assert len(token) == 32
    assert token not in str(list(QuoteLink.objects.values()))
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)
    assert make_link(quote.pk, by=None) != token


def test_an_acceptance_is_kept_with_who_when_from_where_and_which_version(client, quote):
    token = make_link(quote.pk, by=None)

    response = client.post(address(token), YES, follow=True, REMOTE_ADDR="192.0.2.7")

    quote.refresh_from_db()
    answer = QuoteAnswer.objects.get()
    assert (quote.status, quote.accepted_by, quote.customer_po) == (
        QuoteStatus.ACCEPTED,
        "M. Kern",
        "4500-77",
    )
    assert (answer.version.number, answer.reply, answer.name) == (1, Reply.ACCEPTED, "M. Kern")
    assert (answer.ip, answer.link, answer.by) == ("192.0.2.7", QuoteLink.objects.get(), None)
    assert abs(answer.at - timezone.now()) < timedelta(minutes=1)
    assert "was accepted" in response.content.decode()


def test_a_second_answer_shows_the_first(client, quote):
    token = make_link(quote.pk, by=None)
    client.post(address(token), YES)

    response = client.post(address(token), {**NO, "name": "somebody else"}, follow=True)

    assert "M. Kern" in response.content.decode()
    assert QuoteAnswer.objects.get().reply == Reply.ACCEPTED


def test_a_refusal_keeps_its_reason(client, quote):
    client.post(address(make_link(quote.pk, by=None)), NO)

    quote.refresh_from_db()
    assert quote.status == QuoteStatus.DECLINED
    assert QuoteAnswer.objects.get().reason == "too dear"


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {**YES, "answer": "perhaps"},
        {**YES, "name": ""},
        {**YES, "name": "\x00\u202e"},
        {**YES, "name": "x" * 121},
        {k: v for k, v in YES.items() if k != "agree"},
        {**YES, "customer_po": "x" * 61},
        {**NO, "reason": "x" * 501},
    ],
)
def test_an_incomplete_answer_says_what_is_missing_and_keeps_nothing(client, quote, posted):
    response = client.post(address(make_link(quote.pk, by=None)), posted)

    assert response.status_code == 422
    assert "Nothing has been sent yet" in response.content.decode()
    assert not QuoteAnswer.objects.exists()


def test_a_customer_who_orders_with_numbers_must_give_one(client):
    token = make_link(a_sent_quote(po_required=True).pk, by=None)

    assert client.post(address(token), {**YES, "customer_po": ""}).status_code == 422
    assert client.post(address(token), {**NO}).status_code == 302


def test_what_is_typed_is_never_run_or_put_into_a_header(client, quote):
    evil = "<script>alert(1)</script>\r\nBcc: x@example.com"

    page = client.post(address(make_link(quote.pk, by=None)), {**YES, "name": evil}, follow=True)
    announce_quote_events()

    assert "<script>alert" not in page.content.decode()
    assert all("\n" not in letter.subject and not letter.bcc for letter in mail.outbox)


def dead_pages(client, quote):
    token = make_link(quote.pk, by=None)
    revoke_links(quote.pk, by=None)
    yield "revoked", address(token)
    good = make_link(quote.pk, by=None)
    yield "altered", address(good[:-1] + ("A" if good[-1] != "A" else "B"))
    yield "truncated", address(good[:-4])
    yield "longer", address(good + "x")
    yield "unknown", address("x" * 32)
    yield "the hash itself", address(QuoteLink.objects.last().token_hash)
    yield "nonsense", address("%F0%9F%92%A9'--")
    alive = QuoteLink.objects.filter(revoked_at=None)
    alive.update(expires_at=timezone.now() - timedelta(seconds=1))
    yield "too old", address(good)


def test_a_dead_link_is_one_page_whatever_it_was(client, quote):
    answers = {}
    for name, url in dead_pages(client, quote):
        response = client.get(url)
        assert response.status_code == client.post(url, YES).status_code == 404, name
        answers[name] = response.content
    assert len(set(answers.values())) == 1
    assert b"+49 40 1234" in response.content
    assert quote.number.encode() not in response.content
    assert not QuoteAnswer.objects.exists()


def test_a_replaced_version_says_so_and_cannot_be_answered(client, quote):
    old = make_link(quote.pk, by=None)
    revise_quote(quote.pk, by=None)

    page = client.get(address(old)).content.decode()
    posted = client.post(address(old), YES)

    assert "We are working on a new version" in page
    assert "<form" not in page
    assert "30.00" not in page
    assert posted.status_code == 409
    send_quote(quote.pk, by=None)
    assert "replaced by version 2" in client.get(address(old)).content.decode()
    assert client.post(address(old), YES).status_code == 409
    assert client.post(address(make_link(quote.pk, by=None)), YES).status_code == 302


def test_an_expired_and_a_withdrawn_quote_say_so(client, quote):
    token = make_link(quote.pk, by=None)
    Quote.objects.update(valid_until=in_days(-1))

    assert "ask us to renew" in client.get(address(token)).content.decode()
    assert client.post(address(token), YES).status_code == 409
    Quote.objects.update(valid_until=in_days(3))
    cancel_quote(quote.pk, by=None)
    assert "not open any more" in client.get(address(token)).content.decode()
    client.post(address(token), YES)
    assert not QuoteAnswer.objects.exists()


def test_who_tries_too_often_is_told_to_wait(client, quote, monkeypatch):
    monkeypatch.setattr(public, "MOST_DEAD", 3)
    monkeypatch.setattr(public, "MOST_ANSWERS", 2)
    token = make_link(quote.pk, by=None)

    found = [client.get(address("x" * 32)).status_code for _time in range(5)]
    elsewhere = client.get(address("x" * 32), REMOTE_ADDR="192.0.2.9").status_code
    posted = [client.post(address(token), {}).status_code for _time in range(3)]

    assert (found, elsewhere, posted) == ([404, 404, 404, 429, 429], 404, [422, 422, 429])
    assert client.get(address(token)).status_code == 200
    assert Attempts.objects.count() >= 3


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(client, quote, settings):
    settings.OMS_BEHIND_PROXY = True
    token = make_link(quote.pk, by=None)

    client.post(address(token), YES, HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.5", REMOTE_ADDR="10.0.0.1")

    assert QuoteAnswer.objects.get().ip == "203.0.113.5"


def test_another_site_needs_the_token_and_no_cookie_helps(quote):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address("x" * 32), YES).status_code == 404
    assert strict.post(address(make_link(quote.pk, by=None)), YES).status_code == 302


def test_the_page_stays_small_and_its_statements_few(client, house):
    sizes, counts = [], []
    for n in (2, 200):
        products = many_products(n)
        for product in products:
            product.name = "Sechskantschraube DIN 933 verzinkt " * 3
        type(products[0]).objects.bulk_update(products, ["name"])
        token = make_link(a_sent_quote([a_line(p, 2) for p in products]).pk, by=None)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address(token))
        sizes.append(len(response.content))
        counts.append(len(queries))

    assert sizes[1] < 50_000
    assert counts[0] == counts[1] <= 19
    assert "140 more lines" in response.content.decode()


def test_the_letter_carries_a_link_that_opens_and_the_seller_hears_the_answer(client, settings, house):
    settings.OMS_PUBLIC_URL = "https://quotes.example"
    rep = a_user("orders.view_quote", "customers.view_all_customers", email="rep@example.com")
    quote = draft_quote(Header(a_customer(email="c@example.com").pk), [a_line(a_product("NUT"), 3)], by=rep)
    send_quote(quote.pk, by=rep)
    announce_quote_events()
    (path,) = re.findall(r"https://quotes\.example(/q/\S+)", mail.outbox[0].body)

    client.post(path, YES)
    announce_quote_events()

    assert sorted(letter.to[0] for letter in mail.outbox[1:]) == ["c@example.com", "rep@example.com"]


def test_without_a_public_address_the_letter_has_no_link(settings, quote):
    settings.OMS_PUBLIC_URL = ""

    announce_quote_events()

    assert "Answer this letter" in mail.outbox[0].body


def test_a_link_revoked_while_somebody_answers_takes_nothing(quote):
    token = make_link(quote.pk, by=None)
    revoke_links(quote.pk, by=None)

    with pytest.raises(DeadLink):
        answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None)


def test_a_rep_records_an_acceptance_with_evidence(client, quote):
    boss = a_boss()
    client.force_login(boss)

    client.post(
        reverse("admin:orders_quote_accept", args=[quote.number]),
        {"name": "M. Kern", "customer_po": "1", "evidence": "by phone at ten"},
    )

    answer = QuoteAnswer.objects.get()
    assert (answer.by, answer.link, answer.evidence) == (boss, None, "by phone at ten")
    page = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert "by phone at ten" in page


def test_links_are_made_and_revoked_by_who_sends_quotes(client, quote):
    rep, other, clerk = (
        a_user(groups=[a_group(r)], is_staff=True) for r in ("Sales rep", "Sales rep", "Finance")
    )
    Customer.objects.update(rep=rep)

    def post(user, what):
        client.force_login(user)
        return client.post(reverse(f"admin:orders_quote_{what}", args=[quote.number]), follow=True)

    assert [post(user, "link").status_code for user in (other, clerk)] == [404, 403]
    made = post(rep, "link")
    assert "#" not in made.redirect_chain[0][0]  # the link is told on top of the page
    page = made.content.decode()
    (token,) = re.findall(r"/q/([A-Za-z0-9_-]{32})/", page)
    assert client.get(address(token)).status_code == 200
    post(rep, "revoke")
    assert client.get(address(token)).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"token_hash": "0" * 64},
        {"expires_at": timezone.now() + timedelta(days=9000)},
        {"revoked_at": None},
    ],
)
def test_a_link_never_opens_more_than_it_did(quote, change):
    make_link(quote.pk, by=None)
    revoked = {"revoked_at": timezone.now()} if "revoked_at" in change else {}
    if revoked:
        QuoteLink.objects.update(**revoked)

    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteLink.objects.update(**change)


def test_an_answer_is_never_changed(quote):
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None, said=Said(evidence="by phone"))

    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteAnswer.objects.update(name="somebody else")
