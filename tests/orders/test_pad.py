"""The order pad: new documents, operations, their answers, and what is refused how."""

import json
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import CustomerPartNumber
from inventory.models import Product
from orders.models import Order, Quote
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.services.submitting import submit_order
from orders.status import RuleFact
from tests.builders import (
    a_boss,
    a_charge_kind,
    a_company,
    a_customer,
    a_group,
    a_long_order,
    a_part_number,
    a_price,
    a_product,
    a_rule,
    a_tax_rate,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
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


@pytest.fixture
def rep(client):
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    client.force_login(rep)
    return rep


def url(document, what):
    kind = "order" if isinstance(document, Order) else "quote"
    return reverse(f"admin:orders_{kind}_{what}", args=[document.number])


def send(client, document, *ops, revision=None, operation=None):
    document.refresh_from_db()
    body = {
        "id": operation or f"operation-{next(ids)}",
        "revision": document.revision if revision is None else revision,
        "ops": list(ops),
    }
    return client.post(url(document, "edit"), json.dumps(body), content_type="application/json")


def add(text):
    return {"op": "add", "text": text}


def change(line, column, text):
    return {"op": "change", "line": line.pk, "column": column, "text": text}


def remove(line):
    return {"op": "remove", "line": line.pk}


def header(column, text):
    return {"op": "header", "column": column, "text": text}


def lines_of(order):
    return [
        (line.product.sku, line.ordered, line.unit_price) for line in order.lines.select_related("product")
    ]


# --- new documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "model"), [("order", Order), ("quote", Quote)])
def test_choosing_a_customer_makes_one_draft_however_often_it_is_sent(client, boss, kind, model):
    customer, new = a_customer(), reverse(f"admin:orders_{kind}_pad")

    for _ in range(2):
        response = client.post(new, {"customer": customer.pk, "operation": "operation-new-1"})

    document = model.objects.get()
    assert response.url == url(document, "pad")
    assert (document.customer, document.created_by) == (customer, boss)


@pytest.mark.parametrize("chosen", ["", "abc", "-1", "1_0", "٣", "9" * 30])
def test_a_customer_that_is_none_is_asked_for_again(client, boss, chosen):
    data = {"customer": chosen, "operation": "operation-new-1"}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize("operation", ["", "x", "\x00" * 9, "a" * 99, "<script>x"])
def test_a_new_document_without_an_operation_id_is_a_bad_request(client, boss, operation):
    data = {"customer": a_customer().pk, "operation": operation}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 400


def test_a_customer_of_somebody_else_is_not_found(client, rep):
    data = {"customer": a_customer().pk, "operation": "operation-new-1"}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 404


def test_a_customer_without_an_address_is_refused_with_the_remedy(client, boss):
    customer = a_customer()
    customer.addresses.all().delete()

    response = client.post(
        reverse("admin:orders_order_pad"), {"customer": customer.pk, "operation": "operation-new-1"}
    )

    assert "needs an address" in response.content.decode()


def test_the_last_customers_are_offered(client, boss):
    an_order({}, a_customer("Kern AG"), by=boss)

    assert "Kern AG" in client.get(reverse("admin:orders_order_pad")).content.decode()


def test_customers_are_looked_up_among_those_one_sees(client, rep):
    a_customer("Kern AG", rep=rep)
    a_customer("Kernel Ltd")

    answer = client.get(reverse("admin:orders_order_customers"), {"q": "kern"}).json()

    assert [found["name"] for found in answer["results"]] == ["Kern AG"]


@pytest.mark.parametrize("text", ["", "%", "_", "'", "\\", "a" * 5000, "\u202e"])
def test_garbage_is_looked_up_without_breaking(client, boss, text):
    order = an_order({a_product(): 1})

    assert client.get(reverse("admin:orders_order_customers"), {"q": text}).status_code == 200
    assert client.get(url(order, "products"), {"q": text}).status_code == 200


def test_products_are_looked_up_with_what_is_free(client, rep, house):
    a_product("V-220", on_hand=12, at=house)
    order = an_order({}, a_customer(rep=rep))

    found = client.get(url(order, "products"), {"q": "v-2"}).json()["results"]

    assert found == [{"code": "V-220", "name": "Product V-220", "detail": "12 C62 free"}]


# --- operations ---------------------------------------------------------------------------------------------------


def test_what_an_agreement_could_not_give_comes_back_as_a_row_of_its_own(client, rep):
    bolt, customer = a_product("B-M8-40"), a_customer(rep=rep)
    an_agreement(customer, agreed(bolt, 8, maximum=40))
    order = an_order({}, customer)

    answer = send(client, order, add("B-M8-40 50"), add("B-M8-40 1 @7")).json()

    assert lines_of(order) == [("B-M8-40", 40, 8), ("B-M8-40", 1, 7), ("B-M8-40", 10, 10)]
    assert answer["rest"] == {"0": [order.lines.get(ordered=10).pk]}
    assert len(answer["rows"]) == 3


def test_lines_are_added_as_typed_and_come_back_as_rows(client, rep):
    bolt = a_product("B-M8-40", price="0.42")
    a_unit(bolt, "BX", numerator=12, gtin="4006381333931", name="box")
    order = an_order({}, a_customer(rep=rep))

    response = send(
        client, order, add("b-m8-40 200"), add("B-M8-40 2 bx"), add("3x B-M8-40 @0.40"), add("4006381333931")
    )

    answer = response.json()
    assert response.status_code == 200
    assert lines_of(order) == [
        ("B-M8-40", 200, Decimal("0.42")),
        ("B-M8-40", 24, Decimal("5.04")),
        ("B-M8-40", 3, Decimal("0.40")),
        ("B-M8-40", 12, Decimal("5.04")),
    ]
    assert [row["position"] for row in answer["rows"]] == [1, 2, 3, 4]
    assert answer["added"]["0"] == order.lines.first().pk
    assert "BASE" in answer["rows"][0]["html"]
    assert "100.32" in answer["summary"]
    assert answer["revision"] == 1


def test_cells_are_changed_and_lines_removed_in_one_batch(client, rep):
    order = an_order({a_product("A"): 5, a_product("B"): 5, a_product("C"): 5}, a_customer(rep=rep))
    a, b, c = order.lines.all()

    answer = send(
        client,
        order,
        change(a, "quantity", "7"),
        change(a, "price", "9.5"),
        change(a, "discount", "10"),
        change(b, "quantity", "2"),
        remove(c),
    ).json()

    assert lines_of(order) == [("A", 7, Decimal("9.5")), ("B", 2, Decimal(10))]
    assert answer["removed"] == [c.pk]
    order.refresh_from_db()
    assert order.total == Decimal("79.85")


def test_the_header_is_filled_in(client, rep):
    order = an_order({a_product(): 1}, a_customer(rep=rep))

    response = send(
        client,
        order,
        header("customer_po", " 4500-77\x00"),
        header("requested_on", "2031-02-01"),
        header("note", "x"),
    )

    order.refresh_from_db()
    assert response.status_code == 200
    assert (order.customer_po, order.requested_on.isoformat(), order.note) == ("4500-77", "2031-02-01", "x")


def test_a_quote_has_the_same_pad(client, rep):
    product = a_product("A")
    quote = draft_quote(Header(a_customer(rep=rep).pk), [], by=rep)

    response = send(client, quote, add("A 5"), header("valid_until", "2031-02-01"))

    quote.refresh_from_db()
    assert response.status_code == 200
    assert quote.versions.get().lines.get().product == product
    assert quote.valid_until.isoformat() == "2031-02-01"
    assert client.get(url(quote, "pad")).status_code == 200


def test_the_same_operation_twice_is_done_once(client, rep):
    a_product("A")
    order = an_order({}, a_customer(rep=rep))

    first = send(client, order, add("A 5"), revision=0, operation="operation-lost")
    again = send(client, order, add("A 5"), revision=0, operation="operation-lost")

    assert first.json() == again.json()
    assert order.lines.count() == 1


def test_who_comes_second_loads_the_rows_again(client, rep):
    order = an_order({a_product("A"): 5}, a_customer(rep=rep))
    line = order.lines.get()
    send(client, order, change(line, "quantity", "6"))

    response = send(client, order, change(line, "quantity", "9"), revision=0)

    assert (response.status_code, response.json()["code"]) == (409, "stale")
    rows = client.get(url(order, "rows")).json()
    assert rows["revision"] == 1
    assert 'data-value="6"' in rows["rows"][0]["html"]


def test_every_operation_that_means_nothing_is_named_and_nothing_is_done(client, rep):
    a_product("A")
    order = an_order({a_product("B"): 1}, a_customer(rep=rep))
    line = order.lines.get()

    response = send(
        client,
        order,
        add("A 5"),
        add("NO-SUCH 1"),
        add("A 2 crates"),
        add("A 0.5"),
        change(line, "quantity", "-1"),
    )

    assert response.status_code == 422
    assert response.json()["code"] == "not_understood"
    assert sorted(response.json()["problems"]) == ["1", "2", "3", "4"]
    assert "NO-SUCH" in response.json()["problems"]["1"]
    assert order.lines.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("A 1e9", "“1e9” is not a quantity"),
        ("A 1,5", "“1,5” is not a quantity"),
        ("A -1", "A quantity is more than 0, not -1."),
        ("A 0", "A quantity is more than 0, not 0."),
        ("A 2 @1,5", "“1,5” is not a number"),
    ],
)
def test_a_number_that_is_none_is_named_and_adds_no_line(client, boss, typed, said):
    a_product("A")
    order = an_order({}, by=boss)

    response = send(client, order, add(typed))

    assert (response.status_code, response.json()["code"]) == (422, "not_understood")
    assert said in response.json()["problems"]["0"]
    assert not order.lines.exists()


