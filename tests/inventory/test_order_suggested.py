"""Buying what restock alerts suggest."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.errors import BadQuantity
from inventory.models import PurchaseOrder, RestockAlert, Supplier, SupplierProduct
from inventory.services.purchasing import order_suggested
from inventory.status import AlertKind
from tests.builders import a_boss, a_product, a_warehouse

pytestmark = pytest.mark.django_db


def a_supplier(code):
    return Supplier.objects.get_or_create(code=code, defaults={"name": code})[0]


def an_offer(supplier, product, cost, **values):
    return SupplierProduct.objects.create(supplier=supplier, product=product, cost=Decimal(cost), **values)


def an_alert(product, warehouse, suggested):
    return RestockAlert.objects.create(
        product=product, warehouse=warehouse, kind=AlertKind.REORDER, on_hand=0, inbound=0, demand=0,
        reorder_point=5, suggested=suggested,
    )  # fmt: skip


def test_each_product_is_bought_from_its_cheapest_supplier_and_one_order_goes_to_each():
    warehouse, boss = a_warehouse(), a_boss()
    hydra, kern = a_supplier("HYDRA"), a_supplier("KERN")
    bolts, nuts, rings = a_product("BOLT"), a_product("NUT"), a_product("RING")
    for product in (bolts, nuts):
        an_offer(hydra, product, "1.00", lead_time_days=3)
        an_offer(kern, product, "2.00")
    an_offer(kern, rings, "0.10", minimum=50)
    alerts = [an_alert(product, warehouse, 10) for product in (bolts, nuts, rings)]

    placed = order_suggested([alert.pk for alert in alerts], by=boss)

    lines = {
        order.supplier.code: {line.product.sku: line.ordered for line in order.lines.all()}
        for order in placed.orders
    }
    assert lines == {"HYDRA": {"BOLT": 10, "NUT": 10}, "KERN": {"RING": 50}}
    assert placed.unsupplied == []


def test_asking_twice_buys_once():
    product, boss = a_product("BOLT"), a_boss()
    an_offer(a_supplier("HYDRA"), product, "1")
    alert = an_alert(product, a_warehouse(), 10)
    order_suggested([alert.pk], by=boss)

    with pytest.raises(BadQuantity):
        order_suggested([alert.pk], by=boss)

    alert.refresh_from_db()
    assert PurchaseOrder.objects.count() == 1
    assert (alert.inbound, alert.suggested, alert.kind) == (10, 0, AlertKind.EXPEDITE)


def test_what_nobody_supplies_is_named_and_the_rest_is_bought():
    warehouse, boss = a_warehouse(), a_boss()
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    an_offer(a_supplier("HYDRA"), bolts, "1")
    alerts = [an_alert(product, warehouse, 10) for product in (bolts, nuts)]

    placed = order_suggested([alert.pk for alert in alerts], by=boss)

    assert (len(placed.orders), placed.unsupplied) == (1, ["NUT"])
    with pytest.raises(BadQuantity, match="NUT"):
        order_suggested([alert.pk for alert in alerts], by=boss)


def test_the_number_of_statements_does_not_grow_with_the_alerts():
    warehouse, boss, supplier = a_warehouse(), a_boss(), a_supplier("HYDRA")

    def statements(count):
        products = [a_product(price=None) for _ in range(count)]
        for product in products:
            an_offer(supplier, product, "1")
        ids = [an_alert(product, warehouse, 10).pk for product in products]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            order_suggested(ids, by=boss)
        return len(queries)

    assert statements(2) == statements(40)
