"""A loss below what is promised: promises give way from the last rank on, picks never do."""

from datetime import timedelta

import pytest

from fulfillment.errors import StillBeingPicked
from fulfillment.services.losing import PromisesGiveWay
from fulfillment.services.picking import short_pick
from fulfillment.services.releasing import release_order
from fulfillment.status import ShortReason
from inventory.errors import BadQuantity, NeedsReason, NotEnoughStock
from inventory.models import StockLevel, StockMovement
from inventory.services.adjusting import Difference, Why, approve_adjustments, propose_adjustments
from inventory.services.quarantining import quarantine_of, quarantine_stock, release_from_quarantine
from inventory.status import AdjustmentReason, LocationKind
from oms.errors import Busy
from oms.verify import verify
from orders.allocation import Loss
from orders.models import Order, OrderEvent, OrderLine
from orders.services import losing
from orders.services.allocating import serve_backorders
from tests.builders import a_confirmed_order, a_product, all_picked, in_days

LOST = Why(AdjustmentReason.LOST)


def lose(product, location, quantity, by, second, room=None):
    """Proposed by one, approved by another when it has to be; return the room."""
    room = room or PromisesGiveWay()
    made = propose_adjustments([Difference(product.pk, location, -quantity)], LOST, by=by, room=room)
    waiting = [one.pk for one in made if one.status == "proposed"]
    if waiting:
        room = PromisesGiveWay()
        approve_adjustments(waiting, by=second, room=room)
    return room


def promised(order):
    return OrderLine.objects.get(order=order).allocated


def test_the_latest_promise_gives_way_first_then_who_was_confirmed_last(bolts, bins, anna, bert):
    soon = a_confirmed_order({bolts: 30}, requested_on=in_days(2))
    late = a_confirmed_order({bolts: 30}, requested_on=in_days(9))
    later = a_confirmed_order({bolts: 30}, requested_on=in_days(9))

    room = lose(bolts, bins[0], 50, anna, bert)

    assert [(one.order, one.sku, one.quantity) for one in room.lost] == [
        (later.number, "BOLT", 30), (late.number, "BOLT", 10)]  # fmt: skip
    assert [promised(order) for order in (soon, late, later)] == [30, 20, 0]
    assert StockLevel.objects.get().on_hand == 50
    events = OrderEvent.objects.filter(kind="stock lost")
    assert {event.document_id for event in events} == {late.pk, later.pk}
    assert "ADJ-" in events[0].note
    assert events[0].by == bert
    assert verify() == []


def test_what_it_lost_an_order_gets_back_first_when_stock_comes(bolts, bins, anna, bert):
    early, late = (a_confirmed_order({bolts: 50}, requested_on=in_days(day)) for day in (2, 9))
    lose(bolts, bins[0], 60, anna, bert)
    propose_adjustments([Difference(bolts.pk, bins[1], 10)], Why(AdjustmentReason.FOUND), by=bert)

    serve_backorders()

    assert (promised(early), promised(late)) == (50, 0)
    assert verify() == []


def test_only_as_much_gives_way_as_is_missing(bolts, bins, anna, bert):
    order = a_confirmed_order({bolts: 95})

    assert lose(bolts, bins[0], 5, anna, bert).lost == []
    assert lose(bolts, bins[0], 2, anna, bert).lost[0].quantity == 2
    assert promised(order) == 93


def test_picks_are_never_taken_silently_and_the_shipments_are_named(bolts, bins, anna, bert):
    order = a_confirmed_order({bolts: 98})
    shipment = release_order(order.pk, by=None)[0]
    before = StockMovement.objects.count()

    with pytest.raises(StillBeingPicked, match=f"98 are to be picked for {shipment}"):
        lose(bolts, bins[0], 3, anna, bert)

    assert (StockMovement.objects.count(), promised(order)) == (before, 98)
    short_pick(shipment.lines.get().tasks.get().pk, 95, ShortReason.DAMAGED, by=anna)
    assert lose(bolts, bins[0], 2, anna, bert).lost == []
    assert verify() == []


def test_who_brings_no_room_cannot_take_what_pickers_come_for_either(bolts, bins, anna):
    release_order(a_confirmed_order({bolts: 98}).pk, by=None)

    with pytest.raises(NotEnoughStock, match="3 wanted, 2 there"):
        propose_adjustments([Difference(bolts.pk, bins[0], -3)], LOST, by=anna)
    with pytest.raises(NotEnoughStock, match="3 wanted, 2 there"):
        quarantine_stock({bolts.pk: 3}, bins[0], "wet", by=anna)

    assert quarantine_stock({bolts.pk: 2}, bins[0], "wet", by=anna).kind == LocationKind.QUARANTINE
    assert verify() == []


def test_what_is_not_there_at_all_is_no_matter_of_pickers(bolts, bins, anna):
    release_order(a_confirmed_order({bolts: 98}).pk, by=None)

    with pytest.raises(NotEnoughStock, match="101 wanted"):
        quarantine_stock({bolts.pk: 101}, bins[0], "wet", by=anna, room=PromisesGiveWay())


def test_a_pick_in_the_same_bin_counts_though_other_bins_have_enough(house, bolts, bins, anna, bert):
    shipment = release_order(a_confirmed_order({bolts: 98}).pk, by=None)[0]
    propose_adjustments([Difference(bolts.pk, bins[1], 9)], Why(AdjustmentReason.FOUND), by=anna)

    with pytest.raises(StillBeingPicked):
        lose(bolts, bins[0], 5, bert, anna)
    assert lose(bolts, bins[1], 5, bert, anna).lost == []
    all_picked(shipment)
    assert lose(bolts, bins[0], 2, bert, anna).lost == []
    assert verify() == []