def test_a_line_that_is_none_names_what_it_may_mean(client, boss):
    """Near SKUs, names with all its words, and the nearest quantities that are sold, each as it would be typed."""
    order = an_order({a_product("A"): 1})
    a_product("BOLT-M8-40")
    Product.objects.filter(sku="A").update(name="Safety boot S3 size 43")
    a_unit(a_product("ROD"), "BX", numerator=2)

    wrong = [
        add("BOLT-M8-4O 20 @3"),
        add("safety boot 43 6"),
        add("ROD 1.5 @2"),
        add("zzzzzz 5"),
        add("ROD x"),
        add("ROD 1.5 @2 10+10%"),
    ]
    told = send(client, order, *wrong).json()["instead"]

    assert [one["entry"] for one in told["0"]] == ["BOLT-M8-40 20 @3"]
    assert told["1"][0] == {"label": "A", "title": "Safety boot S3 size 43", "entry": "A 6"}
    assert [one["entry"] for one in told["2"]] == ["ROD 1 C62 @2", "ROD 2 C62 @2"]
    assert (told["3"], told["4"]) == ([], [])
    assert [one["entry"] for one in told["5"]] == ["ROD 1 C62 @2 10+10 %", "ROD 2 C62 @2 10+10 %"]
    for one in (told["0"][0], told["1"][0], told["2"][0], told["5"][0]):
        order.refresh_from_db()
        assert send(client, order, add(one["entry"])).status_code == 200


