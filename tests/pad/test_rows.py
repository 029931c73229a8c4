"""What a row says of stock, price, trouble, approval and margin, and that it costs the same for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.status import RuleFact
from tests.builders import (
    a_boss,
    a_customer,
    a_group,
    a_long_order,
    a_price,
    a_product,
    a_rule,
    an_order,
    many_products,
)
from tests.pad.sending import add, change, pad_of, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def test_rows_say_what_is_free_now_and_earlier_lines_take_their_part(client, boss, house):
    plenty, some = a_product("P", on_hand=1800, at=house), a_product("S", on_hand=12, at=house)
    order = an_order({plenty: 200, some: 20}, by=boss)
    send(client, order, add("S 1"))

    page = pad_of(client, order)

    for word in ("1,800 now", "12 of 20 now", "none now"):
        assert word in page


def test_rows_say_where_the_price_comes_from_and_what_lost(client, boss):
    product = a_product("P", price=10)
    a_price(product, 8, min_quantity=100)
    order = an_order({product: 5}, by=boss)

    page = pad_of(client, order)

    assert "10.00 per C62 from 1 on: list BASE (everyone)" in page
    assert "its break is not reached" in page


def test_rows_say_what_will_be_refused_later(client, boss):
    product = a_product("P", price=None)
    order = an_order({product: 5}, by=boss)
    product.units.update(multiple=10)

    page = pad_of(client, order)

    assert "no price" in page
    assert "sold in multiples of 10: order 10" in page


def test_the_pad_says_while_typing_who_will_have_to_agree(client, rep):
    a_rule(threshold=100, approvers=a_group("Sales manager"))
    a_product("P")
    order = an_order({}, a_customer(rep=rep))

    assert "Will need" not in send(client, order, add("P 5")).json()["summary"]
    assert "Will need Sales manager: total 150" in send(client, order, add("P 10")).json()["summary"]


def test_cost_and_margin_are_told_to_those_who_may_see_cost_only(client, rep):
    a_rule(fact=RuleFact.MARGIN_BELOW, threshold=50, approvers=a_group("Sales manager"))
    a_product("P", price=10, cost=8)
    order = an_order({}, a_customer(rep=rep))

    answer = send(client, order, add("P 5")).content.decode()
    page = pad_of(client, order)
    assert "margin is below what is allowed" in answer
    for told in ("20.00", "20 %", "20.0 %"):
        assert told not in answer + page

    client.force_login(a_boss())
    assert "20.0 %" in pad_of(client, order)


def statements(act):
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 200
    return len(queries)


def test_page_rows_and_operations_cost_the_same_for_10_and_500_lines(client, boss):
    a_rule(threshold=1)
    a_product("X")
    counts = []
    for n in (10, 500):
        order = a_long_order(n, by=boss)
        client.get(url(order, "pad"))
        counts.append(
            [
                statements(lambda order=order: client.get(url(order, "pad"))),
                statements(lambda order=order: client.get(url(order, "rows"))),
                statements(
                    lambda order=order: send(client, order, change(order.lines.first(), "quantity", "3"))
                ),
                statements(lambda order=order: send(client, order, add("X 5"))),
            ]
        )

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 44


def test_a_pasted_batch_costs_the_same_for_10_and_500_lines(client, boss):
    counts = []
    for n in (10, 500):
        order, products = an_order({}, by=boss), many_products(n)
        ops = [add(f"{product.sku} 3") for product in products]
        counts.append(statements(lambda order=order, ops=ops: send(client, order, *ops)))
        assert order.lines.count() == n

    assert counts[0] == counts[1] <= 41
