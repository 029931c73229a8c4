"""Whatever ends, ends with its stock where it belongs; and the ledger of work is left alone by hands."""

import pytest

from fulfillment.errors import HandedOver
from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.services.tracking import deliver_shipment
from fulfillment.status import ShipmentStatus, ShortReason
from inventory.errors import KeptByWork, NotEnoughStock
from inventory.models import BinStock, Location, StockCount, StockLevel
from inventory.services.counting import finish_count
from inventory.services.moving import Cause, adjust_stock, move_stock, receive_stock, standard_location
from inventory.status import LocationKind
from oms.errors import IllegalMove
from oms.verify import verify
from orders.errors import InTheWarehouse
from orders.models import Allocation
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order, close_order
from orders.services.confirming import confirm_order
from orders.status import OrderStatus
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_product,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_warehouse,
    all_packed,
    all_picked,
    an_order,
    first_bin,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return a_warehouse(bins=2)


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


def numbers():
    level = StockLevel.objects.get()
    return level.on_hand, level.allocated


def test_backorders_are_served_by_rank_first_confirmed_first(house):
    bolts, customer = a_product("BOLT-M8"), a_customer()
    first, second, third = (a_confirmed_order({bolts: 5}, customer=customer) for _order in range(3))

    a_stock(bolts, 7, house)
    assert serve_backorders() == 2

    assert [order.lines.get().allocated for order in (first, second, third)] == [5, 2, 0]
    assert serve_backorders() == 0
    assert [order.events.filter(kind="allocated").count() for order in (first, second, third)] == [1, 1, 0]


def test_what_a_cancelled_order_held_goes_to_who_waits(bolts):
    holder = a_confirmed_order({bolts: 8})
    waiting = a_confirmed_order({bolts: 8})

    cancel_order(holder.pk, by=None)
    serve_backorders()

    assert waiting.lines.get().allocated == 8


def test_a_product_that_is_not_backordered_is_refused_whole(house):
    rare = a_product("RARE", on_hand=3, at=house, backorder_allowed=False)
    order = a_submitted_order({rare: 5})

    with pytest.raises(NotEnoughStock, match="RARE: 5 wanted, 3 there"):
        confirm_order(order.pk, by=None)

    order.refresh_from_db()
    assert (order.status, numbers()) == (OrderStatus.SUBMITTED, (3, 0))


@pytest.mark.parametrize("made", [an_order, a_submitted_order, a_confirmed_order])
def test_before_the_warehouse_works_cancelling_gives_everything_back(bolts, made):
    order = cancel_order(made({bolts: 6}).pk, by=None, reason="no longer needed")

    assert (order.status, numbers()) == (OrderStatus.CANCELLED, (10, 0))
    assert order.lines.get().cancelled == 6
    assert verify() == []


@pytest.mark.parametrize("stage", ["released", "picked", "packed"])
def test_what_the_warehouse_holds_is_not_taken_away_silently(bolts, stage):
    shipment = a_shipment({bolts: 6})
    if stage != "released":
        {"picked": all_picked, "packed": all_packed}[stage](shipment)

    with pytest.raises(InTheWarehouse, match=shipment.order.number):
        cancel_order(shipment.order_id, by=None)

    cancel_released_order(shipment.order_id, by=None)
    assert numbers() == (10, 0)
    assert BinStock.objects.get(location=first_bin(shipment.warehouse)).quantity == 10
    assert verify() == []


def test_a_cancelled_order_stays_cancelled(bolts):
    order = a_confirmed_order({bolts: 6})
    cancel_order(order.pk, by=None)

    with pytest.raises(IllegalMove):
        cancel_order(order.pk, by=None)


def test_of_an_order_shipped_in_part_the_rest_is_cancelled(bolts):
    shipment = all_packed(a_shipment({bolts: 15}))
    ship_shipment(shipment.pk, by=None)

    order = cancel_order(shipment.order_id, by=None)

    line = order.lines.get()
    assert (order.status, line.shipped, line.cancelled) == (OrderStatus.COMPLETED, 10, 5)
    with pytest.raises(IllegalMove):
        cancel_order(order.pk, by=None)
    assert close_order(order.pk, by=None).status == OrderStatus.CLOSED


def test_before_the_carrier_has_it_a_shipment_comes_back_and_its_order_goes_on(bolts):
    shipment = ship_shipment(all_packed(a_shipment({bolts: 6})).pk, by=None)
    assert numbers() == (4, 0)

    void_shipment(shipment.pk, by=None, reason="wrong address")

    order = shipment.order
    order.refresh_from_db()
    assert (order.status, numbers()) == (OrderStatus.RELEASED, (10, 6))
    assert order.lines.get().allocated == 6
    assert verify() == []