def test_nothing_is_offered_that_one_does_not_see(client):
    user = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers", is_staff=True)
    client.force_login(user)
    order = an_order({a_product("A"): 1})
    a_product("BOLT-M8-40")

    assert send(client, order, add("BOLT-M8-4O 20")).json()["instead"] == {"0": []}


def test_what_is_typed_and_named_is_text_on_every_row(client, rep):
    """Rows are filled in without the template, so what they hold is escaped here as there."""
    nasty = "<b>\"\ue000sku\ue001&'"
    products = [a_product(sku) for sku in ("A", "B", "C")]
    Product.objects.update(name=nasty)
    order = an_order(dict.fromkeys(products, 2), a_customer(rep=rep))
    Product.objects.filter(sku="B").update(status="blocked")

    page = client.get(url(order, "pad")).content.decode()

    assert page.count("&lt;b&gt;&quot;\ue000sku\ue001&amp;&#x27;") == 3
    assert "<b>" not in page


def test_prices_are_typed_by_those_who_may(client):
    user = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers",
                  "inventory.view_product", is_staff=True)  # fmt: skip
    client.force_login(user)
    order = an_order({a_product("A"): 5})

    for op in (add("A 1 @3"), change(order.lines.get(), "discount", "5")):
        response = send(client, order, op)
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert 'data-column="price"' not in client.get(url(order, "pad")).content.decode()


