"""Drafts are edited in batches: by whom, on which revision, and at what price."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.errors import BadQuantity, NotOrderable
from oms.errors import IllegalMove, NotAllowed, Stale
from orders.models import Order, Quote
from orders.services.capturing import Header
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.pricing import LineInput
from orders.services.quoting import draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order
from tests.builders import (
    a_customer,
    a_line,
    a_long_order,
    a_price,
    a_product,
    a_unit,
    a_user,
    a_warehouse,
    an_order,
    many_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    a_warehouse()
    return a_user("orders.override_price")


def line_of(document):
    return document.lines.get() if isinstance(document, Order) else document.versions.last().lines.get()


def test_a_batch_adds_changes_and_removes_and_keeps_the_total(rep):
    bolts, nuts, pins = a_product("BOLT"), a_product("NUT"), a_product("PIN", price=3)
    order = an_order({bolts: 5, nuts: 7}, by=rep)
    bolt, nut = order.lines.all()

    edited = edit_order(
        order.pk,
        Edit(0, add=[a_line(pins, 4)], change=[Change(bolt.pk, ordered=6)], remove=frozenset({nut.pk})),
        by=rep,
    )

    order.refresh_from_db()
    assert [(line.position, line.product.sku, line.ordered, line.amount) for line in order.lines.all()] == [
        (1, "BOLT", 6, Decimal(60)),
        (2, "PIN", 4, Decimal(12)),
    ]
    assert (order.total, order.revision, order.edited_by) == (72, 1, rep)
    assert edited.added == [order.lines.last().pk]
    assert edited.changed == [bolt.pk]
    assert edited.products == {bolts.pk, nuts.pk, pins.pk}


def test_a_refusal_names_the_line_by_its_position_in_the_document(rep):
    order = an_order({a_product(): 5, a_product(): 7, a_product(): 9}, by=rep)
    third, product = order.lines.get(position=3), a_product()

    with pytest.raises(BadQuantity, match="Line 3: 0 is not a quantity"):
        edit_order(order.pk, Edit(0, change=[Change(third.pk, ordered=0)]), by=rep)
    with pytest.raises(BadQuantity, match="Line 5: 0 is not a quantity"):
        edit_order(order.pk, Edit(0, add=[a_line(product, 1), a_line(product, 0)]), by=rep)


def test_a_quantity_that_is_not_sold_names_the_line_by_its_position_too(rep):
    order = an_order({a_product(): 5, a_product(): 6}, by=rep)
    second = order.lines.get(position=2)
    type(second.unit).objects.filter(pk=second.unit_id).update(multiple=2)

    with pytest.raises(NotOrderable, match="Line 2"):
        edit_order(order.pk, Edit(0, change=[Change(second.pk, ordered=7)]), by=rep)


def test_the_version_of_a_quote_being_drafted_is_edited_the_same_way(rep):
    bolts, nuts = a_product("BOLT"), a_product("NUT", price=2)
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 5)], by=rep)

    edit_quote(
        quote.pk, Edit(0, add=[a_line(nuts, 10)], change=[Change(line_of(quote).pk, ordered=1)]), by=rep
    )

    version = quote.versions.get()
    assert [line.ordered for line in version.lines.all()] == [1, 10]
    assert version.total == 30


def test_a_sent_version_stays_while_its_revision_is_edited(rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 5)], by=rep)
    send_quote(quote.pk, by=rep)
    revise_quote(quote.pk, by=rep)
    second = quote.versions.get(number=2)

    edit_quote(quote.pk, Edit(0, change=[Change(second.lines.get().pk, ordered=9)]), by=rep)

    assert [version.lines.get().ordered for version in quote.versions.order_by("number")] == [5, 9]


def test_who_comes_second_is_told_who_was_faster_and_nothing_changes(rep):
    order = an_order({a_product(): 5}, by=rep)
    ana = a_user(username="ana")
    edit_order(order.pk, Edit(0, change=[Change(line_of(order).pk, ordered=6)]), by=ana)

    with pytest.raises(Stale, match=f"ana changed {order.number}"):
        edit_order(order.pk, Edit(0, change=[Change(line_of(order).pk, ordered=9)]), by=rep)

    assert line_of(order).ordered == 6


def test_only_a_draft_is_edited(rep):
    order = an_order({a_product(): 5}, by=rep)
    submit_order(order.pk, by=rep)

    with pytest.raises(IllegalMove):
        edit_order(order.pk, Edit(0, change=[Change(line_of(order).pk, ordered=6)]), by=rep)


@pytest.mark.parametrize("change", [{"unit_price": Decimal(9)}, {"discount_percent": Decimal(1)}])
def test_prices_and_discounts_are_typed_by_those_who_may(rep, change):
    order = an_order({a_product(): 5}, by=rep)
    edit = Edit(0, change=[Change(line_of(order).pk, **change)])

    with pytest.raises(NotAllowed):
        edit_order(order.pk, edit, by=a_user())

    edit_order(order.pk, edit, by=rep)
    assert line_of(order).amount < 50


def test_a_new_line_with_a_typed_price_needs_the_right_too(rep):
    order, product = an_order({a_product(): 5}, by=rep), a_product()

    with pytest.raises(NotAllowed):
        edit_order(order.pk, Edit(0, add=[a_line(product, 1, price=3)]), by=a_user())


def test_a_typed_price_outlives_a_new_quantity_and_goes_when_it_is_emptied(rep):
    product = a_product(price=10)
    a_price(product, 8, min_quantity=100)
    order = an_order({product: 5}, by=rep)
    line = line_of(order)

    edit_order(order.pk, Edit(0, change=[Change(line.pk, unit_price=Decimal("9.5"))]), by=rep)
    edit_order(order.pk, Edit(1, change=[Change(line.pk, ordered=200)]), by=rep)
    assert line_of(order).unit_price == Decimal("9.5")

    edit_order(order.pk, Edit(2, change=[Change(line.pk, unit_price=None)]), by=rep)
    assert line_of(order).unit_price == 8


def test_another_unit_forgets_the_price_that_was_typed_for_the_first(rep):
    product = a_product(price=10)
    box = a_unit(product, "BX", numerator=12)
    order = an_order({product: 12}, by=rep)
    line = line_of(order)
    edit_order(order.pk, Edit(0, change=[Change(line.pk, unit_price=Decimal(1))]), by=rep)

    edit_order(order.pk, Edit(1, change=[Change(line.pk, unit_id=box.pk)]), by=rep)

    assert line_of(order).unit_price == 120


def test_untouched_lines_keep_their_price_when_the_list_changes(rep):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    order = an_order({bolts: 1, nuts: 1}, by=rep)
    for product in (bolts, nuts):
        product.prices.update(price=99)

    edit_order(order.pk, Edit(0, change=[Change(order.lines.last().pk, ordered=2)]), by=rep)

    assert [line.unit_price for line in order.lines.all()] == [10, 99]


def test_the_header_is_filled_in_and_a_new_warehouse_holds_for_every_line(rep):
    order, south = an_order({a_product(): 5}, by=rep), a_warehouse("SOUTH")

    edit_order(order.pk, Edit(0, header=HeaderChange(customer_po="4500-77", warehouse_id=south.pk)), by=rep)

    order.refresh_from_db()
    assert (order.customer_po, order.warehouse, line_of(order).warehouse) == ("4500-77", south, south)


@pytest.mark.parametrize(
    "change",
    [
        {"ordered": 0},
        {"ordered": -1},
        {"ordered": 2**70},
        {"unit_price": Decimal("-1")},
        {"unit_price": Decimal("0.0000001")},
        {"unit_price": Decimal(10) ** 12},
        {"ordered": 10**12, "unit_price": Decimal(10) ** 11},
        {"discount_percent": Decimal(101)},
        {"discount_percent": Decimal("0.00001")},
    ],
)
def test_numbers_no_line_can_have_are_refused_before_the_database_is_asked(rep, change):
    order = an_order({a_product(): 5}, by=rep)

    with pytest.raises(BadQuantity):
        edit_order(order.pk, Edit(0, change=[Change(line_of(order).pk, **change)]), by=rep)

    assert Order.objects.get().revision == 0


def test_a_line_of_another_document_is_not_reached(rep):
    mine, other = an_order({a_product(): 5}, by=rep), an_order({a_product(): 5}, by=rep)

    for edit in (
        Edit(0, change=[Change(line_of(other).pk, ordered=1)]),
        Edit(0, remove=frozenset({line_of(other).pk})),
    ):
        with pytest.raises(Stale):
            edit_order(mine.pk, edit, by=rep)

    assert line_of(other).ordered == 5


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    return len(queries)


def test_a_batch_costs_the_same_number_of_statements_for_10_and_500_lines(rep):
    counts = {}
    for n in (10, 500):
        order = a_long_order(3 * n, by=rep)
        lines = list(order.lines.all())
        new = [LineInput(product.units.get().pk, 1) for product in many_products(n)]
        edit = Edit(
            0,
            add=new,
            change=[Change(line.pk, ordered=3) for line in lines[:n]],
            remove=frozenset(line.pk for line in lines[n : 2 * n]),
        )
        counts[n] = statements(lambda order=order, edit=edit: edit_order(order.pk, edit, by=rep))
        assert order.lines.count() == 3 * n

    assert counts[10] == counts[500] <= 20


def test_quotes_cost_the_same_too(rep):
    counts = {}
    for n in (10, 500):
        new = [LineInput(product.units.get().pk, 1) for product in many_products(n)]
        quote = draft_quote(Header(a_customer().pk), new, by=rep)
        lines = Quote.objects.get(pk=quote.pk).versions.get().lines.all()
        edit = Edit(0, change=[Change(line.pk, ordered=3) for line in lines])
        counts[n] = statements(lambda quote=quote, edit=edit: edit_quote(quote.pk, edit, by=rep))

    assert counts[10] == counts[500] <= 20
