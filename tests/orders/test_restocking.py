"""What counts against a reorder point: the shelf, what comes by purchase or transfer, what is promised or leaves."""

import pytest

from inventory.models import ReorderPolicy, RestockAlert
from inventory.services.transferring import cancel_transfer, receive_transfer
from inventory.status import AlertKind
from orders.services.restocking import raise_restock_alerts
from tests.builders import a_company, a_product, a_transfer, a_warehouse, in_days, on_the_way
from tests.promising.house import ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    a_company()
    return a_warehouse("NORTH")


@pytest.fixture
def south():
    return a_warehouse("SOUTH")


def watched(product, warehouse, point=10, up_to=50):
    ReorderPolicy.objects.create(product=product, warehouse=warehouse, reorder_point=point, order_up_to=up_to)
    return product


def alert(warehouse):
    """Sweep, and return what is open there: kind, on hand, on its way, wanted, to buy."""
    raise_restock_alerts()
    numbers = ("kind", "on_hand", "inbound", "demand", "suggested")
    return RestockAlert.objects.open().filter(warehouse=warehouse).values_list(*numbers).first()


def test_a_transfer_that_comes_is_supply_planned_or_on_the_road(north, south):
    bolts = watched(a_product(on_hand=100, at=north), south)

    planned = a_transfer({bolts: 30}, north, south)
    assert alert(south) == (AlertKind.EXPEDITE, 0, 30, 0, 0)
    cancel_transfer(planned.pk, by=None)
    assert alert(south) == (AlertKind.REORDER, 0, 0, 0, 50)

    road = on_the_way({bolts: 30}, north, south)
    assert alert(south) == (AlertKind.EXPEDITE, 0, 30, 0, 0)
    receive_transfer(road.pk, {road.lines.get().pk: 4}, by=None)
    assert alert(south) == (AlertKind.EXPEDITE, 4, 26, 0, 0)
    receive_transfer(road.pk, {road.lines.get().pk: 26}, by=None)
    assert alert(south) is None


def test_what_leaves_by_transfer_is_no_more_there(north, south):
    bolts = watched(a_product(on_hand=30, at=north), north)
    assert alert(north) is None

    transfer = a_transfer({bolts: 25}, north, south)

    assert alert(north) == (AlertKind.REORDER, 30, 0, 25, 45)
    cancel_transfer(transfer.pk, by=None)
    assert alert(north) is None


def test_what_has_left_counts_once(north, south):
    bolts = watched(a_product(on_hand=30, at=north), north)

    on_the_way({bolts: 25}, north, south)

    assert alert(north) == (AlertKind.REORDER, 5, 0, 0, 45)


def test_purchases_and_transfers_add_up(north, south):
    bolts = watched(a_product(on_hand=100, at=north), south)
    a_transfer({bolts: 4}, north, south)
    ordered(bolts, south, 5, in_days(3))

    assert alert(south) == (AlertKind.REORDER, 0, 9, 0, 41)
