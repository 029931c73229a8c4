"""Which price a changed line has, and who is asked about the difference."""

from decimal import Decimal

import pytest

from customers.telling import steps
from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from oms.verify import verify
from orders.errors import CannotDecide, OnHold
from orders.facts import holds_for
from orders.models import ApprovalRequest, ApprovalStep
from orders.services.approving import decide
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import HoldKind, OrderStatus, RuleFact, Verdict
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_currency,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_rate,
    a_rule,
    a_user,
    all_picked,
    an_address,
    an_order,
    in_days,
)
from tests.changing.test_quantities import changed, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts(house):
    """10 each, 9 from 100 on."""
    product = a_product("BOLT-M8", on_hand=500, at=house)
    a_price(product, 9, min_quantity=100)
    return product


@pytest.fixture
def nuts(house):
    return a_product("NUT-M8", on_hand=500, at=house)


def test_a_raised_line_reaches_the_next_break_and_no_other_line_changes_its_price(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 50, nuts: 1})
    a_price(nuts, 9, price_list=a_price_list("OWN", customer=order.customer))

    changed(order, rep, quantities={1: 100})

    assert stands(order, "unit_price", "amount") == [(9, 900), (10, 10)]
    assert verify() == []


def test_a_reduced_line_keeps_its_price(rep, bolts):
    order = a_confirmed_order({bolts: 120})

    changed(order, rep, quantities={1: 20})

    assert stands(order, "unit_price", "amount") == [(9, 180)]


def test_a_raised_line_stays_in_the_tier_it_was_priced_in(rep, bolts):
    customer = a_customer()
    order = a_confirmed_order({bolts: 50}, customer=customer)
    own = a_price_list("OWN", customer=customer)
    a_price(bolts, 5, price_list=own, min_quantity=60)

    changed(order, rep, quantities={1: 60})
    assert stands(order, "unit_price") == [10]
    changed(order, rep, quantities={1: 100})
    assert stands(order, "unit_price") == [9]
    changed(order, rep, add=[a_line(bolts, 60)])
    assert stands(order, "unit_price") == [9, 5]


def test_a_dearer_list_never_raises_what_was_confirmed(rep, bolts):
    order = a_confirmed_order({bolts: 50})
    a_price(bolts, 12, min_quantity=55)

    changed(order, rep, quantities={1: 60})

    assert stands(order, "unit_price") == [10]


def test_what_was_typed_or_quoted_keeps_its_price_however_much_is_wanted(rep, bolts, nuts):
    customer = a_customer()
    quote = draft_quote(Header(customer.pk), [a_line(bolts, 50), a_line(nuts, 2, price=7)], by=rep)
    send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("Ms Ring"), by=rep)
    order = confirm_order(submit_order(order_from_quote(quote.pk, by=rep).pk, by=rep).pk, by=rep)

    changed(order, rep, quantities={1: 200, 2: 20})

    assert stands(order, "unit_price", "amount") == [(10, 2000), (7, 140)]


def test_what_has_left_was_sold_at_the_price_of_the_line_so_it_stands(rep, house):
    pins = a_product("PIN", on_hand=50, at=house)
    a_price(pins, 9, min_quantity=100)
    order = a_confirmed_order({pins: 60})
    (shipment,) = release_order(order.pk, by=None)
    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    ship_shipment(shipment.pk, by=None)

    changed(order, rep, quantities={1: 150})

    assert stands(order, "unit_price", "shipped", "open") == [(10, 50, 100)]


@pytest.fixture
def managers():
    return a_group("managers")


@pytest.fixture
def boss(managers):
    return a_user(groups=[managers])


def approved(order, boss):
    decide(ApprovalRequest.objects.get(order=order, status="pending").pk, Verdict.APPROVE, by=boss)


def an_order_of(customer, lines, by):
    return enter_order(Header(customer.pk), lines, by=by)


def test_only_what_became_worse_than_was_agreed_is_asked_about(rep, bolts, nuts, managers, boss):
    a_rule(threshold=400, approvers=managers)
    a_rule(RuleFact.DISCOUNT_ABOVE, threshold=10, approvers=managers)
    seller = a_user("orders.override_price")
    order = submit_order(
        an_order_of(a_customer(), [a_line(bolts, 50, discount=5), a_line(nuts, 10)], seller).pk, by=seller
    )
    approved(order, boss)
    order = confirm_order(order.pk, by=seller)

    done = changed(order, seller, quantities={2: 5}, add=[a_line(nuts, 1, discount=13)])

    assert [rule.fact for rule, _why in done.asks] == [RuleFact.DISCOUNT_ABOVE]
    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED
    with pytest.raises(OnHold):
        release_order(order.pk, by=None)
    assert ApprovalStep.objects.get(status="pending").reason.startswith("line 3: discount of 13 percent")
    assert verify() == []

    with pytest.raises(CannotDecide, match="your own"):
        decide(ApprovalRequest.objects.get(status="pending").pk, Verdict.APPROVE, by=seller)
    approved(order, boss)
    assert release_order(order.pk, by=None)
    assert verify() == []


