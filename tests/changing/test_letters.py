"""What the customer and those who decide are told about a changed order."""

import pytest
from django.core import mail

from fulfillment.services.releasing import release_order
from orders.models import ApprovalRequest, IssuedDocument
from orders.services.approving import decide
from orders.services.cancelling import close_short
from orders.services.issuing import NothingToIssue, issue_confirmation
from orders.services.splitting import Split, split_order
from orders.status import RuleFact, Verdict
from orders.tasks import announce_order_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_address,
    in_days,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db
SEES = ("orders.view_order", "customers.view_all_customers")


@pytest.fixture
def bolts():
    a_company()
    return a_product("BOLT-M8", on_hand=10, at=a_warehouse("NORTH"))


@pytest.fixture
def order(bolts):
    order = a_confirmed_order({bolts: 5, a_product("NUT-M8"): 2}, customer=a_customer(email="c@example.com"))
    announce_order_events()
    mail.outbox.clear()
    return order


def told():
    announce_order_events()
    letters = [(letter.to, letter.subject, letter.body, len(letter.attachments)) for letter in mail.outbox]
    mail.outbox.clear()
    return letters


def test_the_customer_gets_the_order_as_it_stands_now_with_a_new_confirmation(order):
    changed(order, a_boss(), quantities={1: 8, 2: 0}, reason="between us")

    ((to, subject, body, papers),) = told()
    assert (to, subject, papers) == (["c@example.com"], f"Your order {order.number} has changed", 1)
    assert "BOLT-M8 Product BOLT-M8: 8 C62" in body
    assert "NUT-M8" not in body
    assert "between us" not in body
    assert IssuedDocument.objects.count() == 2
    assert issue_confirmation(order.pk, by=None) == IssuedDocument.objects.latest("pk")


def test_while_somebody_has_to_agree_only_they_are_told_and_the_customer_afterwards(order):
    managers = a_group("managers")
    boss = a_user(*SEES, groups=[managers], email="boss@example.com")
    a_rule(threshold=75, approvers=managers)

    changed(order, a_boss(), quantities={1: 8})
    assert [(to, subject) for to, subject, _body, _n in told()] == [
        (["boss@example.com"], f"{order.number} waits for your approval")
    ]

    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=boss)
    assert [subject for to, subject, _body, _n in told() if to == ["c@example.com"]] == [
        f"Your order {order.number} has changed"
    ]


def test_a_rejected_change_is_told_to_nobody_outside(order):
    managers = a_group("managers")
    boss = a_user(groups=[managers])
    a_rule(threshold=75, approvers=managers)
    changed(order, a_boss(), quantities={1: 8})

    decide(ApprovalRequest.objects.get().pk, Verdict.REJECT, by=boss, reason="no")

    assert not [to for to, _subject, _body, _n in told() if to == ["c@example.com"]]


def test_the_rest_that_does_not_come_is_told_with_the_reason(order):
    release_order(order.pk, by=None)
    close_short(order.pk, "out of production", by=a_boss())

    letters = [(subject, body) for to, subject, body, _n in told() if to == ["c@example.com"]]
    ((subject, body),) = letters
    assert subject == f"Your order {order.number}: the rest is cancelled"
    assert "out of production" in body
    assert "NUT-M8 Product NUT-M8: 2 C62 cancelled" in body


def test_of_a_split_order_both_parts_are_told(order):
    part = split_order(order.pk, Split(0, frozenset({2}), requested_on=in_days(9)), by=a_boss())

    assert sorted(subject for _to, subject, _body, _n in told()) == sorted(
        [f"Your order {order.number} has changed", f"Your order is confirmed as {part.number}"]
    )


def test_a_part_that_somebody_has_to_agree_to_is_told_when_they_have(order):
    managers = a_group("managers")
    boss, there = a_user(groups=[managers]), an_address(order.customer, "WERK2")
    a_rule(RuleFact.TOTAL_ABOVE, threshold=10, approvers=managers)

    part = split_order(order.pk, Split(0, frozenset({2}), ship_to_id=there.pk), by=a_boss())

    assert part.holds.open().exists()
    assert part.number not in str(told())
    with pytest.raises(NothingToIssue):
        issue_confirmation(part.pk, by=None)
    decide(ApprovalRequest.objects.get(order=part).pk, Verdict.APPROVE, by=boss)
    letters = [(subject, papers) for to, subject, _b, papers in told() if to == ["c@example.com"]]
    assert letters == [(f"Your order is confirmed as {part.number}", 1)]


def test_an_added_line_stands_on_the_confirmation(order, bolts):
    changed(order, a_boss(), add=[a_line(bolts, 1)])

    assert "BOLT-M8 Product BOLT-M8: 1 C62" in told()[0][2]
