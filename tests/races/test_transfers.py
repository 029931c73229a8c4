"""Transfers against each other and against orders, in processes. Each guard has a control."""

import pytest
from django.db import connection
from django.db.models import Sum

from inventory.models import BinStock, StockLevel, TransferLine
from inventory.services.moving import standard_location
from inventory.status import LocationKind
from oms.verify import verify
from orders.models import OrderLine
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_submitted_order,
    a_transfer,
    a_warehouse,
    on_the_way,
)
from tests.races.company import MANY
from tests.races.players import Turn, errors
from tests.races.test_races import assert_one_did_it

pytestmark = pytest.mark.race

STOCK, WANTED = 10, 3


@pytest.fixture
def places(players):
    return a_warehouse("NORTH", bins=3), a_warehouse("SOUTH")


def turns(act, transfers, quantity, sabotage=""):
    return [Turn(act, (t.pk, t.lines.get().pk, quantity), sabotage) for t in transfers]


@pytest.fixture
def eight_transfers(places):
    """Eight transfers of 24 of a product of which there are 10. The road is there, so nobody waits for who makes it."""
    standard_location(places[1].pk, LocationKind.TRANSIT)
    bolts = a_product("BOLT", on_hand=STOCK, at=places[0])
    return [a_transfer({bolts: WANTED}, *places) for _player in range(MANY)]


