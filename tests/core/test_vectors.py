"""Numbers computed outside this program: what the specification says must come out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from customers.price_rules import Candidate, Question, Unit
from customers.pricing import price_of
from customers.status import PriceTier
from fulfillment.models import PickTask, Shipment
from fulfillment.services.picking import short_pick
from fulfillment.status import ShortReason, TrackingStatus
from fulfillment.tracking import status_after
from inventory.models import BinStock, StockCount, StockLevel
from inventory.replenishment import Position, alert_kind, in_suppliers_terms, suggested_purchase
from inventory.status import AlertKind, LocationKind
from oms.errors import Incomplete
from oms.money import apportioned, combined, line_amount
from orders.facts import reopened
from orders.models import ApprovalRule, Hold, Order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus, RuleFact
from tests.builders import (
    a_customer,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    an_order,
)

EACH, CASE = Unit(1, "C62", 1, 1), Unit(2, "CT", 12, 1)
CUSTOMER, EVERYONE = PriceTier.CUSTOMER, PriceTier.EVERYONE


def rule(rule_id: int, tier: int, unit: Unit, price: str, since: int = 1) -> Candidate:
    return Candidate(rule_id, f"list {tier}", tier, 1, *unit, since, Decimal(price), date(2000, 1, 1))


BASE = [rule(1, EVERYONE, EACH, "10.00"), rule(2, EVERYONE, EACH, "9.50", since=100)]


def amount(
    price: Decimal, ordered: int, unit: Unit = EACH, exponent: int = 2, discount: str = "0"
) -> Decimal:
    return line_amount(
        ordered,
        numerator=unit.numerator,
        denominator=unit.denominator,
        unit_price=price,
        discount_percent=Decimal(discount),
        exponent=exponent,
    )


def test_vector_1_the_customers_list_beats_a_break_of_the_base_list():
    ten_cases = Question(1, CASE, 120)

    on_case = price_of(ten_cases, [*BASE, rule(3, CUSTOMER, CASE, "108.00")])
    assert on_case is not None
    assert amount(on_case.unit_price, 120, CASE) == Decimal("1080.00")

    by_base = price_of(ten_cases, BASE)
    assert by_base is not None
    assert amount(by_base.unit_price, 120, CASE) == Decimal("1140.00")

    on_each = price_of(ten_cases, [*BASE, rule(3, CUSTOMER, EACH, "9.20")])
    assert on_each is not None
    assert on_each.unit_price == Decimal("110.40")


def test_vector_2_lines_are_rounded_to_their_currency():
    assert amount(Decimal("33.3333"), 3) == Decimal("100.00")
    assert amount(Decimal("33.3333"), 3, exponent=0) == Decimal(100)
    assert amount(Decimal("100.00"), 1, discount="19") == Decimal("81.00")
    assert combined([Decimal(10), Decimal(10)]) == 19
    thirds = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert apportioned(Decimal(10), thirds, exponent=2) == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


@pytest.mark.django_db
def test_vector_3_without_a_price_an_order_cannot_be_submitted_and_nothing_is_a_price():
    a_warehouse()
    unpriced, free = a_product("NO-PRICE", price=None), a_product("FREE", price=0)

    with pytest.raises(Incomplete, match="NO-PRICE: has no price"):
        submit_order(an_order({unpriced: 1}).pk, by=None)

    assert submit_order(an_order({free: 1}).pk, by=None).status == OrderStatus.SUBMITTED


@pytest.mark.django_db
def test_vector_4_an_agreement_gives_what_it_has_left_and_the_rest_costs_the_next_price():
    a_warehouse()
    bolts, customer, rep = a_product(price="10.00"), a_customer(), a_user("orders.change_order")
    agreement = an_agreement(customer, agreed(bolts, "8.00", maximum=40))

    def lines(order: Order) -> list[tuple[int, Decimal, str]]:
        rows = order.lines.order_by("position")
        return [(line.ordered, line.unit_price, line.trace["list"]) for line in rows]

    order = an_order({bolts: 50}, customer=customer)
    assert lines(order) == [(40, Decimal(8), agreement.number), (10, Decimal(10), "BASE")]
    assert order.total == Decimal(420)

    rest = order.lines.get(ordered=10)
    edit_order(order.pk, Edit(order.revision, change=[Change(rest.pk, ordered=5)]), by=rep)
    assert lines(order) == [(40, Decimal(8), agreement.number), (5, Decimal(10), "BASE")]


def test_vector_9_an_approval_covers_what_is_no_worse():
    approved = {
        RuleFact.TOTAL_ABOVE: "10000",
        RuleFact.DISCOUNT_ABOVE: "12",
        RuleFact.MARGIN_BELOW: "21",
        RuleFact.PRICE_BELOW_LIST: "0",
    }

    def now(total: str, discount: str, margin: str) -> dict[str, str | None]:
        return {
            **approved,
            RuleFact.TOTAL_ABOVE: total,
            RuleFact.DISCOUNT_ABOVE: discount,
            RuleFact.MARGIN_BELOW: margin,
        }

    total = ApprovalRule(fact=RuleFact.TOTAL_ABOVE, threshold=5000, tolerance_percent=2)
    discount = ApprovalRule(fact=RuleFact.DISCOUNT_ABOVE, threshold=10)
    margin = ApprovalRule(fact=RuleFact.MARGIN_BELOW, threshold=25)

    def asks(*facts: str, **where: str) -> list[ApprovalRule]:
        before = {**approved, "ship_to": "1"}
        return reopened([total, discount, margin], [before], {**now(*facts), "ship_to": "1", **where})[0]

    assert asks("10150", "12", "21.5") == []
    assert asks("9000", "13", "21") == [discount]
    assert asks("10000", "12", "21.5") == asks("9000", "11", "22") == asks("10200", "12", "21") == []
    assert asks("10200.01", "12", "21") == [total]
    assert asks("9000", "12", "20.99") == [margin]
    assert asks("9000", "11", "22", ship_to="2") == [total, discount, margin]


def test_several_approvals_do_not_add_up_and_what_was_within_bounds_has_no_tolerance():
    total = ApprovalRule(fact=RuleFact.TOTAL_ABOVE, threshold=10000, tolerance_percent=2)
    discount = ApprovalRule(fact=RuleFact.DISCOUNT_ABOVE, threshold=10)
    large = {RuleFact.TOTAL_ABOVE: "20000", RuleFact.DISCOUNT_ABOVE: "0"}
    cheap = {RuleFact.TOTAL_ABOVE: "9950", RuleFact.DISCOUNT_ABOVE: "30"}
    both = {RuleFact.TOTAL_ABOVE: "20000", RuleFact.DISCOUNT_ABOVE: "30"}

    assert reopened([total, discount], [cheap, large], both) == ([total], cheap)
    assert reopened([total], [cheap], {**cheap, RuleFact.TOTAL_ABOVE: "10001"}) == ([total], cheap)
    assert reopened([total], [], both) == ([total], {})


@pytest.mark.django_db
def test_vector_10_confirming_in_one_go_what_a_rule_asks_about_leaves_it_waiting():
    a_rule(threshold=100)
    rep = a_user()
    order = enter_order(Header(a_customer().pk), [a_line(a_product(on_hand=50), 20)], by=rep)

    submit_order(order.pk, by=rep)
    order = confirm_order(order.pk, by=rep)

    assert order.status == OrderStatus.SUBMITTED
    assert Hold.objects.open().get(order=order).kind == "approval"
    assert StockLevel.objects.get().allocated == 0


@pytest.mark.django_db
def test_vector_11_a_short_pick_is_counted_and_the_next_bin_asked_at_once():
    house = a_warehouse(bins=2)
    first, second = house.locations.order_by("walk_order")
    bolts = a_product("BOLT-M8", on_hand=5, at=first)
    a_stock(bolts, 10, second)
    shipment = a_shipment({bolts: 5})
    before = StockLevel.objects.get().available

    short_pick(PickTask.objects.get().pk, 3, ShortReason.NOT_FOUND, by=None)

    level = StockLevel.objects.get()
    assert BinStock.objects.get(location=first).quantity == 0
    assert BinStock.objects.get(location__kind=LocationKind.SUSPECT).quantity == 2
    assert [(count.location, count.missing) for count in StockCount.objects.all()] == [(first, 2)]
    assert [(task.bin.location, task.quantity) for task in PickTask.objects.open()] == [(second, 2)]
    assert (before, level.available, level.allocated) == (10, 8, 5)
    assert Shipment.objects.get(pk=shipment.pk).lines.get().to_pick == 2


def test_vector_13_what_came_late_does_not_move_a_parcel_back():
    delivered = (TrackingStatus.DELIVERED, datetime(2026, 3, 2, 10, tzinfo=UTC))
    in_transit = (TrackingStatus.IN_TRANSIT, datetime(2026, 3, 2, 9, tzinfo=UTC))

    assert status_after([delivered, in_transit]) == TrackingStatus.DELIVERED
    assert status_after([delivered, in_transit, delivered]) == TrackingStatus.DELIVERED


def test_vector_14_reorder_at_the_point_and_hurry_what_is_on_its_way():
    within_lead_time = Position(
        on_hand=200, inbound=60, demand=30, reorder_point=253, order_up_to=653, multiple=50
    )
    with_all_inbound = replace(within_lead_time, inbound=360)

    assert alert_kind(within_lead_time) == AlertKind.REORDER
    assert suggested_purchase(within_lead_time) == 450  # S 653 less a position of 230
    assert alert_kind(with_all_inbound) == AlertKind.EXPEDITE
    assert suggested_purchase(with_all_inbound) == 0
    assert in_suppliers_terms(653 - 530, 1, 50) == 150


@pytest.mark.django_db
def test_two_lines_of_one_product_draw_from_the_same_stock():
    a_warehouse()
    bolts, customer = a_product(on_hand=10), a_customer()
    order = enter_order(Header(customer.pk), [a_line(bolts, 7), a_line(bolts, 7)], by=None)

    confirm_order(submit_order(order.pk, by=None).pk, by=None)

    assert list(order.lines.values_list("allocated", "open")) == [(7, 0), (3, 4)]


@pytest.mark.django_db
def test_confirming_takes_nothing_that_those_before_wait_for():
    a_warehouse()
    bolts, customer = a_product(on_hand=2), a_customer()
    first = confirm_order(a_submitted_order({bolts: 5}, customer=customer).pk, by=None)
    a_stock(bolts, 2)

    second = confirm_order(a_submitted_order({bolts: 1}, customer=customer).pk, by=None)

    assert first.lines.get().allocated == 2
    assert second.lines.get().allocated == 0