def test_less_of_the_same_asks_nobody_even_where_a_rule_came_later(rep, bolts, managers):
    order = a_confirmed_order({bolts: 90})
    a_rule(threshold=400, approvers=managers)

    assert changed(order, rep, quantities={1: 80}).asks == []
    done = changed(order, rep, quantities={1: 85})
    assert [why for _rule, why in done.asks] == ["total 850 is above 400"]


def test_changed_again_while_somebody_is_asked_only_the_last_change_is_asked_about(rep, bolts, managers):
    a_rule(threshold=400, approvers=managers)
    order = a_confirmed_order({bolts: 30})
    changed(order, rep, quantities={1: 50})
    assert order.holds.open().count() == 1

    changed(order, rep, quantities={1: 60})
    assert list(order.approvals.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "pending"]
    assert verify() == []

    changed(order, rep, quantities={1: 40})
    assert not order.holds.open().exists()
    assert verify() == []


def test_a_rejected_change_keeps_the_order_held_until_it_is_changed_again(rep, bolts, managers, boss):
    a_rule(threshold=400, approvers=managers)
    order = a_confirmed_order({bolts: 30})
    changed(order, rep, quantities={1: 50})

    decide(order.approvals.get().pk, Verdict.REJECT, by=boss, reason="too much at once")

    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED
    hold = order.holds.open().get(kind=HoldKind.APPROVAL)
    assert hold.reason.startswith("The change was rejected: too much at once.")
    assert verify() == []
    changed(order, rep, quantities={1: 30})
    assert not order.holds.open().exists()
    assert release_order(order.pk, by=None)
    assert verify() == []


def test_goods_for_another_address_are_asked_about_again(rep, bolts, managers, boss):
    a_rule(threshold=400, approvers=managers)
    customer = a_customer()
    order = submit_order(an_order_of(customer, [a_line(bolts, 50)], a_boss()).pk, by=a_boss())
    approved(order, boss)
    order = confirm_order(order.pk, by=rep)

    assert changed(order, rep, ship_to_id=an_address(customer, "SITE").pk).asks


def test_vector_9_the_discount_step_reopens_and_the_amount_step_stays():
    approved = {RuleFact.TOTAL_ABOVE: "10000", RuleFact.DISCOUNT_ABOVE: "12", RuleFact.MARGIN_BELOW: "21"}
    now = {**approved, RuleFact.TOTAL_ABOVE: "9000", RuleFact.DISCOUNT_ABOVE: "13"}

    assert holds_for(RuleFact.TOTAL_ABOVE, [approved], now)
    assert not holds_for(RuleFact.DISCOUNT_ABOVE, [approved], now)
    assert holds_for(RuleFact.DISCOUNT_ABOVE, [approved, now], now)
    assert not holds_for(RuleFact.TOTAL_ABOVE, [{**approved, "ship_to": "1"}], {**now, "ship_to": "2"})


def test_the_rate_of_the_orders_day_is_frozen_when_it_is_confirmed(rep, house):
    """A list in dollars, an order in euros: drafted at one rate, confirmed on a day with another."""
    then, later = in_days(-5), in_days(-1)
    bolt, nut = (a_product(sku, on_hand=500, at=house, price=None) for sku in ("BOLT", "NUT"))
    dollars = a_price_list("USA", currency=a_currency("USD"))
    for product in (bolt, nut):
        a_price(product, 10, price_list=dollars)
    a_price(bolt, 8, price_list=dollars, min_quantity=100)
    rate = a_rate("USD", "0.9", valid_from=then)
    order = an_order({bolt: 10}, ordered_on=then)
    a_rate("USD", "0.5", valid_from=later)

    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)

    line = order.lines.get()
    assert (line.unit_price, line.trace["rate"], line.trace["rate_on"]) == (
        9,
        "0.900000000",
        then.isoformat(),
    )
    assert f"1 USD is 0.9 on the day of the price, the rate since {then}" in steps(line.trace)

    rate.rate = Decimal("0.7")
    rate.save()
    changed(order, rep, quantities={1: 100}, add=[a_line(nut, 1)])

    assert stands(order, "unit_price") == [Decimal("7.2"), 9]
    assert {line.trace["rate"] for line in order.lines.all()} == {"0.900000000"}


def test_a_draft_follows_the_rate_of_its_day_and_no_later_one(rep, house):
    bolt = a_product("BOLT", price=None)
    a_price(bolt, 10, price_list=a_price_list("USA", currency=a_currency("USD")))
    a_rate("USD", "0.9", valid_from=in_days(-5))
    order = an_order({bolt: 10}, ordered_on=in_days(-3))
    a_rate("USD", "0.5", valid_from=in_days(-1))

    edit_order(order.pk, Edit(0, change=[Change(order.lines.get().pk, ordered=20)]), by=rep)

    assert stands(order, "unit_price") == [9]
