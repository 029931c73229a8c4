"""What an order gets when it is confirmed, and what it gets when stock comes, on its own terms and in its turn."""

import pytest

from customers.status import ShippingPolicy, Sourcing
from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment, void_shipment
from inventory.errors import NotEnoughStock
from inventory.models import StockLevel
from inventory.status import Scarcity
from oms.verify import verify
from orders.models import Allocation, OrderEvent
from orders.services.allocating import serve_backorders
from orders.services.confirming import confirm_order
from orders.status import OrderStatus
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_submitted_order,
    a_warehouse,
    all_picked,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return a_warehouse("NORTH", country="DE")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


@pytest.fixture
def nuts(house):
    return a_product("NUT-M8", on_hand=4, at=house)


def who_wants(policy, **wishes):
    return a_customer(shipping_policy=policy, **wishes)


def got(order):
    return list(order.lines.order_by("position").values_list("allocated", flat=True))


def test_an_order_that_ships_complete_waits_without_taking_anything(bolts, nuts):
    complete = a_confirmed_order({bolts: 5, nuts: 5}, customer=who_wants(ShippingPolicy.COMPLETE))
    later = a_confirmed_order({bolts: 10})

    assert (got(complete), got(later)) == ([0, 0], [10])
    assert complete.status == OrderStatus.CONFIRMED
    assert verify() == []


def test_it_gets_everything_as_soon_as_all_is_there_before_those_behind_it(house, bolts, nuts):
    complete = a_confirmed_order({bolts: 5, nuts: 5}, customer=who_wants(ShippingPolicy.COMPLETE))
    behind = a_confirmed_order({nuts: 9})
    assert got(behind) == [4]

    a_stock(nuts, 5, house)
    serve_backorders()

    assert (got(complete), got(behind)) == ([5, 5], [4])


def test_confirming_takes_nothing_that_a_complete_order_could_have_right_now(house, bolts, nuts):
    complete = a_confirmed_order({bolts: 8, nuts: 5}, customer=who_wants(ShippingPolicy.COMPLETE))
    a_stock(nuts, 1, house)

    late = a_confirmed_order({bolts: 5})

    assert got(late) == [2]
    serve_backorders()
    assert (got(complete), got(late)) == ([8, 5], [2])


def test_whole_lines_go_whole_or_not_at_all(bolts, nuts):
    order = a_confirmed_order({bolts: 10, nuts: 5}, customer=who_wants(ShippingPolicy.COMPLETE_LINES))

    assert got(order) == [10, 0]


def test_a_part_below_the_least_value_is_left_to_others(bolts, nuts):
    picky = a_confirmed_order({bolts: 5, nuts: 45}, customer=a_customer(minimum_percent=50))
    fine = a_confirmed_order({bolts: 5, nuts: 10}, customer=a_customer(minimum_value=90))

    assert (got(picky), got(fine)) == ([0, 0], [5, 4])


def test_what_it_holds_already_counts_to_the_next_shipment(house, bolts, nuts):
    order = a_confirmed_order({bolts: 10, nuts: 40}, customer=a_customer(minimum_value=100))
    assert got(order) == [10, 4]

    a_stock(nuts, 1, house)
    serve_backorders()

    assert got(order) == [10, 5]


def test_the_last_shipment_allowed_takes_everything_or_waits(house, bolts, nuts):
    order = a_confirmed_order({bolts: 10, nuts: 6}, customer=a_customer(most_shipments=2))
    assert got(order) == [10, 4]
    release_order(order.pk, by=None)
    order.refresh_from_db()
    assert order.shipments_made == 1

    a_stock(nuts, 1, house)
    assert serve_backorders() == 0
    a_stock(nuts, 1, house)
    assert serve_backorders() == 1

    assert not order.lines.filter(open__gt=0).exists()


def test_a_shipment_taken_back_does_not_count(house, bolts):
    order = a_confirmed_order({bolts: 10})
    (shipment,) = release_order(order.pk, by=None)
    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    ship_shipment(shipment.pk, by=None)

    void_shipment(shipment.pk, by=None)

    order.refresh_from_db()
    assert order.shipments_made == 0
    assert verify() == []


def test_what_is_not_there_is_cancelled_when_the_order_says_so(bolts, nuts):
    order = a_confirmed_order({bolts: 5, nuts: 6}, customer=who_wants(ShippingPolicy.CANCEL_REST))

    assert got(order) == [5, 4]
    assert list(order.lines.order_by("position").values_list("cancelled", "open")) == [(0, 0), (2, 0)]
    assert OrderEvent.objects.get(document=order, kind="rest cancelled").detail == {"cancelled": 2}
    assert verify() == []


def test_of_an_order_of_which_nothing_is_there_not_everything_is_cancelled_but_it_is_refused(house):
    order = a_submitted_order({a_product("RARE"): 5}, customer=who_wants(ShippingPolicy.CANCEL_REST))

    with pytest.raises(NotEnoughStock, match="Nothing of the order is there; cancel it"):
        confirm_order(order.pk, by=None)

    order.refresh_from_db()
    assert order.status == OrderStatus.SUBMITTED


def test_a_complete_order_with_a_product_that_may_not_wait_is_refused_with_the_reason(house, bolts):
    rare = a_product("RARE", on_hand=5, at=house, backorder_allowed=False)
    order = a_submitted_order({bolts: 11, rare: 5}, customer=who_wants(ShippingPolicy.COMPLETE))

    with pytest.raises(NotEnoughStock, match=r"RARE.*ships complete"):
        confirm_order(order.pk, by=None)

    assert Allocation.objects.count() == 0


