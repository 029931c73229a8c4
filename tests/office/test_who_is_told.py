"""News of a document go to who looks after its customer now, and to who made it as long as they see it."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.services.handing_over import HandOver
from oms.models import Notice
from orders.models import Promise
from orders.notices import tell_of_late_promises
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.capturing import Header
from orders.services.handing_over import hand_over_with_drafts
from orders.services.quoting import draft_quote, follow_up_quote, send_quote
from orders.status import PromiseCause
from orders.tasks import announce_order_events, announce_quote_events, tell_of_due_quotes
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_submitted_order,
    a_user,
    a_warehouse,
    in_days,
)

pytestmark = pytest.mark.django_db
RIGHTS = (
    "orders.view_order", "orders.view_quote", "orders.change_quote", "customers.view_customer",
)  # fmt: skip


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse()


@pytest.fixture
def ana():
    return a_user(*RIGHTS, email="ana@example.com", is_staff=True)


@pytest.fixture
def ben():
    return a_user(*RIGHTS, email="ben@example.com", is_staff=True)


@pytest.fixture
def kern(ana):
    return a_customer(rep=ana, email="c@example.com")


def sent(customer, by):
    return send_quote(draft_quote(Header(customer.pk), [a_line(a_product(), 2)], by=by).pk, by=by)


def handed_over(customer, rep):
    hand_over_with_drafts([customer.pk], HandOver("away", rep=rep), by=a_boss())


def told():
    return set(Notice.objects.values_list("what", "user__email"))


def late(order):
    Promise.objects.create(
        order=order,
        lines=[order.lines.get().pk],
        quantities=[5],
        ship_on=in_days(2),
        promised_on=in_days(3),
        expected_on=in_days(5),
        cause=PromiseCause.LATE,
    )


def test_what_the_customer_answers_is_told_to_the_new_rep_and_not_to_the_old_one(kern, ana, ben):
    quote = sent(kern, ana)
    token = make_link(quote.pk, by=ana)
    handed_over(kern, ben)
    mail.outbox.clear()

    answer_by_link(token, Answer(accepts=False, name="M. Kern", reason="too dear"), ip="192.0.2.1")
    announce_quote_events()

    told_of_it = {to for letter in mail.outbox for to in letter.to if "too dear" in letter.body}
    assert told_of_it - {"c@example.com"} == {"ben@example.com"}
    assert told() == {("declined", "ben@example.com")}


def test_who_made_it_is_told_too_while_they_see_it_and_work_here(kern, ana):
    maker, gone = (
        a_user(*RIGHTS, "customers.view_all_customers", email=f"{name}@example.com")
        for name in ("eve", "old")
    )
    for by in (maker, gone):
        follow_up_quote(sent(kern, by).pk, in_days(0), by=by)
    late(a_confirmed_order({a_product(): 5}, customer=kern, by=gone))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    tell_of_due_quotes()
    tell_of_late_promises()

    assert told() == {
        ("follow-up", "eve@example.com"),
        ("follow-up", "ana@example.com"),
        ("later", "ana@example.com"),
    }


def test_late_promises_follow_ups_and_ends_are_told_to_the_new_rep(kern, ana, ben):
    quote = sent(kern, ana)
    follow_up_quote(quote.pk, in_days(0), by=ana)
    type(quote).objects.filter(pk=quote.pk).update(valid_until=in_days(1))
    late(a_confirmed_order({a_product(): 5}, customer=kern, by=ana))
    handed_over(kern, ben)

    for _time in range(2):
        tell_of_due_quotes()
        tell_of_late_promises()

    assert told() == {(what, "ben@example.com") for what in ("follow-up", "expiring", "later")}
    assert Notice.objects.count() == 3


def test_a_customer_without_a_rep_is_told_to_nobody_who_does_not_see_it(kern, ana):
    follow_up_quote(sent(kern, ana).pk, in_days(0), by=None)
    type(kern).objects.update(rep=None)

    tell_of_due_quotes()

    assert told() == set()


def test_approvers_who_do_not_see_the_order_get_no_letter(kern, ana):
    managers = a_group("managers")
    a_user(*RIGHTS, groups=[managers], email="far@example.com")
    a_user(*RIGHTS, "customers.view_all_customers", groups=[managers], email="near@example.com")
    a_rule(threshold=1, approvers=managers)
    a_submitted_order({a_product(): 2}, customer=kern, by=ana)

    announce_order_events()

    assert [letter.to for letter in mail.outbox] == [["near@example.com"]]


def test_the_home_and_its_list_show_the_follow_ups_of_ones_customers(client, kern, ana, ben):
    quote = sent(kern, ana)
    follow_up_quote(quote.pk, in_days(0), by=ana)
    handed_over(kern, ben)

    for user, sees in ((ana, []), (ben, [quote])):
        client.force_login(user)
        assert (quote.number in client.get(reverse("admin:index")).content.decode()) is bool(sees)
        page = client.get(reverse("admin:orders_quote_changelist"), {"follow_up": "mine"})
        assert list(page.context["cl"].queryset) == sees


def test_the_clock_asks_as_much_for_many_quotes_and_promises_as_for_few(kern, ana):
    counted = []
    for many in (1, 6):
        for _n in range(many):
            quote = sent(kern, ana)
            follow_up_quote(quote.pk, in_days(0), by=ana)
            type(quote).objects.filter(pk=quote.pk).update(valid_until=in_days(1))
            late(a_confirmed_order({a_product(): 5}, customer=kern, by=ana))
        with CaptureQueriesContext(connection) as statements:
            tell_of_due_quotes()
            tell_of_late_promises()
        counted.append(len(statements))

    assert counted[0] == counted[1]
