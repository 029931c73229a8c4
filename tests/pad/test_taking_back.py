"""What is taken back on a pad is again what it was, to its price, whatever lists say by then."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import PriceRule
from inventory.models import Product
from orders.models import OrderLine, Quote
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from tests.builders import a_customer, a_line, a_product, an_order
from tests.pad.sending import change, lines_of, remove, send

pytestmark = pytest.mark.django_db(transaction=True)  # what one transaction begins and changes has no past

PRICE_COLUMNS = ("list_price", "unit_price", "discount_percent", "amount", "unit_cost", "trace")
COLUMNS = ("unit_id", "ordered", "note", *PRICE_COLUMNS)


def put(line, text="A 1", *, was=None):
    place = {"position": line.position, "discount": "", "note": ""}
    return {"op": "put", "text": text, **place, "was": was or line.pk}


def price_back(line, was):
    return {"op": "change", "line": line.pk, "column": "price", "text": "", "was": was}


def dearer():
    PriceRule.objects.update(price=Decimal("99.00"))


def columns(line):
    return {name: getattr(line, name) for name in COLUMNS}


@pytest.fixture
def quoted(house, boss):
    """An order made from an accepted quote: one line at its list's price of 10, one at a price typed, 9.5."""
    first, second = a_product("A"), a_product("B")
    lines = [a_line(first, 20), a_line(second, 20, price="9.5", discount=4)]
    quote = draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss)
    send_quote(quote.pk, by=boss)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=boss)
    order = order_from_quote(quote.pk, by=boss)
    dearer()
    return order


def test_lines_that_went_come_back_at_the_price_that_was_quoted(client, quoted):
    first, second = quoted.lines.order_by("position")
    before = [columns(first), columns(second)]
    total = quoted.total
    assert send(client, quoted, remove(first), remove(second)).status_code == 200

    answer = send(client, quoted, put(first, "A 20"), put(second, "B 20 @9.5"))

    assert answer.status_code == 200
    assert [columns(line) for line in quoted.lines.order_by("position")] == before
    quoted.refresh_from_db()
    assert quoted.total == total
    assert answer.json()["rows"][0]["html"].count("data-quoted") == 1


def test_a_quoted_price_that_was_typed_over_comes_back_as_quoted(client, quoted):
    first, second = quoted.lines.order_by("position")
    before = [columns(first), columns(second)]
    send(client, quoted, change(first, "price", "4.9"), change(second, "price", "3"))
    send(client, quoted, change(first, "price", "4.8"))

    send(client, quoted, price_back(first, "10"), price_back(second, "9.5"))

    assert [columns(line) for line in quoted.lines.order_by("position")] == before


def test_a_price_that_the_line_never_had_is_asked_of_the_list(client, quoted):
    first, _second = quoted.lines.order_by("position")
    send(client, quoted, change(first, "price", "4.9"))

    for never in ("0.01", "4.9"):  # and one that was typed is no price of a list
        send(client, quoted, price_back(first, never))
        first.refresh_from_db()
        assert first.unit_price == 99


def test_a_line_of_a_quote_drafted_anew_comes_back_as_it_was_quoted(client, house, boss):
    product = a_product("A")
    quote = draft_quote(Header(a_customer("Kern AG").pk), [a_line(product, 5)], by=boss)
    send_quote(quote.pk, by=boss)
    revise_quote(quote.pk, by=boss)
    dearer()
    quote = Quote.objects.get(pk=quote.pk)
    lines = quote.versions.get(number=2).lines
    line = lines.get()
    send(client, quote, remove(line))
    send(client, quote, put(line, "A 5"))
    assert [(one.ordered, one.unit_price) for one in lines.all()] == [(5, 10)]

    line = lines.get()
    send(client, quote, change(line, "price", "7"))
    send(client, quote, price_back(line, "10"))
    assert lines.get().unit_price == 10
    assert not lines.get().price_was_typed


def test_only_what_went_from_this_document_comes_back(client, quoted, boss):
    other = an_order({Product.objects.get(sku="A"): 7}, by=boss)
    there, elsewhere = quoted.lines.order_by("position").first(), other.lines.get()
    for was in (there.pk, elsewhere.pk, 2**62, 0):
        assert send(client, quoted, put(there, "A 3", was=was)).status_code == 200

    assert lines_of(quoted)[2:] == [("A", 3, 99)] * 4, (
        "what is there, or never was, is entered as it is typed"
    )


@pytest.mark.parametrize("was", ["-1", "1e9", "1.1234567", "NaN", "x", " 1", 1, None, ["1"]])
def test_a_price_that_is_none_is_a_bad_request(client, quoted, was):
    line = quoted.lines.order_by("position").first()
    assert send(client, quoted, price_back(line, was)).status_code == 400
    assert send(client, quoted, {**put(line), "was": str(was)}).status_code == 400
    assert quoted.lines.count() == 2


def test_many_lines_come_back_in_as_many_statements_as_two(client, house, boss):
    order = an_order({a_product(f"P-{n}"): n for n in range(1, 41)}, by=boss)
    counted = []
    for most in (2, 38):
        lines = list(order.lines.select_related("product").order_by("-position")[:most])
        send(client, order, *(remove(line) for line in lines))
        with CaptureQueriesContext(connection) as seen:
            send(client, order, *(put(line, f"{line.product.sku} 1") for line in lines))
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert sorted(OrderLine.objects.values_list("ordered", flat=True)) == list(range(1, 41))
