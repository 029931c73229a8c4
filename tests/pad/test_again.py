"""What was removed is put back in its place, and what was bought before is offered at today's prices."""

import json
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import PriceRule
from inventory.status import ProductStatus
from orders.models import Order
from orders.services.changing import OrderChange, change_order
from orders.services.repeating import bought_before, last_order, lines_again
from orders.services.sheets import sheet_of
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_order,
    many_products,
)

pytestmark = pytest.mark.django_db

ids = count(1)


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss(client):
    boss = a_boss()
    client.force_login(boss)
    return boss


def send(client, order, *ops, operation=None):
    order.refresh_from_db()
    body = {"id": operation or f"operation-{next(ids)}", "revision": order.revision, "ops": list(ops)}
    url = reverse("admin:orders_order_edit", args=[order.number])
    return client.post(url, json.dumps(body), content_type="application/json")


def put(text, position, discount=""):
    return {"op": "put", "text": text, "position": position, "discount": discount}


def lines_of(order):
    rows = order.lines.values_list("position", "product__sku", "ordered", "discount_percent", "unit_price")
    return [(p, sku, n, Decimal(d), price) for p, sku, n, d, price in rows.order_by("position")]


def test_a_line_that_is_put_back_stands_where_it_stood_as_it_was(client, boss):
    order = an_order({a_product("A"): 1, a_product("B"): 2, a_product("C"): 3}, by=boss)
    send(client, order, {"op": "remove", "line": order.lines.get(position=2).pk})

    answer = send(client, order, put("B 2 C62 @9.5", 2, "10"))

    assert answer.status_code == 200
    assert [line[:4] for line in lines_of(order)] == [(1, "A", 1, 0), (2, "B", 2, 10), (3, "C", 3, 0)]
    assert answer.json()["added"]["0"] == order.lines.get(position=2).pk
    order.refresh_from_db()
    assert order.total == Decimal("57.10")


def test_a_place_that_somebody_took_is_not_given_twice(client, boss):
    order = an_order({a_product("A"): 1, a_product("B"): 2}, by=boss)

    send(client, order, put("A 5 C62", 2), put("A 6 C62", 9), put("A 7 C62", 0))

    assert [line[:3] for line in lines_of(order)] == [
        (1, "A", 1),
        (2, "B", 2),
        (3, "A", 5),
        (4, "A", 6),
        (5, "A", 7),
    ]


def test_two_lines_want_one_place_and_one_gets_it(client, boss):
    order = an_order({a_product("A"): 1, a_product("B"): 2}, by=boss)
    send(client, order, {"op": "remove", "line": order.lines.get(position=1).pk})

    send(client, order, put("A 5 C62", 1), put("A 6 C62", 1))

    assert [line[:3] for line in lines_of(order)] == [(1, "A", 5), (2, "B", 2), (3, "A", 6)]


def test_a_batch_that_is_sent_again_puts_back_once(client, boss):
    order = an_order({a_product("A"): 1}, by=boss)
    send(client, order, {"op": "remove", "line": order.lines.get().pk})
    order.refresh_from_db()
    body = {"id": "operation-again", "revision": order.revision, "ops": [put("A 1 C62", 1)]}
    url = reverse("admin:orders_order_edit", args=[order.number])

    first, second = (client.post(url, json.dumps(body), content_type="application/json") for _ in range(2))

    assert first.json() == second.json()
    assert order.lines.count() == 1


@pytest.mark.parametrize(
    "change", [{"discount": "x"}, {"position": -1}, {"position": "1"}, {"text": 1}, {"more": 1}]
)
def test_what_is_not_exactly_a_place_is_a_bad_request(client, boss, change):
    order = an_order({a_product("A"): 1}, by=boss)

    assert send(client, order, {**put("A 1 C62", 1), **change}).status_code == 400


def test_a_discount_needs_the_right_to_it_when_a_line_is_put_back(client):
    rep = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers", "inventory.view_product",
                 is_staff=True)  # fmt: skip
    client.force_login(rep)
    order = an_order({a_product("A"): 1})

    assert send(client, order, put("A 1 C62", 1, "10")).status_code == 403


# --- again --------------------------------------------------------------------------------------------------------


