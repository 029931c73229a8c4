"""Operations of the pad: lines and header are filled in, twice is once, and who comes second is told."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Product
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.services.submitting import submit_order
from tests.builders import (
    a_charge_kind,
    a_customer,
    a_product,
    a_tax_rate,
    a_unit,
    a_user,
    agreed,
    an_agreement,
    an_order,
)
from tests.pad.sending import add, change, header, lines_of, remove, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


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


def test_what_another_page_has_sent_is_not_done_again_whatever_it_has_seen(client, rep):
    a_product("A")
    order = an_order({}, a_customer(rep=rep))

    first = send(client, order, add("A 5"), operation="operation-waited")
    send(client, order, add("A 6"))
    again = send(client, order, add("A 5"), operation="operation-waited")
    other = send(client, order, add("A 7"), operation="operation-waited")

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert list(order.lines.order_by("pk").values_list("ordered", flat=True)) == [5, 6]


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
