"""Both sides price lines from the same candidates of many lists, in as many statements however many lines there are."""

import psycopg
import pytest
from django.db import connection

from benchmarks.measure import SidesDiffer
from benchmarks.price_lists import Scale, Shop, by_limit, drawn, fill_limit, fill_ours, measured
from customers.models import Customer, PriceRule
from customers.services.pricing import candidates_for
from tests.builders import in_days

SMALL = Scale(products=40, lists=12, of_a_list=20)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("few_runs")]


@pytest.fixture
def limit(limit_address):
    fill_ours(SMALL)
    with psycopg.connect(limit_address, autocommit=True) as plain:
        fill_limit(plain, SMALL)
        yield plain


def test_lines_are_priced_alike_with_as_many_statements_and_another_price_is_refused(limit):
    two, thirty = measured(Shop.open(), limit, 2, SMALL), measured(Shop.open(), limit, 30, SMALL)
    assert two["statements"] == thirty["statements"] > 0

    limit.execute("UPDATE price SET unit_price = unit_price + 0.01")

    with pytest.raises(SidesDiffer):
        measured(Shop.open(), limit, 3, SMALL)


def test_six_lists_are_the_customers_and_both_sides_look_at_the_same_rules(limit):
    lines = drawn(30, SMALL, seed=1)
    assert Shop.open().price(lines) == by_limit(limit, lines)

    customer = Customer.objects.select_related("currency").get(code="C")
    products = dict(PriceRule.objects.values_list("product__sku", "product"))
    ids = [products[f"P{number}"] for number, _quantity in lines]
    found = candidates_for(customer, ids, customer.currency, on=in_days(0))
    told = {(rule.price_list, rule.price) for rules in found.values() for rule in rules}
    assert {price_list for price_list, _price in told} == {f"L{n}" for n in range(1, 7)}
    assert PriceRule.objects.count() == 40 * 3 + 11 * 20


def test_that_no_two_prices_overlap_is_checked_again_behind_them(limit):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname = 'one_price_per_break_and_day'")
        assert cursor.fetchone() == (1,)