def test_soft_promises_go_though_others_are_being_picked(bolts, bins, anna, bert):
    release_order(a_confirmed_order({bolts: 40}).pk, by=None)
    soft = a_confirmed_order({bolts: 60})

    assert lose(bolts, bins[0], 8, anna, bert).lost[0].order == soft.number
    assert promised(soft) == 52
    assert verify() == []


def test_an_order_that_took_the_stock_meanwhile_is_not_touched_without_its_lock(
    bolts, bins, anna, monkeypatch
):
    a_confirmed_order({bolts: 99})
    monkeypatch.setattr("fulfillment.services.losing.lock_holders", lambda _lost: frozenset())

    with pytest.raises(Busy):
        propose_adjustments([Difference(bolts.pk, bins[0], -5)], LOST, by=anna, room=PromisesGiveWay())
    assert StockLevel.objects.get().on_hand == 100


def backwards(held, short):
    """Let the one confirmed first lose first."""
    one = min(held, key=lambda one: one.allocation_id)
    return [Loss(one, min(one.quantity, short[one.row]))]


def test_without_ranks_the_first_would_lose(bolts, bins, anna, bert, monkeypatch):
    soon = a_confirmed_order({bolts: 50}, requested_on=in_days(2))
    a_confirmed_order({bolts: 50}, requested_on=in_days(9))
    monkeypatch.setattr(losing, "first_to_go", lambda held, short: backwards(held, short))

    lose(bolts, bins[0], 20, anna, bert)

    assert promised(soon) == 30  # the control: with the ranks it keeps its 50


def test_quarantine_takes_from_sale_and_promises_give_way(bolts, bins, anna):
    order = a_confirmed_order({bolts: 95})
    room = PromisesGiveWay()

    cage = quarantine_stock({bolts.pk: 20}, bins[0], "wet cartons", by=anna, room=room)

    assert cage.kind == LocationKind.QUARANTINE
    assert [one.quantity for one in room.lost] == [15]
    level = StockLevel.objects.get()
    assert (level.on_hand, level.allocated) == (80, 80)
    release_from_quarantine({bolts.pk: 20}, cage, bins[1], "dry again", by=anna)
    assert serve_backorders() == 1
    assert promised(Order.objects.get(pk=order.pk)) == 95
    assert verify() == []


def test_what_lies_in_quarantine_is_scrapped_as_an_adjustment(bolts, bins, anna, bert):
    cage = quarantine_stock({bolts.pk: 20}, bins[0], "wet", by=anna)

    scrap = propose_adjustments([Difference(bolts.pk, cage, -20)], Why(AdjustmentReason.DAMAGED), by=anna)
    approve_adjustments([scrap[0].pk], by=bert)

    assert StockLevel.objects.get().on_hand == 80
    assert verify() == []


def test_quarantine_refuses_what_cannot_be(house, bolts, bins, anna):
    cage = quarantine_of(house.pk)
    before = StockMovement.objects.count()

    for act, refused in [
        (lambda: quarantine_stock({bolts.pk: 1}, bins[0], "", by=anna), NeedsReason),
        (lambda: quarantine_stock({bolts.pk: 0}, bins[0], "x", by=anna), BadQuantity),
        (lambda: quarantine_stock({bolts.pk: -1}, bins[0], "x", by=anna), BadQuantity),
        (lambda: quarantine_stock({bolts.pk: 10**13}, bins[0], "x", by=anna), BadQuantity),
        (lambda: quarantine_stock({bolts.pk: 101}, bins[0], "x", by=anna), NotEnoughStock),
        (lambda: quarantine_stock({bolts.pk: 1}, cage, "x", by=anna), BadQuantity),
        (lambda: release_from_quarantine({bolts.pk: 1}, bins[0], bins[1], "x", by=anna), BadQuantity),
        (lambda: release_from_quarantine({bolts.pk: 1}, cage, cage, "x", by=anna), BadQuantity),
        (lambda: release_from_quarantine({bolts.pk: 1}, cage, bins[1], "x", by=anna), NotEnoughStock),
        (lambda: release_from_quarantine({bolts.pk: 1}, cage, bins[1], "", by=anna), NeedsReason),
    ]:
        with pytest.raises(refused):
            act()
    assert StockMovement.objects.count() == before


def test_a_warehouse_with_two_quarantines_uses_the_first(house):
    for code in ("Q-2", "Q-1"):
        house.locations.create(code=code, kind=LocationKind.QUARANTINE, walk_order=int(code[-1]))

    assert quarantine_of(house.pk).code == "Q-1"


def test_two_promises_of_one_day_yield_by_confirmation(bolts, bins, anna, bert):
    first, second = (a_confirmed_order({bolts: 50}) for _n in range(2))
    Order.objects.filter(pk=second.pk).update(confirmed_at=first.confirmed_at - timedelta(hours=1))

    lose(bolts, bins[0], 10, anna, bert)

    assert (promised(first), promised(second)) == (40, 50)


def test_another_product_of_the_order_keeps_its_promise(house, bolts, bins, anna, bert):
    nuts = a_product("NUT", on_hand=9, at=house)
    order = a_confirmed_order({bolts: 100, nuts: 9})

    lose(bolts, bins[0], 10, anna, bert)

    assert OrderLine.objects.get(order=order, product=nuts).allocated == 9
