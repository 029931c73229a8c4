"""Why a price is what it is calls units as people do, on lines frozen long ago too."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import ProductUnit
from orders.models import OrderLine
from orders.services.capturing import Header, enter_order
from tests.builders import a_boss, a_company, a_customer, a_line, a_price, a_product, a_unit, a_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    a_company()
    a_warehouse()
    boss = a_boss()
    client.force_login(boss)
    return boss


def priced_per_box(sku):
    """Sold by the piece, but priced per box of 12; another price is per pallet."""
    product = a_product(sku)
    product.units.update(name="piece")
    product.prices.all().delete()
    a_price(product, 24, unit=a_unit(product, "CT", numerator=12, name="carton"))
    a_price(product, 960, unit=a_unit(product, "PX", numerator=600, name="pallet"), min_quantity=600)
    return product


def drafted(*products, by):
    return enter_order(Header(a_customer().pk), [a_line(product, 24) for product in products], by=by)


def shown(client, order, what):
    address = {"change": order.pk}.get(what, order.number)
    with CaptureQueriesContext(connection) as caught:
        page = client.get(reverse(f"admin:orders_order_{what}", args=[address]))
    return page.content.decode(), len(caught)


@pytest.mark.parametrize("what", ["change", "pad"])
def test_units_of_other_prices_are_called_by_their_names(client, boss, what):
    page, _n = shown(client, drafted(priced_per_box("BOLT"), by=boss), what)

    assert "24 per carton from 1 on" in page.replace("24.00", "24")
    assert "per pallet from 600 on" in page
    assert "per CT" not in page
    assert "per PX" not in page


def test_prices_of_today_call_units_by_their_names(client, boss):
    product = priced_per_box("BOLT")
    order = drafted(product, by=boss)
    product.prices.filter(unit__code="CT").update(price=36)

    page, _n = shown(client, order, "prices")

    assert "per carton" in page
    assert "per CT" not in page


@pytest.mark.parametrize("what", ["change", "pad", "prices"])
def test_names_are_asked_for_once_however_many_lines_there_are(client, boss, what):
    few = drafted(*map(priced_per_box, "AB"), by=boss)
    many = drafted(*map(priced_per_box, "CDEFGHIJ"), by=boss)
    shown(client, few, what)

    assert shown(client, few, what)[1] == shown(client, many, what)[1]


def test_a_line_whose_only_unit_is_its_own_asks_for_no_names(client, boss):
    order = drafted(a_product("NUT"), by=boss)
    names = ProductUnit._meta.db_table

    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("admin:orders_order_change", args=[order.pk]))

    assert not [q for q in caught if q["sql"].startswith(f'SELECT "{names}"."product_id", "{names}"."code"')]


def test_a_unit_that_is_no_more_keeps_its_code(client, boss):
    order = drafted(priced_per_box("BOLT"), by=boss)
    OrderLine.objects.update(
        trace={"list": "BASE", "tier": 1, "rule": 1, "unit": "OLD", "from": 1, "price": "5"}
    )

    assert "per OLD from 1 on" in shown(client, order, "change")[0]
