"""What a change in a draft does to the prices of other lines, and prices that hold for one address."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import PriceListAssignment
from customers.status import BreakBasis
from orders.errors import NobodyForFloors
from orders.facts import covers
from orders.models import ApprovalRule, Order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.pricing import LineInput
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import RuleFact
from orders.views.rows import why
from tests.builders import (
    a_customer,
    a_group,
    a_line,
    a_long_order,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    an_address,
    an_agreement,
    an_order,
)

pytestmark = pytest.mark.django_db
MIX = {"basis": BreakBasis.MIX, "mix_group": "PAINT", "min_quantity": 100}


@pytest.fixture
def rep():
    a_warehouse()
    return a_user("orders.override_price")


def prices(order):
    return [line.unit_price for line in order.lines.order_by("position")]


def test_a_line_that_reaches_the_break_of_its_product_takes_the_other_lines_of_it_along(rep):
    paint = a_product("PAINT", price=10)
    a_price(paint, 8, min_quantity=100, basis=BreakBasis.PRODUCT)
    nut = a_product("NUT", price=3)
    order = enter_order(
        Header(a_customer().pk), [a_line(paint, 60), a_line(nut, 1), a_line(paint, 30)], by=rep
    )
    assert prices(order) == [10, 3, 10]
    last = order.lines.get(position=3)

    edited = edit_order(order.pk, Edit(0, change=[Change(last.pk, ordered=40)]), by=rep)

    assert prices(order) == [8, 3, 8]
    assert Order.objects.get().total == 8 * 100 + 3
    assert set(edited.changed) == {order.lines.get(position=1).pk, last.pk}

    edit_order(order.pk, Edit(1, remove=frozenset({last.pk})), by=rep)

    assert prices(order) == [10, 3]
    assert Order.objects.get().total == 603


def test_a_line_added_to_a_mix_takes_other_products_of_the_mix_along_and_no_others(rep):
    red, blue, nut = a_product("RED", price=10), a_product("BLUE", price=12), a_product("NUT", price=3)
    a_price(red, 9, **MIX)
    a_price(blue, 11, **MIX)
    order = an_order({red: 60, nut: 5}, by=rep)
    nut.prices.update(price=99)

    edited = edit_order(order.pk, Edit(0, add=[a_line(blue, 40)]), by=rep)

    assert prices(order) == [9, 3, 11]
    assert edited.products == {red.pk, blue.pk}

    edit_order(order.pk, Edit(1, change=[Change(order.lines.get(position=3).pk, ordered=39)]), by=rep)
    assert prices(order) == [10, 3, 12]


def test_a_line_whose_unit_becomes_another_products_leaves_the_count_of_the_first(rep):
    red, blue = a_product("RED", price=10), a_product("BLUE", price=12)
    a_price(red, 9, min_quantity=100, basis=BreakBasis.PRODUCT)
    order = enter_order(Header(a_customer().pk), [a_line(red, 60), a_line(red, 40)], by=rep)
    assert prices(order) == [9, 9]

    swap = Change(order.lines.get(position=2).pk, unit_id=blue.units.get().pk)
    edit_order(order.pk, Edit(0, change=[swap]), by=rep)

    assert prices(order) == [10, 12]


def test_typed_prices_and_discounts_stay_when_another_line_reaches_a_break(rep):
    paint = a_product("PAINT", price=10)
    a_price(paint, 8, min_quantity=100, basis=BreakBasis.PRODUCT)
    lines = [a_line(paint, 60, price=7), a_line(paint, 1, discount=50), a_line(paint, 1)]
    order = enter_order(Header(a_customer().pk), lines, by=rep)

    edit_order(order.pk, Edit(0, change=[Change(order.lines.get(position=3).pk, ordered=40)]), by=rep)

    assert [(line.unit_price, line.list_price, line.amount) for line in order.lines.all()] == [
        (7, 8, 420),
        (8, 8, 4),
        (8, 8, 320),
    ]


def with_dock_prices(customer, product, price):
    dock = an_address(customer, code="DOCK")
    own = a_price_list("DOCK")
    own.assignments.all().delete()
    PriceListAssignment.objects.create(price_list=own, ship_to=dock)
    a_price(product, price, price_list=own)
    return dock


def test_prices_of_the_address_hold_for_what_goes_there_and_follow_when_it_changes(rep):
    customer, bolt = a_customer(), a_product("BOLT", price=10)
    dock = with_dock_prices(customer, bolt, 7)
    lines = [a_line(bolt, 1), a_line(bolt, 2, price=5)]
    there = enter_order(Header(customer.pk, ship_to_id=dock.pk), lines, by=rep)
    here = enter_order(Header(customer.pk), lines, by=rep)
    assert (prices(there), prices(here)) == ([7, 5], [10, 5])

    edit_order(here.pk, Edit(0, header=HeaderChange(ship_to_id=dock.pk)), by=rep)
    assert prices(here) == [7, 5]
    edit_order(here.pk, Edit(1, add=[a_line(bolt, 3)]), by=rep)
    assert prices(here) == [7, 5, 7]

    quote = draft_quote(Header(customer.pk, ship_to_id=dock.pk), lines, by=rep)
    version = quote.versions.get()
    assert [line.unit_price for line in version.lines.all()] == [7, 5]
    edit_quote(quote.pk, Edit(0, header=HeaderChange(ship_to_id=here.bill_to_id)), by=rep)
    assert [line.unit_price for line in version.lines.all()] == [10, 5]
    version.refresh_from_db()
    assert version.total == 20


def test_another_address_without_prices_of_its_own_leaves_what_was_priced(rep):
    customer, bolt = a_customer(), a_product("BOLT", price=10)
    order = an_order({bolt: 1}, customer, by=rep)
    bolt.prices.update(price=99)

    edit_order(order.pk, Edit(0, header=HeaderChange(ship_to_id=an_address(customer, code="B").pk)), by=rep)

    assert prices(order) == [10]


@pytest.mark.parametrize("size", [10, 300])
def test_an_edit_that_reaches_a_whole_mix_costs_as_many_statements_with(size, rep):
    order = a_long_order(size, by=rep)
    for line in order.lines.all():
        a_price(line.product, 9, min_quantity=100, basis=BreakBasis.MIX, mix_group="ALL")
    change = Change(order.lines.first().pk, ordered=1000)

    with CaptureQueriesContext(connection) as seen:
        edited = edit_order(order.pk, Edit(0, change=[change]), by=rep)

    assert len(edited.changed) == size
    assert set(prices(order)) == {9}
    assert len(seen) == 15


def test_a_net_price_below_the_floor_of_its_list_waits_for_who_may_agree(rep):
    bolt = a_product("BOLT", price=None)
    a_price(bolt, 10, floor=9)
    case = a_unit(bolt, "CT", numerator=12)
    managers = a_group("managers")
    a_rule(fact=RuleFact.BELOW_FLOOR, threshold=0, approvers=managers)
    at_floor = enter_order(Header(a_customer().pk), [LineInput(case.pk, 12, Decimal(108))], by=rep)
    below = enter_order(Header(a_customer().pk), [LineInput(case.pk, 12, None, Decimal("10.0001"))], by=rep)

    submit_order(at_floor.pk, by=rep)
    submit_order(below.pk, by=rep)

    assert not at_floor.holds.exists()
    assert below.holds.get().reason == "line 1: the net price is 0.01 percent below its floor, 0 is allowed"


def test_a_floor_that_no_rule_watches_is_refused_and_not_passed_over(rep):
    bolt = a_product("BOLT", price=None)
    a_price(bolt, 10, floor=9)
    order = enter_order(Header(a_customer().pk), [a_line(bolt, 1, price=8)], by=rep)

    with pytest.raises(NobodyForFloors, match="below its floor"):
        submit_order(order.pk, by=rep)

    order.refresh_from_db()
    assert order.status == "draft"


def test_an_approval_covers_a_price_that_comes_closer_to_its_floor_and_none_that_goes_further_below():
    approved = dict.fromkeys(RuleFact.values, "0") | {RuleFact.BELOW_FLOOR: "5"}

    rule = ApprovalRule(fact=RuleFact.BELOW_FLOOR, threshold=0)

    assert covers(rule, approved, approved | {RuleFact.BELOW_FLOOR: None})
    assert covers(rule, approved, approved | {RuleFact.BELOW_FLOOR: "4.99"})
    assert not covers(rule, approved, approved | {RuleFact.BELOW_FLOOR: "5.01"})
    assert not covers(rule, approved | {RuleFact.BELOW_FLOOR: None}, approved)


def ordered_from_quote(lines, customer=None, by=None):
    quote = draft_quote(Header((customer or a_customer()).pk), lines, by=by)
    send_quote(quote.pk, by=by)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=by)
    return order_from_quote(quote.pk, by=by), f"{quote.number} v1"


def test_a_quoted_line_keeps_its_price_when_its_quantity_or_a_line_of_its_mix_changes(rep):
    red, blue = a_product("RED", price=10), a_product("BLUE", price=12)
    order, quoted = ordered_from_quote([a_line(red, 60, discount=5), a_line(blue, 10, price="11.50")], by=rep)
    for product in (red, blue):
        product.prices.update(price=99)
        a_price(product, 9, **MIX)
    first, second = order.lines.order_by("position")

    edit_order(order.pk, Edit(0, change=[Change(first.pk, ordered=2)]), by=a_user())

    line = order.lines.get(position=1)
    assert (line.ordered, line.list_price, line.unit_price, line.amount) == (2, 10, 10, 19)
    assert (line.trace["quoted"], line.price_was_typed) == (quoted, False)
    assert why(line, rep)[0] == f"Accepted in quote {quoted}; it stays when the quantity changes."

    edit_order(order.pk, Edit(1, add=[a_line(blue, 200)]), by=rep)

    assert prices(order) == [10, Decimal("11.50"), 9]
    assert second.amount == order.lines.get(pk=second.pk).amount

    edit_order(order.pk, Edit(2, change=[Change(first.pk, discount_percent=Decimal(10))]), by=rep)
    assert order.lines.get(pk=first.pk).amount == 18


def test_a_quoted_price_is_forgotten_with_another_unit_a_typed_price_or_when_the_list_is_asked_for(rep):
    bolt = a_product("BOLT", price=10)
    case = a_unit(bolt, "CT", numerator=12)
    order, _quoted = ordered_from_quote([a_line(bolt, 12)] * 3, by=rep)
    bolt.prices.update(price=8)
    unit, typed, listed = order.lines.order_by("position")
    changes = [
        Change(unit.pk, unit_id=case.pk),
        Change(typed.pk, unit_price=Decimal(7)),
        Change(listed.pk, unit_price=None),
    ]

    edit_order(order.pk, Edit(0, change=changes), by=rep)

    assert prices(order) == [96, 7, 8]
    assert not any(line.price_was_quoted for line in order.lines.all())


def test_a_line_quoted_at_an_agreements_price_stays_one_and_takes_what_is_left_from_it(rep):
    bolt, customer = a_product("BOLT", price=10), a_customer()
    an_agreement(customer, agreed(bolt, 8, maximum=40))
    order, _quoted = ordered_from_quote([a_line(bolt, 30)], customer, by=rep)

    edit_order(
        order.pk, Edit(0, add=[a_line(bolt, 20)], change=[Change(order.lines.get().pk, ordered=35)]), by=rep
    )

    found = [(line.ordered, line.unit_price) for line in order.lines.order_by("position")]
    assert found == [(35, 8), (5, 8), (15, 10)]
