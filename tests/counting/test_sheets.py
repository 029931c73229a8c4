"""Cycle counts: blind, against the ledger of the moment, never booked twice."""

import pytest
from django.db import DatabaseError, transaction

from fulfillment.services.losing import PromisesGiveWay
from fulfillment.services.picking import short_pick
from fulfillment.services.releasing import release_order
from fulfillment.status import ShortReason
from inventory.errors import BadCount, CountedAlready, NeedsSecondPerson
from inventory.models import (
    BinStock,
    CountEntry,
    CountRound,
    CountStop,
    StockAdjustment,
    StockCount,
    StockMovement,
)
from inventory.services.adjusting import approve_adjustments
from inventory.services.counting import finish_count
from inventory.services.moving import Cause, move_stock
from inventory.services.sheets import Choice, close_count_sheet, enter_count, open_count_sheet
from inventory.status import LocationKind, MovementKind
from oms.verify import verify
from tests.builders import a_boss, a_confirmed_order, a_product, a_shipment, a_stock


@pytest.fixture
def stop(house, bolts, bins, anna):
    """The bin with 100 bolts, on a sheet of all bins."""
    sheet = open_count_sheet(Choice(house), by=anna)
    return sheet.stops.get(location=bins[0])


def lies(product, place):
    return BinStock.objects.get(product=product, location=place).quantity


def test_a_small_variance_is_booked_at_once_as_a_count(stop, bolts, bins, anna):
    counted = enter_count(stop.pk, {bolts.pk: 97}, seen=0, by=anna)

    assert [one.difference for one in counted.applied] == [-3]
    movement = StockMovement.objects.get(document=counted.applied[0].number)
    assert (movement.kind, movement.quantity, lies(bolts, bins[0])) == (MovementKind.COUNT, 3, 97)
    assert verify() == []


def test_a_large_one_waits_for_somebody_else_than_the_counter(stop, bolts, bins, bert):
    boss = a_boss()
    counted = enter_count(stop.pk, {bolts.pk: 70}, seen=0, by=boss)

    assert (counted.applied, lies(bolts, bins[0])) == ([], 100)
    with pytest.raises(NeedsSecondPerson):
        approve_adjustments([counted.waiting[0].pk], by=boss)
    approve_adjustments([counted.waiting[0].pk], by=bert)
    assert lies(bolts, bins[0]) == 70
    assert verify() == []


def test_a_count_that_agrees_books_nothing(stop, bolts, anna):
    counted = enter_count(stop.pk, {bolts.pk: 100}, seen=0, by=anna)

    assert (counted.applied, counted.waiting) == ([], [])
    assert CountEntry.objects.get().variance == 0


def test_stock_that_moved_after_the_sheet_was_made_is_no_variance(stop, bolts, bins, anna):
    move_stock({bolts.pk: 30}, bins[0], bins[1], Cause("MOVE-1", anna))

    counted = enter_count(stop.pk, {bolts.pk: 70}, seen=0, by=anna)

    assert (counted.applied, counted.waiting) == ([], [])
    assert CountEntry.objects.get().ledger == 70


def test_what_nobody_expected_in_the_bin_is_counted_too(stop, house, bolts, bins, anna):
    nuts = a_product("NUT")

    enter_count(stop.pk, {bolts.pk: 100, nuts.pk: 4}, seen=0, by=anna)

    assert lies(nuts, bins[0]) == 4
    assert verify() == []


def test_zero_is_a_count_and_nothing_is_none(stop, bolts, bins, anna, bert):
    with pytest.raises(BadCount, match="not counted: BOLT"):
        enter_count(stop.pk, {}, seen=0, by=anna)
    assert not CountRound.objects.exists()

    waiting = enter_count(stop.pk, {bolts.pk: 0}, seen=0, by=anna).waiting
    approve_adjustments([waiting[0].pk], by=bert)
    assert lies(bolts, bins[0]) == 0


def test_an_empty_bin_is_counted_as_empty(stop, bins, anna):
    empty = CountStop.objects.get(sheet=stop.sheet, location=bins[1])

    enter_count(empty.pk, {}, seen=0, by=anna)

    assert not CountStop.objects.uncounted().filter(pk=empty.pk).exists()


def test_the_second_counter_learns_who_was_first_and_may_recount(stop, bolts, bins, anna, bert):
    enter_count(stop.pk, {bolts.pk: 60}, seen=0, by=anna)

    with pytest.raises(CountedAlready, match="anna counted it at"):
        enter_count(stop.pk, {bolts.pk: 60}, seen=0, by=bert)
    again = enter_count(stop.pk, {bolts.pk: 61}, seen=1, by=bert)

    assert [one.status for one in StockAdjustment.objects.order_by("pk")] == ["withdrawn", "proposed"]
    approve_adjustments([again.waiting[0].pk], by=anna)
    assert lies(bolts, bins[0]) == 61
    assert verify() == []


def test_a_recount_takes_back_what_the_first_count_found_too_much(stop, bolts, bins, anna, bert):
    rare = a_product("RARE")
    enter_count(stop.pk, {bolts.pk: 100, rare.pk: 50}, seen=0, by=anna)
    enter_count(stop.pk, {bolts.pk: 100}, seen=1, by=bert)

    assert StockAdjustment.objects.get().status == "withdrawn"


