"""Bodies and addresses that nobody should send: a 4xx that says why, and nothing changed."""

import json

import pytest

from oms.api.parsing import MOST_BYTES
from orders.models import Order
from tests.api.machine import pointers
from tests.builders import a_customer, a_product, a_unit

JSON = "application/json"
ARABIC = "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}"
FULL_WIDTH = "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}"
LINE = '{"sku": "BOLT", "quantity": 1}'


@pytest.fixture
def customer(machine):
    a_product("BOLT")
    return a_customer(code="KERN")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"1" * 5000, 422),
        (b"\xff\xfe", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"customer": "KERN", "customer": "KERN"}', 400),
        (f'{{"customer": "KERN", "lines": [{LINE[:-1]}, "quantity": 99}}]}}'.encode(), 400),
        (b'{"a": NaN}', 400),
        (b'{"a": -Infinity}', 400),
        (b'{"note": "\\u0000"}', 400),
        (b'{"note": "\\ud800"}', 400),
        (b'{"\\udfff": 1}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b"[" * 30 + b"]" * 30, 400),
        (b'{"lines": ' + b"9" * 1_000_000 + b"}", 422),
    ],
)
def test_what_is_no_order_is_refused(machine, customer, raw, status):
    answer = machine.post("v1/orders/", raw)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml", "json"]
)
def test_only_json_is_read(machine, customer, kind):
    answer = machine.post("v1/orders/", f'{{"customer": "KERN", "lines": [{LINE}]}}', content_type=kind)

    assert answer.status_code == 415
    assert not Order.objects.exists()


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_read_however_it_is_spelled(machine, customer, kind):
    body = f'{{"customer": "KERN", "lines": [{LINE}]}}'

    assert machine.post("v1/orders/", body, content_type=kind).status_code == 201


