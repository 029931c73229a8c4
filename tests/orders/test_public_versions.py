"""What the customer reads by the link of a version, whatever has become of the quote since."""

import pytest
from django.urls import reverse

from orders.models import Quote
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.capturing import Header
from orders.services.quoting import (
    Acceptance,
    Superseded,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.status import RuleFact
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_rule, a_warehouse, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


def a_sent_quote():
    quote = draft_quote(Header(a_customer("Kern AG").pk), [a_line(a_product("BOLT"), 3)], by=None)
    send_quote(quote.pk, by=None)
    return quote, make_link(quote.pk, by=None)


def expire(pk):
    Quote.objects.filter(pk=pk).update(valid_until=in_days(-2))


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (lambda pk, by: None, "Please answer that one"),
        (lambda pk, by: accept_quote(pk, Acceptance("M. Kern"), by=by), "That one was accepted"),
        (lambda pk, by: decline_quote(pk, "too dear", by=by), "That one was declined"),
        (lambda pk, by: expire(pk), "That one was valid until"),
        (lambda pk, by: expire(pk) or expire_quotes(), "That one was valid until"),
        (lambda pk, by: cancel_quote(pk, by=by), "not open any more"),
        (lambda pk, by: revise_quote(pk, by=by), "We are working on a new version"),
        (lambda pk, by: revise_quote(pk, by=by) and cancel_quote(pk, by=by), "not open any more"),
    ],
)
def test_an_older_version_tells_what_became_of_the_quote(client, then, told):
    quote, token = a_sent_quote()
    boss = a_boss()
    revise_quote(quote.pk, by=boss)
    send_quote(quote.pk, by=boss)

    then(quote.pk, boss)

    shown = client.get(reverse("public:quote", args=[token])).content.decode()
    assert told in shown
    assert shown.count('role="status"') == 1
    assert "<form" not in shown


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_version_with_a_draft_behind_it_is_not_open_and_a_withdrawn_one_says_so(client, is_asked):
    quote, token = a_sent_quote()
    boss = a_boss()
    revise_quote(quote.pk, by=boss)
    if is_asked:
        a_rule(RuleFact.TOTAL_ABOVE, 0)
        send_quote(quote.pk, by=boss)
    page = reverse("public:quote", args=[token])

    assert "version 1 cannot be answered any more" in client.get(page).content.decode()
    with pytest.raises(Superseded):
        answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None)
    cancel_quote(quote.pk, by=boss)
    told = client.get(page).content.decode()
    assert "This quote is not open any more" in told
    assert "replaced" not in told
    with pytest.raises(Superseded):
        answer_by_link(token, Answer(accepts=True, name="M. Kern"), ip=None)