def require_only_what_was_there_left(outcomes):
    assert errors(outcomes) == []
    refused = [outcome.refused.partition(":")[0] for outcome in outcomes if outcome.refused]
    assert refused == ["not_enough_stock"] * (MANY - STOCK // WANTED)
    assert StockLevel.objects.get(warehouse__code="NORTH").on_hand == STOCK % WANTED
    assert verify() == []


def test_eight_dispatch_the_last_units_and_exactly_those_leave(players, eight_transfers):
    outcomes = players.race(turns("dispatch", eight_transfers, WANTED))

    require_only_what_was_there_left(outcomes)


def test_without_the_lock_the_check_refuses_with_error_pages(players, eight_transfers):
    outcomes = players.race(turns("dispatch", eight_transfers, WANTED, "no_lock"))

    with pytest.raises(AssertionError):
        require_only_what_was_there_left(outcomes)
    assert any("violates check constraint" in error for error in errors(outcomes))


def test_a_part_is_received_once_when_two_people_send_the_whole(players, places):
    transfer = on_the_way({a_product(on_hand=STOCK, at=places[0]): 4}, *places)

    outcomes = players.race(turns("receive_off_the_road", [transfer] * MANY, 4))

    assert_one_did_it(outcomes, "illegal_move")
    assert StockLevel.objects.get(warehouse__code="SOUTH").on_hand == 4


def test_many_receive_the_same_line_and_never_more_than_was_sent(players, places):
    transfer = on_the_way({a_product(on_hand=STOCK, at=places[0]): 10}, *places)

    outcomes = players.race(turns("receive_off_the_road", [transfer] * MANY, 3))

    assert errors(outcomes) == []
    assert sum(not outcome.refused for outcome in outcomes) == 3
    assert TransferLine.objects.get().received == 9
    assert verify() == []


def test_dispatching_and_cancelling_at_once_end_in_one_of_the_two(players, places):
    bolts = a_product(on_hand=100, at=places[0])
    pairs = [a_transfer({bolts: 4}, *places) for _pair in range(MANY // 2)]

    outcomes = players.race(
        [turn for t in pairs for turn in (*turns("dispatch", [t], 4), Turn("call_off", (t.pk,)))]
    )

    assert errors(outcomes) == []
    assert sum(bool(outcome.refused) for outcome in outcomes) == len(pairs)
    assert set(TransferLine.objects.values_list("dispatched", "cancelled")) <= {(4, 0), (0, 4)}
    assert verify() == []


def test_transfers_and_orders_share_what_there_is(players, places):
    bolts, customer = a_product(on_hand=STOCK, at=places[0]), a_customer(warehouse=places[0])
    orders = [a_submitted_order({bolts: WANTED}, customer=customer).pk for _order in range(4)]
    transfers = [a_transfer({bolts: WANTED}, *places) for _transfer in range(4)]

    outcomes = players.race(
        [*turns("dispatch", transfers, WANTED), *(Turn("confirm", (pk,)) for pk in orders)]
    )

    assert errors(outcomes) == []
    level = StockLevel.objects.get(warehouse__code="NORTH")
    left = TransferLine.objects.aggregate(n=Sum("dispatched"))["n"]
    promised = OrderLine.objects.aggregate(n=Sum("allocated"))["n"]
    assert (level.on_hand, level.allocated) == (STOCK - left, promised)
    assert verify() == []


def opposite_ways(places, many):
    """Transfers of two products in opposite order, one way and the other, and all of them meet."""
    bolts, nuts = (a_product(sku, on_hand=100, at=places[0]) for sku in ("BOLT", "NUT"))
    for product in (bolts, nuts):
        a_stock(product, 100, places[1])
    ways = [({bolts: 2, nuts: 2}, *places), ({nuts: 2, bolts: 2}, *reversed(places))]
    return [a_transfer(*ways[n % 2]) for n in range(many)]


def whole(transfers, sabotage=""):
    return [
        Turn("dispatch_all", (t.pk, list(t.lines.order_by("pk").values_list("pk", "ordered"))), sabotage)
        for t in transfers
    ]


def test_transfers_in_both_directions_never_deadlock(players, places):
    outcomes = players.race(whole(opposite_ways(places, MANY)))

    assert errors(outcomes) == []
    assert set(TransferLine.objects.values_list("dispatched", flat=True)) == {2}
    assert verify() == []


def test_locked_in_the_order_of_request_they_do(players, places):
    outcomes = players.race(whole(opposite_ways(places, 2), "no_order"))

    assert "deadlock detected" in "".join(errors(outcomes))


def test_a_dispatch_and_a_release_never_take_from_one_bin_what_only_one_can_have(players, places):
    bolts, customer = a_product("BOLT"), a_customer(warehouse=places[0])
    for location in places[0].locations.all():
        a_stock(bolts, 8, location)
    orders = [a_confirmed_order({bolts: WANTED}, customer=customer).pk for _order in range(4)]
    transfers = [a_transfer({bolts: WANTED}, *places) for _transfer in range(4)]

    outcomes = players.race(
        [*turns("dispatch", transfers, WANTED), *(Turn("release", (pk,)) for pk in orders)]
    )

    assert errors(outcomes) == []
    assert not any(outcome.refused for outcome in outcomes)
    bins = BinStock.objects.filter(location__warehouse=places[0]).aggregate(
        n=Sum("quantity"), c=Sum("claimed")
    )
    assert (bins["n"], bins["c"]) == (12, 12)
    assert verify() == []


def test_without_claims_a_picker_would_find_an_empty_bin_and_verify_tells(players, places, without_claims):
    """The control: with the trigger and the CHECK gone, the dispatch empties the bin a picker is sent to."""
    bolts = a_product("BOLT")
    a_stock(bolts, 8, places[0].locations.get(code="A-1"))
    a_stock(bolts, 8, places[0].locations.get(code="A-2"))
    order = a_confirmed_order({bolts: 8}, customer=a_customer(warehouse=places[0])).pk
    transfer = a_transfer({bolts: 8}, *places)

    players.race([Turn("release", (order,))])
    outcomes = players.race(turns("dispatch", [transfer], 8))

    assert errors(outcomes) == []
    assert BinStock.objects.get(location__code="A-1", location__warehouse=places[0]).quantity == 0
    assert "I5 bins know what pickers come for" in {breach.invariant for breach in verify()}


@pytest.fixture
def without_claims(players):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE fulfillment_picktask DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE fulfillment_picktask ENABLE TRIGGER USER")
