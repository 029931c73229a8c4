"""The number of statements does not grow with the lines: ten cost as many as five hundred."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.services.losing import PromisesGiveWay
from inventory.models import StockMovement
from inventory.services.adjusting import (
    Difference,
    Why,
    approve_adjustments,
    propose_adjustments,
    reject_adjustments,
)
from inventory.services.moving import Cause, receive_stock
from inventory.services.quarantining import quarantine_stock, release_from_quarantine
from inventory.services.sheets import Choice, enter_count, open_count_sheet
from inventory.status import AdjustmentReason, LocationKind, MovementKind
from oms.verify import verify
from orders.models import Order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from tests.builders import a_customer, many_products

LOST = Why(AdjustmentReason.LOST)
PINNED = {
    "propose within the limit, promises give way": 17,
    "propose above the limit": 8,
    "approve, promises give way": 15,
    "reject": 4,
    "open a sheet": 5,
    "count with small differences": 30,
    "recount with large differences": 22,
    "quarantine, promises give way": 18,
    "release from quarantine": 5,
}


class Counting:
    def __init__(self):
        self.counted = {}

    @contextmanager
    def of(self, name):
        with CaptureQueriesContext(connection) as captured:
            yield
        self.counted[name] = len(captured)


def promised(products):
    """All stock of these products is promised to one order."""
    units = [LineInput(product.units.get().pk, 50) for product in products]
    order = enter_order(Header(a_customer().pk), units, by=None)
    return confirm_order(submit_order(order.pk, by=None).pk, by=None)


@pytest.mark.parametrize("n", [10, 500])
def test_statements_are_as_many_for_ten_as_for_five_hundred(house, bins, anna, bert, n):
    products = many_products(n)
    receive_stock({p.pk: 50 for p in products}, bins[0], Cause("OPENING", None))
    house.locations.bulk_create(
        house.locations.model(warehouse=house, code=f"B-{i}", kind=LocationKind.PICK) for i in range(n)
    )
    order, counting = promised(products), Counting()

    def differences(quantity):
        return [Difference(p.pk, bins[0], quantity) for p in products]

    with counting.of("propose within the limit, promises give way"):
        propose_adjustments(differences(-2), LOST, by=anna, room=PromisesGiveWay())
    with counting.of("propose above the limit"):
        large = propose_adjustments(differences(-20), LOST, by=anna)
    with counting.of("approve, promises give way"):
        approve_adjustments([one.pk for one in large], by=bert, room=PromisesGiveWay())
    refused = propose_adjustments(differences(-20), LOST, by=anna)
    with counting.of("reject"):
        reject_adjustments([one.pk for one in refused], by=bert, note="no")
    with counting.of("open a sheet"):
        sheet = open_count_sheet(Choice(house, last="B-399"), by=anna)
    stop = sheet.stops.get(location=bins[0])
    with counting.of("count with small differences"):
        enter_count(stop.pk, {p.pk: 27 for p in products}, seen=0, by=bert, room=PromisesGiveWay())
    with counting.of("recount with large differences"):
        enter_count(stop.pk, {p.pk: 7 for p in products}, seen=1, by=bert, room=PromisesGiveWay())
    with counting.of("quarantine, promises give way"):
        cage = quarantine_stock({p.pk: 5 for p in products}, bins[0], "wet", by=anna, room=PromisesGiveWay())
    with counting.of("release from quarantine"):
        release_from_quarantine({p.pk: 5 for p in products}, cage, bins[1], "dry", by=anna)

    assert counting.counted == PINNED
    assert set(Order.objects.get(pk=order.pk).lines.values_list("allocated", flat=True)) == {22}
    assert StockMovement.objects.filter(kind=MovementKind.COUNT).count() == n
    assert verify() == []
