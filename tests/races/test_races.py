"""Processes against each other on a real server. Each guard has a control: without it the same race is lost."""

import pytest
from django.db import connection
from django.db.models import Sum

from fulfillment.models import PickTask
from fulfillment.status import ShipmentStatus
from inventory.models import ReorderPolicy, RestockAlert, StockLevel, StockMovement, Supplier
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.status import MovementKind
from oms.verify import verify
from orders.models import ApprovalRequest, Decision, Order, OrderEvent, OrderLine, Quote
from orders.services.allocating import serve_backorders
from orders.services.capturing import Header
from orders.services.quoting import draft_quote, send_quote
from orders.status import OrderStatus, QuoteStatus
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_user,
    a_warehouse,
    all_packed,
    first_bin,
    in_days,
)
from tests.races.company import MANY
from tests.races.players import Outcome, Turn, errors

pytestmark = pytest.mark.race

STOCK, WANTED = 10, 3


@pytest.fixture
def orders(players):
    """Eight submitted orders for 24 of a product of which there are 10."""
    bolts = a_product("BOLT-M8", on_hand=STOCK, at=a_warehouse())
    customer = a_customer()
    return [a_submitted_order({bolts: WANTED}, customer=customer).pk for _player in range(MANY)]


def require_exactly_the_stock_is_sold(outcomes: list[Outcome]) -> None:
    assert errors(outcomes) == []
    assert [outcome.answer for outcome in outcomes] == [OrderStatus.CONFIRMED] * MANY
    sold = OrderLine.objects.aggregate(allocated=Sum("allocated"), open=Sum("open"))
    assert sold == {"allocated": STOCK, "open": MANY * WANTED - STOCK}
    assert StockLevel.objects.get().available == 0
    assert verify() == []


def test_eight_confirm_orders_for_the_last_units_and_exactly_those_are_sold(players, orders):
    outcomes = players.race([Turn("confirm", (pk,)) for pk in orders])

    require_exactly_the_stock_is_sold(outcomes)


def test_without_the_lock_the_check_refuses_to_oversell_with_error_pages(players, orders):
    outcomes = players.race([Turn("confirm", (pk,), "no_lock") for pk in orders])

    with pytest.raises(AssertionError):
        require_exactly_the_stock_is_sold(outcomes)
    assert any("never_promise_more_than_on_hand" in error for error in errors(outcomes))


def test_without_the_lock_and_the_check_stock_is_oversold_and_verify_tells(
    players, orders, without_the_check
):
    outcomes = players.race([Turn("confirm", (pk,), "no_lock") for pk in orders])

    assert errors(outcomes) == []
    with pytest.raises(AssertionError):
        require_exactly_the_stock_is_sold(outcomes)
    assert StockLevel.objects.get().allocated == MANY * WANTED
    assert "I2 every row passes its checks" in {breach.invariant for breach in verify()}


@pytest.fixture
def without_the_check(players):
    name, level = "never_promise_more_than_on_hand", StockLevel._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {level} DROP CONSTRAINT {name}")
        yield
        cursor.execute(f"TRUNCATE {level} CASCADE")
        cursor.execute(f"ALTER TABLE {level} ADD CONSTRAINT {name} CHECK (allocated <= on_hand)")


def two_products_both_ways(many):
    house = a_warehouse()
    bolts, nuts = (a_product(sku, on_hand=100, at=house) for sku in ("BOLT", "NUT"))
    both_ways = [{bolts: 2, nuts: 2}, {nuts: 2, bolts: 2}]
    return [a_submitted_order(both_ways[i % 2]).pk for i in range(many)]


def test_orders_that_name_products_in_opposite_order_never_deadlock(players):
    orders = two_products_both_ways(MANY)

    outcomes = players.race([Turn("confirm", (pk,)) for pk in orders])

    assert errors(outcomes) == []
    assert set(StockLevel.objects.values_list("allocated", flat=True)) == {2 * MANY}


def test_locked_in_the_order_of_request_they_do(players):
    orders = two_products_both_ways(2)

    outcomes = players.race([Turn("confirm", (pk,), "no_order") for pk in orders])

    assert "deadlock detected" in "".join(errors(outcomes))