def test_a_document_that_is_no_draft_is_shown_and_not_edited(client, boss):
    order = an_order({a_product("A"): 5}, by=boss)
    submit_order(order.pk, by=boss)

    assert client.get(url(order, "pad")).url == reverse("admin:orders_order_change", args=[order.pk])
    assert send(client, order, add("A 1")).status_code == 409


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


# --- what the rows say --------------------------------------------------------------------------------------------


def pad_of(client, order):
    return " ".join(client.get(url(order, "pad")).content.decode().split())


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


# --- statements ---------------------------------------------------------------------------------------------------


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


# --- their numbers ------------------------------------------------------------------------------------------------


def test_their_number_is_entered_like_a_sku_after_our_own(client, rep):
    kern = a_customer(rep=rep)
    bolt, nut = a_product("BOLT"), a_product("NUT", price=3)
    a_unit(bolt, "BX", numerator=12, name="box", gtin="4006381333931")
    a_part_number(kern, "k 47", bolt, "BX")
    a_part_number(kern, "4006381333931", nut)
    a_part_number(a_customer(), "X-1", nut)
    order = an_order({}, kern)

    answer = send(client, order, add("K 47 3"), add("k 47 5 c62"), add("4006381333931 2"), add("nut 1"))

    assert answer.status_code == 200
    assert lines_of(order) == [
        ("BOLT", 36, Decimal(120)),
        ("BOLT", 5, Decimal(10)),
        ("NUT", 2, Decimal(3)),
        ("NUT", 1, Decimal(3)),
    ]
    assert "no SKU" in send(client, order, add("X-1 5")).json()["message"]


def test_their_numbers_are_offered_before_names(client, rep):
    kern = a_customer(rep=rep)
    nut = a_product("NUT-9")
    a_product("V-220")
    a_part_number(kern, "V-2", nut)
    order = an_order({}, kern)

    found = client.get(url(order, "products"), {"q": "v-2"}).json()["results"]

    assert [(one["code"], one["name"]) for one in found] == [
        ("V-2", "NUT-9 Product NUT-9"),
        ("V-220", "Product V-220"),
    ]
    assert found[0]["detail"] == "their V-2 · 0 C62 free"


def test_an_unknown_code_that_was_put_right_is_remembered_when_the_rep_says_so(client, rep):
    order = an_order({}, a_customer(rep=rep))
    bolt = a_product("BOLT")

    refused = send(client, order, add("K-47 5")).json()
    line = send(client, order, add("BOLT 5")).json()["added"]["0"]
    told = client.post(url(order, "learn"), {"code": refused["unknown"]["0"], "line": line})

    assert (told.status_code, refused["unknown"]) == (200, {"0": "K-47"})
    assert "from now on" in told.json()["message"]
    assert send(client, order, add("k-47 2")).status_code == 200
    assert lines_of(order)[1][:2] == ("BOLT", 2)
    known = CustomerPartNumber.objects.get()
    assert (known.customer, known.unit.product, known.learned) == (order.customer, bolt, True)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"code": "NUT", "line": "own"}, 422),
        ({"code": "", "line": "own"}, 422),
        ({"code": "K" * 61, "line": "own"}, 422),
        ({"code": "K-47", "line": "0"}, 404),
        ({"code": "K-47", "line": "x"}, 404),
        ({"code": "K-47", "line": "other"}, 404),
    ],
)
def test_what_cannot_be_learned_is_refused(client, rep, data, status):
    kern = a_customer(rep=rep)
    bolt = a_product("BOLT")
    a_product("NUT")
    own, other = (an_order({bolt: 1}, kern).lines.get() for _ in range(2))
    line = {"own": own.pk, "other": other.pk}.get(data["line"], data["line"])

    answer = client.post(url(own.order, "learn"), {**data, "line": line})

    assert answer.status_code == status
    assert not CustomerPartNumber.objects.exists()


def test_who_may_not_add_part_numbers_teaches_nothing(client):
    rep = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers", is_staff=True)
    client.force_login(rep)
    order = an_order({a_product("BOLT"): 1})

    answer = client.post(url(order, "learn"), {"code": "K-47", "line": order.lines.get().pk})

    assert answer.status_code == 403
    assert b"data-learn" not in client.get(url(order, "pad")).content
    assert not CustomerPartNumber.objects.exists()


