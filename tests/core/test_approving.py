"""Who may agree to what, and what an agreement covers."""

from decimal import Decimal

import pytest

from inventory.models import StockLevel
from orders.errors import CannotDecide
from orders.models import ApprovalRequest, ApprovalRule, Decision, Order, OrderLine
from orders.services.approving import decide
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, HeaderChange, edit_order
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order, take_back_order
from orders.status import OrderStatus, QuoteStatus, RequestStatus, RuleFact, Verdict
from orders.views.asked import approvals_of
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_address,
    an_order,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def managers():
    return a_group("managers")


@pytest.fixture
def house(managers):
    """Bolts at 10 each; what costs more than 100 needs a manager."""
    a_warehouse()
    a_rule(threshold=100, approvers=managers)
    return a_product("BOLT-M8", on_hand=100)


@pytest.fixture
def rep():
    return a_user(username="rep")


@pytest.fixture
def manager(managers):
    return a_user(username="manager", groups=[managers])


@pytest.fixture
def request_of(house, rep):
    """An order of 200 that waits, and its request."""
    a_submitted_order({house: 20}, by=rep)
    return ApprovalRequest.objects.get()


def test_approved_by_its_group_an_order_can_be_confirmed(request_of, manager, rep):
    decide(request_of.pk, Verdict.APPROVE, by=manager)

    order = confirm_order(request_of.order_id, by=rep)

    assert order.status == OrderStatus.CONFIRMED
    assert not order.holds.open().exists()


def test_rejected_an_order_is_a_draft_again_and_says_why(request_of, manager):
    decide(request_of.pk, Verdict.REJECT, by=manager, reason="too much for them")

    order = Order.objects.get()
    assert order.status == OrderStatus.DRAFT
    assert order.events.last().note == "too much for them"
    assert not order.holds.open().exists()


@pytest.mark.parametrize("path", ["submitted it", "entered it", "edited it last"])
def test_nobody_decides_on_their_own_order_not_even_through_the_right_group(
    house, rep, manager, managers, path
):
    order = an_order({house: 20}, by=manager if path == "entered it" else rep)
    if path == "edited it last":
        edit = Edit(order.revision, header=HeaderChange(note="as agreed"))
        edit_order(order.pk, edit, by=manager)
    submit_order(order.pk, by=manager if path == "submitted it" else rep)

    with pytest.raises(CannotDecide, match="your own"):
        decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)

    assert not Decision.objects.exists()


def test_a_superuser_is_no_exception(house):
    boss = a_boss()
    a_submitted_order({house: 20}, by=boss)

    with pytest.raises(CannotDecide, match="your own"):
        decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=boss)


@pytest.mark.parametrize("verdict", Verdict)
def test_somebody_of_another_group_is_not_asked(request_of, verdict):
    stranger = a_user(groups=[a_group("warehouse")])

    with pytest.raises(CannotDecide, match="does not wait for you"):
        decide(request_of.pk, verdict, by=stranger, reason="because")


def test_a_rejection_without_a_reason_is_refused(request_of, manager):
    with pytest.raises(CannotDecide, match="Say why"):
        decide(request_of.pk, Verdict.REJECT, by=manager)

    assert ApprovalRequest.objects.get().status == RequestStatus.PENDING


@pytest.mark.parametrize("second", Verdict)
def test_what_is_decided_is_decided(request_of, manager, managers, second):
    decide(request_of.pk, Verdict.APPROVE, by=manager)

    with pytest.raises(CannotDecide, match="decided already"):
        decide(request_of.pk, second, by=a_user(groups=[managers]), reason="no")

    assert Decision.objects.count() == 1


def test_two_rules_of_two_groups_need_both(house, rep, manager):
    finance = a_group("finance")
    a_rule(threshold=150, approvers=finance)
    order = a_submitted_order({house: 20}, by=rep)
    request = ApprovalRequest.objects.get()

    decide(request.pk, Verdict.APPROVE, by=manager)
    assert ApprovalRequest.objects.get().status == RequestStatus.PENDING
    assert confirm_order(order.pk, by=rep).status == OrderStatus.SUBMITTED

    decide(request.pk, Verdict.APPROVE, by=a_user(groups=[finance]))
    assert confirm_order(order.pk, by=rep).status == OrderStatus.CONFIRMED


def test_one_no_outweighs_a_yes(house, rep, manager):
    finance = a_group("finance")
    a_rule(threshold=150, approvers=finance)
    a_submitted_order({house: 20}, by=rep)
    request = ApprovalRequest.objects.get()

    decide(request.pk, Verdict.APPROVE, by=manager)
    decide(request.pk, Verdict.REJECT, by=a_user(groups=[finance]), reason="no")

    assert (Order.objects.get().status, ApprovalRequest.objects.get().status) == ("draft", "rejected")


