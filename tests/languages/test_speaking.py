"""A customer reads pages, letters and papers in its own language; the office reads everything in its own."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from oms.languages import in_language_of, in_our_words
from oms.lettering import PLAIN, width_of
from oms.models import Company, User
from oms.paper import FACTS, LABELS, SIZE
from orders.models import CounterLine, HoldPolicy, IssuedDocument, Quote, QuoteAnswer
from orders.services import issuing
from orders.services.answering import Answer, answer_by_link, make_link, revoke_links
from orders.services.capturing import Header
from orders.services.deciding import Person, set_deciders
from orders.services.following import make_order_link
from orders.services.issuing import issue_confirmation, issue_proforma, issue_quote
from orders.services.quoting import cancel_quote, draft_quote, expire_quotes, revise_quote, send_quote
from orders.status import Deciding
from orders.tasks import announce_order_events, announce_quote_events
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    an_address,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db
CODES = ["de", "fr", "it", "nl"]


def a_quote(language="de", lines=None, **customer):
    buyer = a_customer("Kern AG", language=language, email="einkauf@example.com", **customer)
    bolt = a_product(price="1234.50", on_hand=9)
    return send_quote(draft_quote(Header(buyer.pk), lines or [a_line(bolt, 3)], by=None).pk, by=None)


def page_of(client, quote, name="quote", **headers):
    response = client.get(reverse(f"public:{name}", args=[make_link(quote.pk, by=None)]), **headers)
    assert response.status_code == 200
    return response.content.decode()


def lang(page):
    return re.search(r'<html lang="([^"]+)"', page)[1]


# --- the pages -------------------------------------------------------------------------------------------------------


def test_the_page_is_in_the_customers_language_with_its_days_and_numbers(client, house):
    quote = a_quote("de")

    page = page_of(client, quote)

    assert lang(page) == "de"
    assert f"<h1>Angebot {quote.number} v1</h1>" in page
    assert "3.703,50 EUR" in page
    assert f"gültig bis zum Ende des {quote.valid_until:%d.%m.%Y}" in page
    assert ">Annehmen</button>" in page


@pytest.mark.parametrize("code", CODES)
def test_every_language_is_spoken(client, house, code):
    page = page_of(client, a_quote(code))

    assert lang(page) == code
    assert "Thank you" not in page
    assert ">Accept<" not in page


def test_without_one_of_its_own_it_is_the_companys_else_english(client, house):
    quote = a_quote("")
    assert lang(page_of(client, quote)) == "en"

    Company.objects.update(language="it")
    assert lang(page_of(client, quote)) == "it"
    assert lang(page_of(client, a_quote("nl"))) == "nl"

    Company.objects.update(language="tlh")
    assert lang(page_of(client, quote)) == "en"


def test_the_browser_does_not_overrule_what_is_known_of_the_customer(client, house):
    assert lang(page_of(client, a_quote("de"), HTTP_ACCEPT_LANGUAGE="it")) == "de"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("tlh, it;q=0.8, de;q=0.2", "it"),
        ("en-GB", "en"),
        ("", "it"),
        ("*", "it"),
        ("de;q=x,,;;\0", "it"),
        ("d" * 9000, "it"),
    ],
)
def test_a_dead_link_speaks_as_the_browser_asks_and_tells_nothing_of_the_customer(
    client, house, asked, spoken
):
    Company.objects.update(language="it")
    quote = a_quote("nl")
    token = make_link(quote.pk, by=None)
    revoke_links(quote.pk, by=None)

    pages = [
        client.get(reverse("public:quote", args=[link]), HTTP_ACCEPT_LANGUAGE=asked).content.decode()
        for link in (token, "never-was")
    ]

    assert pages[0] == pages[1]
    assert lang(pages[0]) == spoken


def test_a_page_that_only_takes_forms_says_so_in_the_readers_language(client, house):
    token = make_link(a_quote("de").pk, by=None)

    page = client.put(reverse("public:quote", args=[token]), HTTP_ACCEPT_LANGUAGE="de")

    assert page.status_code == 405
    assert "Diese Seite lässt sich nicht" in page.content.decode()


def test_the_office_stays_english_after_a_customer_was_served(client, house):
    page_of(client, a_quote("de"))
    client.get(reverse("public:quote", args=["dead"]), HTTP_ACCEPT_LANGUAGE="de")

    assert translation.get_language() == "en"
    client.force_login(a_boss())
    assert lang(client.get("/admin/", HTTP_ACCEPT_LANGUAGE="de").content.decode()) == "en"


# --- what is sent and kept -------------------------------------------------------------------------------------------


def test_a_refusal_is_in_the_customers_language(client, house):
    quote = a_quote("de", po_required=True)
    url = reverse("public:quote", args=[make_link(quote.pk, by=None)])

    page = client.post(url, {"answer": "accept", "name": "", "agree": "on"}).content.decode()

    assert "Dieses Feld ist zwingend erforderlich." in page
    assert "Ihr Unternehmen bestellt mit einer Nummer." in page


def test_an_answer_to_what_is_over_is_told_so_in_the_customers_language(client, house):
    late = a_quote("de")
    bolt = a_line(a_product(), 1)
    other = draft_quote(Header(late.customer_id), [bolt], by=None, alternative_to=late.pk)
    send_quote(other.pk, by=None)
    url = reverse("public:quote", args=[make_link(late.pk, by=None)])
    Quote.objects.filter(pk=late.pk).update(valid_until=in_days(-1))
    expire_quotes()
    answer_by_link(make_link(other.pk, by=None), Answer(accepts=True, name="M. Kern"), ip=None)

    answer = client.post(url, {"answer": "accept", "name": "M. Kern", "agree": "on"})

    assert answer.status_code == 409
    assert "Dieses Angebot war bis zum Ende des" in answer.content.decode()
    assert "accepted instead" not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        ("de", "2,50", "2.50"),
        ("de", "1.234,50", "1234.50"),
        ("de", "2.50", "2.50"),  # from a keypad that has no comma
        ("de", "0,425", "0.425"),
        ("de", "1,250", "1.250"),
        ("fr", "1 234,50", "1234.50"),
        ("fr", "1\xa0234,50", "1234.50"),
        ("en", "2.50", "2.50"),
        ("en", "2,50", "2.50"),
        ("en", "1,234.50", "1234.50"),
        ("en", "1.250", "1.250"),
    ],
)
def test_a_price_is_read_as_the_language_writes_it(client, house, language, typed, price):
    url = reverse("public:quote_counter", args=[make_link(a_quote(language).pk, by=None)])

    answer = client.post(url, {"name": "M. Kern", "p-1": typed})

    assert answer.status_code == 302, answer.content.decode()
    assert CounterLine.objects.get().price == Decimal(price)


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("de", "1.250", "„1.250“ kann 1250 oder 1,250 sein"),
        ("en", "1,250", "“1,250” may be 1250 or 1.250"),
        ("de", "zwei", "„zwei“ ist keine Zahl wie 1.200,50"),
        ("de", "1.2.3", "ist keine Zahl"),
        ("de", "٣", "ist keine Zahl"),
        ("de", "1e3", "ist keine Zahl"),
        ("de", "-1", "geht nicht"),
        ("de", "NaN", "ist keine Zahl"),
        ("de", "9" * 200, "ist keine Zahl"),
        ("de", "1_000", "ist keine Zahl"),
    ],
)
def test_a_number_that_may_be_two_is_asked_about_and_none_is_refused(client, house, language, typed, said):
    url = reverse("public:quote_counter", args=[make_link(a_quote(language).pk, by=None)])

    answer = client.post(url, {"name": "M. Kern", "p-1": typed})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CounterLine.objects.exists()


def test_what_is_kept_of_an_answer_is_in_our_words(house):
    quote = a_quote("de")
    other = draft_quote(
        Header(quote.customer_id), [a_line(a_product("NUT"), 1)], by=None, alternative_to=quote.pk
    )
    token = make_link(quote.pk, by=None)

    with in_language_of("de"):
        answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None)

    assert QuoteAnswer.objects.get().evidence == "by the link we sent"
    assert other.events.latest("version").note == f"{quote.number} v1 was accepted instead"


def test_nothing_german_is_kept_whatever_a_customer_answers(client, house):
    with_two = a_quote("de")
    for url, sent in (
        ("public:quote_counter", {"name": "M. Kern", "p-1": "2,50", "comment": "match"}),
        ("public:quote", {"answer": "decline", "name": "M. Kern", "reason": "too dear"}),
    ):
        client.post(reverse(url, args=[make_link(with_two.pk, by=None)]), sent)

    notes = list(with_two.events.order_by("version").values_list("kind", "note"))

    assert notes[-2:] == [("countered", "M. Kern: match"), ("declined", "too dear")]


# --- letters ---------------------------------------------------------------------------------------------------------


def test_letters_are_in_the_customers_language_and_say_which(house):
    quote = a_quote("de")
    order = a_confirmed_order({a_product("RING", price="1000", on_hand=2): 2}, customer=quote.customer)

    announce_quote_events()
    announce_order_events()

    offer, confirmation = mail.outbox
    assert offer.subject == f"Unser Angebot {quote.number} v1"
    assert offer.extra_headers == {"Content-Language": "de"}
    assert f"gültig bis {quote.valid_until:%d.%m.%Y}" in offer.body
    assert "3.703,50 EUR" in offer.body
    assert confirmation.subject.endswith(f"ist als {order.number} bestätigt")
    assert "2.000,00 EUR" in confirmation.body
    assert translation.get_language() == "en"


def test_a_receipt_is_in_the_customers_language_and_the_sellers_letter_in_ours(house):
    rep = a_boss()
    User.objects.filter(pk=rep.pk).update(email="rep@example.com")
    quote = a_quote("de", rep=rep)
    answer_by_link(make_link(quote.pk, by=None), Answer(accepts=True, name="M. Kern"), ip=None)
    mail.outbox.clear()

    announce_quote_events()

    by_address = {letter.to[0]: letter for letter in mail.outbox}
    assert by_address["rep@example.com"].extra_headers == {"Content-Language": "en"}
    receipts = [
        letter for letter in mail.outbox if letter.subject.startswith("Ihre Antwort auf unser Angebot")
    ]
    assert [letter.to for letter in receipts] == [["einkauf@example.com"]]
    assert "wir haben Ihre Annahme" in receipts[0].body


# --- papers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch):
    papers = []
    monkeypatch.setattr(issuing, "as_pdf", lambda paper: papers.append(paper) or b"%PDF-")
    return papers


def test_papers_are_in_the_customers_language(house, drawn):
    order = a_confirmed_order(
        {a_product("RING", price="1234.5", on_hand=2): 2}, customer=a_quote("de").customer
    )

    issue_quote(Quote.objects.get().pk, by=None)
    issue_confirmation(order.pk, by=None)
    issue_proforma(order.pk, by=None)

    assert [paper.title for paper in drawn] == ["Angebot", "Auftragsbestätigung", "Proforma-Rechnung"]
    assert [column.title for column in drawn[0].columns] == ["#", "Artikel", "Menge", "Preis", "Betrag"]
    assert drawn[1].rows[0][-1] == "2.469,00"
    assert ("Gültig bis", f"{Quote.objects.get().valid_until:%d.%m.%Y}") in drawn[0].facts


@pytest.mark.parametrize("code", ["en", *CODES])
def test_no_label_runs_into_what_it_is_of(house, drawn, code):
    buyer = a_customer(language=code)
    dock = an_address(buyer, code="DOCK")
    order = a_confirmed_order({a_product(): 2}, customer=buyer, customer_po="4500-77", ship_to_id=dock.pk)
    quote = send_quote(
        draft_quote(Header(buyer.pk, customer_po="77"), [a_line(a_product(), 1)], by=None).pk, by=None
    )

    issue_quote(quote.pk, by=None)
    issue_confirmation(order.pk, by=None)
    issue_proforma(order.pk, by=None)

    labels = {label for paper in drawn for label, _value in paper.facts}
    assert len(labels) >= 10
    assert not {label for label in labels if width_of(label, PLAIN, SIZE) > FACTS - LABELS - 3}


def test_a_paper_says_its_language_to_who_reads_it_aloud(house):
    paper = issue_quote(a_quote("de").pk, by=None)

    assert b"/Lang (de)" in bytes(paper.content)
    assert b"/Lang (en)" in bytes(issue_quote(a_quote("").pk, by=None).content)


def test_what_was_printed_stays_when_the_customers_language_changes(house, drawn):
    quote = a_quote("de")
    order = a_confirmed_order({a_product("RING", on_hand=2): 2}, customer=quote.customer)
    first = [issue_quote(quote.pk, by=None), issue_proforma(order.pk, by=None)]
    quote.customer.language = "it"
    quote.customer.save()

    again = [issue_quote(quote.pk, by=None), issue_proforma(order.pk, by=None)]

    assert again[0].pk == first[0].pk
    assert again[1].pk != first[1].pk
    assert drawn[-1].columns[1].title not in ("Artikel", "Product")
    assert IssuedDocument.objects.count() == 3


def test_what_cannot_be_printed_is_told_to_the_office_in_its_words(house):
    odd = a_product("ODD")
    odd.name = "ไทย"
    odd.save()
    quote = a_quote("de", [a_line(odd, 1)])

    with pytest.raises(issuing.CannotPrint, match=r"cannot be printed: .* in line 1"):
        issue_quote(quote.pk, by=None)


# --- nothing is left in English --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_no_page_letter_or_paper_of_any_state_has_a_text_that_is_not_translated(
    client, house, code, untranslated
):
    HoldPolicy.objects.create(days=4)
    boss = a_boss()
    live, revised, gone, declined, late = (a_quote(code) for _n in range(5))
    tokens = {quote: make_link(quote.pk, by=None) for quote in (live, revised, gone, declined, late)}
    joint = _decided_by_two(code)
    tokens |= {joint: make_link(joint.pk, by=None, decider_id=joint.versions.get().deciders.first().pk)}
    revise_quote(revised.pk, by=boss)
    cancel_quote(gone.pk, by=boss)
    answer_by_link(tokens[declined], Answer(accepts=False, name="M. Kern", reason="dear"), ip=None)
    answer_by_link(tokens[joint], Answer(accepts=True, name="M. Kern"), ip=None)
    Quote.objects.filter(pk=late.pk).update(valid_until=in_days(-1))
    order = a_confirmed_order({a_product("RING", on_hand=1): 2}, customer=live.customer)
    issue_proforma(order.pk, by=None)
    announce_quote_events()
    announce_order_events()

    for token in tokens.values():
        for name in ("quote", "quote_counter", "quote_pdf"):
            client.get(reverse(f"public:{name}", args=[token]))
    client.get(reverse("tracking:order", args=[make_order_link(order.pk, by=None)]))
    live_pages = [reverse(f"public:{name}", args=[tokens[live]]) for name in ("quote", "quote_counter")]
    for sent in ({}, {"answer": "accept"}, {"name": "x" * 200, "answer": "decline", "p-1": "x", "q-1": "0"}):
        for page in live_pages:
            assert client.post(page, sent).status_code == 422
    client.post(live_pages[1], {"name": "Kern"})
    client.post(live_pages[1], {"name": "Kern", "p-1": "2"})
    client.get(f"{live_pages[1]}?kept")

    assert not untranslated


def _decided_by_two(code):
    bolt = a_product(price="10")
    buyer = a_customer(language=code)
    quote = draft_quote(Header(buyer.pk), [a_line(bolt, 1)], by=None)
    people = [Person("A. Kern", "a@example.com"), Person("B. Kern", "")]
    set_deciders(quote.pk, Deciding.IN_ORDER, people, by=a_boss())
    return send_quote(quote.pk, by=None)


def test_a_text_that_is_not_translated_is_seen(untranslated):
    with in_language_of("de"):
        translation.gettext("Nobody has translated this")
        translation.gettext("Accept")
    with in_our_words():
        translation.gettext("Nor this, which the office reads")

    assert untranslated == {"Nobody has translated this"}


@pytest.mark.parametrize("code", ["en", *CODES])
def test_the_longest_pages_stay_under_50_kilobytes_in_every_language(client, house, code):
    lines = [a_line(product, 1000, discount=5) for product in many_products(60)]
    quote = a_quote(code, lines)

    for name in ("quote", "quote_counter"):
        assert len(page_of(client, quote, name).encode()) < 50_000