def test_a_count_applied_at_once_is_not_applied_again_by_the_recount(stop, bolts, bins, anna, bert):
    enter_count(stop.pk, {bolts.pk: 95}, seen=0, by=anna)
    counted = enter_count(stop.pk, {bolts.pk: 95}, seen=1, by=bert)

    assert (counted.applied, lies(bolts, bins[0])) == ([], 95)


def test_the_same_bin_on_two_sheets_leaves_one_difference_waiting(stop, house, bolts, bins, anna, bert):
    other = open_count_sheet(Choice(house, product=bolts), by=anna).stops.get()
    enter_count(stop.pk, {bolts.pk: 60}, seen=0, by=anna)
    enter_count(other.pk, {bolts.pk: 60}, seen=0, by=bert)

    assert StockAdjustment.objects.waiting().count() == 1


def test_a_small_loss_that_is_being_picked_waits_and_the_count_is_kept(stop, bolts, bins, anna, bert):
    shipment = release_order(a_confirmed_order({bolts: 100}).pk, by=None)[0]

    counted = enter_count(stop.pk, {bolts.pk: 97}, seen=0, by=anna, room=PromisesGiveWay())

    assert (counted.applied, len(counted.waiting)) == ([], 1)
    assert shipment.number in counted.because
    short_pick(shipment.lines.get().tasks.get().pk, 97, ShortReason.NOT_FOUND, by=bert)
    assert verify() == []


def test_a_small_loss_of_what_is_promised_makes_the_promise_give_way(stop, bolts, anna):
    order = a_confirmed_order({bolts: 100})
    room = PromisesGiveWay()

    enter_count(stop.pk, {bolts.pk: 97}, seen=0, by=anna, room=room)

    assert [(one.order, one.quantity) for one in room.lost] == [(order.number, 3)]
    assert verify() == []


@pytest.mark.parametrize("found", [-1, 10**12 + 1])
def test_what_cannot_be_counted_is_refused(stop, bolts, anna, found):
    with pytest.raises(BadCount):
        enter_count(stop.pk, {bolts.pk: found}, seen=0, by=anna)
    assert not CountRound.objects.exists()


def test_a_closed_sheet_and_a_round_nobody_made_are_refused(stop, bolts, anna):
    with pytest.raises(BadCount, match="never counted"):
        enter_count(stop.pk, {bolts.pk: 100}, seen=3, by=anna)
    close_count_sheet(stop.sheet_id, by=anna)
    with pytest.raises(BadCount, match="is closed"):
        enter_count(stop.pk, {bolts.pk: 100}, seen=0, by=anna)
    with pytest.raises(BadCount, match="is closed"):
        close_count_sheet(stop.sheet_id, by=anna)


def test_a_stop_for_one_product_takes_no_other(house, bolts, bins, anna):
    nuts = a_product("NUT")
    a_stock(nuts, 5, bins[0])
    stop = open_count_sheet(Choice(house, product=bolts), by=anna).stops.get()

    with pytest.raises(BadCount, match="only this product"):
        enter_count(stop.pk, {bolts.pk: 100, nuts.pk: 5}, seen=0, by=anna)
    enter_count(stop.pk, {bolts.pk: 100}, seen=0, by=anna)
    assert lies(nuts, bins[0]) == 5


def test_bins_are_chosen_by_range_by_product_and_by_age(house, bolts, bins, anna):
    house.locations.create(code="STAGING", kind=LocationKind.STAGING)

    def chosen(**choice):
        return [
            s.location.code for s in open_count_sheet(Choice(house, **choice), by=anna).stops.in_walk_order()
        ]

    assert chosen() == ["A-1", "A-2", "A-3"]
    assert chosen(first="A-2") == ["A-2", "A-3"]
    assert chosen(first="A-2", last="A-2") == ["A-2"]
    assert chosen(product=bolts) == ["A-1"]
    enter_count(CountStop.objects.filter(location=bins[0]).first().pk, {bolts.pk: 100}, seen=0, by=anna)
    assert chosen(not_counted_days=30) == ["A-2", "A-3"]
    with pytest.raises(BadCount, match="No bin"):
        chosen(first="Z")


def test_more_bins_than_anybody_walks_are_refused(house, anna, monkeypatch):
    monkeypatch.setattr("inventory.services.sheets.MOST_STOPS", 2)

    with pytest.raises(BadCount, match="More than 2"):
        open_count_sheet(Choice(house), by=anna)


def test_what_was_counted_is_never_changed(stop, bolts, anna):
    enter_count(stop.pk, {bolts.pk: 100}, seen=0, by=anna)

    for rows, change in [
        (CountEntry, {"found": 1}),
        (CountRound, {"number": 2}),
        (CountStop, {"product": bolts}),
    ]:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.update(**change)


def test_who_missed_many_units_does_not_write_them_off_alone(house, bolts, anna, bert):
    shipment = a_shipment({bolts: 50})
    short_pick(shipment.lines.get().tasks.get().pk, 10, ShortReason.NOT_FOUND, by=anna)
    count = StockCount.objects.get()

    with pytest.raises(NeedsSecondPerson):
        finish_count(count.pk, 0, by=anna)
    finish_count(count.pk, 0, by=bert)
    assert verify() == []


def test_few_units_one_person_may_miss_and_write_off(house, bolts, anna):
    shipment = a_shipment({bolts: 50})
    short_pick(shipment.lines.get().tasks.get().pk, 48, ShortReason.NOT_FOUND, by=anna)

    finish_count(StockCount.objects.get().pk, 0, by=anna)
