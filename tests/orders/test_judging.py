"""What was priced on an earlier day is judged by the list and the cost of today when it is sent or submitted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from customers.masking import without_cost
from customers.models import PriceRule
from customers.price_trace import JUDGED
from inventory.models import Product
from oms.models import ExchangeRate
from oms.verify import breaches
from orders.models import ApprovalRequest, ApprovalStep, Order, Quote
from orders.services.approving import decide, rules_in_the_way
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.costing import cost_rate_of
from orders.services.drafting import Change, Edit, HeaderChange, edit_order
from orders.services.fact_finding import facts_about
from orders.services.pricing_again import Shown, plan_prices, price_order_again
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    draft_quote,
    revise_quote,
    send_quote,
    version_in_force,
)
from orders.services.renewing import renew_quote
from orders.services.sheets import sheet_of
from orders.services.submitting import submit_order, take_back_order
from orders.status import OrderStatus, QuoteStatus, RuleFact, Verdict
from tests.builders import (
    a_company,
    a_currency,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    in_days,
    many_products,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db
LIST, MARGIN, FLOOR = RuleFact.PRICE_BELOW_LIST, RuleFact.MARGIN_BELOW, RuleFact.BELOW_FLOOR


@pytest.fixture
def bolts():
    """10 each, for a cost of 6."""
    a_company()
    a_warehouse("MAIN")
    return a_product("BOLT", cost=6, on_hand=1000)


@pytest.fixture
def managers():
    return a_group("managers")


@pytest.fixture
def rules(managers):
    a_rule(LIST, threshold=5, approvers=managers)
    a_rule(MARGIN, threshold=15, approvers=managers)


@pytest.fixture
def rep(bolts, rules):
    return a_user("orders.override_price", username="rep")


@pytest.fixture
def manager(managers):
    return a_user(username="manager", groups=[managers])


def twice_as_dear():
    PriceRule.objects.update(price=F("price") * 2)
    Product.objects.update(cost=F("cost") * 2)


def asked():
    return sorted(ApprovalStep.objects.filter(status="pending").values_list("reason", flat=True))


def told_of_today():
    day = date_format(in_days(0))
    return [
        f"line 1: the price is 50 percent below today's list ({day}), 5 is allowed; 1,000 less in all",
        f"margin of -20 percent at today's cost ({day}) is below 15; 350 missing",
    ]


def a_quote(rep, *lines):
    return draft_quote(Header(a_customer("Kern AG").pk), lines, by=rep)


def a_stale_quote(rep, *lines):
    """A quote that was sent, has expired, and is revised to another day."""
    quote = send_quote(a_quote(rep, *lines).pk, by=rep)
    Quote.objects.update(valid_until=in_days(-3))
    quote.refresh_from_db()
    quote.move_to(QuoteStatus.EXPIRED, by=None)
    return revise_quote(quote.pk, by=rep, valid_until=in_days(60))


def a_stale_order(rep, *lines):
    """A draft of five days ago."""
    header = Header(a_customer("Kern AG").pk, ordered_on=in_days(-5), requested_on=in_days(0))
    return enter_order(header, lines, by=rep)


def line_of(document):
    lines = document.lines if isinstance(document, Order) else version_in_force(document).lines
    return lines.first()


def approve(manager):
    decide(ApprovalRequest.objects.get(status="pending").pk, Verdict.APPROVE, by=manager)


def test_a_revised_quote_is_judged_as_if_it_were_typed_today(rep, bolts):
    PriceRule.objects.update(valid_from=in_days(-30))
    quote = a_stale_quote(rep, a_line(bolts, 100))
    twice_as_dear()

    quote = send_quote(quote.pk, by=rep)

    assert quote.status == QuoteStatus.WAITING
    assert asked() == told_of_today()
    line = line_of(quote)
    assert (line.unit_price, line.list_price, line.unit_cost, line.amount) == (10, 10, 12, 1000)
    assert list(breaches()) == []
    typed = a_quote(rep, a_line(bolts, 100, price=10))
    stale, fresh = (facts_about(one, version_in_force(one).lines) for one in (quote, typed))
    assert {fact: stale[fact] for fact in RuleFact} == {fact: fresh[fact] for fact in RuleFact}


def test_what_was_approved_goes_out_and_on_into_its_order(rep, manager, bolts):
    quote = a_stale_quote(rep, a_line(bolts, 100))
    twice_as_dear()
    send_quote(quote.pk, by=rep)
    approve(manager)

    quote = send_quote(quote.pk, by=rep)
    assert quote.status == QuoteStatus.SENT
    accept_quote(quote.pk, Acceptance("Kern"), by=rep)
    order = submit_order(order_from_quote(quote.pk, by=rep).pk, by=rep)
    order = confirm_order(order.pk, by=rep)

    assert order.status == OrderStatus.CONFIRMED
    assert changed(order, rep, quantities={1: 90}).asks == []
    assert list(breaches()) == []


def test_an_approved_quote_that_lies_until_costs_rise_again_is_asked_again(rep, manager, bolts):
    quote = a_stale_quote(rep, a_line(bolts, 100))
    twice_as_dear()
    send_quote(quote.pk, by=rep)
    approve(manager)
    twice_as_dear()

    assert send_quote(quote.pk, by=rep).status == QuoteStatus.WAITING
    assert asked()[0].startswith("line 1: the price is 75 percent below today's list")


def test_a_draft_quote_that_lay_is_judged_by_today_and_one_of_today_by_its_own(rep, bolts):
    lay, fresh = a_quote(rep, a_line(bolts, 1)), a_quote(rep, a_line(bolts, 1))
    Quote.objects.filter(pk=lay.pk).update(created_at=timezone.now() - timedelta(days=2))
    twice_as_dear()

    assert send_quote(fresh.pk, by=rep).status == QuoteStatus.SENT
    assert send_quote(lay.pk, by=rep).status == QuoteStatus.WAITING


def test_a_renewed_quote_is_asked_about_the_typed_price_that_stays(rep, bolts):
    nuts = a_product("NUT", cost=6)
    quote = send_quote(a_quote(rep, a_line(nuts, 1), a_line(bolts, 100, price="9.60")).pk, by=rep)
    PriceRule.objects.update(price=20)

    renewed = send_quote(renew_quote(quote.pk, by=rep).pk, by=rep)

    assert renewed.status == QuoteStatus.WAITING
    assert asked() == ["line 2: the price is 52 percent below the list, 5 is allowed; 1,040 less in all"]
    assert JUDGED not in line_of(renewed).trace


def test_a_draft_order_that_lay_is_judged_by_today_and_the_pad_foretells_it(rep, bolts):
    order = a_stale_order(rep, a_line(bolts, 100))
    twice_as_dear()

    foretold, facts = rules_in_the_way(order, order.lines)
    assert {rule.fact for rule in foretold} == {LIST, MARGIN}
    assert facts[MARGIN] == "-20.00"
    assert line_of(order).unit_cost == 6  # looking writes nothing

    order = submit_order(order.pk, by=rep)
    assert order.holds.open().exists()
    assert asked() == told_of_today()
    assert list(breaches()) == []


def test_confirming_what_was_approved_asks_nothing_and_a_change_is_judged_by_the_same(rep, manager, bolts):
    order = a_stale_order(rep, a_line(bolts, 100))
    twice_as_dear()
    submit_order(order.pk, by=rep)
    approve(manager)

    order = confirm_order(order.pk, by=rep)
    assert order.status == OrderStatus.CONFIRMED
    nuts = a_product("NUT", cost=10)

    done = changed(order, rep, add=[a_line(nuts, 100, price="7.5")])

    assert {rule.fact for rule, _why in done.asks} == {LIST, MARGIN}  # -20 was agreed, -25.71 is not
    assert list(breaches()) == []


def test_prices_that_stand_as_they_do_today_ask_nobody_and_leave_no_mark(rep, bolts):
    order = submit_order(a_stale_order(rep, a_line(bolts, 100)).pk, by=rep)

    assert not order.holds.exists()
    assert JUDGED not in line_of(order).trace


def test_what_became_cheaper_is_judged_by_that_too(rep, bolts):
    order = a_stale_order(rep, a_line(bolts, 100, price=9))
    PriceRule.objects.update(price=9)
    Product.objects.update(cost=5)

    order = submit_order(order.pk, by=rep)

    assert not order.holds.exists()
    assert facts_about(order, order.lines)[MARGIN] == "44.44"


def test_taken_back_and_priced_again_it_is_judged_by_its_own(rep, bolts):
    order = a_stale_order(rep, a_line(bolts, 100))
    twice_as_dear()
    submit_order(order.pk, by=rep)
    order = take_back_order(order.pk, by=rep)

    plan = plan_prices(sheet_of(order))
    price_order_again(order.pk, Shown(order.revision, plan.seal), by=rep)
    order = submit_order(order.pk, by=rep)

    assert not order.holds.open().exists()
    assert (line_of(order).unit_price, JUDGED in line_of(order).trace) == (20, False)


def test_a_second_edit_keeps_a_line_judged_until_it_is_priced(rep, bolts):
    order = a_stale_order(rep, a_line(bolts, 100))
    twice_as_dear()
    submit_order(order.pk, by=rep)
    order = take_back_order(order.pk, by=rep)
    edit_order(order.pk, Edit(order.revision, header=HeaderChange(note="as agreed")), by=rep)

    assert submit_order(order.pk, by=rep).holds.open().exists()


def test_a_floor_of_today_counts(rep, bolts, managers):
    a_rule(FLOOR, threshold=0, approvers=managers)
    order = a_stale_order(rep, a_line(bolts, 100))
    PriceRule.objects.update(floor=Decimal("10.50"))

    submit_order(order.pk, by=rep)

    day = date_format(in_days(0))
    assert asked() == [
        f"line 1: the net price is 4.76 percent below today's floor ({day}), 0 is allowed; 50 less in all"
    ]


def test_a_cost_abroad_is_worth_what_it_is_today(rep, bolts):
    dollars, euros = a_currency("USD"), a_currency()
    for rate, day in ((1, -30), (2, -1)):
        ExchangeRate.objects.create(source=euros, target=dollars, rate=rate, valid_from=in_days(day))
    order = enter_order(
        Header(a_customer(currency=dollars).pk, ordered_on=in_days(-5)), [a_line(bolts, 100)], by=rep
    )

    order = submit_order(order.pk, by=rep)

    assert asked() == told_of_today()
    assert (line_of(order).unit_cost, cost_rate_of(order, order.lines)) == (6, 2)


def test_by_what_a_line_is_judged_is_not_told_with_how_its_price_came_about(rep, bolts):
    order = a_stale_order(rep, a_line(bolts, 100))
    twice_as_dear()
    line = line_of(submit_order(order.pk, by=rep))

    assert line.trace[JUDGED] == {
        "on": in_days(0).isoformat(),
        "list": "20.000000",
        "cost": "12.000000",
        "rate": "1",
    }
    assert JUDGED not in without_cost(line.trace)


# --- what a quote promised binds ------------------------------------------------------------------------------------


@pytest.fixture
def ordered(rep, bolts):
    """The draft of an order for 100 from a quote that was accepted; then everything became twice as dear."""
    quote = send_quote(a_quote(rep, a_line(bolts, 100)).pk, by=rep)
    accept_quote(quote.pk, Acceptance("Kern"), by=rep)
    order = order_from_quote(quote.pk, by=rep)
    twice_as_dear()
    return order


@pytest.mark.parametrize("days", [0, 5])
def test_an_order_of_what_was_accepted_asks_nobody_however_long_it_lay(ordered, rep, days):
    Order.objects.update(ordered_on=in_days(-days))

    order = submit_order(ordered.pk, by=rep)

    assert not order.holds.exists()


@pytest.mark.parametrize(("quantity", "asks"), [(1, False), (100, False), (101, True), (5000, True)])
def test_a_promise_is_for_as_much_as_was_offered(ordered, rep, quantity, asks):
    edit_order(ordered.pk, Edit(ordered.revision, change=[Change(line_of(ordered).pk, quantity)]), by=rep)

    order = submit_order(ordered.pk, by=rep)

    assert line_of(order).unit_price == 10
    assert order.holds.exists() == asks


def test_who_wanted_more_and_was_refused_comes_back_to_what_was_promised(ordered, rep, manager):
    edit_order(ordered.pk, Edit(ordered.revision, change=[Change(line_of(ordered).pk, 101)]), by=rep)
    submit_order(ordered.pk, by=rep)
    request = ApprovalRequest.objects.get(status="pending")
    decide(request.pk, Verdict.REJECT, by=manager, reason="not at that price")
    ordered.refresh_from_db()
    edit_order(ordered.pk, Edit(ordered.revision, change=[Change(line_of(ordered).pk, 100)]), by=rep)
    ordered.refresh_from_db()

    assert rules_in_the_way(ordered, ordered.lines)[0] == []
    order = submit_order(ordered.pk, by=rep)

    assert not order.holds.open().exists()
    assert (line_of(order).unit_cost, JUDGED in line_of(order).trace) == (6, False)


def test_what_is_added_to_it_is_judged_by_today_when_it_lay(ordered, rep, bolts):
    nuts = a_product("NUT", cost=6)
    edit_order(ordered.pk, Edit(ordered.revision, add=[a_line(nuts, 500)]), by=rep)
    Order.objects.update(ordered_on=in_days(-5))
    PriceRule.objects.filter(product=nuts).update(price=20)

    submit_order(ordered.pk, by=rep)

    assert [why.startswith("line 2: the price is 50 percent below today's list") for why in asked()] == [True]


# --- statements -----------------------------------------------------------------------------------------------------


def statements(document, rep):
    go = submit_order if isinstance(document, Order) else send_quote
    with CaptureQueriesContext(connection) as captured:
        go(document.pk, by=rep)
    return len(captured)


def test_judging_takes_as_many_statements_for_any_length(rep):
    found = set(), set(), set()
    for n in (2, 60):
        products = many_products(n)
        stale = [a_stale_order(rep, *(a_line(one, 1) for one in products))]
        stale.append(a_stale_quote(rep, *(a_line(one, 1) for one in products)))
        Order.objects.update(ordered_on=in_days(-5))
        twice_as_dear()
        for number, document in enumerate(stale):
            found[number].add(statements(document, rep))
        lay = a_stale_order(rep, *(a_line(one, 1) for one in products))
        with CaptureQueriesContext(connection) as captured:
            rules_in_the_way(lay, lay.lines)
        found[2].add(len(captured))

    assert [len(one) for one in found] == [1, 1, 1], found
