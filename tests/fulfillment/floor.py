"""The people and the work of a warehouse floor, for tests of its pages."""

from django.test import Client

from fulfillment.models import Shipment
from fulfillment.services.releasing import release_order
from inventory.models import Warehouse
from inventory.services.moving import Cause, receive_stock
from oms.models import User
from orders.models import Order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from tests.builders import a_boss, a_customer, a_user, first_bin, many_products

VIEW = ("fulfillment.view_shipment", "orders.view_order", "orders.view_warehouse_orders")
FLOOR = (
    *VIEW,
    "fulfillment.view_carrier",
    "fulfillment.pick_shipment",
    "fulfillment.short_pick",
    "fulfillment.pack_shipment",
    "fulfillment.ship_shipment",
    "fulfillment.track_shipment",
)
LEAD = (*FLOOR, "fulfillment.release_order", "fulfillment.void_shipment")


def a_worker(warehouse: Warehouse, *permissions: str) -> User:
    """Somebody who works in the warehouse with these rights."""
    user = a_user(*permissions, is_staff=True)
    warehouse.members.add(user)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_long_confirmed_order(lines: int, warehouse: Warehouse) -> Order:
    """An order with so many lines, two units of each promised from the warehouse's first bin."""
    boss, products = a_boss(), many_products(lines)
    receive_stock({product.pk: 5 for product in products}, first_bin(warehouse), Cause("OPENING", None))
    units = [LineInput(product.units.get().pk, 2) for product in products]
    order = enter_order(Header(a_customer().pk), units, by=boss)
    return confirm_order(submit_order(order.pk, by=boss).pk, by=boss)


def a_long_shipment(lines: int, warehouse: Warehouse) -> Shipment:
    return release_order(a_long_confirmed_order(lines, warehouse).pk, by=None)[0]
