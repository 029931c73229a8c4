"""The price list of a customer: rows where a price changes, as a page and as a file, for those who may."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.services.customer_prices import listed_for, products_listed
from oms.errors import Refused
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_unit,
    a_user,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db


def prices(customer, begins="", on=0):
    rows = listed_for(customer, products_listed(a_boss(), begins), on=in_days(on))
    return [(row.sku, row.unit, row.quantity, row.price) for row in rows]


def test_a_product_has_a_row_for_each_quantity_at_which_its_price_changes():
    customer = a_customer()
    bolt = a_product("BOLT", price=10)
    a_price(bolt, 9, min_quantity=100)
    a_price(bolt, 8, min_quantity=1000, valid_from=in_days(5))
    own = a_price_list("KERN", customer=customer)
    a_price(bolt, "9.5", price_list=own, min_quantity=10)
    a_price(bolt, "9.5", price_list=own, min_quantity=50)
    a_product("NUT", price=None)

    assert prices(customer) == [
        ("BOLT", "C62", "1", 10),
        ("BOLT", "C62", "10", Decimal("9.5")),
        ("NUT", "C62", "1", None),
    ]
    assert prices(a_customer(), "BOLT", on=5) == [
        ("BOLT", "C62", "1", 10),
        ("BOLT", "C62", "100", 9),
        ("BOLT", "C62", "1000", 8),
    ]


def test_quantities_are_in_the_unit_offered_first_and_begin_at_the_least_that_is_sold():
    bolt = a_product("BOLT", price=10)
    bolt.units.update(is_default=False)
    a_unit(bolt, "CT", numerator=12, is_default=True, minimum=2)
    a_price(bolt, 9, min_quantity=12)
    a_price(bolt, 8, min_quantity=30)

    assert prices(a_customer()) == [("BOLT", "CT", "2", 108), ("BOLT", "CT", "2.5", 96)]


def test_the_page_and_the_files_tell_the_same_and_more_than_a_list_takes_is_refused(client, monkeypatch):
    a_company()
    customer, boss = a_customer("Kern AG"), a_boss()
    a_product("BOLT", price="0.425")
    a_product("=NUT", price=None)
    client.force_login(boss)
    asked = {"begins": "", "on": in_days(0).isoformat()}
    page, file = (
        reverse(f"admin:customers_customer_{name}", args=[customer.pk]) for name in ("prices", "prices_file")
    )

    shown = client.get(page, asked).content.decode()
    assert "0.425" in shown
    assert "no price" in shown
    raw = b"".join(client.get(file, {**asked, "format": "csv"}).streaming_content).decode("utf-8-sig")
    header, nut, bolt = csv.reader(StringIO(raw))
    assert header == ["sku", "name", "unit", "from_quantity", "price", "currency"]
    assert bolt[0] == "BOLT"
    assert (Decimal(bolt[4]), bolt[5]) == (Decimal("0.425"), "EUR")
    assert not nut[0].startswith("=")
    assert b"".join(client.get(file, {**asked, "format": "xlsx"}).streaming_content)[:2] == b"PK"
    for wrong in ({**asked, "format": "pdf"}, {"on": "tomorrow", "format": "csv"}):
        assert client.get(file, wrong).status_code == 302

    monkeypatch.setattr("customers.services.customer_prices.MOST_PRODUCTS", 1)
    with pytest.raises(Refused, match="takes 1 products"):
        products_listed(boss, "")
    assert "takes 1 products" in client.get(page, asked).content.decode()


def test_a_rep_prints_the_prices_of_own_customers_and_takes_no_file(client):
    a_company()
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    mine, other = a_customer(rep=rep), a_customer()
    client.force_login(rep)

    def answer(name, customer):
        return client.get(reverse(f"admin:customers_customer_{name}", args=[customer.pk])).status_code

    assert (answer("prices", mine), answer("prices", other)) == (200, 404)
    assert answer("prices_file", mine) == 403


@pytest.mark.parametrize("size", [10, 500])
def test_a_list_costs_as_many_statements_with(size):
    customer, boss = a_customer(), a_boss()
    many_products(size)
    today = in_days(0)

    with CaptureQueriesContext(connection) as seen:
        rows = listed_for(customer, products_listed(boss, ""), on=today)

    assert len(rows) == size
    assert len(seen) == 5
