"""Transfers between warehouses: what leaves, what is on the road, what arrives, and what is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from fulfillment.models import PickTask
from inventory.errors import BadQuantity, BadTransfer, KeptByWork, NotEnoughStock, Shortage
from inventory.models import BinStock, Location, StockLevel, StockMovement, Transfer, TransferLine
from inventory.services.moving import Cause, adjust_stock, move_stock
from inventory.services.transferring import (
    Days,
    cancel_transfer,
    declare_lost,
    dispatch_transfer,
    plan_transfer,
    receive_transfer,
    redate_transfer,
    take_back_transfer,
)
from inventory.status import LocationKind, MovementKind, TransferStatus
from oms.errors import IllegalMove
from oms.verify import verify
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_product,
    a_shipment,
    a_stock,
    a_transfer,
    a_user,
    a_warehouse,
    all_picked,
    first_bin,
    in_days,
    on_the_way,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return a_warehouse("NORTH", bins=3)


@pytest.fixture
def south():
    return a_warehouse("SOUTH")


@pytest.fixture
def bolts(north):
    return a_product("BOLT", on_hand=100, at=north)


def line_of(transfer, product=None):
    lines = transfer.lines.all() if product is None else transfer.lines.filter(product=product)
    return lines.get()


def there(product, place):
    """What of a product lies in a warehouse or location, as (on hand, available)."""
    level = StockLevel.objects.filter(product=product, warehouse=place).first()
    return (level.on_hand, level.available) if level else (0, 0)


def in_transit(product, target):
    bins = BinStock.objects.filter(product=product, location__warehouse=target, location__kind="transit")
    return sum(bins.values_list("quantity", flat=True))


def kinds(transfer):
    return list(transfer.events.values_list("kind", flat=True))


def everything():
    """What a refused change must leave as it was."""
    lines = TransferLine.objects.order_by("pk").values_list("cancelled", "dispatched", "received", "lost")
    documents = Transfer.objects.order_by("pk").values_list("status", "version", "ship_on", "arrive_on")
    return list(lines), list(documents), StockMovement.objects.count()


def test_a_planned_transfer_moves_nothing_and_is_demand_there_and_supply_here(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south, leaves=1, arrives=3)

    assert transfer.number.startswith("TR-")
    assert (there(bolts, north), there(bolts, south)) == ((100, 100), (0, 0))
    assert list(TransferLine.objects.demand()) == [(bolts.pk, north.pk, 30, in_days(1))]
    assert list(TransferLine.objects.supply()) == [(bolts.pk, south.pk, 30, in_days(3))]
    assert kinds(transfer) == ["planned"]


def test_what_is_dispatched_lies_in_the_targets_transit_and_is_sold_by_nobody(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)

    dispatch_transfer(transfer.pk, {line_of(transfer).pk: 20}, by=None)

    assert (there(bolts, north), there(bolts, south)) == ((80, 80), (0, 0))
    assert in_transit(bolts, south) == 20
    assert list(TransferLine.objects.demand()) == [(bolts.pk, north.pk, 10, in_days(1))]
    assert list(TransferLine.objects.supply()) == [(bolts.pk, south.pk, 30, in_days(3))]
    assert verify() == []


def test_a_transfer_goes_in_parts_and_ends_when_all_of_it_has_come(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    line = line_of(transfer)

    dispatch_transfer(transfer.pk, {line.pk: 20}, by=None)
    receive_transfer(transfer.pk, {line.pk: 15}, by=None)
    dispatch_transfer(transfer.pk, {line.pk: 10}, by=None)
    transfer = receive_transfer(transfer.pk, {line.pk: 15}, by=None)

    assert transfer.status == TransferStatus.RECEIVED
    assert (there(bolts, north), there(bolts, south)) == ((70, 70), (30, 30))
    assert kinds(transfer) == ["planned", "dispatched", "received in part", "dispatched more", "received"]
    assert not TransferLine.objects.supply().exists()
    assert not TransferLine.objects.demand().exists()
    assert verify() == []


def test_what_comes_stands_in_receiving(north, south, bolts):
    transfer = on_the_way({bolts: 30}, north, south)
    receive_transfer(transfer.pk, {line_of(transfer).pk: 30}, by=None)

    lies = BinStock.objects.get(product=bolts, location__warehouse=south, quantity__gt=0)
    assert lies.location.kind == LocationKind.RECEIVING


def test_a_difference_stays_on_the_way_until_it_is_declared_lost_with_its_reason(north, south, bolts):
    clerk = a_user()
    transfer = on_the_way({bolts: 30}, north, south)
    line = line_of(transfer)
    receive_transfer(transfer.pk, {line.pk: 28}, by=None)
    assert in_transit(bolts, south) == 2

    transfer = declare_lost(transfer.pk, {line.pk: 2}, by=clerk, reason="box fell off the lorry")

    assert transfer.status == TransferStatus.RECEIVED
    loss = StockMovement.objects.get(kind=MovementKind.ADJUST)
    assert (loss.quantity, loss.reason, loss.by) == (2, "box fell off the lorry", clerk)
    assert (in_transit(bolts, south), there(bolts, south)) == (0, (28, 28))
    assert kinds(transfer)[-2:] == ["lost", "received"]
    assert verify() == []


def test_a_loss_needs_a_reason(north, south, bolts):
    transfer = on_the_way({bolts: 30}, north, south)

    with pytest.raises(BadTransfer, match="why"):
        declare_lost(transfer.pk, {line_of(transfer).pk: 2}, by=None, reason="  ")


def test_cancelling_a_plan_ends_it(north, south, bolts):
    transfer = cancel_transfer(a_transfer({bolts: 30}, north, south).pk, by=None)

    assert transfer.status == TransferStatus.CANCELLED
    assert not TransferLine.objects.supply().exists()
    assert not TransferLine.objects.demand().exists()
    assert verify() == []


def test_cancelling_on_the_road_gives_back_only_what_has_not_left(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    line = line_of(transfer)
    dispatch_transfer(transfer.pk, {line.pk: 20}, by=None)

    transfer = cancel_transfer(transfer.pk, by=None)

    assert transfer.status == TransferStatus.DISPATCHED
    assert list(TransferLine.objects.supply().values_list("due", flat=True)) == [20]
    receive_transfer(transfer.pk, {line.pk: 20}, by=None)
    transfer.refresh_from_db()
    assert transfer.status == TransferStatus.RECEIVED
    assert verify() == []


def test_a_transfer_that_left_as_a_whole_is_received_or_taken_back_not_cancelled(north, south, bolts):
    transfer = on_the_way({bolts: 30}, north, south)
    before = everything()

    with pytest.raises(BadQuantity, match="receive it"):
        cancel_transfer(transfer.pk, by=None)
    assert everything() == before


def test_what_turns_round_is_received_back_where_it_came_from(north, south, bolts):
    transfer = on_the_way({bolts: 30}, north, south)

    transfer = take_back_transfer(transfer.pk, {line_of(transfer).pk: 30}, by=None)

    assert transfer.status == TransferStatus.CANCELLED
    assert (there(bolts, north), in_transit(bolts, south)) == ((100, 100), 0)
    assert verify() == []


def test_other_days_move_demand_and_supply(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south, leaves=1, arrives=3)

    transfer = redate_transfer(transfer.pk, Days(in_days(2), in_days(9)), by=None)

    assert [row[3] for row in TransferLine.objects.demand()] == [in_days(2)]
    assert [row[3] for row in TransferLine.objects.supply()] == [in_days(9)]
    assert kinds(transfer) == ["planned", "redated"]
    assert "→" in transfer.events.last().note


def test_a_transfer_that_left_yesterday_may_still_arrive_later(north, south, bolts):
    transfer = on_the_way({bolts: 30}, north, south)
    Transfer.objects.update(ship_on=in_days(-1))

    redate_transfer(transfer.pk, Days(in_days(-1), in_days(5)), by=None)

    assert Transfer.objects.get().arrive_on == in_days(5)


def test_the_same_days_again_change_nothing(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south, leaves=1, arrives=3)

    assert kinds(redate_transfer(transfer.pk, Days(in_days(1), in_days(3)), by=None)) == ["planned"]


def test_bins_are_emptied_in_walk_order(north, south):
    nuts = a_product("NUT")
    for n, quantity in enumerate((5, 10, 20), start=1):
        a_stock(nuts, quantity, north.locations.get(code=f"A-{n}"))

    on_the_way({nuts: 12}, north, south)

    left = BinStock.objects.filter(product=nuts, location__warehouse=north)
    assert dict(left.values_list("location__code", "quantity")) == {"A-1": 0, "A-2": 3, "A-3": 20}


def test_promised_stock_is_never_sent_away(north, south, bolts):
    a_confirmed_order({bolts: 80}, customer=a_customer(warehouse=north))
    transfer = a_transfer({bolts: 30}, north, south)
    before = everything()

    with pytest.raises(NotEnoughStock) as refusal:
        dispatch_transfer(transfer.pk, {line_of(transfer).pk: 21}, by=None)

    assert refusal.value.shortages == [Shortage("BOLT", 21, 20)]
    assert everything() == before
    dispatch_transfer(transfer.pk, {line_of(transfer).pk: 20}, by=None)


def test_a_bin_a_picker_comes_for_is_left_to_the_picker(north, south):
    nuts = a_product("NUT")
    for code in ("A-1", "A-2"):
        a_stock(nuts, 10, north.locations.get(code=code))
    shipment = a_shipment({nuts: 10}, customer=a_customer(warehouse=north))
    assert PickTask.objects.get().bin.location.code == "A-1"

    on_the_way({nuts: 10}, north, south)

    assert BinStock.objects.get(location__code="A-1", location__warehouse=north).quantity == 10
    all_picked(shipment)
    assert verify() == []


def test_nobody_takes_what_a_picker_comes_for(north):
    """Moving and adjusting leave it alone too; what is free in another bin does not make up for it."""
    nuts = a_product("NUT")
    one, two = (north.locations.get(code=code) for code in ("A-1", "A-2"))
    for place in (one, two):
        a_stock(nuts, 10, place)
    a_shipment({nuts: 10}, customer=a_customer(warehouse=north))

    with pytest.raises(NotEnoughStock, match="pickers"):
        move_stock({nuts.pk: 1}, one, two, Cause("MOVE", None))
    with pytest.raises(NotEnoughStock, match="pickers"):
        adjust_stock(nuts.pk, one, -1, Cause("ADJ", None, "broken"))
    move_stock({nuts.pk: 10}, two, one, Cause("MOVE", None))


def test_what_pickers_come_for_is_held_by_the_database(north, bolts):
    """The control: past every service the CHECK still stands."""
    a_shipment({bolts: 90}, customer=a_customer(warehouse=north))
    assert BinStock.objects.get(product=bolts, location=first_bin(north)).claimed == 90

    with pytest.raises(IntegrityError, match="never_take_what_a_picker_comes_for"), transaction.atomic():
        StockMovement.objects.create(
            kind=MovementKind.TRANSFER,
            product=bolts,
            from_location=first_bin(north),
            to_location=north.locations.get(code="A-2"),
            quantity=11,
            document="BY-HAND",
        )
    with pytest.raises(IntegrityError, match="kept by its ledger"), transaction.atomic():
        BinStock.objects.update(claimed=0)


def test_nobody_reaches_into_the_road_by_hand(north, south, bolts):
    on_the_way({bolts: 30}, north, south)
    transit = Location.objects.get(kind=LocationKind.TRANSIT)

    with pytest.raises(KeptByWork, match="transfers"):
        move_stock({bolts.pk: 1}, transit, first_bin(south), Cause("MOVE", None))
    with pytest.raises(KeptByWork, match="transfers"):
        adjust_stock(bolts.pk, transit, -1, Cause("ADJ", None, "gone"))


def test_what_lies_out_of_reach_is_named(north, south):
    """Goods in quarantine are there and go nowhere."""
    cage = Location.objects.create(warehouse=north, code="Q", kind=LocationKind.QUARANTINE)
    nuts = a_product("NUT")
    a_stock(nuts, 10, cage)
    transfer = a_transfer({nuts: 5}, north, south)

    with pytest.raises(NotEnoughStock) as refusal:
        dispatch_transfer(transfer.pk, {line_of(transfer).pk: 5}, by=None)
    assert refusal.value.shortages == [Shortage("NUT", 5, 0)]


def test_a_transfer_to_the_same_place_is_refused(north, bolts):
    with pytest.raises(BadTransfer, match="NORTH is there already"):
        a_transfer({bolts: 1}, north, north)
    assert not Transfer.objects.exists()


def test_the_database_refuses_the_same_place_and_impossible_days_too(north, south, bolts):
    """The control: with the service out of the way."""
    transfer = a_transfer({bolts: 1}, north, south)
    for broken, name in (
        ({"target": north}, "transfer_goes_somewhere_else"),
        ({"arrive_on": in_days(0)}, "transfer_arrives_after_it_leaves"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Transfer.objects.filter(pk=transfer.pk).update(**broken)
    for broken, name in (
        ({"dispatched": 2}, "never_dispatch_more_than_planned"),
        ({"received": 1}, "never_receive_more_than_dispatched"),
        ({"lost": -1}, "transfer_quantities_are_positive"),
        ({"ordered": 0}, "transfer_moves_something"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            transfer.lines.update(**broken)


@pytest.mark.parametrize("quantity", [0, -1, 10**12 + 1])
def test_a_quantity_nobody_can_move_is_refused_everywhere(north, south, bolts, quantity):
    planned, left = a_transfer({bolts: 5}, north, south), on_the_way({bolts: 5}, north, south)
    before = everything()

    with pytest.raises(BadQuantity, match="not a quantity"):
        a_transfer({bolts: quantity}, north, south)
    with pytest.raises(BadQuantity, match="not a quantity"):
        dispatch_transfer(planned.pk, {line_of(planned).pk: quantity}, by=None)
    for act in (receive_transfer, take_back_transfer):
        with pytest.raises(BadQuantity, match="not a quantity"):
            act(left.pk, {line_of(left).pk: quantity}, by=None)
    with pytest.raises(BadQuantity, match="not a quantity"):
        declare_lost(left.pk, {line_of(left).pk: quantity}, by=None, reason="x")

    assert everything() == before


def test_a_transfer_of_nothing_is_refused(north, south, bolts):
    transfer = a_transfer({bolts: 5}, north, south)
    before = everything()

    with pytest.raises(BadQuantity, match="needs a line"):
        a_transfer({}, north, south)
    with pytest.raises(BadQuantity, match="nothing was entered"):
        dispatch_transfer(transfer.pk, {}, by=None)
    assert everything() == before


@pytest.mark.parametrize(
    ("leaves", "arrives"),
    [
        (date(2001, 1, 1), date(2001, 1, 2)),
        (date(2001, 1, 1), date(9999, 12, 31)),
        (date(9999, 1, 1), date(9999, 12, 31)),
        (date.min, date.max),
    ],
)
def test_days_in_the_past_and_the_far_future_are_refused(north, south, bolts, leaves, arrives):
    transfer = a_transfer({bolts: 5}, north, south)
    before = everything()

    with pytest.raises(BadTransfer, match="past or too far ahead"):
        plan_transfer((north, south), Days(leaves, arrives), {bolts.pk: 1}, by=None)
    with pytest.raises(BadTransfer, match=f"{transfer}: .* past or too far ahead"):
        redate_transfer(transfer.pk, Days(leaves, arrives), by=None)
    assert everything() == before


def test_nothing_arrives_before_it_leaves(north, south, bolts):
    with pytest.raises(BadTransfer, match="cannot arrive"):
        a_transfer({bolts: 5}, north, south, leaves=4, arrives=3)


def test_more_than_planned_is_not_dispatched_and_more_than_dispatched_not_received(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    line = line_of(transfer)
    with pytest.raises(BadQuantity, match=rf"{transfer}: 31 of BOLT were entered, 30 are to be dispatched"):
        dispatch_transfer(transfer.pk, {line.pk: 31}, by=None)
    dispatch_transfer(transfer.pk, {line.pk: 20}, by=None)
    before = everything()

    for act in (receive_transfer, take_back_transfer):
        with pytest.raises(BadQuantity, match=rf"{transfer}: 21 of BOLT were entered, 20 are on the way"):
            act(transfer.pk, {line.pk: 21}, by=None)
    with pytest.raises(BadQuantity, match="20 are on the way"):
        declare_lost(transfer.pk, {line.pk: 21}, by=None, reason="x")
    assert everything() == before


def test_lines_of_another_transfer_are_not_touched(north, south, bolts):
    one, other = (on_the_way({bolts: 5}, north, south) for _ in range(2))
    before = everything()

    for act in (receive_transfer, take_back_transfer):
        with pytest.raises(BadQuantity, match="no such line"):
            act(one.pk, {line_of(other).pk: 1}, by=None)
    assert everything() == before


def ended(north, south, bolts):
    yield cancel_transfer(a_transfer({bolts: 5}, north, south).pk, by=None)
    came = on_the_way({bolts: 5}, north, south)
    yield receive_transfer(came.pk, {line_of(came).pk: 5}, by=None)


def test_nothing_happens_to_a_transfer_that_has_ended(north, south, bolts):
    for transfer in ended(north, south, bolts):
        line, before = line_of(transfer), everything()
        for act in (
            lambda pk, q: dispatch_transfer(pk, q, by=None),
            lambda pk, q: receive_transfer(pk, q, by=None),
            lambda pk, q: take_back_transfer(pk, q, by=None),
            lambda pk, q: declare_lost(pk, q, by=None, reason="x"),
            lambda pk, _q: cancel_transfer(pk, by=None),
            lambda pk, _q: redate_transfer(pk, Days(in_days(3), in_days(4)), by=None),
        ):
            with pytest.raises(IllegalMove, match=transfer.number):
                act(transfer.pk, {line.pk: 1})
        assert everything() == before


def test_a_planned_transfer_cannot_be_received(north, south, bolts):
    transfer = a_transfer({bolts: 5}, north, south)

    with pytest.raises(IllegalMove):
        receive_transfer(transfer.pk, {line_of(transfer).pk: 5}, by=None)


@pytest.mark.parametrize("old", TransferStatus)
@pytest.mark.parametrize("new", TransferStatus)
def test_the_database_holds_the_table_of_moves(north, south, bolts, old, new):
    transfer = a_transfer({bolts: 5}, north, south)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inventory_transfer SET status = %s", [old])
        cursor.execute("SET LOCAL session_replication_role = origin")
    if new == old or new in Transfer.NEXT[old]:
        Transfer.objects.update(status=new)
    else:
        with pytest.raises(IntegrityError, match="cannot go"), transaction.atomic():
            Transfer.objects.filter(pk=transfer.pk).update(status=new)
