"""The number of statements does not grow with the lines: ten cost as many as five hundred.

The numbers stand here so that a change of one is seen and meant.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment, void_shipment
from inventory.models import Product, ReorderPolicy, Supplier
from inventory.services.moving import Cause, receive_stock
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.services.transferring import (
    Days,
    cancel_transfer,
    declare_lost,
    dispatch_transfer,
    plan_transfer,
    receive_transfer,
    take_back_transfer,
)
from oms.models import User
from oms.verify import verify
from orders.models import Order, Quote
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.restocking import raise_restock_alerts
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_rule,
    a_user,
    a_warehouse,
    first_bin,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db

PINNED = {
    "enter order": 11,
    "submit order": 10,
    "confirm order": 17,
    "release order": 12,
    "pick": 16,
    "pack": 13,
    "ship": 14,
    "void after shipping": 18,
    "cancel order": 16,
    "draft quote": 12,
    "send quote": 15,
    "order from quote": 12,
    "place purchase order": 8,
    "receive purchase order": 15,
    "plan transfer": 9,
    "dispatch transfer": 15,
    "receive transfer": 15,
    "take transfer back": 12,
    "declare lost": 11,
    "cancel transfer": 8,
    "serve backorders": 15,
    "raise restock alerts": 6,
}


@dataclass
class House:
    """So many products with stock for all that is done, and what was counted meanwhile."""

    size: int
    counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        a_company()
        self.warehouse = a_warehouse(f"W{self.size}")
        self.customer = a_customer(warehouse=self.warehouse)
        self.user: User = a_user()
        self.products = many_products(self.size)
        self.lines = [LineInput(p.units.all()[0].pk, 2) for p in self._with_units()]

    def _with_units(self) -> Any:
        return Product.objects.filter(pk__in=[p.pk for p in self.products]).prefetch_related("units")

    def count(self, name: str, act: Any) -> Any:
        """Do it, write down how many statements it took, and give what it gave."""
        with CaptureQueriesContext(connection) as statements:
            found = act()
        self.counted[name] = len(statements)
        return found

    def stock(self, each: int) -> None:
        receive_stock(
            dict.fromkeys((p.pk for p in self.products), each),
            first_bin(self.warehouse),
            Cause("OPENING", None),
        )

    def an_order(self) -> Order:
        return enter_order(Header(self.customer.pk), self.lines, by=self.user)

    def confirmed(self) -> Order:
        return confirm_order(submit_order(self.an_order().pk, by=self.user).pk, by=self.user)


def all_statements(size: int) -> dict[str, int]:
    house = House(size)
    _supply(house)
    _transfers(house)
    _sales(house)
    _quotes(house)
    assert verify() == []
    return house.counted


def _supply(house: House) -> None:
    supplier = Supplier.objects.create(code=f"S{house.size}", name="S")
    waiting = house.confirmed()
    expected = [Expected(p.pk, 20, in_days(7)) for p in house.products]
    purchase = house.count(
        "place purchase order",
        lambda: place_purchase_order(supplier, house.warehouse, expected, by=house.user),
    )
    everything = {line.pk: 20 for line in purchase.lines.all()}
    house.count(
        "receive purchase order", lambda: receive_purchase_order(purchase.pk, everything, by=house.user)
    )
    assert house.count("serve backorders", serve_backorders) == 1
    assert not waiting.lines.filter(open__gt=0).exists()
    house.stock(1000)


def _transfers(house: House) -> None:
    user, other = house.user, a_warehouse(f"X{house.size}")
    wanted = {p.pk: 20 for p in house.products}
    transfer = house.count(
        "plan transfer",
        lambda: plan_transfer((house.warehouse, other), Days(in_days(1), in_days(2)), wanted, by=user),
    )

    def each(quantity: int) -> dict[int, int]:
        return {line.pk: quantity for line in transfer.lines.all()}

    fifteen, eight, two, one = each(15), each(8), each(2), each(1)
    house.count("dispatch transfer", lambda: dispatch_transfer(transfer.pk, fifteen, by=user))
    house.count("receive transfer", lambda: receive_transfer(transfer.pk, eight, by=user))
    house.count("take transfer back", lambda: take_back_transfer(transfer.pk, two, by=user))
    house.count("declare lost", lambda: declare_lost(transfer.pk, one, by=user, reason="fell off"))
    house.count("cancel transfer", lambda: cancel_transfer(transfer.pk, by=user))


def _sales(house: House) -> None:
    user = house.user
    order = house.count("enter order", house.an_order)
    house.count("submit order", lambda: submit_order(order.pk, by=user))
    house.count("confirm order", lambda: confirm_order(order.pk, by=user))
    (shipment,) = house.count("release order", lambda: release_order(order.pk, by=user))
    tasks = dict(PickTask.objects.filter(shipment_line__shipment=shipment).values_list("pk", "quantity"))
    house.count("pick", lambda: pick(shipment.pk, tasks, by=user))
    lines = dict(shipment.lines.values_list("pk", "picked"))
    house.count("pack", lambda: pack(shipment.pk, None, lines, by=user))
    house.count("ship", lambda: ship_shipment(shipment.pk, by=user))
    house.count("void after shipping", lambda: void_shipment(shipment.pk, by=user))
    assert Shipment.objects.get(pk=shipment.pk).status == "void"
    house.count("cancel order", lambda: cancel_order(order.pk, by=user))
    _restock(house)


def _restock(house: House) -> None:
    ReorderPolicy.objects.bulk_create(
        ReorderPolicy(product=p, warehouse=house.warehouse, reorder_point=5000, order_up_to=6000)
        for p in house.products
    )
    assert house.count("raise restock alerts", raise_restock_alerts).opened == house.size


def _quotes(house: House) -> None:
    user = house.user
    quote: Quote = house.count(
        "draft quote", lambda: draft_quote(Header(house.customer.pk), house.lines, by=user)
    )
    house.count("send quote", lambda: send_quote(quote.pk, by=user))
    accept_quote(quote.pk, Acceptance("M. Kern"), by=user)
    house.count("order from quote", lambda: order_from_quote(quote.pk, by=user))


@pytest.mark.parametrize("lines", [10, 500])
def test_a_document_costs_as_many_statements_with(lines):
    a_rule(threshold=10**9, approvers=a_group("managers"))

    assert all_statements(lines) == PINNED
