from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, PriceRule
from oms.models import User
from tests.builders import a_company, a_customer, a_price, a_price_list, a_product, a_unit, a_user

pytestmark = pytest.mark.django_db

PRICES = "/admin/customers/pricerule/"


@pytest.fixture(autouse=True)
def company(db):
    a_company(zone="UTC")


def a_person(role: str) -> User:
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True)


def signed_in(client, person: User) -> User:
    client.force_login(person)
    return person


def price_page(customer: Customer) -> str:
    return reverse("admin:customers_customer_price", args=[customer.pk])


def counted(client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def a_rule_form(priced, **changes: object) -> dict[str, object]:
    return {
        "price_list": a_price_list().pk, "product": priced.pk, "unit_code": "", "min_quantity": "1", "price": "4.20",
        "valid_from": "2030-01-01", "valid_to": "", **changes,
    }  # fmt: skip


@pytest.fixture
def cataloguer(client):
    return signed_in(client, a_person("Catalogue manager"))


def test_a_price_is_added_in_the_unit_named_by_its_code(client, cataloguer):
    product = a_product("V-220", price=None)
    box = a_unit(product, "BX", numerator=12)

    answer = client.post(f"{PRICES}add/", a_rule_form(product, unit_code="BX"))

    assert answer.status_code == 302
    assert PriceRule.objects.get(product=product).unit == box


def test_an_overlapping_price_is_refused_and_the_one_in_the_way_is_named(client, cataloguer):
    product = a_product("V-220", price=None)
    standing = a_price(product, "4.12", valid_from=date(2029, 1, 1))

    answer = client.post(f"{PRICES}add/", a_rule_form(product))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "4.12 per C62" in page
    assert f"price {standing.pk}" in page
    assert PriceRule.objects.filter(product=product).count() == 1


def test_a_price_that_starts_when_another_ends_is_accepted(client, cataloguer):
    product = a_product("V-220", price=None)
    a_price(product, "4.12", valid_from=date(2029, 1, 1), valid_to=date(2030, 1, 1))

    assert client.post(f"{PRICES}add/", a_rule_form(product)).status_code == 302


def test_a_price_is_changed_in_its_place(client, cataloguer):
    rule = a_product("V-220").prices.get()

    answer = client.post(
        f"{PRICES}{rule.pk}/change/",
        a_rule_form(rule.product, price="3.99", valid_from="2000-01-01", unit_code=rule.unit.code),
    )

    assert answer.status_code == 302
    rule.refresh_from_db()
    assert str(rule.price) == "3.990000"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "1e3"),
        ("price", "NaN"),
        ("price", "-1"),
        ("price", "1_000"),
        ("price", "٣"),
        ("price", "9" * 40),
        ("price", "0.1234567"),
        ("price", ""),
        ("min_quantity", "0"),
        ("min_quantity", "1.5"),
        ("min_quantity", str(2**70)),
        ("unit_code", "XYZ"),
        ("unit_code", "C62\0"),
        ("valid_from", "31.02.2026"),
        ("valid_to", "2029-01-01"),
        ("product", "0"),
        ("product", "9" * 30),
        ("price_list", "none"),
    ],
)
def test_a_price_form_with_nonsense_is_shown_again(client, cataloguer, field, value):
    product = a_product("V-220", price=None)

    answer = client.post(f"{PRICES}add/", a_rule_form(product, **{field: value}))

    assert answer.status_code == 200
    assert not PriceRule.objects.filter(product=product).exists()


def test_who_may_only_look_at_prices_changes_none(client):
    signed_in(client, a_person("Sales rep"))
    rule = a_product().prices.get()

    assert client.get(f"{PRICES}{rule.pk}/change/").status_code == 200
    assert client.post(f"{PRICES}{rule.pk}/change/", a_rule_form(rule.product)).status_code == 403
    assert client.get(f"{PRICES}add/").status_code == 403


def test_a_cataloguer_sees_no_customer_behind_a_price_list(client, cataloguer):
    prices = a_price_list("KERN", customer=a_customer("Kern AG"))

    page = client.get(reverse("admin:customers_pricelist_change", args=[prices.pk]))

    assert page.status_code == 200
    assert b"Kern AG" not in page.content


# --- what do they pay ------------------------------------------------------------------------------------------------


def test_the_price_is_shown_with_what_won_and_what_lost(client):
    rep = signed_in(client, a_person("Sales rep"))
    customer, product = a_customer(rep=rep), a_product("V-220", price="5")
    a_price(product, "4.50", price_list=a_price_list("KERN", customer=customer))
    a_price(product, "4.10", price_list=a_price_list("KERN"), min_quantity=100)

    page = client.get(price_page(customer), {"sku": "V-220", "quantity": "10", "on": "2026-06-01"})

    assert page.status_code == 200
    assert page.context["unit_price"] == "4.50"
    assert next((rule.price_list, rule.price) for rule in page.context["trace"]) == ("KERN", "4.50")
    assert {rule.why for rule in page.context["trace"][1:]} == {
        "its break is not reached",
        "a nearer list or agreement has a price",
    }


def test_a_product_without_a_price_says_so(client):
    rep = signed_in(client, a_person("Sales rep"))
    a_product("BARE", price=None)

    page = client.get(price_page(a_customer(rep=rep)), {"sku": "BARE", "quantity": "1", "on": "2026-06-01"})

    assert b"No list of this customer has a price for BARE" in page.content


def test_asking_for_a_price_costs_the_same_for_any_number_of_rules(client):
    rep = signed_in(client, a_person("Sales rep"))
    customer, product, counts = a_customer(rep=rep), a_product("V-220"), []

    for size in (3, 60):
        for n in range(size):
            a_price(product, 5, min_quantity=2 + n + size)
        counts.append(counted(client, f"{price_page(customer)}?sku=V-220&quantity=9&on=2026-06-01"))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "asked",
    [
        {"sku": "NO-SUCH"},
        {"sku": ""},
        {"sku": "x" * 999},
        {"sku": "V-220", "quantity": "1e9"},
        {"sku": "V-220", "quantity": "0"},
        {"sku": "V-220", "quantity": "0.5"},
        {"sku": "V-220", "quantity": "9" * 30},
        {"sku": "V-220", "unit": "XX"},
        {"sku": "V-220", "on": "yesterday"},
        {"sku": "V-220", "on": "0001-01-01"},
        {"sku": "V-220", "on": "9999-12-31"},
    ],
)
def test_any_question_about_a_price_is_answered(client, asked):
    rep = signed_in(client, a_person("Sales rep"))
    a_product("V-220")

    page = client.get(price_page(a_customer(rep=rep)), {"quantity": "1", "on": "2026-06-01", **asked})

    assert page.status_code == 200


def test_the_price_page_is_for_reading(client):
    rep = signed_in(client, a_person("Sales rep"))

    assert client.post(price_page(a_customer(rep=rep))).status_code == 405