def test_a_discount_on_all_and_a_charge_are_typed_above_the_lines(client, boss):
    a_tax_rate(19)
    freight = a_charge_kind("FREIGHT", "12.90")
    order = an_order({a_product("BOLT", price=100): 1, a_product("NUT", price=50): 2})
    assert 'placeholder="12.90"' in client.get(url(order, "pad")).content.decode()

    answer = send(
        client,
        order,
        {"op": "header", "column": "discount", "text": "10 %"},
        {"op": "header", "column": f"charge_{freight.pk}", "text": "12.50"},
    )

    body = answer.json()
    assert answer.status_code == 200, body
    assert [row["position"] for row in body["rows"]] == [1, 2]  # each line shows its part
    foot = " ".join(body["summary"].split())
    assert "Goods 200.00 EUR" in foot
    assert "Discount 10 % -20.00 EUR" in foot
    assert "Freight 12.50 EUR" in foot
    assert "VAT 19 % 36.58 EUR" in foot
    assert "<strong>Total 229.08 EUR</strong>" in foot
    header = client.get(url(order, "rows")).json()["header"]
    assert (header["discount"], header[f"charge_{freight.pk}"]) == ("10 %", "12.50")


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [("discount", "a lot", "not a number"), ("discount", "101 %", "0 to 100 percent"), ("charge_1", "5", "")],
)
def test_what_is_no_discount_or_charge_is_refused_on_the_pad(column, text, says, client, boss):
    order = an_order({a_product("BOLT"): 1})

    answer = send(client, order, {"op": "header", "column": column, "text": text})

    order.refresh_from_db()
    assert order.total == 10
    assert says in answer.content.decode()
    assert answer.status_code == (422 if says else 200)  # a kind that is not offered is not there


def test_a_rep_without_the_right_gives_no_discount_on_all(client):
    reader = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers", is_staff=True)
    client.force_login(reader)
    order = an_order({a_product("BOLT"): 1})

    answer = send(client, order, {"op": "header", "column": "discount", "text": "10 %"})

    assert answer.status_code == 403
    assert "discounts" in answer.json()["message"]


def test_discounts_one_after_the_other_are_typed_into_a_cell_and_taken_back(client, boss):
    order = an_order({a_product("BOLT", price=100): 1})
    line = order.lines.get()

    answer = send(client, order, {"op": "change", "line": line.pk, "column": "discount", "text": "10 + 10"})

    assert "10 % + 10 %" in answer.json()["rows"][0]["html"]
    assert 'data-value="10+10"' in answer.json()["rows"][0]["html"]
    send(client, order, {"op": "remove", "line": line.pk})
    send(client, order, {"op": "put", "text": "BOLT 1 C62", "position": 1, "discount": "10+10"})
    assert (order.lines.get().amount, order.lines.get().discounts) == (81, (10, 10))


def test_a_line_is_copied_moved_and_noted_once_however_often_it_is_sent(client, boss):
    order = an_order({a_product("BOLT", price=100): 1, a_product("NUT"): 2})
    bolt, nut = order.lines.order_by("position")
    noted = send(client, order, change(bolt, "note", "  blue\tones "))
    assert "blue ones" in noted.json()["rows"][0]["html"]
    copy = {"op": "copy", "text": "BOLT 1 C62", "below": bolt.pk, "discount": "10+10", "note": "blue ones"}
    ops = [copy, {"op": "move", "line": nut.pk, "position": 1}]
    order.refresh_from_db()

    answers = [
        send(client, order, *ops, revision=order.revision, operation="operation-move-1") for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    shown = [(row["position"], row["id"]) for row in answers[0].json()["rows"]]
    copied = answers[0].json()["added"]["0"]
    assert shown == [(1, nut.pk), (2, bolt.pk), (3, copied)]
    assert order.lines.get(pk=copied).note == "blue ones"
    assert order.lines.get(pk=copied).amount == 81

    refused = send(client, order, change(bolt, "note", "x" * 201))
    assert refused.status_code == 422
    assert "200 characters" in refused.json()["message"]
    assert send(client, order, copy | {"note": "x" * 201}).status_code == 400
    assert send(client, order, {"op": "move", "line": 2**60, "position": 1}).status_code == 409
