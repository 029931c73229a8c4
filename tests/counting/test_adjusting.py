"""Adjustments: alone within the limit, above it by two people, superusers included."""

import pytest
from django.db import DatabaseError, connection, transaction

from inventory.errors import (
    AlreadyDecided,
    BadQuantity,
    KeptByWork,
    NeedsReason,
    NeedsSecondPerson,
    NotEnoughStock,
)
from inventory.models import StockAdjustment, StockLevel, StockMovement
from inventory.services.adjusting import (
    Difference,
    Why,
    approve_adjustments,
    propose_adjustments,
    reject_adjustments,
)
from inventory.services.moving import standard_location
from inventory.status import AdjustmentReason, AdjustmentStatus, LocationKind, MovementKind
from oms.numbers import LARGEST_QUANTITY
from oms.verify import verify
from tests.builders import a_boss, a_confirmed_order, a_product

DAMAGED = Why(AdjustmentReason.DAMAGED)


def proposed(product, location, quantity, by, why=DAMAGED):
    return propose_adjustments([Difference(product.pk, location, quantity)], why, by=by)[0]


def on_hand(product):
    return StockLevel.objects.get(product=product).on_hand


def test_a_small_difference_is_applied_at_once_under_its_own_number(bolts, bins, anna):
    adjustment = proposed(bolts, bins[0], -3, anna, Why(AdjustmentReason.OTHER, "fell down"))

    assert adjustment.status == AdjustmentStatus.APPLIED
    movement = StockMovement.objects.get(document=adjustment.number)
    assert (movement.kind, movement.quantity, movement.reason) == (MovementKind.ADJUST, 3, "other: fell down")
    assert on_hand(bolts) == 97
    assert verify() == []


@pytest.mark.parametrize(("units", "cost"), [(11, "0"), (-11, "0"), (-3, "50")])
def test_above_either_limit_it_waits_for_a_second_person(house, bins, anna, bert, units, cost):
    product = a_product("NUT", on_hand=50, at=house, cost=cost)

    adjustment = proposed(product, bins[0], units, anna)

    assert (adjustment.status, on_hand(product)) == (AdjustmentStatus.PROPOSED, 50)
    approve_adjustments([adjustment.pk], by=bert)
    assert on_hand(product) == 50 + units
    assert StockMovement.objects.get(document=adjustment.number).by == bert
    assert verify() == []


def test_a_limit_of_zero_asks_always(house, bolts, bins, anna):
    house.adjust_units = 0
    house.save()

    assert proposed(bolts, bins[0].__class__.objects.get(pk=bins[0].pk), -1, anna).status == "proposed"


def test_many_small_ones_of_a_day_count_together(bolts, bins, anna, bert):
    states = [proposed(bolts, bins[0], step, anna).status for step in (-4, 3, -3, -1)]

    assert states == ["applied", "applied", "applied", "proposed"]
    assert proposed(bolts, bins[0], -4, bert).status == "applied"


def test_nobody_agrees_to_their_own_not_even_a_superuser(bolts, bins):
    boss = a_boss()
    adjustment = proposed(bolts, bins[0], -50, boss)

    for decide in (
        lambda: approve_adjustments([adjustment.pk], by=boss),
        lambda: reject_adjustments([adjustment.pk], by=boss, note="no"),
    ):
        with pytest.raises(NeedsSecondPerson, match="Somebody else"):
            decide()
    assert on_hand(bolts) == 100


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        (
            "status = 'applied', decided_by_id = proposed_by_id, decided_at = now()",
            "nobody_decides_on_an_own",
        ),
        ("status = 'applied', decided_at = now()", "above_the_limit_a_second_person"),
        ("status = 'rejected', decided_at = now(), decision_note = 'no'", "who_rejects_an_adjustment"),
        ("status = 'applied', difference = -1", "stays as it was proposed"),
    ],
)
def test_the_database_refuses_it_too(bolts, bins, anna, change, guard):
    adjustment = proposed(bolts, bins[0], -50, anna)

    with pytest.raises(DatabaseError, match=guard), transaction.atomic():
        sql(f"UPDATE inventory_stockadjustment SET {change} WHERE id = {adjustment.pk}")


