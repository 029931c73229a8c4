"""Who is told what inside the office, once, and what of it they may read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.models import ImportJob, Notice, User
from oms.notices import MOST_COUNTED, News, count_unread, forget_old, mark_read, notices_for, tell
from oms.tasks import forget_old_notices, work_on_imports
from orders.emails import tell_office_of_order
from orders.models import ApprovalRequest, OrderDelivery, Promise
from orders.notices import notify_about, tell_of_late_promises
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.approving import decide
from orders.services.capturing import Header
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.holding import hold_order
from orders.services.quoting import draft_quote, follow_up_quote, send_quote
from orders.status import OrderStatus, PromiseCause, RuleFact, Verdict
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
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    a_company()
    return a_warehouse()


def told(user: Any) -> list[tuple[str, str]]:
    return [(str(one.document), one.words) for one in notices_for(user)]


def test_approvers_are_told_what_waits_for_them_and_the_seller_how_it_was_decided(house):
    managers = a_group()
    manager, other = a_boss(), a_boss()
    manager.groups.add(managers)
    a_rule(threshold=10, approvers=managers)
    rep = a_boss()
    rep.groups.add(managers)  # who would be asked about their own
    order = a_submitted_order({a_product(): 5}, by=rep)
    announce_order_events()

    assert told(manager) == [(order.number, "waits for your approval")]
    assert told(other) == told(rep) == []

    decide(ApprovalRequest.objects.get().pk, Verdict.REJECT, by=manager, reason="too cheap")
    announce_order_events()

    (one,) = notices_for(rep)
    assert (one.words, one.notice.note) == ("is rejected", "too cheap")


def changed(order, quantity, *, by):
    order.refresh_from_db()
    return change_order(order.pk, OrderChange(order.revision, {order.lines.get().pk: quantity}), by=by)


def a_manager(group):
    manager = a_boss()
    User.objects.filter(pk=manager.pk).update(email="m@example.com")
    manager.groups.add(group)
    return manager


def to_manager(letters):
    return [letter for letter in letters if letter.to == ["m@example.com"]]


def test_who_decides_is_told_once_of_each_request_by_the_step_that_asked_it(house, mailoutbox):
    managers = a_group()
    manager = a_manager(managers)
    a_rule(threshold=100, approvers=managers)
    order = a_confirmed_order({a_product(on_hand=500): 5}, by=a_boss())
    changed(order, 50, by=a_boss())
    announce_order_events()

    (one,) = notices_for(manager)
    asked = ApprovalRequest.objects.get()
    assert (one.words, one.notice.note) == ("waits for your approval", asked.steps.get().reason)
    assert one.notice.at == asked.requested_at
    assert len(to_manager(mailoutbox)) == 1

    changed(order, 60, by=a_boss())
    announce_order_events()
    OrderDelivery.objects.update(sent_at=None, next_try_at=timezone.now())
    announce_order_events()

    assert Notice.objects.filter(user=manager).count() == ApprovalRequest.objects.count() == 2


def test_a_step_that_asks_nobody_tells_nobody(house, mailoutbox):
    managers = a_group()
    manager = a_manager(managers)
    a_rule(threshold=100, approvers=managers)
    order = a_confirmed_order({a_product(on_hand=500): 5}, by=a_boss())
    changed(order, 50, by=a_boss())
    for step in order.events.filter(kind__in=("submitted", "confirmed")):
        notify_about(step)
        tell_office_of_order(step)
    changed(order, 4, by=a_boss())
    announce_order_events()

    assert not Notice.objects.filter(user=manager).exists()
    assert not to_manager(mailoutbox)


def test_who_does_not_see_the_order_is_not_asked(house):
    managers = a_group()
    near, far = (a_user("orders.view_order", "customers.view_customer", groups=[managers]) for _i in range(2))
    a_rule(threshold=10, approvers=managers)
    a_submitted_order({a_product(): 5}, by=a_boss(), customer=a_customer(rep=near))
    announce_order_events()

    assert len(told(near)) == 1
    assert not Notice.objects.filter(user=far).exists()


def test_nobody_is_told_what_they_did_themselves(house):
    rep, manager = a_boss(), a_boss()
    mine, ours = (an_order({a_product(): 1}, by=rep) for _i in range(2))
    hold_order(mine.pk, by=rep, reason="wait")
    hold_order(ours.pk, by=manager, reason="wait")
    announce_order_events()

    assert told(rep) == [(ours.number, "is held")]


def test_the_same_event_tells_a_person_once_however_often_the_task_runs(house):
    rep = a_boss()
    order = an_order({a_product(): 1}, by=rep)
    hold_order(order.pk, by=a_boss(), reason="wait")
    announce_order_events()
    OrderDelivery.objects.update(sent_at=None, next_try_at=timezone.now())
    announce_order_events()

    assert len(told(rep)) == 1
    tell([rep.pk], News("held", order, "another source"))
    assert len(told(rep)) == 2


def test_who_sells_is_told_what_the_customer_answers(house):
    rep = a_boss()
    quote = send_quote(draft_quote(Header(a_customer().pk), [a_line(a_product(), 2)], by=rep).pk, by=rep)
    token = make_link(quote.pk, by=rep)
    answer_by_link(token, Answer(accepts=False, name="M. Kern", reason="too dear"), ip="192.0.2.1")
    announce_quote_events()

    assert told(rep) == [(quote.number, "is declined by the customer")]


def test_quotes_to_ask_about_and_quotes_that_expire_are_told_once_a_day(house):
    rep, customer = a_boss(), a_customer()

    def drafted() -> Any:
        return draft_quote(Header(customer.pk), [a_line(a_product(), 2)], by=rep)

    asked, ending, later = drafted(), send_quote(drafted().pk, by=rep), send_quote(drafted().pk, by=rep)
    follow_up_quote(asked.pk, in_days(0), by=rep)
    type(ending).objects.filter(pk=ending.pk).update(valid_until=in_days(1))
    type(later).objects.filter(pk=later.pk).update(valid_until=in_days(2))
    tell_of_due_quotes()
    tell_of_due_quotes()

    assert sorted(told(rep)) == [
        (asked.number, "is to be asked about today"),
        (ending.number, "expires soon, and the customer has not answered"),
    ]


def test_a_promise_that_is_not_kept_any_more_is_told_once_a_day_for_each_order(house):
    rep = a_boss()
    order = a_confirmed_order({a_product(): 5}, by=rep)
    values = {"order": order, "quantities": [5], "ship_on": in_days(2), "promised_on": in_days(3)}
    line = order.lines.get().pk
    tell_of_late_promises()
    assert told(rep) == []

    for cause, expected in ((PromiseCause.SOONER, 1), (PromiseCause.LATE, 5), (PromiseCause.FEWER, 9)):
        Promise.objects.create(**values, lines=[line], cause=cause, expected_on=in_days(expected))
    tell_of_late_promises()
    tell_of_late_promises()

    assert told(rep) == [(order.number, "will leave later than promised")]


def test_who_sent_a_file_is_told_what_came_of_it(house):
    rep = a_boss()
    job = ImportJob.objects.create(kind="products", name="p.csv", stored="gone", sha256="0" * 64, by=rep)
    ImportJob.objects.filter(pk=job.pk).update(status="checked", status_since=timezone.now())
    work_on_imports()
    work_on_imports()

    assert [words for _document, words in told(rep)] == ["your file is checked; look at what it would do"]


def test_what_a_person_may_not_see_any_more_is_not_shown(client, house):
    rep = a_user("orders.view_order", "customers.view_customer", is_staff=True)
    customer = a_customer(rep=rep)
    order = an_order({a_product(): 1}, customer=customer, by=rep)
    hold_order(order.pk, by=a_boss(), reason="a secret")
    announce_order_events()
    client.force_login(rep)
    assert order.number in client.get("/admin/notices/").content.decode()

    type(customer).objects.update(rep=None)

    page = client.get("/admin/notices/").content.decode()
    assert order.number not in page
    assert "a secret" not in page
    assert "may not see any more" in page


def test_opening_a_notice_marks_it_read_and_shows_its_document_and_reading_the_list_marks_nothing(
    client, house
):
    rep = a_boss()
    order, other = (an_order({a_product(): 1}, by=rep) for _i in range(2))
    for one in (order, other):
        tell([rep.pk], News("held", one, f"test:{one.pk}"))
    client.force_login(rep)
    first = Notice.objects.get(object_id=order.pk)

    client.get("/admin/notices/")
    assert count_unread(rep) == 2
    assert client.get(f"/admin/notices/{first.pk}/").status_code == 405

    answer = client.post(f"/admin/notices/{first.pk}/")
    assert answer["Location"] == f"/admin/orders/order/{order.pk}/change/"
    assert count_unread(rep) == 1
    assert [one.document for one in notices_for(rep)] == [other, order]  # the unread first

    client.post("/admin/notices/read/")
    assert count_unread(rep) == 0


def test_notices_of_others_are_neither_opened_nor_read(client, house):
    rep, stranger = a_boss(), a_boss()
    order = an_order({a_product(): 1}, by=rep)
    tell([rep.pk], News("held", order, "test"))
    client.force_login(stranger)

    assert client.post(f"/admin/notices/{Notice.objects.get().pk}/").status_code == 404
    client.post("/admin/notices/read/")
    assert count_unread(rep) == 1


def test_every_page_has_the_bell_with_the_count_by_one_statement(client, house):
    rep = a_boss()
    order = an_order({a_product(): 1}, by=rep)
    client.force_login(rep)
    for page in (
        "/admin/",
        "/admin/orders/order/",
        f"/admin/orders/order/{order.pk}/change/",
        "/search/?q=x",
    ):
        client.get(page)
        assert 'aria-label="Notices"' in client.get(page).content.decode()
    tell([rep.pk], News("held", order, "test"))

    with CaptureQueriesContext(connection) as statements:
        answer = client.get("/admin/orders/order/")

    assert 'aria-label="Notices, 1 unread"' in answer.content.decode()
    assert len([one for one in statements if "oms_notice" in one["sql"]]) == 1


def test_more_than_are_shown_are_not_counted(house):
    rep = a_boss()
    order = an_order({a_product(): 1}, by=rep)
    for n in range(MOST_COUNTED + 5):
        tell([rep.pk], News("held", order, f"test:{n}"))

    assert count_unread(rep) == MOST_COUNTED + 1


def test_only_what_was_read_long_ago_is_forgotten(house, settings):
    settings.OMS_NOTICES_KEPT_DAYS = 30
    rep = a_boss()
    order = an_order({a_product(): 1}, by=rep)
    for n in range(3):
        tell([rep.pk], News("held", order, f"test:{n}"))
    old, fresh, _unread = Notice.objects.order_by("pk")
    Notice.objects.filter(pk=old.pk).update(read_at=timezone.now() - timedelta(days=31))
    mark_read(rep, fresh.pk)

    assert forget_old_notices() == 1
    assert forget_old() == 0
    assert Notice.objects.count() == 2


def test_the_list_takes_as_many_statements_for_many_notices_as_for_few(client, house):
    rep, counted = a_boss(), []
    client.force_login(rep)
    for n in (2, 30):
        for i in range(n):
            tell([rep.pk], News("held", an_order({a_product(): 1}, by=rep), f"test:{n}:{i}"))
        client.get("/admin/notices/")
        with CaptureQueriesContext(connection) as statements:
            client.get("/admin/notices/")
        counted.append(len(statements))

    assert counted[0] == counted[1]


def test_a_rule_that_is_new_since_submitting_is_told_once_when_confirming_asks(house, mailoutbox):
    managers = a_group()
    manager, seller = a_manager(managers), a_boss()
    order = a_submitted_order({a_product(on_hand=500): 5}, by=seller)
    announce_order_events()
    a_rule(threshold=10, approvers=managers)

    for _try in range(2):
        assert confirm_order(order.pk, by=seller).status == OrderStatus.SUBMITTED
        announce_order_events()

    (one,) = notices_for(manager)
    assert (one.words, one.notice.note) == ("waits for your approval", "total 50 is above 10")
    assert len(to_manager(mailoutbox)) == 1
    asking = order.events.latest("version")
    assert (asking.kind, asking.by, order.events.count()) == ("asked", seller, 3)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    assert confirm_order(order.pk, by=seller).status == OrderStatus.CONFIRMED


def an_approver(group, name, *rights):
    rights = ("orders.view_order", "orders.view_quote", "customers.view_all_customers", *rights)
    return a_user(*rights, groups=[group], username=name, email=f"{name}@example.com")


def asked_for_an_order():
    a_submitted_order({a_product(cost=9): 5}, by=a_boss())
    announce_order_events()


def asked_for_a_quote():
    boss = a_boss()
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(cost=9), 5)], by=boss)
    send_quote(quote.pk, by=boss)
    announce_quote_events()


@pytest.mark.parametrize("ask", [asked_for_an_order, asked_for_a_quote])
def test_approvers_who_may_not_see_cost_are_told_the_reason_without_its_figures(house, mailoutbox, ask):
    managers = a_group()
    sees = [an_approver(managers, name, "inventory.view_cost") for name in ("anna", "bert")]
    sees_not = [an_approver(managers, name) for name in ("carl", "dora")]
    a_rule(RuleFact.MARGIN_BELOW, threshold=20, approvers=managers)
    a_rule(RuleFact.MARGIN_BELOW, threshold=15, approvers=managers)
    a_rule(threshold=10, approvers=managers)

    ask()

    masked = "the margin is below what is allowed; total 50 is above 10"
    for user in sees_not:
        assert [one.notice.note for one in notices_for(user)] == [masked]
    for user in sees:
        (told,) = [one.notice.note for one in notices_for(user)]
        assert "margin of 10 percent" in told
        assert "is below 20" in told
    letters = {tuple(letter.to): letter.body for letter in mailoutbox if "approval" in letter.subject}
    assert set(letters) == {
        ("anna@example.com", "bert@example.com"),
        ("carl@example.com", "dora@example.com"),
    }
    assert "margin of 10 percent" in letters["anna@example.com", "bert@example.com"]
    other = letters["carl@example.com", "dora@example.com"]
    assert "percent" not in other
    assert other.count("the margin is below what is allowed") == 1
    assert "total 50 is above 10" in other