def test_a_body_of_more_than_five_megabytes_is_refused(machine, customer):
    answer = machine.post("v1/orders/", b" " * (MOST_BYTES + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_more_lines_than_any_order_has_are_refused(machine, customer):
    lines = [{"sku": "BOLT", "quantity": 1}] * 10_001

    answer = machine.post("v1/orders/", {"customer": "KERN", "lines": lines})

    assert (answer.status_code, pointers(answer)) == (422, ["/lines"])


def test_at_most_a_thousand_problems_are_listed_and_all_are_counted(machine, customer):
    answer = machine.post("v1/orders/", {"customer": "KERN", "lines": [{"sku": "BOLT"}] * 1_200})

    assert (len(answer.json()["errors"]), answer.json()["error_count"]) == (1_000, 1_200)


@pytest.mark.parametrize(
    "quantity",
    [
        "1e3", "1_000", "1,000", ARABIC, FULL_WIDTH, ".5", "5.", "+1", "-1", "0", "", " ", "NaN", "0x10", "1" * 13,
        "0.0", True, None, [], {},
    ],
)  # fmt: skip
def test_a_quantity_is_a_plain_number(machine, customer, quantity):
    answer = machine.order(customer, {"sku": "BOLT", "quantity": quantity})

    assert (answer.status_code, pointers(answer)) == (422, ["/lines/0/quantity"])


@pytest.mark.parametrize(
    "quantity", ["1E3", "1e400", "1e-999999999", "1e999999999", "1." + "0" * 13, "9" * 400]
)
def test_json_numbers_follow_the_same_grammar(machine, customer, quantity):
    answer = machine.post(
        "v1/orders/", f'{{"customer": "KERN", "lines": [{{"sku": "BOLT", "quantity": {quantity}}}]}}'
    )

    assert (answer.status_code, pointers(answer)) == (422, ["/lines/0/quantity"])


def test_half_a_piece_is_told_what_may_be_ordered(machine, customer):
    answer = machine.order(customer, {"sku": "BOLT", "quantity": "1.5"})

    assert pointers(answer) == ["/lines/0/quantity"]
    assert "order 1 or 2 C62" in answer.json()["errors"][0]["detail"]


def test_what_is_not_sold_is_told_the_nearest_two_for_every_line(machine, customer):
    a_unit(a_product("WIRE"), "MTR", numerator=1000, multiple=5, minimum=12)

    answer = machine.order(
        customer,
        {"sku": "BOLT", "quantity": 1},
        {"sku": "WIRE", "unit": "MTR", "quantity": 17},
        {"sku": "WIRE", "unit": "MTR", "quantity": "10"},
        {"sku": "WIRE", "unit": "MTR", "quantity": "20.5"},
    )

    assert (answer.status_code, pointers(answer)) == (422, [f"/lines/{n}/quantity" for n in (1, 2, 3)])
    assert [error["detail"] for error in answer.json()["errors"]] == [
        "17 MTR of WIRE: sold in multiples of 5; order 15 or 20 MTR.",
        "10 MTR of WIRE: sold from 15 on; order 15 MTR.",
        "20.5 MTR of WIRE: sold in multiples of 5; order 20 or 25 MTR.",
    ]


@pytest.mark.parametrize(
    "day",
    ["2030-02-30", "30.05.2030", "2030-5-6", "20300506", "2030-W19-1", f"{FULL_WIDTH}30-05-06", "", 20300506, None],
)  # fmt: skip
def test_a_date_is_an_iso_date(machine, customer, day):
    answer = machine.order(customer, {"sku": "BOLT", "quantity": 1}, requested_on=day)

    assert (answer.status_code, pointers(answer)) == (422, ["/requested_on"])


def test_text_is_cleaned_before_it_is_kept(machine, customer):
    line = {"sku": "\u200bBOLT\t", "quantity": 1}

    told = machine.order(customer, line, customer_po=" 45\u202e00 ", note="a\nb").json()

    assert (told["customer_po"], told["note"]) == ("4500", "a b")


@pytest.mark.parametrize(
    "field",
    ["status", "total", "version", "created_by", "ordered_on", "currency", "payment_terms", "id", "revision"],
)
def test_nobody_sets_what_is_not_asked_for(machine, customer, field):
    answer = machine.order(customer, {"sku": "BOLT", "quantity": 1}, **{field: "1"})

    assert (answer.status_code, pointers(answer)) == (422, [f"/{field}"])


def test_a_pointer_escapes_what_stands_in_it(machine, customer):
    answer = machine.order(customer, {"sku": "BOLT", "quantity": 1, "a/b~c": 1})

    assert pointers(answer) == ["/lines/0/a~1b~0c"]


def test_a_move_takes_no_fields_it_does_not_know(machine, customer):
    number = machine.order(customer, {"sku": "BOLT", "quantity": 1}).json()["number"]

    answer = machine.post(f"v1/orders/{number}/submit/", {"force": True})

    assert (answer.status_code, pointers(answer)) == (422, ["/force"])
    assert Order.objects.get().status == "draft"


@pytest.mark.parametrize(
    "path",
    [
        "v1/orders/SO-0/", "v1/orders/%00/", "v1/products/%00/", "v1/products/%FF%ED%A0%80/", "v1/customers/%00x/",
        "v1/products/" + "x" * 3000 + "/", "v1/orders/../", "v1/orders", "v1/", "v2/orders/", "v1/orders/SO-1.json/",
        "v1/shipments/1 OR 1=1/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(machine, path):
    answer = machine.get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("v1/orders/", "put"), ("v1/orders/", "delete"), ("v1/orders/", "patch"), ("v1/orders/", "options"),
        ("v1/products/", "post"), ("v1/products/X/", "delete"), ("v1/availability/", "post"), ("schema/", "post"),
    ],
)  # fmt: skip
def test_what_is_not_offered_is_405(machine, path, method):
    answer = getattr(machine.client, method)(f"/api/{path}")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("wrong=1", "wrong"),
        ("status=confirmd", "status"),
        ("ordering=total", "ordering"),
        ("ordering=pk", "ordering"),
        ("ordering=customer__note", "ordering"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=1e2", "limit"),
        ("limit=٣", "limit"),
        ("limit=" + "9" * 190, "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("page=2", "page"),
        ("customer=", "customer"),
        ("customer=%20", "customer"),
        ("customer=a&customer=b", "customer"),
        ("customer=%00", "customer"),
        ("customer=" + "x" * 201, "customer"),
        ("customer__note=x", "customer__note"),
        ("_connector=OR", "_connector"),
        ("ordered_from=01.02.2030", "ordered_from"),
        ("ordered_from=2030-02-30", "ordered_from"),
        ("ordered_until=2030-W01-1", "ordered_until"),
        ("format=api", "format"),
        ("cursor=x", "cursor"),
        ("cursor=%FF", "cursor"),
        ("cursor=bnVsbA", "cursor"),
        ("cursor=W10", "cursor"),
        ("cursor=" + "W" * 200, "cursor"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(machine, query, pointer):
    answer = machine.client.get(f"/api/v1/orders/?{query}")

    assert answer.status_code == 400, query
    assert pointers(answer) == [pointer]


@pytest.mark.parametrize("path", ["v1/orders/SO-1/", "v1/products/X/", "schema/"])
def test_what_takes_no_parameters_says_so(machine, path):
    assert machine.get(path, {"lang": "\x00"}).status_code == 400


def test_problems_are_told_in_the_language_of_the_caller(machine):
    answer = machine.get("v1/nothing/", headers={"Accept-Language": "de", "Accept": "text/html"})

    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 404
