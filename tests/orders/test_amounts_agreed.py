"""An approval covers no more money than was given away when somebody agreed, however small the percentage."""

from decimal import Decimal

import pytest

from orders.discounts import DocumentDiscount
from orders.facts import AMOUNT_OF, covers, holds_for
from orders.models import ApprovalRequest, ApprovalRule, ApprovalStep
from orders.services.approving import decide
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_quote
from orders.services.fact_finding import facts_about
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    draft_quote,
    revise_quote,
    send_quote,
    version_in_force,
)
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus, QuoteStatus, RuleFact, Verdict
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    in_days,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db
DISCOUNT, LIST, MARGIN, FLOOR = (
    RuleFact.DISCOUNT_ABOVE,
    RuleFact.PRICE_BELOW_LIST,
    RuleFact.MARGIN_BELOW,
    RuleFact.BELOW_FLOOR,
)


@pytest.fixture
def managers():
    return a_group("managers")


@pytest.fixture
def bolts(managers):
    """10 each, not below 8, for a cost of 5."""
    a_company()
    a_warehouse("MAIN")
    a_rule(DISCOUNT, threshold=10, approvers=managers)
    a_rule(LIST, threshold=10, approvers=managers)
    a_rule(MARGIN, threshold=35, approvers=managers)
    a_rule(FLOOR, threshold=0, approvers=managers)
    product = a_product("BOLT", price=None, cost=5, on_hand=5000)
    a_price(product, 10, floor=8)
    return product


@pytest.fixture
def rep(bolts):
    return a_user("orders.override_price", username="rep")


@pytest.fixture
def manager(managers):
    return a_user(username="manager", groups=[managers])


def asked():
    return set(ApprovalStep.objects.filter(status="pending").values_list("rule__fact", flat=True))


def approve(manager):
    decide(ApprovalRequest.objects.get(status="pending").pk, Verdict.APPROVE, by=manager)


def a_sent_quote(rep, manager, *lines, **header):
    """A quote that was approved and sent."""
    quote = draft_quote(Header(a_customer().pk, **header), lines, by=rep)
    assert send_quote(quote.pk, by=rep).status == QuoteStatus.WAITING
    approve(manager)
    return send_quote(quote.pk, by=rep)


def revised(quote, rep, add=(), **change):
    """The quote with its first line changed, and some added, sent again."""
    quote = revise_quote(quote.pk, by=rep)
    first = version_in_force(quote).lines.get(position=1)
    changes = [Change(first.pk, **change)] if change else []
    edit_quote(quote.pk, Edit(quote.revision, add=add, change=changes), by=rep)
    return send_quote(quote.pk, by=rep)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ({"discount": 15}, {DISCOUNT}),
        ({"price": "8.50"}, {LIST}),
        ({"price": "7.50"}, {LIST, MARGIN, FLOOR}),
        ({"price": "9.50", "discount": 20}, {DISCOUNT, MARGIN, FLOOR}),
    ],
)
@pytest.mark.parametrize(("quantity", "asks"), [(9, False), (10, False), (11, True), (17_000, True)])
def test_what_was_agreed_is_as_much_money_too(rep, manager, bolts, line, facts, quantity, asks):
    quote = a_sent_quote(rep, manager, a_line(bolts, 10, **line))

    quote = revised(quote, rep, ordered=quantity)

    assert quote.status == (QuoteStatus.WAITING if asks else QuoteStatus.SENT)
    assert asked() == (facts if asks else set())


def test_more_of_it_at_less_of_a_discount_may_come_to_the_same(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 100, discount=20))  # 200 in all

    quote = revised(quote, rep, ordered=160, discount_percent=Decimal("12.5"))

    assert quote.status == QuoteStatus.SENT


def test_other_lines_of_the_same_percentage_are_more_money(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 1, discount=15))

    quote = revised(quote, rep, add=[a_line(bolts, 150, discount=15)])

    assert (quote.status, asked()) == (QuoteStatus.WAITING, {DISCOUNT})


def test_what_nobody_has_to_agree_to_does_not_count(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 1, discount=15))

    quote = revised(quote, rep, add=[a_line(bolts, 150, discount=5), a_line(bolts, 150, price="9.50")])

    assert quote.status == QuoteStatus.SENT


def test_a_discount_on_all_counts_with_those_on_lines(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 10), discount=DocumentDiscount(percent=Decimal(15)))

    quote = revised(quote, rep, add=[a_line(bolts, 1)])

    assert (quote.status, asked()) == (QuoteStatus.WAITING, {DISCOUNT})
    assert facts_about(quote, version_in_force(quote).lines)[AMOUNT_OF[DISCOUNT]] == "16.5000"


def test_whoever_decides_reads_the_amount_beside_the_percentage(rep, managers, bolts):
    order = enter_order(Header(a_customer().pk), [a_line(bolts, 1700, price="7.50")], by=rep)
    submit_order(order.pk, by=rep)

    assert set(ApprovalStep.objects.values_list("reason", flat=True)) == {
        "line 1: the price is 25 percent below the list, 10 is allowed; 4,250 less in all",
        "margin of 33.33 percent is below 35; 212.50 missing",
        "line 1: the net price is 6.25 percent below its floor, 0 is allowed; 850 less in all",
    }


def test_an_order_of_the_quote_may_give_away_as_much_and_no_more(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 100, discount=15))
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)
    order = submit_order(order_from_quote(quote.pk, by=rep).pk, by=rep)
    order = confirm_order(order.pk, by=rep)
    assert order.status == OrderStatus.CONFIRMED

    assert changed(order, rep, quantities={1: 90}).asks == []
    assert changed(order, rep, quantities={1: 100}).asks == []
    done = changed(order, rep, quantities={1: 101})
    assert [(rule.fact, why) for rule, why in done.asks] == [
        (DISCOUNT, "line 1: discount of 15 percent is above 10; 151.50 less in all")
    ]
    approve(manager)
    order.refresh_from_db()
    assert changed(order, rep, quantities={1: 100}).asks == []


def test_the_parts_of_an_order_give_away_no_more_than_it_did(rep, manager, bolts):
    quote = a_sent_quote(rep, manager, a_line(bolts, 100, discount=15), a_line(bolts, 10, discount=15))
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)
    order = submit_order(order_from_quote(quote.pk, by=rep).pk, by=rep)
    order = confirm_order(order.pk, by=rep)

    part = split_order(
        order.pk, Split(order.revision, positions=frozenset({2}), requested_on=in_days(9)), by=rep
    )

    assert not order.holds.open().exists()
    assert not part.holds.open().exists()


def test_an_approval_of_before_amounts_were_kept_covers_by_its_percentage():
    rule = ApprovalRule(fact=DISCOUNT, threshold=10)
    before, now = {DISCOUNT: "15", "ship_to": "1"}, {DISCOUNT: "15", "ship_to": "1", AMOUNT_OF[DISCOUNT]: "9"}

    assert covers(rule, before, now)
    assert holds_for(DISCOUNT, [before], now)
    assert covers(rule, now, now)
    assert not covers(rule, {**now, AMOUNT_OF[DISCOUNT]: "8.99"}, now)
    assert not holds_for(DISCOUNT, [{**now, AMOUNT_OF[DISCOUNT]: "8.99"}], now)
    assert not covers(rule, {**now, "ship_to": "2"}, now)
