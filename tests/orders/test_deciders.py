"""Several people of the customer accept a quote: any, all, or one after the other."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from oms.verify import breaches
from orders.models import Consent, Decider, QuoteAnswer, QuoteLink
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.capturing import Header
from orders.services.deciding import DecidersAreSet, NotYourTurn, Person, set_deciders
from orders.services.quoting import (
    Acceptance,
    Expired,
    Said,
    Superseded,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    revise_quote,
    send_quote,
)
from orders.status import Deciding, QuoteStatus
from orders.tasks import announce_quote_events
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse, in_days

pytestmark = pytest.mark.django_db
KERN, ROTH = Person("M. Kern", "kern@example.com"), Person("A. Roth", "roth@example.com")
YES = {"answer": "accept", "name": "M. Kern", "agree": "on"}


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss():
    return a_boss()


def a_sent_quote(rule, boss, *people, **customer):
    buyer = a_customer("Kern AG", **customer)
    quote = draft_quote(Header(buyer.pk), [a_line(a_product(), 3)], by=boss)
    set_deciders(quote.pk, rule, people or (KERN, ROTH), by=boss)
    return send_quote(quote.pk, by=boss)


def links(quote):
    deciders = Decider.objects.filter(version__quote=quote, version__number=quote.version_number)
    return [make_link(quote.pk, by=None, decider_id=one.pk) for one in deciders]


def says(token, accepts=True, name="M. Kern", number="", reason=""):
    return answer_by_link(token, Answer(accepts, name, number, reason), ip="10.0.0.1")


def page(token):
    return Client().get(reverse("public:quote", args=[token])).content.decode()


def test_any_of_them_is_enough(boss):
    quote = a_sent_quote(Deciding.ANY, boss)

    assert says(links(quote)[1], name="A. Roth").status == QuoteStatus.ACCEPTED
    assert QuoteAnswer.objects.get().link.decider.name == "A. Roth"


def test_whoever_alone_decides_is_asked_for_the_number_that_the_customer_orders_with(boss):
    token = links(a_sent_quote(Deciding.ANY, boss, po_required=True))[1]

    answer = Client().post(reverse("public:quote", args=[token]), YES)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["customer_po"])
    assert answer.context["po_required"]


@pytest.mark.parametrize("turn", [(0, 1), (1, 0)])
def test_all_of_them_accept_in_whatever_order(boss, turn):
    quote = a_sent_quote(Deciding.ALL, boss)
    tokens = links(quote)

    assert says(tokens[turn[0]], number="4500-77").status == QuoteStatus.SENT
    assert not QuoteAnswer.objects.exists()
    assert "You have accepted" in page(tokens[turn[0]])
    done = says(tokens[turn[1]])

    assert (done.status, done.accepted_by, done.customer_po) == (
        QuoteStatus.ACCEPTED,
        "M. Kern, A. Roth",
        "4500-77",
    )
    assert Consent.objects.count() == 2
    assert list(breaches()) == []


def test_one_after_the_other_waits_for_who_is_before(boss):
    quote = a_sent_quote(Deciding.IN_ORDER, boss)
    first, second = links(quote)

    with pytest.raises(NotYourTurn, match="Kern accepts before you"):
        says(second)
    assert "M. Kern accepts before you" in page(second)
    assert "<form" not in page(second)
    says(first)

    assert "<form" in page(second)
    assert says(second).status == QuoteStatus.ACCEPTED


def test_nobody_accepts_twice_for_another(boss):
    first, _second = links(a_sent_quote(Deciding.ALL, boss))
    says(first)

    with pytest.raises(NotYourTurn, match="already"):
        says(first)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize("rule", list(Deciding))
def test_a_link_of_nobody_is_for_reading(boss, rule, accepts):
    quote = a_sent_quote(rule, boss)
    token = make_link(quote.pk, by=None)

    with pytest.raises(NotYourTurn, match="own"):
        says(token, accepts, name="Intern")
    form = {**YES, "name": "Intern", "reason": "no", "answer": "accept" if accepts else "decline"}
    assert Client().post(reverse("public:quote", args=[token]), form).status_code == 409
    assert "for reading" in page(token)
    assert "<form" not in page(token)
    assert "M. Kern" in page(token)
    quote.refresh_from_db()
    assert quote.status == QuoteStatus.SENT


def test_where_nobody_is_named_whoever_has_the_link_decides(boss):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=boss)
    send_quote(quote.pk, by=boss)
    token = make_link(quote.pk, by=None)

    assert "<form" in page(token)
    assert says(token).status == QuoteStatus.ACCEPTED


def test_one_who_declines_ends_it(boss):
    first, second = links(a_sent_quote(Deciding.ALL, boss))
    says(first)

    assert says(second, accepts=False, reason="too dear").status == QuoteStatus.DECLINED
    assert "declined" in page(first)


def test_the_number_is_asked_of_who_decides_last(boss):
    first, second = links(a_sent_quote(Deciding.ALL, boss, po_required=True))

    assert Client().post(reverse("public:quote", args=[first]), YES).status_code == 302
    assert Client().post(reverse("public:quote", args=[second]), YES).status_code == 422
    done = Client().post(reverse("public:quote", args=[second]), {**YES, "customer_po": "4500"})
    assert done.status_code == 302
    assert QuoteAnswer.objects.get().customer_po == "4500"


def test_a_version_that_was_replaced_or_is_over_says_so(boss):
    quote = a_sent_quote(Deciding.ALL, boss)
    first, second = links(quote)
    type(quote).objects.filter(pk=quote.pk).update(valid_until=in_days(-1))

    with pytest.raises(Expired):
        says(first)
    assert "Please ask us to renew it" in page(first)
    revise_quote(quote.pk, by=boss)
    with pytest.raises(Superseded):
        says(second)
    assert "We are working on a new version" in page(second)


def test_a_revision_asks_the_same_people_anew(boss):
    quote = a_sent_quote(Deciding.ALL, boss)
    says(links(quote)[0])
    revise_quote(quote.pk, by=boss)
    quote = send_quote(quote.pk, by=boss)

    first, second = links(quote)
    says(first)
    assert says(second).status == QuoteStatus.ACCEPTED
    assert Consent.objects.count() == 3


def test_a_rep_may_still_record_what_the_customer_said(boss):
    quote = a_sent_quote(Deciding.ALL, boss)

    done = accept_quote(quote.pk, Acceptance("M. Kern"), by=boss, said=Said(evidence="by phone"))

    assert done.status == QuoteStatus.ACCEPTED
    assert list(breaches()) == []


def test_who_decides_is_set_before_a_version_is_sent(boss):
    quote = a_sent_quote(Deciding.ALL, boss)

    with pytest.raises(DecidersAreSet):
        set_deciders(quote.pk, Deciding.ANY, [], by=boss)


@pytest.mark.parametrize("people", [[], [KERN] * 11])
def test_all_of_nobody_or_of_a_crowd_is_refused(boss, people):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=boss)

    with pytest.raises(DecidersAreSet):
        set_deciders(quote.pk, Deciding.ALL, people, by=boss)


def test_the_database_freezes_who_decides_and_their_consents(boss):
    quote = a_sent_quote(Deciding.ALL, boss)
    token, _other = links(quote)
    says(token)

    for change in (
        lambda: Decider.objects.update(name="Somebody"),
        lambda: Decider.objects.all().delete(),
        lambda: Consent.objects.update(name="Somebody"),
        lambda: QuoteLink.objects.update(decider=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("rule", [Deciding.ANY, Deciding.ALL])
def test_who_decides_gets_a_letter_with_a_link_of_their_own(boss, settings, rule):
    settings.OMS_PUBLIC_URL = "https://oms.example.com"
    a_sent_quote(rule, boss, KERN, Person("A. Roth"), email="einkauf@example.com")

    announce_quote_events()

    assert sorted(letter.to[0] for letter in mail.outbox) == ["einkauf@example.com", "kern@example.com"]
    general, mine = sorted(mail.outbox, key=lambda letter: letter.to)
    token = mine.body.split("/q/")[1].split("/")[0]
    assert "<form" in page(token)
    assert "Who accepts has a link of their own: M. Kern, A. Roth." in general.body
    assert "accept or decline it here" not in general.body


def test_the_quotes_page_says_who_has_accepted_and_makes_links(client, boss):
    client.force_login(boss)
    quote = a_sent_quote(Deciding.IN_ORDER, boss)
    says(links(quote)[0])
    address = reverse("admin:orders_quote_change", args=[quote.pk])

    told = client.get(address).content.decode()

    assert "accepted by M. Kern" in told
    assert "has not answered" in told
    roth = Decider.objects.get(name="A. Roth")
    client.post(reverse("admin:orders_quote_link", args=[quote.number]), {"decider": roth.pk})
    assert QuoteLink.objects.latest("pk").decider == roth


def test_people_are_chosen_on_the_page_each_on_a_line(client, boss):
    client.force_login(boss)
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=boss)
    address = reverse("admin:orders_quote_deciders", args=[quote.number])

    client.post(address, {"rule": "in_order", "people": "M. Kern, kern@example.com\n\nA. Roth"})

    people = Decider.objects.values_list("position", "name", "email")
    assert list(people) == [(1, "M. Kern", "kern@example.com"), (2, "A. Roth", "")]
    client.post(address, {"rule": "all", "people": "M. Kern, no address"})
    assert Decider.objects.count() == 2


# --- the letters ------------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(settings):
    """Return how to take the letters that are due since the last time, by who gets them."""
    settings.OMS_PUBLIC_URL = "https://oms.example.com"

    def due():
        mail.outbox.clear()
        announce_quote_events()
        return {", ".join(letter.to): letter for letter in mail.outbox}

    return due


def token_in(letter):
    return letter.body.split("/q/")[1].split("/")[0]


BLUM = Person("C. Blum", "blum@example.com")


def test_one_after_the_other_is_told_when_it_is_their_turn(boss, letters):
    a_sent_quote(Deciding.IN_ORDER, boss, KERN, ROTH, BLUM, email="einkauf@example.com")

    first = letters()
    assert sorted(first) == [
        "blum@example.com",
        "einkauf@example.com",
        "kern@example.com",
        "roth@example.com",
    ]
    assert "accept or decline it here" in first["kern@example.com"].body
    for later in ("roth@example.com", "blum@example.com"):
        assert "M. Kern accepts before you. We write to you when it is your turn." in first[later].body
        assert "accept or decline it here" not in first[later].body
    early = token_in(first["roth@example.com"])
    assert "We write to you when it is your turn" in page(early)

    says(token_in(first["kern@example.com"]))
    second = letters()
    assert sorted(second) == ["kern@example.com", "roth@example.com"]
    assert "we have got your acceptance" in second["kern@example.com"].body
    assert "still waits for A. Roth, C. Blum" in second["kern@example.com"].body
    assert "M. Kern has accepted our quote" in second["roth@example.com"].body
    assert token_in(second["roth@example.com"]) != early
    assert "<form" in page(early)
    says(token_in(second["roth@example.com"]), name="A. Roth")

    third = letters()
    assert sorted(third) == ["blum@example.com", "roth@example.com"]
    says(token_in(third["blum@example.com"]), name="C. Blum")
    last = letters()
    assert sorted(last) == ["blum@example.com, einkauf@example.com"]
    assert letters() == {}


def test_where_all_accept_each_gets_a_receipt_and_nobody_is_told_twice(boss, letters):
    a_sent_quote(Deciding.ALL, boss, KERN, ROTH, email="einkauf@example.com")
    first = letters()

    says(token_in(first["roth@example.com"]), name="A. Roth")

    assert list(letters()) == ["roth@example.com"]


def test_any_of_them_who_answers_gets_the_receipt(boss, letters):
    a_sent_quote(Deciding.ANY, boss, KERN, ROTH, email="einkauf@example.com")

    says(token_in(letters()["roth@example.com"]), accepts=False, reason="too dear")

    assert "you declined our quote" in letters()["einkauf@example.com, roth@example.com"].body


def test_without_an_address_the_receipt_goes_to_the_customer_and_who_is_next_hears_of_the_office(
    client, boss, letters
):
    quote = a_sent_quote(
        Deciding.IN_ORDER, boss, Person("M. Kern"), Person("A. Roth"), email="einkauf@example.com"
    )
    letters()
    first, second = links(quote)
    assert "Please come back then" in page(second)

    says(first)

    assert list(letters()) == ["einkauf@example.com"]
    client.force_login(boss)
    told = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert "A. Roth has no e-mail address: pass a new link on" in told


@pytest.mark.parametrize("after", ["revised", "accepted", "declined", "cancelled"])
def test_nobody_is_told_of_a_turn_that_does_not_come(boss, letters, after):
    quote = a_sent_quote(Deciding.IN_ORDER, boss, KERN, ROTH)
    says(token_in(letters()["kern@example.com"]))
    {
        "revised": lambda: revise_quote(quote.pk, by=boss),
        "accepted": lambda: accept_quote(quote.pk, Acceptance("M. Kern"), by=boss),
        "declined": lambda: decline_quote(quote.pk, "too dear", by=boss),
        "cancelled": lambda: cancel_quote(quote.pk, by=boss),
    }[after]()

    assert list(letters()) == ["kern@example.com"]


def test_an_acceptance_kept_before_there_were_receipts_is_told_to_nobody(boss, letters):
    quote = a_sent_quote(Deciding.IN_ORDER, boss, KERN, ROTH)
    letters()
    quote.record("consented", by=None, note="M. Kern")

    assert letters() == {}
