"""A confirmed order is changed while others confirm, release, ship, cancel and change it."""

import pytest
from django.db.models import F, Sum

from fulfillment.models import ShipmentLine
from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from inventory.models import StockLevel
from oms.verify import verify
from orders.models import Order, OrderLine
from orders.status import OrderStatus
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_product,
    a_submitted_order,
    a_warehouse,
    all_picked,
    in_days,
)
from tests.races.company import MANY
from tests.races.players import Outcome, Turn, errors

pytestmark = pytest.mark.race

CHANGE, SPLIT, SHORT = (f"tests.races.changing.{act}" for act in ("change", "split", "close_short_of"))


@pytest.fixture
def bolts(players):
    return a_product("BOLT-M8", on_hand=20, at=a_warehouse())


@pytest.fixture
def boss(bolts):
    return a_boss().pk


def turn(order, wanted, boss, revision=0):
    return Turn(CHANGE, (order.pk, order.lines.get().pk, wanted, revision, boss))


def codes(outcomes: list[Outcome]) -> list[str]:
    return sorted(outcome.refused.partition(":")[0] for outcome in outcomes if outcome.refused)


def test_of_eight_changes_seen_at_one_revision_one_is_made(players, bolts, boss):
    order = a_confirmed_order({bolts: 4})

    outcomes = players.race([turn(order, 5 + i, boss) for i in range(MANY)])

    assert errors(outcomes) == []
    assert codes(outcomes) == ["stale"] * (MANY - 1)
    assert Order.objects.get().revision == 1
    assert order.events.filter(kind="changed").count() == 1
    assert verify() == []


def test_without_the_question_for_the_revision_the_last_one_wins_in_silence(players, bolts, boss):
    order = a_confirmed_order({bolts: 4})
    turns = [turn(order, 5 + i, boss) for i in range(MANY)]

    outcomes = players.race([Turn(one.act, one.arguments, "no_revision") for one in turns])

    assert errors(outcomes) == []
    assert codes(outcomes) == []
    assert order.events.filter(kind="changed").count() == MANY


def test_what_is_released_meanwhile_is_not_taken_away(players, bolts, boss):
    orders = [a_confirmed_order({bolts: 4}) for _pair in range(MANY // 2)]

    outcomes = players.race(
        [one for order in orders for one in (turn(order, 1, boss), Turn("release", (order.pk,)))]
    )

    assert errors(outcomes) == []
    assert set(codes(outcomes)) <= {"taken_already"}
    for line in OrderLine.objects.all():
        released = ShipmentLine.objects.get(allocation__line=line).quantity
        assert released == line.ordered in (1, 4)
    assert verify() == []


def test_what_ships_meanwhile_stays_shipped_and_the_order_ends_as_it_should(players, bolts, boss):
    orders = [a_confirmed_order({bolts: 4}) for _pair in range(MANY // 2)]
    ships = []
    for order in orders:
        (shipment,) = release_order(order.pk, by=None)
        all_picked(shipment)
        pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
        ships.append(Turn("ship", (shipment.pk,)))

    outcomes = players.race([*ships, *(turn(order, 6, boss) for order in orders)])

    assert errors(outcomes) == []
    assert set(codes(outcomes)) <= {"not_in_work"}
    for order in Order.objects.all():
        line = order.lines.get()
        assert line.shipped == 4
        assert (order.status == OrderStatus.COMPLETED) == (line.ordered == 4)
    assert verify() == []


def test_a_change_and_a_cancellation_leave_nothing_held(players, bolts, boss):
    orders = [a_confirmed_order({bolts: 4}) for _pair in range(MANY // 2)]

    outcomes = players.race(
        [one for order in orders for one in (turn(order, 5, boss), Turn("cancel", (order.pk,)))]
    )

    assert errors(outcomes) == []
    assert {order.status for order in Order.objects.all()} == {OrderStatus.CANCELLED}
    assert StockLevel.objects.get().allocated == 0
    assert verify() == []


def test_changes_and_confirmations_at_once_never_promise_more_than_there_is(players, bolts, boss):
    changed = [a_confirmed_order({bolts: 2}) for _order in range(4)]
    new = [a_submitted_order({bolts: 5}).pk for _order in range(4)]

    outcomes = players.race(
        [*(turn(order, 7, boss) for order in changed), *(Turn("confirm", (pk,)) for pk in new)]
    )

    assert errors(outcomes) == []
    assert codes(outcomes) == []
    sums = OrderLine.objects.aggregate(held=Sum("allocated"), wanted=Sum("ordered"), open=Sum("open"))
    assert sums == {"held": 20, "wanted": 48, "open": 28}
    assert verify() == []


def test_orders_raised_for_products_in_opposite_order_never_deadlock(players, boss):
    bolts, nuts = (a_product(sku, on_hand=100) for sku in ("B", "N"))
    orders = [a_confirmed_order({bolts: 1, nuts: 1} if i % 2 else {nuts: 1, bolts: 1}) for i in range(MANY)]

    outcomes = players.race([Turn("tests.races.changing.raise_all", (order.pk, 5, boss)) for order in orders])

    assert errors(outcomes) == []
    levels = StockLevel.objects.filter(product__in=[bolts, nuts])
    assert set(levels.values_list("allocated", flat=True)) == {5 * MANY}
    assert verify() == []


def test_split_changed_closed_and_released_at_once_each_unit_is_somewhere(players, bolts, boss):
    order = a_confirmed_order({bolts: 12, a_product("NUT"): 8})
    line = order.lines.order_by("position")[0].pk

    outcomes = players.race(
        [
            Turn(SPLIT, (order.pk, [2], in_days(9).isoformat(), boss)),
            Turn(CHANGE, (order.pk, line, 3, 0, boss)),
            Turn(SHORT, (order.pk, boss)),
            Turn("release", (order.pk,)),
            Turn("serve"),
        ]
    )

    assert errors(outcomes) == []
    assert set(codes(outcomes)) <= {
        "stale",
        "taken_already",
        "nothing_open",
        "not_in_work",
        "nothing_to_release",
    }
    held = OrderLine.objects.aggregate(n=Sum(F("allocated") + F("picked") + F("packed")))["n"]
    assert StockLevel.objects.aggregate(n=Sum("allocated"))["n"] == held
    assert verify() == []
