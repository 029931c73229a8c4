"""A row of the pad that is filled in is, character by character, the row that the template draws."""

from decimal import Decimal

import pytest
from django.template.loader import get_template

from inventory.models import Product
from orders.services.sheets import sheet_of
from orders.views import row_drawing
from orders.views.rows import costing_for, rows_of
from orders.views.words import words_of_a_row
from tests.builders import a_boss, a_company, a_customer, a_product, a_warehouse, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    a_company()
    return a_boss()


@pytest.fixture
def rows(boss):
    """Two rows of each kind, unlike in all that a kind leaves open: stock, names, quantities, amounts, no price."""
    house, skus = a_warehouse("NORTH"), [f"{kind}{n}" for kind in "PTDBSXN" for n in (1, 2)]
    products = {sku: a_product(sku, on_hand=n * 7 % 30, at=house) for n, sku in enumerate(skus)}
    for product in products.values():
        Product.objects.filter(pk=product.pk).update(name=f"<i>{product.sku}</i> \"&'")
    order = an_order({product: n + 2 for n, product in enumerate(products.values())}, a_customer(), by=boss)
    of = {kind: order.lines.filter(product__sku__startswith=kind) for kind in "PTDBSXN"}
    of["T"].update(trace={"typed": "9"})
    of["D"].update(discount_percent=Decimal(10))
    of["B"].update(discount_percent=Decimal("14.5"), trace={"typed": "8", "discounts": ["10", "5"]})
    of["S"].update(document_discount=Decimal("0.5"))
    of["N"].update(unit_price=None, list_price=None, amount=0)
    Product.objects.filter(sku__startswith="X").update(status="blocked")
    sheet = sheet_of(order)
    costing = costing_for(boss, order, order.lines)
    return rows_of(sheet, boss, costing), {
        "currency": order.currency,
        "say": words_of_a_row(),
        "margin": True,
    }


def by_the_template(row, shared):
    texts = row_drawing._texts(row, shared["currency"])
    told = {**texts, **row_drawing._look(row)._asdict(), "problems": row.problems}
    return get_template(row_drawing.TEMPLATE).render({**shared, "row": told})


@pytest.mark.parametrize("may_type", [True, False])
def test_filled_in_is_as_drawn(rows, may_type):
    found, shared = rows[0], {**rows[1], "may_type_prices": may_type}

    assert len({row_drawing._look(row) for row in found}) == 5
    assert list(row_drawing.drawn(found, shared)) == [by_the_template(row, shared) for row in found]


def test_a_kind_that_is_forgotten_is_noticed(rows, monkeypatch):
    """The control: were all rows taken for one kind, the discounts of some would be missing."""
    found, shared = rows[0], {**rows[1], "may_type_prices": True}
    wanted = [by_the_template(row, shared) for row in found]
    monkeypatch.setattr(
        row_drawing,
        "_look",
        lambda _row: row_drawing.Look(typed=False, quoted=False, discounted=False, shares_discount=False),
    )

    assert list(row_drawing.drawn(found, shared)) != wanted