def test_who_stands_in_both_groups_decides_both_steps_at_once(house, rep, managers):
    finance = a_group("finance")
    a_rule(threshold=150, approvers=finance)
    a_submitted_order({house: 20}, by=rep)

    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=a_user(groups=[managers, finance]))

    assert Decision.objects.count() == 2
    assert ApprovalRequest.objects.get().status == RequestStatus.APPROVED


def test_waiting_takes_no_stock(request_of, rep):
    confirm_order(request_of.order_id, by=rep)

    assert StockLevel.objects.get().allocated == 0


def test_taking_back_or_cancelling_ends_the_question(request_of, rep, manager):
    take_back_order(request_of.order_id, by=rep)

    with pytest.raises(CannotDecide, match="decided already"):
        decide(request_of.pk, Verdict.APPROVE, by=manager)
    submit_order(request_of.order_id, by=rep)
    order = cancel_order(request_of.order_id, by=rep)
    assert not order.holds.open().exists()
    assert not ApprovalRequest.objects.filter(status=RequestStatus.PENDING).exists()


@pytest.mark.parametrize(
    ("change", "asked_again"),
    [
        ({"ordered": 15}, False),
        ({"ordered": 20}, False),
        ({"ordered": 21}, True),
        ({"unit_price": Decimal(11)}, True),
    ],
)
def test_an_approval_covers_what_is_no_worse_and_asks_again_for_what_is(
    request_of, rep, manager, change, asked_again
):
    decide(request_of.pk, Verdict.APPROVE, by=manager)
    take_back_order(request_of.order_id, by=rep)
    order, line = Order.objects.get(), OrderLine.objects.get()
    rep = a_user("orders.override_price", username="other rep")
    edit_order(order.pk, Edit(order.revision, change=[Change(line.pk, **change)]), by=rep)

    submit_order(order.pk, by=rep)

    assert ApprovalRequest.objects.filter(status=RequestStatus.PENDING).exists() == asked_again


def test_an_approval_for_one_address_covers_no_other(request_of, rep, manager):
    decide(request_of.pk, Verdict.APPROVE, by=manager)
    take_back_order(request_of.order_id, by=rep)
    order = Order.objects.get()
    elsewhere = an_address(order.customer, "OTHER")
    edit_order(order.pk, Edit(order.revision, header=HeaderChange(ship_to_id=elsewhere.pk)), by=rep)

    submit_order(order.pk, by=rep)

    assert ApprovalRequest.objects.filter(status=RequestStatus.PENDING).exists()


@pytest.mark.parametrize(
    ("fact", "threshold", "price", "discount", "asks"),
    [
        (RuleFact.TOTAL_ABOVE, 100, "10", 0, False),
        (RuleFact.TOTAL_ABOVE, 100, "10.01", 0, True),
        (RuleFact.DISCOUNT_ABOVE, 5, "10", 5, False),
        (RuleFact.DISCOUNT_ABOVE, 5, "10", "5.0001", True),
        (RuleFact.MARGIN_BELOW, 20, "10", 0, False),
        (RuleFact.MARGIN_BELOW, 20, "9.99", 0, True),
        (RuleFact.PRICE_BELOW_LIST, 10, "9", 0, False),
        (RuleFact.PRICE_BELOW_LIST, 10, "8.99", 0, True),
    ],
)
def test_each_rule_asks_from_its_bound_on(rep, managers, fact, threshold, price, discount, asks):
    a_company()
    a_warehouse()
    a_rule(fact, threshold, managers)
    bolts = a_product(cost="8")
    order = enter_order(Header(a_customer().pk), [a_line(bolts, 10, price, discount)], by=rep)

    submit_order(order.pk, by=rep)

    assert ApprovalRequest.objects.exists() == asks


def test_an_order_inherits_what_its_quote_was_approved_for(house, rep, manager):
    a_company()
    quote = draft_quote(Header(a_customer().pk), [a_line(house, 20)], by=rep)
    assert send_quote(quote.pk, by=rep).status == QuoteStatus.WAITING
    assert send_quote(quote.pk, by=rep).status == QuoteStatus.WAITING  # asking twice asks once
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)

    order = confirm_order(submit_order(order_from_quote(quote.pk, by=rep).pk, by=rep).pk, by=rep)

    assert order.status == OrderStatus.CONFIRMED
    assert ApprovalRequest.objects.count() == 1