@pytest.fixture
def customer():
    return a_customer("Kern AG")


def test_the_last_order_comes_with_the_prices_of_then_and_today(boss, customer):
    bolt, valve = a_product("B-M8-40", price="10"), a_product("V-220")
    a_submitted_order({valve: 9}, customer=customer)
    before = a_submitted_order({bolt: 5, valve: 2}, customer=customer)
    PriceRule.objects.filter(product=bolt).update(price=12)
    type(valve).objects.filter(pk=valve.pk).update(status=ProductStatus.DISCONTINUED)
    sheet = sheet_of(an_order({}, customer))

    assert last_order(sheet, by=boss) == before
    first, second = lines_again(sheet, before)
    assert (first.entry, first.line.unit_price, first.price, first.is_changed) == (
        "B-M8-40 5 C62",
        10,
        12,
        True,
    )
    assert (second.entry, second.is_changed, second.is_sold) == ("", False, False)


def test_drafts_cancelled_orders_and_those_of_others_are_not_repeated(boss, customer):
    product = a_product("A")
    a_submitted_order({product: 1})
    an_order({product: 1}, customer)
    Order.objects.filter(pk=a_submitted_order({product: 1}, customer=customer).pk).update(status="cancelled")

    assert last_order(sheet_of(an_order({}, customer)), by=boss) is None


def test_history_has_each_product_once_with_how_often_it_was_bought(boss, customer):
    bolt, valve = a_product("B"), a_product("V")
    a_submitted_order({bolt: 5, valve: 2}, customer=customer)
    a_submitted_order({bolt: 7}, customer=customer)

    found = bought_before(sheet_of(an_order({}, customer)), by=boss)

    assert [(one.entry, one.times) for one in found] == [("B 7 C62", 2), ("V 2 C62", 1)]


def test_what_was_taken_out_is_not_offered_again(client, boss, customer):
    bolt, valve = a_product("B", on_hand=9), a_product("V", on_hand=9)
    before = a_confirmed_order({bolt: 5, valve: 2}, customer=customer)
    a_submitted_order({valve: 3}, customer=a_customer())
    change_order(before.pk, OrderChange(0, {before.lines.get(product=bolt).pk: 0}), by=boss)
    draft = an_order({}, customer, by=boss)
    sheet = sheet_of(draft)

    assert [one.entry for one in lines_again(sheet, before)] == ["V 2 C62"]
    assert [(one.entry, one.times) for one in bought_before(sheet, by=boss)] == [("V 2 C62", 1)]
    for what in ("last", "bought"):
        shown = client.get(reverse(f"admin:orders_order_{what}", args=[draft.number])).content.decode()
        assert "V 2 C62" in shown
        assert "B 0 C62" not in shown


def test_orders_that_a_person_may_not_see_are_no_history(customer):
    a_submitted_order({a_product("A"): 1}, customer=customer)
    sheet = sheet_of(an_order({}, customer))

    assert bought_before(sheet, by=a_user("orders.view_order")) == []


def test_history_takes_as_many_statements_for_any_length(boss):
    counts = []
    for n in (2, 100):
        customer = a_customer()
        a_submitted_order(dict.fromkeys(many_products(n), 1), customer=customer)
        sheet = sheet_of(an_order({}, customer))
        with CaptureQueriesContext(connection) as seen:
            assert len(bought_before(sheet, by=boss)) == n
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(("what", "told"), [("last", "Again as in"), ("bought", "Bought before")])
def test_the_pad_shows_what_can_be_had_again(client, boss, customer, what, told):
    a_submitted_order({a_product("B-M8-40"): 5}, customer=customer)
    order = an_order({}, customer, by=boss)

    page = client.get(reverse(f"admin:orders_order_{what}", args=[order.number])).content.decode()

    assert told in page
    assert 'value="B-M8-40 5 C62"' in page
    assert order.lines.count() == 0


@pytest.mark.parametrize("what", ["last", "bought"])
def test_a_new_customer_has_nothing_to_repeat(client, boss, what):
    order = an_order({}, by=boss)

    page = client.get(reverse(f"admin:orders_order_{what}", args=[order.number]))

    assert page.status_code == 200
    assert "<table" not in page.content.decode()
