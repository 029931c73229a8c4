"""The number of statements does not grow with lines, rows or products."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import PriceRule
from fulfillment.services.releasing import release_order
from inventory.models import Product, ProductUnit
from inventory.services.moving import Cause, receive_stock
from orders.models import Order
from tests.api.machine import Machine
from tests.builders import a_confirmed_order, a_customer, a_group, a_user, a_version, an_order, first_bin

SIZES = (10, 500)
SIGN_IN_AND_RIGHTS = 2  # the key with its user, and what the user may do


@pytest.fixture
def robot(house):
    """A machine in the role that machines have."""
    return Machine(a_user(groups=[a_group("API client")]))


def many_products(count, stock_in=None):
    """Products with a unit and a price, and stock in a bin when asked for, made quickly."""
    made = Product.objects.bulk_create(Product(sku=f"M-{n:04}", name="x") for n in range(count))
    units = ProductUnit.objects.bulk_create(
        ProductUnit(product=product, code="C62", name="piece", is_default=True) for product in made
    )
    prices = a_version()
    PriceRule.objects.bulk_create(
        PriceRule(version=prices, product=unit.product, unit=unit, price=1) for unit in units
    )
    if stock_in:
        receive_stock({product.pk: 5 for product in made}, first_bin(stock_in), Cause("OPENING", None))
    return made


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = act()
    assert answer.status_code in {200, 201}, answer.content
    return len(seen), answer


@pytest.fixture
def at_both_sizes(robot, house):
    """Count the statements of an act at two sizes; the first use of the key has been noted before."""

    def count(act, prepare):
        prepared = [prepare(size) for size in SIZES]
        robot.get("v1/nothing/")
        return [statements(lambda one=one: act(one))[0] for one in prepared]

    return count


def test_entering_an_order_costs_the_same_for_any_number_of_lines(robot, at_both_sizes):
    customer, products = a_customer(), many_products(max(SIZES))

    def body(size):
        return {
            "customer": customer.code,
            "ship_to": "MAIN",
            "lines": [{"sku": product.sku, "unit": "C62", "quantity": "2"} for product in products[:size]],
        }

    small, large = at_both_sizes(lambda one: robot.post("v1/orders/", one), body)

    assert small == large


def test_reading_and_moving_an_order_cost_the_same_for_any_number_of_lines(robot, at_both_sizes, house):
    products = many_products(max(SIZES), stock_in=house)

    numbers = {size: an_order(dict.fromkeys(products[:size], 1)).number for size in SIZES}

    def count(act):
        return at_both_sizes(act, numbers.get)

    submit = count(lambda number: robot.post(f"v1/orders/{number}/submit/"))
    confirm = count(lambda number: robot.post(f"v1/orders/{number}/confirm/"))
    for number in numbers.values():
        release_order(Order.objects.get(number=number).pk, by=robot.user)
    shipments = {order.number: order.shipments.get().number for order in Order.objects.all()}
    read = count(lambda number: robot.get(f"v1/orders/{number}/"))
    shipment = count(lambda number: robot.get(f"v1/shipments/{shipments[number]}/"))

    assert submit[0] == submit[1]
    assert confirm[0] == confirm[1]
    assert read == [SIGN_IN_AND_RIGHTS + 7] * 2  # the order, lines, holds, charges, taxes, shipments, cartons
    assert shipment == [SIGN_IN_AND_RIGHTS + 3] * 2  # the shipment, lines, cartons


def test_cancelling_an_order_costs_the_same_for_any_number_of_lines(robot, at_both_sizes, house):
    products = many_products(max(SIZES), stock_in=house)

    small, large = at_both_sizes(
        lambda number: robot.post(f"v1/orders/{number}/cancel/"),
        lambda size: a_confirmed_order(dict.fromkeys(products[:size], 1)).number,
    )

    assert small == large


def test_lists_cost_the_same_for_any_number_of_rows(robot, at_both_sizes):
    many_products(max(SIZES))
    for _ in range(12):
        an_order({Product.objects.first(): 1})

    counted = {
        path: at_both_sizes(
            lambda size, path=path: robot.get(f"v1/{path}/", {"limit": size}), lambda size: size
        )
        for path in ("products", "customers", "orders", "shipments")
    }

    assert counted == {"products": [4, 4], "customers": [3, 3], "orders": [3, 3], "shipments": [3, 3]}


def test_availability_costs_the_same_for_any_number_of_products(robot, house):
    skus = [product.sku for product in many_products(200, stock_in=house)]
    robot.get("v1/nothing/")

    few, _ = statements(lambda: robot.get("v1/availability/", {"sku": skus[:1]}))
    many, answer = statements(lambda: robot.get("v1/availability/", {"sku": skus}))

    assert few == many == SIGN_IN_AND_RIGHTS + 11
    assert len(answer.json()["results"]) == 200
