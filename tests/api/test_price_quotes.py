"""Price questions through the REST interface: the same prices as an order's, with their traces, and nothing entered."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import PriceListAssignment, PriceRule
from customers.status import BreakBasis, PriceKind
from oms.models import ExchangeRate
from orders.models import Order
from tests.api.machine import Machine, pointers
from tests.builders import (
    a_currency,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_unit,
    a_user,
    a_version,
    an_address,
    in_days,
    many_products,
)

HERE = "v1/price-quotes/"


def ask(machine, customer, *lines, **more):
    rows = [dict(zip(("sku", "quantity", "unit"), line, strict=False)) for line in lines]
    return machine.post(HERE, {"customer": customer.code, "lines": rows, **more})


def test_the_answer_has_price_amount_and_trace_and_equals_what_an_order_costs(machine):
    customer = a_customer("Kern AG")
    bolts = a_product("BOLT", price="10.00")
    a_unit(bolts, "CT", numerator=12)
    a_price(bolts, "9.50", min_quantity=100)
    a_price(bolts, "9.20", price_list=a_price_list("KERN", customer=customer))

    answer = ask(machine, customer, ("BOLT", "10", "CT"), (" BOLT ", 3))

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["customer"], told["currency"], told["total"]) == (customer.code, "EUR", "1131.60")
    assert told["date"] == in_days(0).isoformat()
    cases, pieces = told["lines"]
    assert (cases["unit"], cases["quantity"], cases["base_quantity"]) == ("CT", "10", 120)
    assert (cases["unit_price"], cases["amount"]) == ("110.40", "1104.00")
    assert (cases["trace"]["list"], cases["trace"]["ratio"]) == ("KERN", [12, 1])
    assert [(loser["list"], loser["why"]) for loser in cases["trace"]["lost"]] == [("BASE", "later tier")] * 2
    assert cases["why"] == "Price for: customer."
    assert (pieces["unit_price"], pieces["amount"]) == ("9.20", "27.60")
    assert not Order.objects.exists()

    rows = [{"sku": "BOLT", "unit": "CT", "quantity": "10"}, {"sku": "BOLT", "quantity": "3"}]
    assert machine.order(customer, *rows).json()["total"] == told["total"]


def test_lines_count_together_and_day_currency_and_address_decide(machine):
    customer, paint = a_customer(), a_product("PAINT", price=10)
    a_price(paint, 8, min_quantity=100, basis=BreakBasis.PRODUCT, valid_from=in_days(5))
    ExchangeRate.objects.create(
        source=a_currency(), target=a_currency("USD"), rate=Decimal("1.5"), valid_from=in_days(-9)
    )
    own = a_price_list("DOCK")
    own.assignments.all().delete()
    PriceListAssignment.objects.create(price_list=own, ship_to=an_address(customer, "DOCK"))
    a_price(paint, 7, price_list=own)
    both = ("PAINT", "60"), ("PAINT", "40")

    def prices(**more):
        return [line["unit_price"] for line in ask(machine, customer, *both, **more).json()["lines"]]

    assert prices() == ["10.00", "10.00"]
    assert prices(date=in_days(5).isoformat()) == ["8.00", "8.00"]
    assert prices(currency="USD") == ["15.00", "15.00"]
    assert prices(ship_to="DOCK") == ["7.00", "7.00"]


def test_what_nothing_prices_is_null_and_not_free(machine):
    a_product("BOLT", price=None)

    answer = ask(machine, a_customer(), ("BOLT", "1")).json()

    (line,) = answer["lines"]
    assert (line["unit_price"], line["amount"], line["trace"]) == (None, None, {})
    assert line["why"] == "No price list has a price for it."
    assert answer["total"] == "0.00"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"customer": "NOBODY"}, ["/customer"]),
        ({"ship_to": "NOWHERE"}, ["/ship_to"]),
        ({"currency": "XXX"}, ["/currency"]),
        ({"date": "30.11.2026"}, ["/date"]),
        ({"colour": "red"}, ["/colour"]),
        ({"lines": []}, ["/lines"]),
        ({"lines": [{"sku": "BOLT", "quantity": "1"}] * 1001}, ["/lines"]),
        (
            {"lines": [{"sku": "BOLT", "quantity": "0"}, {"quantity": "x"}]},
            ["/lines/0/quantity", "/lines/1/sku", "/lines/1/quantity"],
        ),
        (
            {"lines": [{"sku": "BOLT", "quantity": "1.5"}, {"sku": "NUT", "quantity": 1}]},
            ["/lines/0/quantity", "/lines/1/sku"],
        ),
        ({"lines": [{"sku": "BOLT", "quantity": "1", "unit": "KGM"}]}, ["/lines/0/sku"]),
    ],
)  # fmt: skip
def test_what_means_nothing_is_named_by_its_pointer(machine, change, where):
    a_product("BOLT")
    body = {"customer": a_customer().code, "lines": [{"sku": "BOLT", "quantity": "1"}]}

    answer = machine.post(HERE, {**body, **change})

    assert answer.status_code == 422
    assert sorted(pointers(answer)) == sorted(where)


def test_a_body_that_is_no_json_is_refused(machine):
    assert machine.post(HERE, "{").status_code == 400


def test_costs_are_told_to_those_who_may_see_cost_only(house):
    a_product("BOLT", price=None, cost=8)
    PriceRule.objects.create(version=a_version(), kind=PriceKind.COST_PLUS, percent=25)
    customer = a_customer()

    for role, seen in (("API client", False), ("Finance", True)):
        answer = ask(Machine(a_user(groups=[a_group(role)])), customer, ("BOLT", "1"))
        (line,) = answer.json()["lines"]
        assert line["unit_price"] == "10.00"
        assert ("cost" in line["trace"]) is seen
        assert ("25.0000" in str(line["trace"])) is seen  # the rule's number may have a 25, too


def test_customers_one_does_not_see_are_not_there_and_without_the_right_nobody_asks(house):
    a_product("BOLT")
    customer = a_customer()
    rep = Machine(a_user("customers.view_pricerule"))

    assert pointers(ask(rep, customer, ("BOLT", "1"))) == ["/customer"]
    assert ask(Machine(a_user("customers.view_all_customers")), customer, ("BOLT", "1")).status_code == 403


@pytest.mark.parametrize("size", [10, 1000])
def test_a_question_costs_as_many_statements_with(size, machine):
    customer = a_customer()
    lines = [(product.sku, "2") for product in many_products(size)]
    machine.get("v1/nothing/")

    with CaptureQueriesContext(connection) as seen:
        answer = ask(machine, customer, *lines)

    assert answer.json()["total"] == f"{size * 20}.00"
    assert len(seen) == 7
