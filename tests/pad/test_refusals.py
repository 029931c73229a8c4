"""What the pad does not take: bodies that are no batch, values no document has, what one may not."""

import json

import pytest
from django.urls import reverse

from tests.builders import (
    a_customer,
    a_product,
    a_user,
    an_order,
)
from tests.pad.sending import add, change, header, remove, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


BAD_BODIES = [
    b"", b"x", b"[]", b"null", b"1", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000,
    b'{"id": "operation-1", "revision": 0, "ops": []}',
    b'{"id": "operation-1", "revision": 0, "ops": {}}',
    b'{"id": "operation-1", "revision": 0, "ops": [1]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "status"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": ["add"], "text": "A"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": 5}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": null}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": "A", "price": 1}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "remove", "line": "1"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "remove", "line": true}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "remove", "line": -1}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "remove", "line": 1.0}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "remove", "line": 99999999999999999999999}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "change", "line": 1, "column": "amount", "text": "1"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "change", "line": 1, "column": ["x"], "text": "1"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "header", "column": "status", "text": "closed"}]}',
    b'{"id": "operation-1", "revision": NaN, "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": "operation-1", "revision": 1e309, "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": "operation-1", "revision": "0", "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": "operation-1", "revision": 0, "revision": 1, "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": "\\u0000", "revision": 0, "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": 7, "revision": 0, "ops": [{"op": "add", "text": "A"}]}',
    b'{"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": "A"}], "status": "closed"}',
    b'{"id": "operation-1", "revision": ' + b"9" * 5000 + b', "ops": [{"op": "add", "text": "A"}]}',
    json.dumps({"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": "A" * 2000}]}).encode(),
    json.dumps({"id": "operation-1", "revision": 0, "ops": [{"op": "add", "text": "A"}] * 1001}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_what_is_not_exactly_a_batch_is_a_bad_request(client, boss, body):
    order = an_order({a_product("A"): 1})

    response = client.post(url(order, "edit"), body, content_type="application/json")

    assert response.status_code == 400
    order.refresh_from_db()
    assert (order.revision, order.lines.count()) == (0, 1)


@pytest.mark.parametrize(
    "op",
    [
        {"op": "add", "text": "\x00"},
        {"op": "add", "text": "\ud800"},
        {"op": "add", "text": "A " + "9" * 40},
        {"op": "add", "text": "A 999999999999 @99999999999"},
        {"op": "add", "text": "A 1 @0.12345678"},
        {"op": "add", "text": "A 9999999999999"},
        {"op": "remove", "line": 2**62},
        {"op": "change", "line": 2**62, "column": "quantity", "text": "1"},
        {"op": "header", "column": "ship_to", "text": "\ud800"},
        {"op": "header", "column": "ship_to", "text": "99999999999999999999"},
        {"op": "header", "column": "ship_to", "text": ""},
        {"op": "header", "column": "warehouse", "text": "x"},
        {"op": "header", "column": "requested_on", "text": "31.02.2026"},
        {"op": "header", "column": "requested_on", "text": "99999-01-01"},
        {"op": "header", "column": "requested_on", "text": ""},
        {"op": "header", "column": "customer_po", "text": "x" * 61},
        {"op": "header", "column": "note", "text": "x" * 501},
    ],
)
def test_values_no_document_can_have_are_refused_with_a_sentence(client, boss, op):
    order = an_order({a_product("A"): 1})

    response = send(client, order, op)

    assert response.status_code in (409, 422)
    assert response.json()["message"]
    order.refresh_from_db()
    assert (order.revision, order.lines.count()) == (0, 1)


@pytest.mark.parametrize(
    "text", ["\ud800", "x", "1e3", "1_0", "-1", "NaN", "1,5", "101", "0.123456789", "9" * 14]
)
@pytest.mark.parametrize("column", ["quantity", "price", "discount"])
def test_cells_take_numbers_only(client, boss, column, text):
    order = an_order({a_product("A", price=None): 1})

    response = send(client, order, change(order.lines.get(), column, text))

    is_fine = (column, text) in {("price", "101"), ("quantity", "101")}
    assert response.status_code == (200 if is_fine else 422)


def test_addresses_and_lines_of_others_are_not_reached(client, rep):
    mine, other = an_order({a_product("A"): 1}, a_customer(rep=rep)), an_order({a_product("B"): 1})

    for op in (
        header("ship_to", str(other.ship_to_id)),
        remove(other.lines.get()),
        change(other.lines.get(), "quantity", "5"),
    ):
        assert send(client, mine, op).status_code in (409, 422)
    for what in ("pad", "rows", "products"):
        assert client.get(url(other, what)).status_code == 404
    assert send(client, other, add("A 1")).status_code == 404
    assert other.lines.get().ordered == 1


def test_without_the_right_to_change_the_pad_is_forbidden(client):
    client.force_login(a_user("orders.view_order", "customers.view_all_customers", is_staff=True))
    order = an_order({a_product("A"): 1})

    for what in ("pad", "rows", "products"):
        assert client.get(url(order, what)).status_code == 403
    assert send(client, order, add("A 1")).status_code == 403
    assert client.get(reverse("admin:orders_order_pad")).status_code == 403
    assert client.get(reverse("admin:orders_order_customers")).status_code == 403


def test_reading_does_not_edit(client, boss):
    order = an_order({a_product("A"): 1})

    assert client.get(url(order, "edit")).status_code == 405
    for what in ("pad", "rows", "products"):
        assert client.post(url(order, what)).status_code == 405
