"""The units of a product: their terms, barcodes, and a ratio that never changes."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from inventory.models import ProductUnit
from inventory.resources import ProductResource
from inventory.status import Scarcity
from oms.importing.columns import columns_of
from tests.builders import a_boss, a_product, a_unit, a_warehouse, an_order

pytestmark = pytest.mark.django_db


def saved(product, *units, **values):
    """Save the product's page with these rows of units; return the answer."""
    client, there = Client(), [unit for unit in units if unit.get("id")]
    client.force_login(a_boss())
    rows = {"units-TOTAL_FORMS": len(units), "units-INITIAL_FORMS": len(there)}
    for n, unit in enumerate(units):
        rows |= {f"units-{n}-{name}": value for name, value in {"product": product.pk, **unit}.items()}
    return client.post(
        reverse("admin:inventory_product_change", args=[product.pk]),
        {
            "sku": product.sku, "name": "Bolt", "status": "active", "cost": "1", "weight_grams": "1",
            "allocation": Scarcity.BY_RANK, "suppliers-TOTAL_FORMS": 0, "suppliers-INITIAL_FORMS": 0,
            "substitutes-TOTAL_FORMS": 0, "substitutes-INITIAL_FORMS": 0,
            **rows, **values,
        },
    )  # fmt: skip


def box(**values):
    return {
        "code": "BX", "name": "box", "numerator": 12, "denominator": 1, "gtin": "", "multiple": 1, "minimum": 1,
        **values,
    }  # fmt: skip


def errors_of(answer):
    return [form.errors for form in answer.context["inline_admin_formsets"][0].formset.forms]


def test_a_unit_is_added_on_the_products_page_with_its_terms():
    product = a_product()

    assert saved(product, box(gtin="4006381333931", multiple=2, minimum=4)).status_code == 302

    unit = product.units.get(code="BX")
    assert (unit.numerator, unit.gtin, unit.multiple, unit.minimum) == (12, "4006381333931", 2, 4)


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("gtin", "4006381333932", "wrong check digit"),
        ("gtin", "12345", "not a GTIN"),
        ("gtin", "4006-381333931", "not a GTIN"),
        ("gtin", "٤٠٠٦٣٨١٣٣٣٩٣١", "not a GTIN"),
        ("gtin", "96385074", "already exists"),
        ("minimum", "0", "greater than or equal to 1"),
        ("minimum", "-3", "greater than or equal to"),
        ("minimum", "1.5", "whole number"),
        ("minimum", "99999999999", "less than or equal to"),
        ("multiple", "0", "greater than or equal to 1"),
        ("numerator", "0", "greater than or equal to 1"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_its_cell(column, typed, said):
    a_unit(a_product("OTHER"), "CT", 10, gtin="96385074")
    product = a_product()

    answer = saved(product, box(**{column: typed}))

    assert said in str(errors_of(answer)[0][column])
    assert product.units.count() == 1


def test_the_page_shows_a_ratio_that_is_there_and_does_not_take_another():
    product = a_product()
    unit = a_unit(product, "BX", 12, name="box")

    answer = saved(product, box(id=unit.pk, numerator=10, denominator=7, minimum=3))

    unit.refresh_from_db()
    assert answer.status_code == 302
    assert (unit.numerator, unit.denominator, unit.minimum) == (12, 1, 3)


@pytest.mark.parametrize("change", [{"numerator": 10}, {"denominator": 2}, {"product": None}])
def test_nobody_changes_the_ratio_or_product_of_a_unit(change):
    unit = a_unit(a_product("A"), "BX", 12)
    change = {name: value or a_product("B") for name, value in change.items()}

    with (
        pytest.raises(IntegrityError, match="product and ratio of unit BX never change"),
        transaction.atomic(),
    ):
        ProductUnit.objects.filter(pk=unit.pk).update(**change)
    ProductUnit.objects.filter(pk=unit.pk).update(numerator=12, minimum=2, multiple=2, name="carton")

    unit.refresh_from_db()
    assert (unit.numerator, unit.denominator, unit.product.sku, unit.minimum) == (12, 1, "A", 2)


def test_a_unit_that_nothing_uses_is_deleted_and_made_anew_one_in_use_is_not():
    a_warehouse()
    product = a_product()
    unit, base = a_unit(product, "BX", 12), product.units.get(code="C62")
    an_order({product: 1})

    refused = saved(product, {**box(id=base.pk, code="C62", numerator=1), "DELETE": "on"})
    assert "would require deleting" in refused.content.decode()
    assert saved(product, {**box(id=unit.pk), "DELETE": "on"}).status_code == 302
    a_unit(product, "BX", 10)

    assert set(product.units.values_list("code", "numerator")) == {("C62", 1), ("BX", 10)}


def test_less_than_one_is_no_minimum():
    with pytest.raises(IntegrityError, match="unit_minimum_is_positive"):
        a_unit(a_product(), "BX", 12, minimum=0)


def test_products_go_out_with_the_minimum_of_each_unit():
    product = a_product("A")
    product.units.update(minimum=5)
    a_unit(product, "BX", 12, multiple=2, minimum=4)

    (row,) = ProductResource().table(type(product).objects.all())

    told = dict(zip([c.name for c in columns_of(ProductResource.row)], row, strict=True))
    assert (told["minimum"], told["unit_2_multiple"], told["unit_2_minimum"], told["unit_3_minimum"]) == (
        5, 2, 4, None,
    )  # fmt: skip
    assert told["default_unit"] == "C62"
