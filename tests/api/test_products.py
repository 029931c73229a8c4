"""Products and availability through the REST interface."""

from datetime import date

import pytest

from inventory.models import Category, PurchaseOrder, PurchaseOrderLine, Supplier
from tests.api.machine import Machine, pointers
from tests.builders import a_company, a_confirmed_order, a_product, a_unit, a_user, a_warehouse

VIEW = "inventory.view_product"


def on_its_way(product, warehouse, quantity, day):
    supplier = Supplier.objects.get_or_create(code="S", defaults={"name": "S"})[0]
    purchase = PurchaseOrder.objects.create(supplier=supplier, warehouse=warehouse)
    PurchaseOrderLine.objects.create(
        purchase_order=purchase,
        product=product,
        ordered=quantity,
        expected_on=day,
        confirmed=quantity,
        confirmed_on=day,
        promised_on=day,
    )


def test_a_product_is_told_with_its_units_and_exact_numbers(machine):
    category = Category.objects.create(code="BOLTS", name="Bolts")
    bolts = a_product("BOLT/M8 x 20", cost="0.125", category=category, weight_grams=12)
    a_unit(bolts, "PK", numerator=100, gtin="04006381333931")

    answer = machine.get("v1/products/BOLT%2FM8%20x%2020/")

    assert answer.status_code == 200
    assert answer.json() == {
        "sku": "BOLT/M8 x 20",
        "name": "Product BOLT/M8 x 20",
        "status": "active",
        "category": "BOLTS",
        "superseded_by": None,
        "weight_grams": 12,
        "backorder_allowed": True,
        "units": [
            {
                "code": "C62", "name": "C62", "numerator": 1, "denominator": 1, "gtin": None, "multiple": 1,
                "minimum": 1, "is_default": True,
            },
            {
                "code": "PK", "name": "PK", "numerator": 100, "denominator": 1, "gtin": "4006381333931",
                "multiple": 1, "minimum": 1, "is_default": False,
            },
        ],
        "cost": "0.125",
        "cost_currency": "EUR",
    }  # fmt: skip


def test_cost_is_told_only_to_those_who_may_see_it(db):
    a_company()
    a_product("BOLT", cost="0.125")

    may, may_not = Machine(a_user(VIEW, "inventory.view_cost")), Machine(a_user(VIEW))

    assert may.get("v1/products/BOLT/").json()["cost"] == "0.125"
    for path in ("v1/products/BOLT/", "v1/products/"):
        assert "0.125" not in may_not.get(path).content.decode()
        assert "cost" not in may_not.get(path).content.decode()


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["BOLT-1", "BOLT-2", "NUT-1"]),
        ({"sku_prefix": "BOLT-"}, ["BOLT-1", "BOLT-2"]),
        ({"sku_prefix": "%"}, []),
        ({"status": "blocked"}, ["NUT-1"]),
        ({"status": ["blocked", "active"]}, ["BOLT-1", "BOLT-2", "NUT-1"]),
        ({"category": "BOLTS"}, ["BOLT-1"]),
        ({"gtin": "04006381333931"}, ["BOLT-2"]),
        ({"ordering": "-sku"}, ["NUT-1", "BOLT-2", "BOLT-1"]),
    ],
)
def test_products_are_filtered_and_ordered(machine, parameters, found):
    a_product("NUT-1", status="blocked")
    a_product("BOLT-1", category=Category.objects.create(code="BOLTS", name="Bolts"))
    a_unit(a_product("BOLT-2"), "PK", numerator=100, gtin="04006381333931")

    answer = machine.get("v1/products/", parameters)

    assert [row["sku"] for row in answer.json()["results"]] == found


def test_availability_is_told_for_each_product_and_warehouse(machine, house):
    south = a_warehouse("SUED")
    bolts, nuts = a_product("BOLT", on_hand=100, at=house), a_product("NUT")
    a_confirmed_order({bolts: 60})
    on_its_way(bolts, house, 40, date(2030, 2, 1))
    on_its_way(bolts, house, 2, date(2030, 1, 1))

    answer = machine.get("v1/availability/", {"sku": ["BOLT", "NUT"], "warehouse": ["NORD", "SUED"]})

    nothing = {"on_hand": 0, "allocated": 0, "available": 0, "on_its_way": 0, "expected_on": None}
    assert [{name: row[name] for name in ("sku", "warehouse", *nothing)} for row in answer.json()["results"]] == [
        {
            "sku": "BOLT", "warehouse": "NORD", "on_hand": 100, "allocated": 60, "available": 40, "on_its_way": 42,
            "expected_on": "2030-01-01",
        },
        {"sku": "BOLT", "warehouse": "SUED", **nothing},
        {"sku": "NUT", "warehouse": "NORD", **nothing},
        {"sku": "NUT", "warehouse": "SUED", **nothing},
    ]  # fmt: skip
    everywhere = machine.get("v1/availability/", {"sku": [nuts.sku]}).json()["results"]
    assert [row["warehouse"] for row in everywhere] == [house.code, south.code]


def test_availability_names_every_code_that_there_is_not(machine):
    a_product("BOLT")

    answer = machine.get("v1/availability/", {"sku": ["BOLT", "NUT", "PIN"], "warehouse": "WEST"})

    assert answer.status_code == 400
    assert pointers(answer) == ["sku", "sku", "warehouse"]
    assert "“PIN”" in answer.content.decode()


@pytest.mark.parametrize("skus", [[], [f"S{n}" for n in range(201)]])
def test_availability_is_asked_for_a_bearable_number_of_products(machine, skus):
    answer = machine.get("v1/availability/", {"sku": skus})

    assert answer.status_code == 400
    assert pointers(answer) == ["sku"]
