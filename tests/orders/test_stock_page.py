"""The stock page of an order: what it waits for, who holds it, and what may be done about it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.status import Sourcing
from orders.models import Order
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    in_days,
    many_products,
)
from tests.promising.house import ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    a_company()
    return a_warehouse("NORTH")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss():
    return signed_in(a_boss())


def address(order, what="stock"):
    return reverse(f"admin:orders_order_{what}", args=[order.number])


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def did(client, order, what, **values):
    return text(client.post(address(order, what), values, follow=True))


def test_it_tells_what_is_short_what_would_help_and_who_would_lose(boss, house, bolts):
    a_stock(bolts, 9, a_warehouse("SOUTH"))
    holder = a_confirmed_order({bolts: 8})
    wants = a_confirmed_order({bolts: 5})

    page = text(boss.get(address(wants)))

    assert "3 C62 short in NORTH" in page
    assert "3 are free in SOUTH now, all the order is short of" in page
    assert holder.number in page
    assert "Take it from the chosen orders" in page


def test_only_a_delivery_to_its_warehouse_is_waited_for_and_a_passed_day_is_late(boss, house, bolts):
    wants = a_confirmed_order({bolts: 12})
    ordered(bolts, a_warehouse("SOUTH"), 9, in_days(4))

    assert "wait: nothing is on its way; buy it" in text(boss.get(address(wants)))

    ordered(bolts, house, 9, in_days(-1))
    assert f"which is late, was due on {in_days(-1).isoformat()}" in text(boss.get(address(wants)))


def test_what_is_taken_and_what_goes_back_by_the_losers_terms_are_told_apart(boss, bolts):
    complete = a_customer(shipping_policy="complete")
    a_confirmed_order({bolts: 10}, customer=complete)
    wants = a_confirmed_order({bolts: 5})

    page = text(boss.get(address(wants)))

    assert page.count(" taken ") == 1
    assert page.count("goes back: it ships only as a whole") == 1


def test_an_order_that_waits_for_nothing_says_so(boss, bolts):
    page = text(boss.get(address(a_confirmed_order({bolts: 8}))))

    assert "Nothing: the order does not wait for stock." in page
    assert "If it were served first" not in page


def test_stock_is_taken_on_the_page_with_a_reason(boss, bolts):
    holder, wants = a_confirmed_order({bolts: 8}), a_confirmed_order({bolts: 5})

    assert "Reason: This field is required" in did(boss, wants, "take", orders=[holder.number])
    assert "Orders: Choose at least one" in did(boss, wants, "take", reason="line down")
    assert "has taken the stock" in did(boss, wants, "take", orders=[holder.number], reason="line down")

    assert wants.lines.get().allocated == 5
    assert holder.lines.get().allocated == 5


def test_a_refusal_is_told_and_changes_nothing(boss, bolts):
    holder, wants = a_confirmed_order({bolts: 10}), a_confirmed_order({bolts: 5})

    assert "does not wait for stock" in did(boss, holder, "take", orders=[wants.number], reason="x")
    assert "gets nothing that way" in did(boss, wants, "take", orders=["SO-999999"], reason="x")


def test_nobody_without_the_right_takes_stock_or_sees_orders_of_others(house, bolts):
    rep = a_user("orders.view_order", "customers.view_customer", is_staff=True)
    holder = a_confirmed_order({bolts: 10})
    mine = a_confirmed_order({bolts: 5}, customer=a_customer(rep=rep))
    client = signed_in(rep)

    page = text(client.get(address(mine)))
    assert "an order you do not see" in page
    assert holder.number not in page
    assert "needs a sales manager or a warehouse supervisor" in page
    for what in ("take", "source", "terms", "priority"):
        assert client.post(address(mine, what)).status_code == 403
    assert client.get(address(holder)).status_code == 404


def test_orders_one_does_not_see_cannot_be_chosen(house, bolts):
    rights = ("orders.view_order", "customers.view_customer", "orders.override_allocation")
    rep = a_user(*rights, is_staff=True)
    holder, mine = a_confirmed_order({bolts: 10}), a_confirmed_order({bolts: 5}, customer=a_customer(rep=rep))

    said = did(signed_in(rep), mine, "take", orders=[holder.number], reason="mine")

    assert "gets nothing that way" in said
    assert holder.lines.get().allocated == 10


def test_terms_priority_and_another_warehouse_are_chosen_on_the_page(boss, bolts):
    south = a_warehouse("SOUTH")
    a_stock(bolts, 9, south)
    order = a_confirmed_order({bolts: 12})
    terms = {
        "shipping_policy": "complete",
        "sourcing": Sourcing.ASK,
        "minimum_percent": 10,
        "minimum_value": "0",
        "most_shipments": "",
    }

    assert "shipping terms of" in did(boss, order, "terms", **terms)
    assert "has priority 2 now" in did(boss, order, "priority", priority=2)
    assert "is served from SOUTH too" in did(boss, order, "source", warehouse=south.pk)

    order = Order.objects.get()
    assert (order.shipping_policy, order.minimum_percent, order.priority) == ("complete", 10, 2)
    assert order.lines.get().open == 0


@pytest.mark.parametrize(
    ("what", "values"), [("priority", {"priority": "0"}), ("terms", {"minimum_percent": "101"})]
)
def test_numbers_out_of_bounds_are_refused(boss, bolts, what, values):
    order = a_confirmed_order({bolts: 12})

    said = did(boss, order, what, **values)

    assert "Ensure this value is" in said
    assert Order.objects.get().priority == 5


def statements(client, order):
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address(order)).status_code == 200
    return len(counted)


def test_the_page_costs_as_many_statements_with_more_lines(boss, house):
    def counted(lines):
        products = many_products(lines)
        for product in products[:lines]:
            a_stock(product, 3, house)
        a_confirmed_order(dict.fromkeys(products, 3))
        return statements(boss, a_confirmed_order(dict.fromkeys(products, 2)))

    counted(1)  # what is read once

    assert counted(3) == counted(40)
