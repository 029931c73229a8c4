"""The approval inbox: what waits for me, only what deviates, decided with a key or two taps."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import ApprovalRequest, Decision
from orders.services.capturing import Header, enter_order
from orders.services.quoting import draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import OrderStatus, QuoteStatus
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_long_order,
    a_product,
    a_rule,
    a_team,
    a_user,
    a_warehouse,
)

pytestmark = pytest.mark.django_db

INBOX = "admin:orders_approvalrequest_inbox"


@pytest.fixture
def rep():
    a_company()
    a_warehouse("MAIN")
    a_rule(threshold=100, approvers=a_group("Sales manager"))
    return a_user(groups=[a_group("Sales rep")], is_staff=True, username="ana")


@pytest.fixture
def manager(client, rep):
    manager = a_user(groups=[a_group("Sales manager")], is_staff=True)
    client.force_login(manager)
    return manager


@pytest.fixture
def customer(rep, manager):
    return a_customer("Kern AG", rep=rep, team=a_team(manager))


def an_asked_order(customer, rep, **line):
    order = enter_order(Header(customer.pk), [a_line(a_product(), 20, **line)], by=rep)
    return submit_order(order.pk, by=rep)


def decide_url(request):
    return reverse("admin:orders_approvalrequest_decide", args=[request.pk])


def shown(client):
    return " ".join(client.get(reverse(INBOX)).content.decode().split())


def told(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_what_waits_is_shown_with_only_what_deviates(client, rep, customer):
    order = an_asked_order(customer, rep, price=9, discount=5)

    page = shown(client)

    assert order.number in page
    assert "total 171 is above 100" in page
    assert "Kern AG" in page
    assert "ana" in page
    assert "list 10.00" in page


def test_nothing_waiting_is_one_sentence(client, manager):
    assert "Nothing waits for you." in shown(client)


def test_an_approved_order_goes_on(client, rep, customer):
    order = an_asked_order(customer, rep)

    response = client.post(
        decide_url(ApprovalRequest.objects.get()), {"verdict": "approve", "back": "inbox"}, follow=True
    )

    assert f"{order.number} is approved" in told(response)
    assert 'role="status"' in response.content.decode()
    assert not order.holds.open().exists()


def test_a_rejected_order_is_a_draft_again_with_the_reasons(client, rep, customer):
    order = an_asked_order(customer, rep)

    client.post(
        decide_url(ApprovalRequest.objects.get()),
        {"verdict": "reject", "chip": ["margin", "po"], "reason": "ask Baltic first"},
    )

    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT
    assert Decision.objects.get().reason == "margin too low; needs a PO; ask Baltic first"


def test_a_quote_is_decided_in_the_same_inbox(client, rep, customer):
    quote = draft_quote(Header(customer.pk), [a_line(a_product(), 20)], by=rep)
    send_quote(quote.pk, by=rep)
    assert quote.number in shown(client)

    response = client.post(
        decide_url(ApprovalRequest.objects.get()),
        {"verdict": "reject", "reason": "no", "back": "document"},
        follow=True,
    )

    quote.refresh_from_db()
    assert quote.status == QuoteStatus.DRAFT
    assert response.redirect_chain[-1][0] == reverse("admin:orders_quote_change", args=[quote.pk])


def test_a_rejection_says_why(client, rep, customer):
    an_asked_order(customer, rep)

    response = client.post(
        decide_url(ApprovalRequest.objects.get()), {"verdict": "reject", "chip": "x"}, follow=True
    )

    assert "Say why" in told(response)
    assert not Decision.objects.exists()


def test_a_second_decision_is_told_that_it_was_decided(client, rep, customer):
    an_asked_order(customer, rep)
    request = ApprovalRequest.objects.get()
    client.post(decide_url(request), {"verdict": "approve"})

    response = client.post(decide_url(request), {"verdict": "reject", "reason": "late"}, follow=True)

    assert "decided already" in told(response)
    assert Decision.objects.count() == 1


def test_nobody_decides_on_their_own(client, rep, manager, customer):
    an_asked_order(customer, manager)

    assert "Nothing waits for you." in shown(client)
    response = client.post(decide_url(ApprovalRequest.objects.get()), {"verdict": "approve"}, follow=True)
    assert "your own" in told(response)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("verdict", ["", "yes", "APPROVE", "\x00", "approve reject"])
def test_a_verdict_that_is_none_is_a_bad_request(client, rep, customer, verdict):
    an_asked_order(customer, rep)

    assert client.post(decide_url(ApprovalRequest.objects.get()), {"verdict": verdict}).status_code == 400
    assert not Decision.objects.exists()


@pytest.mark.parametrize("reason", ["\x00", "\u202e", "a" * 10_000, "<script>alert(1)</script>"])
def test_any_reason_is_taken_or_asked_for_again(client, rep, customer, reason):
    an_asked_order(customer, rep)

    data = {"verdict": "reject", "reason": reason}
    response = client.post(decide_url(ApprovalRequest.objects.get()), data, follow=True)

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_what_one_does_not_see_is_not_found_and_without_the_right_forbidden(client, rep, customer):
    an_asked_order(customer, rep)
    request = ApprovalRequest.objects.get()

    stranger = a_user(groups=[a_group("Sales manager")], is_staff=True)
    client.force_login(stranger)
    assert client.post(decide_url(request), {"verdict": "approve"}).status_code == 404

    client.force_login(rep)
    assert client.post(decide_url(request), {"verdict": "approve"}).status_code == 403
    assert client.get(reverse(INBOX)).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("pk", ["0", "9" * 18, str(2**70), "9" * 5000])
def test_requests_that_are_not_there_are_not_found(client, manager, pk):
    url = reverse(INBOX).replace("inbox", f"{pk}/decide")

    assert client.post(url, {"verdict": "approve"}).status_code in (302, 404)


def test_deciding_is_a_post(client, rep, customer):
    an_asked_order(customer, rep)

    assert client.get(decide_url(ApprovalRequest.objects.get())).status_code == 405


def test_the_page_of_the_order_offers_the_decision_too(client, rep, customer):
    order = an_asked_order(customer, rep)

    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    assert decide_url(ApprovalRequest.objects.get()) in page


def test_every_form_carries_its_token(client, rep, customer):
    order = an_asked_order(customer, rep)

    for url in (reverse(INBOX), reverse("admin:orders_order_change", args=[order.pk])):
        page = client.get(url).content.decode()
        assert page.count('method="post"') == page.count("csrfmiddlewaretoken") > 1


def test_margins_are_told_to_those_who_may_see_cost_only(client, rep, customer):
    finance = a_group("buyers of steel")
    ApprovalRequest.objects.all().delete()
    rule = a_rule("margin_below", 50, finance)
    decider = a_user(
        "orders.decide_approval", "orders.view_approvalrequest", "orders.view_order", "customers.view_all_customers",
        groups=[rule.approvers], is_staff=True,
    )  # fmt: skip
    order = enter_order(Header(customer.pk), [a_line(a_product(price=10, cost=8), 1)], by=rep)
    submit_order(order.pk, by=rep)
    client.force_login(decider)

    page = shown(client)

    assert "margin is below what is allowed" in page
    assert "margin of" not in page


def test_a_card_tells_the_margin_of_its_lines_to_those_who_may_see_cost_only(client, rep, customer):
    group = a_group("buyers of steel")
    a_rule("discount_above", 5, group)
    rights = [
        "orders.decide_approval", "orders.view_approvalrequest", "orders.view_order", "customers.view_all_customers",
    ]  # fmt: skip
    order = enter_order(Header(customer.pk), [a_line(a_product(price=10, cost=6), 1, discount=20)], by=rep)
    submit_order(order.pk, by=rep)
    seen = []
    for user in (
        a_user(*rights, groups=[group], is_staff=True),
        a_user(*rights, "inventory.view_cost", groups=[group], is_staff=True),
    ):
        client.force_login(user)
        seen.append("= 8.00 EUR · margin 25 %" in shown(client))

    assert seen == [False, True]


def test_the_inbox_costs_the_same_for_few_short_and_many_long_requests(client, rep, customer):
    counts = []
    for orders, lines in ((2, 10), (6, 500)):
        for _ in range(orders):
            order = a_long_order(lines, customer, by=rep)
            order.lines.update(discount_percent=3)
            submit_order(order.pk, by=rep)
        client.get(reverse(INBOX))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(INBOX))
        counts.append(len(queries))

    assert page.status_code == 200
    assert page.content.count(b"<li>") < 200
    assert counts[0] == counts[1] <= 25


def test_signing_in_comes_first(client):
    assert "login" in client.get(reverse(INBOX)).url
    a_boss()


def test_what_two_rules_say_alike_is_said_once(rep, customer):
    a_rule(threshold=100, approvers=a_group("Finance"))

    order = an_asked_order(customer, rep, price=9)

    assert ApprovalRequest.objects.get().steps.count() == 2
    assert order.holds.get().reason == "total 180 is above 100"