def test_without_the_check_one_person_alone_could(bolts, bins, anna):
    adjustment = proposed(bolts, bins[0], -50, anna)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE inventory_stockadjustment DROP CONSTRAINT nobody_decides_on_an_own_adjustment")
    sql(
        "UPDATE inventory_stockadjustment SET status = 'applied', decided_by_id = proposed_by_id, decided_at = now() "
        f"WHERE id = {adjustment.pk}"
    )

    told = {breach.invariant for breach in verify()}
    assert "I2 every row passes its checks" in told


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_decided_stays_decided(bolts, bins, anna, bert):
    first, second = (proposed(bolts, bins[0], -50, anna) for _n in range(2))
    approve_adjustments([first.pk], by=bert)
    reject_adjustments([second.pk], by=bert, note="count it first")

    for pk in (first.pk, second.pk):
        with pytest.raises(AlreadyDecided):
            approve_adjustments([pk], by=bert)
        with pytest.raises(DatabaseError), transaction.atomic():
            StockAdjustment.objects.filter(pk=pk).update(decision_note="another")
    assert on_hand(bolts) == 50
    assert StockAdjustment.objects.get(pk=second.pk).decision_note == "count it first"


def test_of_several_one_that_may_not_be_decided_stops_all(bolts, bins, anna, bert):
    theirs, own = proposed(bolts, bins[0], -20, anna), proposed(bolts, bins[0], -20, bert)

    with pytest.raises(NeedsSecondPerson):
        approve_adjustments([theirs.pk, own.pk], by=bert)
    assert on_hand(bolts) == 100


@pytest.mark.parametrize("quantity", [0, LARGEST_QUANTITY + 1, -LARGEST_QUANTITY - 1])
def test_a_difference_that_none_is_is_refused(bolts, bins, anna, quantity):
    with pytest.raises(BadQuantity):
        proposed(bolts, bins[0], quantity, anna)


@pytest.mark.parametrize("quantity", [-5, -50])
def test_more_than_lies_there_is_refused(bolts, bins, anna, quantity):
    with pytest.raises(NotEnoughStock):
        proposed(bolts, bins[1], quantity, anna)


def test_staging_and_suspect_follow_work_only(house, bolts, anna):
    for kind in (LocationKind.STAGING, LocationKind.SUSPECT):
        with pytest.raises(KeptByWork):
            proposed(bolts, standard_location(house.pk, kind), 1, anna)


def test_other_and_a_rejection_say_why(bolts, bins, anna, bert):
    with pytest.raises(NeedsReason):
        proposed(bolts, bins[0], -1, anna, Why(AdjustmentReason.OTHER))
    waiting = proposed(bolts, bins[0], -50, anna)
    with pytest.raises(NeedsReason):
        reject_adjustments([waiting.pk], by=bert, note="")
    with pytest.raises(BadQuantity):
        approve_adjustments([waiting.pk, 10**9], by=bert)


def test_without_room_promises_stand(bolts, bins, anna):
    a_confirmed_order({bolts: 99})

    with pytest.raises(NotEnoughStock):
        proposed(bolts, bins[0], -2, anna)
    assert not StockAdjustment.objects.exists()


def test_what_nobody_could_agree_to_is_refused_at_once(bolts, bins, anna):
    for quantity in (-101, -999_999, -LARGEST_QUANTITY):
        with pytest.raises(NotEnoughStock, match="BOLT") as refusal:
            proposed(bolts, bins[0], quantity, anna)
        assert [(one.wanted, one.there) for one in refusal.value.shortages] == [(-quantity, 100)]
    both = [Difference(bolts.pk, bins[0], -60), Difference(bolts.pk, bins[0], -60)]
    with pytest.raises(NotEnoughStock):
        propose_adjustments(both, DAMAGED, by=anna)
    assert not StockAdjustment.objects.exists()


def test_what_was_there_when_it_was_proposed_is_asked_again_at_the_second_yes(bolts, bins, anna, bert):
    waiting = [proposed(bolts, bins[0], -100, anna) for _n in range(2)]

    approve_adjustments([waiting[0].pk], by=bert)
    with pytest.raises(NotEnoughStock):
        approve_adjustments([waiting[1].pk], by=bert)

    assert on_hand(bolts) == 0
    assert StockAdjustment.objects.get(pk=waiting[1].pk).status == AdjustmentStatus.PROPOSED
    assert verify() == []


def test_what_is_promised_may_give_way_until_somebody_decides(bolts, bins, anna):
    a_confirmed_order({bolts: 80})

    assert proposed(bolts, bins[0], -60, anna).status == AdjustmentStatus.PROPOSED