def test_a_better_contract_and_an_earlier_day_are_served_first(house):
    bolts = a_product("BOLT-M8")
    usual = a_confirmed_order({bolts: 5}, requested_on=in_days(3))
    early = a_confirmed_order({bolts: 5})
    good = a_confirmed_order({bolts: 5}, customer=a_customer(contract_class=1))

    a_stock(bolts, 12, house)
    serve_backorders()

    assert [got(order) for order in (good, early, usual)] == [[5], [5], [2]]


def test_who_ranks_higher_is_not_held_up_by_those_who_wait(house, bolts):
    usual = a_confirmed_order({bolts: 15})
    a_stock(bolts, 3, house)

    good = a_confirmed_order({bolts: 3}, customer=a_customer(contract_class=1))

    assert (got(usual), got(good)) == ([10], [3])


def test_a_product_shared_fairly_is_divided_by_what_each_wants(house):
    salt = a_product("SALT", allocation=Scarcity.FAIR_SHARE)
    orders = [a_confirmed_order({salt: 60}) for _order in range(3)]
    guaranteed = a_confirmed_order({salt: 60}, customer=a_customer(contract_minimum_percent=50))

    a_stock(salt, 100, house)
    serve_backorders()

    assert [got(order) for order in [*orders, guaranteed]] == [[20], [20], [20], [40]]
    assert serve_backorders() == 0


def test_a_fair_share_is_in_whole_packs(house):
    salt = a_product("SALT", allocation=Scarcity.FAIR_SHARE)
    salt.units.update(multiple=6)
    orders = [a_confirmed_order({salt: 60}) for _order in range(3)]

    a_stock(salt, 100, house)
    serve_backorders()

    assert [got(order) for order in orders] == [[36], [30], [30]]
    assert StockLevel.objects.get().available == 4


@pytest.fixture
def south(house):
    return a_warehouse("SOUTH", country="DE")


@pytest.fixture
def abroad(house):
    return a_warehouse("ABROAD", country="FR")


def places(order):
    rows = Allocation.objects.filter(line__order=order).order_by("line__position", "stock_level__warehouse")
    return list(rows.values_list("stock_level__warehouse__code", "allocated"))


def test_what_is_short_comes_from_other_warehouses_when_the_customer_wants_that(bolts, south, abroad):
    a_stock(bolts, 9, south)
    a_stock(bolts, 9, abroad)

    order = a_confirmed_order({bolts: 15}, customer=a_customer(sourcing=Sourcing.OTHERS))

    assert places(order) == [("NORTH", 10), ("SOUTH", 5)]
    assert len(release_order(order.pk, by=None)) == 2
    assert verify() == []


def test_one_site_that_has_everything_ships_it_in_one(bolts, nuts, south, abroad):
    for product in (bolts, nuts):
        a_stock(product, 20, abroad)

    order = a_confirmed_order({bolts: 10, nuts: 6}, customer=a_customer(sourcing=Sourcing.OTHERS))

    assert places(order) == [("ABROAD", 10), ("ABROAD", 6)]


def test_a_complete_order_counts_all_its_warehouses(bolts, south):
    a_stock(bolts, 5, south)
    complete = {"shipping_policy": ShippingPolicy.COMPLETE, "sourcing": Sourcing.OTHERS}

    assert places(a_confirmed_order({bolts: 16}, customer=a_customer(**complete))) == []
    assert places(a_confirmed_order({bolts: 15}, customer=a_customer(**complete))) == [
        ("NORTH", 10),
        ("SOUTH", 5),
    ]


def test_what_others_wait_for_there_is_not_taken(bolts, south):
    waits = a_confirmed_order({bolts: 7}, warehouse_id=south.pk)
    a_stock(bolts, 9, south)

    order = a_confirmed_order({bolts: 15}, customer=a_customer(sourcing=Sourcing.OTHERS))

    assert places(order) == [("NORTH", 10), ("SOUTH", 2)]
    serve_backorders()
    assert got(waits) == [7]


def test_only_so_many_warehouses_as_shipments_are_allowed(bolts, south):
    a_stock(bolts, 5, south)
    once = a_customer(sourcing=Sourcing.OTHERS, most_shipments=1)

    assert places(a_confirmed_order({bolts: 15}, customer=once)) == []


def test_the_options_of_a_short_line_stand_in_the_history_the_best_first(bolts, south, abroad):
    a_stock(bolts, 9, abroad)
    a_stock(bolts, 3, south)

    order = a_confirmed_order({bolts: 15})

    assert places(order) == [("NORTH", 10)]
    options = OrderEvent.objects.get(document=order, kind="short").detail["options"]
    assert [(x["way"], x["quantity"], x["keeps_promise"]) for x in options] == [
        ("site", 5, True),
        ("site", 3, False),
        ("transfer", 3, False),
    ]


def test_the_wishes_are_frozen_when_the_order_is_entered(bolts):
    customer = a_customer()
    order = a_submitted_order({bolts: 15}, customer=customer)
    customer.shipping_policy = ShippingPolicy.COMPLETE
    customer.save()

    confirm_order(order.pk, by=None)

    assert got(order) == [10]