def test_confirming_and_cancelling_an_order_at_once_leaves_it_cancelled_and_its_stock_free(players):
    bolts = a_product(on_hand=STOCK, at=a_warehouse())
    orders = [a_submitted_order({bolts: 2}).pk for _pair in range(MANY // 2)]

    outcomes = players.race([Turn(act, (pk,)) for pk in orders for act in ("confirm", "cancel")])

    assert errors(outcomes) == []
    assert {order.status for order in Order.objects.all()} == {OrderStatus.CANCELLED}
    assert StockLevel.objects.get().available == STOCK
    assert verify() == []


def test_a_task_is_picked_once(players):
    shipment = a_shipment({a_product(on_hand=STOCK, at=a_warehouse()): 4})
    task = PickTask.objects.get()

    outcomes = players.race([Turn("pick_task", (shipment.pk, task.pk, 4))] * MANY)

    assert_one_did_it(outcomes, "bad_pick")
    assert StockMovement.objects.filter(kind=MovementKind.TRANSFER).count() == 1


def test_stock_leaves_once_when_all_ship_it(players):
    shipment = all_packed(a_shipment({a_product(on_hand=STOCK, at=a_warehouse()): 4}))

    outcomes = players.race([Turn("ship", (shipment.pk,))] * MANY)

    assert_one_did_it(outcomes, "illegal_move")
    assert StockLevel.objects.get().on_hand == STOCK - 4


def test_a_carton_is_emptied_once_and_never_when_it_has_left(players):
    shipment = all_packed(a_shipment({a_product(on_hand=STOCK, at=a_warehouse()): 4}))
    out = Turn("take_out", (shipment.pk, shipment.lines.get().pk, 4))

    players.race([out, Turn("ship", (shipment.pk,))] * (MANY // 2))

    shipment.refresh_from_db()
    left = shipment.status == ShipmentStatus.SHIPPED
    assert StockLevel.objects.get().on_hand == (STOCK - 4 if left else STOCK)
    assert shipment.packages.count() == left
    assert shipment.lines.get().packed == (4 if left else 0)
    assert verify() == []


def test_one_of_eight_approvers_decides(players):
    managers = a_group("managers")
    a_rule(threshold=10, approvers=managers)
    a_submitted_order({a_product(on_hand=STOCK, at=a_warehouse()): 4}, by=a_user())
    request, people = ApprovalRequest.objects.get(), [a_user(groups=[managers]) for _player in range(MANY)]

    outcomes = players.race([Turn("approve", (request.pk, person.pk)) for person in people])

    assert_one_did_it(outcomes, "cannot_decide")
    assert Decision.objects.count() == 1


def test_a_delivery_is_received_once(players):
    bolts = a_product(at=a_warehouse())
    purchase = place_purchase_order(
        Supplier.objects.create(code="S", name="S"),
        a_warehouse(),
        [Expected(bolts.pk, 9, in_days(1))],
        by=None,
    )

    outcomes = players.race([Turn("receive", (purchase.pk, purchase.lines.get().pk, 9))] * MANY)

    assert_one_did_it(outcomes, "illegal_move")
    assert StockLevel.objects.get(on_hand__gt=0).on_hand == 9


def test_a_line_brings_no_more_than_is_tolerated_whoever_counts_it(players):
    supplier = Supplier.objects.create(code="S", name="S", tolerance_percent=20)
    lines = [Expected(a_product().pk, 10, in_days(1))]
    purchase = place_purchase_order(supplier, a_warehouse(), lines, by=None)

    outcomes = players.race([Turn("receive", (purchase.pk, purchase.lines.get().pk, 7))] * MANY)

    assert_one_did_it(outcomes, "bad_quantity")
    assert purchase.lines.get().received == 7


def test_goods_are_put_away_once(players):
    house, bolts = a_warehouse(), a_product()
    supplier = Supplier.objects.create(code="S", name="S")
    purchase = place_purchase_order(supplier, house, [Expected(bolts.pk, 10, in_days(1))], by=None)
    receive_purchase_order(purchase.pk, {purchase.lines.get().pk: 10}, by=None)

    outcomes = players.race([Turn("put_into", (house.pk, bolts.pk, 7, first_bin(house).pk))] * MANY)

    assert_one_did_it(outcomes, "not_enough_stock")


def assert_one_did_it(outcomes: list[Outcome], code: str) -> None:
    """One did it, all others were refused with this code, and the house is in order."""
    assert errors(outcomes) == []
    refused = [outcome.refused.partition(":")[0] for outcome in outcomes if outcome.refused]
    assert refused == [code] * (MANY - 1)
    assert verify() == []


def test_supply_that_comes_while_others_confirm_and_serve_goes_to_those_who_wait(players):
    house = a_warehouse()
    bolts = a_product(on_hand=2, at=house)
    waiting = [a_confirmed_order({bolts: 5}) for _order in range(3)]
    late = [a_submitted_order({bolts: 5}).pk for _order in range(3)]
    supplier = Supplier.objects.create(code="S", name="S")
    purchases = [
        place_purchase_order(supplier, house, [Expected(bolts.pk, 7, in_days(1))], by=None) for _i in range(2)
    ]

    outcomes = players.race(
        [Turn("receive_and_serve", (p.pk, p.lines.get().pk, 7)) for p in purchases]
        + [Turn("confirm", (pk,)) for pk in late]
        + [Turn("serve")] * 3
    )
    serve_backorders()

    assert errors(outcomes) == []
    assert [order.lines.get().allocated for order in waiting] == [5, 5, 5]
    assert StockLevel.objects.get().available == 0
    assert OrderLine.objects.aggregate(n=Sum("open"))["n"] == 6 * 5 - 16
    assert verify() == []


def test_four_sweeps_at_once_raise_one_alert(players):
    house = a_warehouse()
    ReorderPolicy.objects.create(
        product=a_product(on_hand=2, at=house), warehouse=house, reorder_point=5, order_up_to=9
    )

    outcomes = players.race([Turn("alert")] * 4)

    assert errors(outcomes) == []
    assert sum(opened for opened, _updated, _closed in (outcome.answer for outcome in outcomes)) == 1
    assert RestockAlert.objects.count() == 1


def test_a_quote_expires_once_when_all_look(players):
    a_company()
    customer, bolts = a_customer(), a_product(at=a_warehouse())
    for _quote in range(3):
        send_quote(draft_quote(Header(customer.pk), [a_line(bolts, 1)], by=None).pk, by=None)
    Quote.objects.update(valid_until=in_days(-2))

    outcomes = players.race([Turn("expire")] * MANY)

    assert errors(outcomes) == []
    assert sum(outcome.answer for outcome in outcomes) == 3
    assert set(Quote.objects.values_list("status", flat=True)) == {QuoteStatus.EXPIRED}
    assert verify() == []


def test_each_event_is_announced_once_when_all_announce(players):
    bolts = a_product(on_hand=STOCK, at=a_warehouse())
    for _order in range(5):
        a_confirmed_order({bolts: 1})

    sent: list[int] = []
    while more := [pk for outcome in players.race([Turn("announce")] * MANY) for pk in outcome.answer]:
        sent += more

    assert sorted(sent) == sorted(OrderEvent.objects.values_list("pk", flat=True))
