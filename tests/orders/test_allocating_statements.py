"""Short orders and those served before their turn cost as many statements with ten lines as with five hundred."""

from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.status import ShippingPolicy, Sourcing
from inventory.models import Product
from inventory.services.moving import Cause, receive_stock
from oms.verify import verify
from orders.models import Order
from orders.services.allocating import serve_backorders
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.overriding import take_from, who_loses
from orders.services.pricing import LineInput
from orders.services.shipping_terms import source_from
from orders.services.submitting import submit_order
from tests.builders import a_boss, a_customer, a_warehouse, first_bin, many_products

pytestmark = pytest.mark.django_db

PINNED = {
    "confirm, all short": 27,
    "confirm, ships complete and waits": 25,
    "confirm, the rest cancelled": 23,
    "confirm, from other warehouses": 18,
    "serve backorders": 16,
    "who loses": 6,
    "take from": 16,
    "source from": 13,
    "serve backorders again": 15,
}


@dataclass
class House:
    size: int
    counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        self.north, self.south = a_warehouse(f"N{self.size}"), a_warehouse(f"S{self.size}")
        self.boss = a_boss()
        self.products = Product.objects.filter(pk__in=[p.pk for p in many_products(self.size)])

    def count(self, name, act):
        with CaptureQueriesContext(connection) as statements:
            found = act()
        self.counted[name] = len(statements)
        return found

    def stock(self, each, place):
        receive_stock(
            dict.fromkeys((p.pk for p in self.products), each), first_bin(place), Cause("OPENING", None)
        )

    def submitted(self, each, **wishes) -> Order:
        customer = a_customer(warehouse=self.north, **wishes)
        lines = [LineInput(p.units.all()[0].pk, each) for p in self.products.prefetch_related("units")]
        return submit_order(enter_order(Header(customer.pk), lines, by=None).pk, by=None)

    def confirmed(self, name, each, **wishes) -> Order:
        order = self.submitted(each, **wishes)
        return self.count(f"confirm, {name}", lambda: confirm_order(order.pk, by=self.boss))


def all_statements(size):
    house = House(size)
    house.stock(4, house.north)
    holder = house.confirmed("all short", 5)
    waits = house.confirmed("ships complete and waits", 2, shipping_policy=ShippingPolicy.COMPLETE)
    house.stock(4, house.north)
    house.confirmed("the rest cancelled", 2, shipping_policy=ShippingPolicy.CANCEL_REST)
    house.stock(20, house.south)
    house.confirmed("from other warehouses", 2, sourcing=Sourcing.OTHERS)
    assert house.count("serve backorders", serve_backorders) == 2
    asks = house.submitted(3, sourcing=Sourcing.ASK)
    confirm_order(asks.pk, by=house.boss)
    assert len(house.count("who loses", lambda: who_loses(asks.pk)).lost) >= size
    house.count("take from", lambda: take_from(asks.pk, [holder.pk], by=house.boss, reason="line down"))
    more = house.submitted(2, sourcing=Sourcing.ASK)
    confirm_order(more.pk, by=house.boss)
    house.count("source from", lambda: source_from(more.pk, house.south.pk, by=house.boss))
    house.stock(2, house.north)
    house.count("serve backorders again", serve_backorders)
    assert not waits.lines.filter(open__gt=0).exists()
    assert verify() == []
    return house.counted


@pytest.mark.parametrize("lines", [10, 500])
def test_an_order_served_out_of_the_ordinary_costs_as_many_statements_with(lines):
    assert all_statements(lines) == PINNED
