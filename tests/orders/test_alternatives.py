"""Several quotes for the same wish, side by side: the customer accepts one, the others are open no more."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import PriceRule
from inventory.models import Warehouse
from oms.company import business_day
from oms.contention import again_after_ties
from oms.errors import IllegalMove
from oms.verify import breaches
from orders.errors import AcceptedBeside
from orders.models import ApprovalRequest, HoldPolicy, Quote, StockHold
from orders.services.alternatives import draft_alternative
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import (
    Acceptance,
    Said,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.status import QuoteStatus
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    a_company()
    a_warehouse("MAIN")
    return a_boss()


@pytest.fixture
def first(boss):
    lines = [a_line(a_product("A"), 5, price=8), a_line(a_product("B"), 2)]
    quote = draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss)
    return send_quote(quote.pk, by=boss)


def sent(quote, boss):
    return send_quote(draft_alternative(quote.pk, by=boss).pk, by=boss)


def status_of(*quotes):
    return [Quote.objects.get(pk=quote.pk).status for quote in quotes]


def page_of(client, quote):
    return " ".join(
        client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode().split()
    )


def test_an_alternative_has_the_same_lines_at_todays_prices_and_nothing_that_was_agreed(first, boss):
    PriceRule.objects.update(price=12)

    second = draft_alternative(first.pk, by=boss)

    assert (second.status, second.customer, second.ship_to) == (
        QuoteStatus.DRAFT,
        first.customer,
        first.ship_to,
    )
    lines = second.versions.get().lines.order_by("position")
    assert list(lines.values_list("product__sku", "ordered", "unit_price")) == [("A", 5, 12), ("B", 2, 12)]
    assert status_of(first) == [QuoteStatus.SENT], "both are open"


def test_an_alternative_to_an_alternative_is_one_to_the_first(first, boss):
    second = draft_alternative(first.pk, by=boss)
    third = draft_alternative(second.pk, by=boss)

    for one, others in ((first, [second, third]), (second, [first, third]), (third, [first, second])):
        assert list(Quote.objects.beside(Quote.objects.get(pk=one.pk)).order_by("pk")) == others


def test_who_accepts_one_closes_the_others(first, boss):
    a_rule(threshold=1, approvers=a_group("Sales manager"))
    waiting = sent(first, boss)
    drafted = draft_alternative(first.pk, by=boss)
    another = draft_quote(Header(first.customer_id), [a_line(a_product("C"), 1)], by=boss)
    assert status_of(waiting) == [QuoteStatus.WAITING]

    accept_quote(first.pk, Acceptance("M. Kern"), by=boss)

    assert status_of(first, waiting, drafted, another) == ["accepted", "cancelled", "cancelled", "draft"]
    assert (
        Quote.objects.get(pk=waiting.pk).events.latest("version").note == f"{first} v1 was accepted instead"
    )
    assert not ApprovalRequest.objects.filter(status="pending").exists()
    assert list(breaches()) == []


def test_what_the_others_held_is_free_and_what_the_accepted_one_holds_stays(boss):
    HoldPolicy.objects.create(days=5)
    bolts = a_product("A", on_hand=100, at=Warehouse.objects.get())
    first = draft_quote(Header(a_customer().pk), [a_line(bolts, 30)], by=boss)
    send_quote(first.pk, by=boss)
    second = sent(first, boss)
    assert sorted(StockHold.objects.filter(ended_on=None).values_list("line__version__quote", flat=True)) == [
        first.pk, second.pk,
    ]  # fmt: skip

    accept_quote(second.pk, Acceptance("M. Kern"), by=boss)

    assert StockHold.objects.get(ended_on=None).line.version.quote == second
    assert list(breaches()) == []


def test_what_has_ended_stays_as_it_ended(first, boss):
    declined, taken_back = sent(first, boss), sent(first, boss)
    decline_quote(declined.pk, "too dear", by=boss)
    cancel_quote(taken_back.pk, by=boss)

    accept_quote(first.pk, Acceptance("M. Kern"), by=boss)

    assert status_of(declined, taken_back) == ["declined", "cancelled"]
    assert Quote.objects.get(pk=taken_back.pk).events.latest("version").note == ""
    with pytest.raises(IllegalMove):
        draft_alternative(declined.pk, by=boss)


def test_to_decline_or_revise_one_leaves_the_others_open(first, boss):
    second, third = sent(first, boss), sent(first, boss)

    decline_quote(first.pk, "too dear", by=boss)
    revise_quote(second.pk, by=boss)

    assert status_of(second, third) == ["draft", "sent"]


def test_what_was_closed_cannot_be_accepted_any_more(first, boss):
    second = sent(first, boss)
    accept_quote(second.pk, Acceptance("M. Kern"), by=boss)

    with pytest.raises(IllegalMove):
        accept_quote(first.pk, Acceptance("M. Kern"), by=boss)
    assert status_of(first, second) == ["cancelled", "accepted"]


def test_the_customer_reads_what_is_offered_beside_and_what_was_accepted_instead(client, first, boss):
    second, drafted = sent(first, boss), draft_alternative(first.pk, by=boss)
    over = sent(first, boss)
    Quote.objects.filter(pk=over.pk).update(valid_until=business_day() - timedelta(days=3))
    links = [reverse("public:quote", args=[make_link(one.pk, by=boss)]) for one in (first, second)]

    text = client.get(links[0]).content.decode()
    assert f"Beside this one we offer {second}." in text
    assert drafted.number not in text
    assert over.number not in text

    answered = client.post(links[1], {"answer": "accept", "name": "M. Kern", "agree": "on"})
    assert answered.status_code == 302
    assert f"{second} was accepted instead of this one" in client.get(links[0]).content.decode()
    refused = client.post(links[0], {"answer": "accept", "name": "M. Kern", "agree": "on"}, follow=True)
    assert f"{second} was accepted instead" in refused.content.decode()
    assert status_of(first, second, drafted) == ["cancelled", "accepted", "cancelled"]


def test_the_page_offers_an_alternative_and_shows_all(client, first, boss):
    client.force_login(boss)
    alternative = reverse("admin:orders_quote_alternative", args=[first.number])
    assert alternative in page_of(client, first)

    made = client.post(alternative, follow=True)

    second = Quote.objects.latest("pk")
    assert made.redirect_chain[-1][0] == reverse("admin:orders_quote_change", args=[second.pk])
    assert f"{second} is drafted beside the other." in made.content.decode()
    assert f"{first} v1</a> · 60.00 EUR · sent" in page_of(client, second)
    assert f"{second} v1</a> · 70.00 EUR · draft" in page_of(client, first)


def test_who_may_not_enter_quotes_makes_no_alternative(client, first):
    client.force_login(a_user("orders.view_quote", "customers.view_all_customers", is_staff=True))
    alternative = reverse("admin:orders_quote_alternative", args=[first.number])

    assert client.post(alternative).status_code == 403
    stranger = a_user("orders.view_quote", "orders.add_quote", is_staff=True, username="rep of others")
    client.force_login(stranger)
    assert client.post(alternative).status_code == 404
    assert Quote.objects.count() == 1


def test_the_page_takes_as_many_statements_for_many_alternatives_as_for_two(client, first, boss):
    client.force_login(boss)
    counted = []
    for most in (1, 6):
        for _n in range(most):
            draft_alternative(first.pk, by=boss)
        with CaptureQueriesContext(connection) as seen:
            page_of(client, first)
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_accepted_at_once_one_is(boss, first):
    second = sent(first, boss)
    tokens = [make_link(one.pk, by=boss) for one in (first, second)]
    together, refused = Barrier(2), []

    def accept(token):
        together.wait()
        try:
            again_after_ties(lambda: answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None))
        except IllegalMove as refusal:
            refused.append(refusal)
        connection.close()

    people = [Thread(target=accept, args=[token]) for token in tokens]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(status_of(first, second)) == ["accepted", "cancelled"]
    assert len(refused) == 1
    assert list(breaches()) == []


def let_expire(*quotes):
    Quote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(
        valid_until=business_day() - timedelta(days=1)
    )
    expire_quotes()


def accept_late(quote, boss, came_on=None):
    said = Said(came_on=came_on or business_day())
    return accept_quote(quote.pk, Acceptance("M. Kern"), by=boss, said=said)


@pytest.mark.parametrize("is_ordered", [False, True])
def test_an_expired_one_is_not_accepted_late_when_another_was(first, boss, is_ordered):
    second, third = sent(first, boss), sent(first, boss)
    let_expire(second, third)
    accept_quote(first.pk, Acceptance("M. Kern"), by=boss)
    if is_ordered:
        order_from_quote(first.pk, by=boss)

    for late in (second, third):
        with pytest.raises(AcceptedBeside) as refusal:
            accept_late(late, boss)
        assert f"{first} was accepted instead of {late}" in str(refusal.value)
        assert f"revise {late} or draft a quote of its own" in str(refusal.value)
    with pytest.raises(AcceptedBeside):
        accept_quote(
            second.pk, Acceptance("M. Kern"), by=boss
        )  # that no day was given is not what is in the way
    assert status_of(second, third) == ["expired", "expired"]
    assert list(breaches()) == []


def test_of_two_expired_ones_one_is_accepted_late_and_what_is_revised_since_is_an_offer_again(first, boss):
    second = sent(first, boss)
    apart = draft_quote(Header(first.customer_id), [a_line(a_product("C"), 1)], by=boss)
    send_quote(apart.pk, by=boss)
    let_expire(first, second, apart)

    accept_late(second, boss)
    with pytest.raises(AcceptedBeside, match=f"{second} was accepted instead of {first}"):
        accept_late(first, boss)
    accept_late(apart, boss)
    revise_quote(first.pk, by=boss)
    send_quote(first.pk, by=boss)
    accept_quote(first.pk, Acceptance("M. Kern"), by=boss)

    assert status_of(first, second, apart) == ["accepted", "accepted", "accepted"]


def test_the_page_says_why_a_late_acceptance_is_refused(client, first, boss):
    second = sent(first, boss)
    let_expire(first)
    accept_quote(second.pk, Acceptance("M. Kern"), by=boss)
    client.force_login(boss)
    form = {"name": "M. Kern", "came_on": str(business_day())}

    told = client.post(reverse("admin:orders_quote_accept", args=[first.number]), form, follow=True)

    assert f"{second} was accepted instead of {first}" in told.content.decode()
    assert status_of(first, second) == ["expired", "accepted"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("expired", ["the first", "the second", "both"])
def test_of_one_accepted_late_and_another_at_once_one_is(boss, first, expired):
    second = sent(first, boss)
    let_expire(*{"the first": [first], "the second": [second], "both": [first, second]}[expired])
    together, refused = Barrier(2), []

    def accept(quote):
        together.wait()
        try:
            again_after_ties(lambda: accept_late(quote, boss))
        except (IllegalMove, AcceptedBeside) as refusal:
            refused.append(refusal)
        connection.close()

    people = [Thread(target=accept, args=[quote]) for quote in (first, second)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert status_of(first, second).count("accepted") == 1
    assert len(refused) + status_of(first, second).count("cancelled") >= 1