@pytest.mark.parametrize("then", [lambda pk: None, lambda pk: deliver_shipment(pk, by=None)])
def test_once_the_carrier_has_it_a_shipment_does_not_come_back(bolts, then):
    shipment = ship_shipment(all_packed(a_shipment({bolts: 6})).pk, by=None)
    hand_over(shipment.pk, by=None)
    then(shipment.pk)

    with pytest.raises((HandedOver, IllegalMove)):
        void_shipment(shipment.pk, by=None)

    assert numbers() == (4, 0)


def test_handing_over_twice_happens_once(bolts):
    shipment = ship_shipment(all_packed(a_shipment({bolts: 6})).pk, by=None)

    moments = {hand_over(shipment.pk, by=None).handed_over_at for _time in range(2)}

    assert len(moments) == 1
    assert shipment.events.filter(kind="handed over").count() == 1


def test_voiding_after_a_short_pick_gives_back_only_what_was_found(house, bolts):
    shipment = a_shipment({bolts: 6})
    short_pick(PickTask.objects.get().pk, 4, ShortReason.DAMAGED, by=None)
    line = shipment.lines.get()
    pack(shipment.pk, None, {line.pk: 4}, by=None)

    void_shipment(shipment.pk, by=None)

    assert (numbers(), StockCount.objects.get().missing) == ((8, 4), 2)
    assert Allocation.objects.get().allocated == 4
    assert verify() == []


def test_a_shipment_of_which_nothing_is_found_is_void_and_its_order_waits(bolts):
    shipment = a_shipment({bolts: 10})

    short_pick(PickTask.objects.get().pk, 0, ShortReason.NOT_FOUND, by=None)

    shipment.refresh_from_db()
    assert (shipment.status, numbers()) == (ShipmentStatus.VOID, (0, 0))
    assert shipment.order.lines.get().open == 10
    assert verify() == []


@pytest.mark.parametrize(("found", "on_hand"), [(0, 8), (1, 9), (2, 10)])
def test_a_count_puts_back_what_is_found_and_writes_off_the_rest(bolts, found, on_hand):
    a_shipment({bolts: 6})
    short_pick(PickTask.objects.get().pk, 4, ShortReason.NOT_FOUND, by=None)

    finish_count(StockCount.objects.get().pk, found, by=None)

    assert numbers()[0] == on_hand
    assert verify() == []


def test_an_order_that_has_shipped_in_full_is_not_released_again(bolts):
    shipment = all_packed(a_shipment({bolts: 6}))
    ship_shipment(shipment.pk, by=None)

    with pytest.raises(IllegalMove, match="completed"):
        release_order(shipment.order_id, by=None)


def test_an_order_that_was_voided_is_released_and_shipped_again(bolts):
    first = ship_shipment(all_packed(a_shipment({bolts: 6})).pk, by=None)
    void_shipment(first.pk, by=None)
    (second,) = release_order(first.order_id, by=None)
    ship_shipment(all_packed(second).pk, by=None)

    assert numbers() == (4, 0)
    assert Shipment.objects.filter(status=ShipmentStatus.SHIPPED).count() == 1
    assert verify() == []


def test_picking_in_two_goes_is_picking_once(bolts):
    shipment = a_shipment({bolts: 6})
    task = PickTask.objects.get()
    for quantity in (2, 4):
        pick(shipment.pk, {task.pk: quantity}, by=None)

    task.refresh_from_db()
    assert (task.status, task.picked) == ("picked", 6)
    assert numbers() == (10, 6)


@pytest.mark.parametrize("kind", [LocationKind.STAGING, LocationKind.SUSPECT])
def test_no_hand_moves_what_shipments_and_counts_work_on(house, bolts, kind):
    place, bin_ = standard_location(house.pk, kind), Location.objects.get(code="A-1")
    cause = Cause("BY-HAND", None)

    for act in (
        lambda: receive_stock({bolts.pk: 1}, place, cause),
        lambda: move_stock({bolts.pk: 1}, bin_, place, cause),
        lambda: move_stock({bolts.pk: 1}, place, bin_, cause),
        lambda: adjust_stock(bolts.pk, place, 1, cause),
    ):
        with pytest.raises(KeptByWork, match="choose another location"):
            act()

    assert numbers() == (10, 0)
