"""Nobody decides on what they entered or ever edited, though somebody else edited it after them."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from customers.services.crediting import Grant, grant_credit
from oms.models import User
from orders.emails import _ask_approvers
from orders.errors import CannotDecide
from orders.models import ApprovalRequest, Order, holds_to_release
from orders.models.hands import hands_in
from orders.notices import _approvers
from orders.services.approving import decide
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.crediting import release_credit
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.quoting import draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import RequestStatus, Verdict
from tests.builders import (
    a_boss,
    a_company,
    a_credit_account,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
)

pytestmark = pytest.mark.django_db(transaction=True)  # what one transaction does is one moment of the past


@pytest.fixture
def deciders():
    a_company()
    a_warehouse("MAIN")
    deciders = a_group("deciders")
    a_rule(threshold=100, approvers=deciders)
    return deciders


def a_decider(deciders):
    return a_user(
        "orders.view_approvalrequest", "orders.view_order", "orders.view_quote", "orders.override_price",
        "customers.view_all_customers", "orders.change_order", "orders.change_quote", groups=[deciders],
    )  # fmt: skip


def priced_by(edit, document, by):
    """Somebody types a price, and the last word on the draft is another's."""
    line = (document if isinstance(document, Order) else document.versions.get()).lines.get()
    edit(document.pk, Edit(0, change=[Change(line.pk, unit_price=Decimal(9))]), by=by)
    edit(document.pk, Edit(1, header=HeaderChange(customer_po="4711")), by=document.created_by)


def an_order_priced_by(by, customer=None):
    order = enter_order(Header((customer or a_customer()).pk), [a_line(a_product(), 20)], by=a_boss())
    priced_by(edit_order, order, by)
    return submit_order(order.pk, by=order.created_by)


def a_quote_priced_by(by):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 20)], by=a_boss())
    priced_by(edit_quote, quote, by)
    return send_quote(quote.pk, by=quote.created_by)


@pytest.mark.parametrize("made", [an_order_priced_by, a_quote_priced_by])
def test_who_typed_a_price_does_not_agree_to_it(deciders, made):
    typed, other = a_decider(deciders), a_decider(deciders)
    User.objects.filter(pk__in=[typed.pk, other.pk]).update(email=Concat("username", Value("@example.com")))
    document = made(typed)
    request = ApprovalRequest.objects.get()

    assert hands_in(document) == {document.created_by_id, typed.pk}
    assert document.edited_by_id != typed.pk
    assert not ApprovalRequest.objects.waiting_for(typed).exists()
    assert list(ApprovalRequest.objects.waiting_for(other)) == [request]
    assert _approvers(document.events.latest("pk"), request) == [other.pk]
    _ask_approvers(document.events.latest("pk"))
    assert [letter.to for letter in mail.outbox] == [[f"{other.username}@example.com"]]
    with pytest.raises(CannotDecide, match="is your own"):
        decide(request.pk, Verdict.APPROVE, by=typed)
    assert decide(request.pk, Verdict.APPROVE, by=other).status == RequestStatus.APPROVED


def test_of_many_requests_the_own_are_found_in_one_statement(deciders):
    typed = a_decider(deciders)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            list(ApprovalRequest.objects.waiting_for(typed))
        return len(queries)

    an_order_priced_by(typed)
    few = statements()
    for _n in range(4):
        an_order_priced_by(a_boss())

    assert statements() == few
    assert ApprovalRequest.objects.waiting_for(typed).count() == 4


def test_what_nobody_of_the_house_entered_may_be_decided_by_all(deciders):
    one = a_decider(deciders)
    order = enter_order(Header(a_customer().pk), [a_line(a_product(), 20)], by=None)
    submit_order(order.pk, by=None)

    assert ApprovalRequest.objects.waiting_for(one).count() == 1


def test_who_edited_an_order_does_not_let_it_go_on_without_credit(deciders):
    typed, other = a_user("orders.release_credit", "orders.override_price", is_superuser=True), a_boss()
    customer = a_customer()
    account = a_credit_account(customer, 1000)
    order = an_order_priced_by(typed, customer)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=a_decider(deciders))
    grant_credit(account.pk, Grant(Decimal(1)), by=None)
    confirm_order(order.pk, by=None)

    assert not holds_to_release(typed).exists()
    assert holds_to_release(other).exists()
    with pytest.raises(CannotDecide, match="is your own"):
        release_credit(order.pk, by=typed, reason="I know them")
    assert Order.objects.get().holds.open().exists()