@pytest.mark.parametrize("revisions", [1, 2])
def test_an_order_inherits_what_any_version_of_its_quote_was_approved_for(house, rep, manager, revisions):
    a_company()
    quote = draft_quote(Header(a_customer().pk), [a_line(house, 20)], by=rep)
    send_quote(quote.pk, by=rep)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    for _revision in range(revisions):
        send_quote(quote.pk, by=rep)
        revise_quote(quote.pk, by=rep)
    assert send_quote(quote.pk, by=rep).status == QuoteStatus.SENT
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)
    order = order_from_quote(quote.pk, by=rep)

    order = confirm_order(submit_order(order.pk, by=rep).pk, by=rep)

    assert order.status == OrderStatus.CONFIRMED
    assert [one["request"] for one in approvals_of(order, rep)] == [ApprovalRequest.objects.get()]


def test_an_approval_of_another_quote_covers_nothing(house, rep, manager):
    a_company()
    customer = a_customer()
    quote, other = (draft_quote(Header(customer.pk), [a_line(house, 20)], by=rep) for _time in range(2))
    send_quote(quote.pk, by=rep)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)

    assert send_quote(other.pk, by=rep).status == QuoteStatus.WAITING
    assert submit_order(an_order({house: 20}, customer, by=rep).pk, by=rep).holds.exists()


def test_revising_a_waiting_quote_ends_the_question(house, rep, manager):
    a_company()
    quote = draft_quote(Header(a_customer().pk), [a_line(house, 20)], by=rep)
    send_quote(quote.pk, by=rep)

    revised = revise_quote(quote.pk, by=rep)

    assert (revised.status, revised.version_number) == (QuoteStatus.DRAFT, 1)
    with pytest.raises(CannotDecide, match="decided already"):
        decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)


def with_lines(order, rep, *changes):
    """The draft with these lines otherwise, submitted again."""
    take_back_order(order.pk, by=rep)
    order.refresh_from_db()
    edit_order(order.pk, Edit(order.revision, change=changes), by=rep)
    return submit_order(order.pk, by=rep)


def test_a_total_may_grow_by_the_tolerance_of_what_was_approved_and_not_creep(house, rep, manager):
    ApprovalRule.objects.update(tolerance_percent=2)
    order = a_submitted_order({house: 1000}, by=rep)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    line = order.lines.get()

    with_lines(order, rep, Change(line.pk, ordered=1015))

    assert not order.holds.open().exists()
    kept = order.events.get(kind="approval kept")
    assert kept.note == ApprovalRule.objects.get().name
    assert confirm_order(order.pk, by=rep).status == OrderStatus.CONFIRMED
    assert order.events.filter(kind="approval kept").count() == 1

    order.refresh_from_db()
    assert changed(order, rep, quantities={1: 1030}).asks
    assert order.holds.open().exists()


def test_only_the_step_whose_fact_became_worse_is_asked_again(house, rep, manager):
    finance = a_group("finance")
    a_rule(RuleFact.DISCOUNT_ABOVE, 10, finance)
    order = enter_order(Header(a_customer().pk), [a_line(house, 1000, discount=12)], by=rep)
    submit_order(order.pk, by=rep)
    first = ApprovalRequest.objects.get()
    for person in (manager, a_user(groups=[finance])):
        decide(first.pk, Verdict.APPROVE, by=person)

    seller = a_user("orders.override_price")
    with_lines(order, seller, Change(order.lines.get().pk, ordered=900, discount_percent=Decimal(13)))

    again = ApprovalRequest.objects.exclude(pk=first.pk).get()
    assert [step.approvers for step in again.steps.all()] == [finance]
    assert order.events.get(kind="approval kept").note == ApprovalRule.objects.get(fact="total_above").name


def test_a_total_does_not_creep_through_what_others_approve(house, rep, manager):
    """Within the tolerance, then a discount that finance approves, then a little more again."""
    ApprovalRule.objects.update(tolerance_percent=2)
    finance = a_group("finance")
    a_rule(RuleFact.DISCOUNT_ABOVE, 10, finance)
    seller = a_user("orders.override_price")
    order = a_submitted_order({house: 1000}, by=rep)
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    line = order.lines.get()

    with_lines(order, seller, Change(line.pk, ordered=1160, discount_percent=Decimal("12.5")))
    second = ApprovalRequest.objects.latest("pk")
    assert (second.facts[RuleFact.TOTAL_ABOVE], second.facts[RuleFact.DISCOUNT_ABOVE]) == (
        "10000.0000",
        "12.5000",
    )
    decide(second.pk, Verdict.APPROVE, by=a_user(groups=[finance]))
    with_lines(order, seller, Change(line.pk, ordered=1175, discount_percent=Decimal(12)))

    assert [step.approvers.name for step in ApprovalRequest.objects.latest("pk").steps.all()] == ["managers"]
