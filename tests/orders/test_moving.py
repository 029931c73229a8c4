"""Where lines of a draft stand: moved, put right below another, and by two people at once."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import PriceRule
from oms.errors import Stale
from orders.moving import Move, places_after
from orders.services.capturing import Header, order_from_quote
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order, edit_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from tests.builders import (
    a_customer,
    a_line,
    a_long_order,
    a_product,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    an_order,
    in_days,
)

STANDING = {10: 1, 20: 2, 30: 4, 40: 7}  # by line, with gaps where lines were removed


def in_order(standing, changed):
    return sorted(standing, key=lambda line: (standing | changed)[line])


@pytest.mark.parametrize(
    ("move", "order"),
    [
        (Move(20, 1), [20, 10, 30, 40]),
        (Move(20, 4), [10, 30, 20, 40]),
        (Move(40, 1), [40, 10, 20, 30]),
        (Move(10, 7), [20, 30, 40, 10]),
        (Move(10, 3), [20, 10, 30, 40]),  # nobody stands at 3
        (Move(40, 3), [10, 20, 40, 30]),
        (Move(10, 0), [10, 20, 30, 40]),
        (Move(10, 2**63 - 1), [20, 30, 40, 10]),
        (Move(40, 10, below=True), [10, 40, 20, 30]),
        (Move(10, 30, below=True), [20, 30, 10, 40]),
        (Move(30, 99, below=True), [10, 20, 30, 40]),  # the line above is gone
    ],
)
def test_a_line_takes_the_place_and_those_between_move_up_by_one(move, order):
    assert in_order(STANDING, places_after(STANDING, [move])) == order


def test_no_place_comes_or_goes_and_moves_are_taken_back_one_by_one():
    every = [Move(line, to) for line in STANDING for to in range(9)]
    for moves in product(every, repeat=2):
        standing, back = dict(STANDING), []
        for move in moves:
            back.append(Move(move.line, standing[move.line]))
            standing |= places_after(standing, [move])
        assert sorted(standing.values()) == sorted(STANDING.values())
        assert standing == STANDING | places_after(STANDING, moves)
        assert standing | places_after(standing, back[::-1]) == STANDING


# --- in a draft ---------------------------------------------------------------------------------------------------


@pytest.fixture
def rep(db):
    a_warehouse()
    return a_user("orders.override_price")


def rows(lines):
    return [(line.position, line.product.sku, line.note) for line in lines.order_by("position")]


def test_lines_are_moved_copied_and_noted_at_the_prices_they_have(rep):
    bolt, nut, pin = a_product("BOLT"), a_product("NUT"), a_product("PIN")
    order = an_order({bolt: 5, nut: 7, pin: 9}, by=rep)
    lines = list(order.lines.order_by("position"))
    PriceRule.objects.update(price=99)

    edited = edit_order(
        order.pk,
        Edit(
            0,
            add=[a_line(nut, 2)._replace(note="for the roof")],
            change=[Change(lines[0].pk, note="blue ones")],
            below={0: lines[1].pk},
            moves=[Move(lines[0].pk, 4)],
        ),
        by=rep,
    )

    assert rows(order.lines) == [
        (1, "NUT", ""),
        (2, "NUT", "for the roof"),
        (3, "PIN", ""),
        (4, "BOLT", "blue ones"),
    ]
    assert order.lines.get(product=bolt).unit_price == 10  # a note and a move ask no list
    assert edited.products == {bolt.pk, nut.pk}  # the pin is third as before
    edit_order(order.pk, Edit(1, change=[Change(lines[0].pk, ordered=6)]), by=rep)
    assert rows(order.lines)[3] == (4, "BOLT", "blue ones")  # priced again, it keeps its note


def test_a_note_goes_with_its_line_into_the_next_version_the_order_and_the_rest_of_an_agreement(rep):
    bolt, customer = a_product("BOLT"), a_customer()
    quote = draft_quote(Header(customer.pk), [a_line(bolt, 5)], by=rep)
    line = quote.versions.get().lines.get()
    edit_quote(quote.pk, Edit(0, change=[Change(line.pk, note="blue ones")]), by=rep)
    send_quote(quote.pk, by=rep)
    revise_quote(quote.pk, by=rep)
    send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("Kern"), by=rep)
    assert rows(order_from_quote(quote.pk, by=rep).lines) == [(1, "BOLT", "blue ones")]

    an_agreement(customer, agreed(bolt, 9, maximum=3))
    order = an_order({}, customer=customer, by=rep)
    edit_order(order.pk, Edit(0, add=[a_line(bolt, 8)._replace(note="blue ones")]), by=rep)
    assert [note for _place, _sku, note in rows(order.lines)] == ["blue ones", "blue ones"]


def test_a_note_outlives_changes_of_the_confirmed_order_and_goes_with_what_is_split_off(rep):
    bolt, nut = a_product("BOLT"), a_product("NUT")
    order = an_order({bolt: 5, nut: 7}, by=rep)
    edit_order(order.pk, Edit(0, change=[Change(line.pk, note="blue") for line in order.lines.all()]), by=rep)
    submit_order(order.pk, by=rep)
    confirm_order(order.pk, by=rep)
    change_order(order.pk, OrderChange(1, {order.lines.first().pk: 4}), by=rep)
    part = split_order(order.pk, Split(2, frozenset({1}), in_days(9)), by=rep)

    assert rows(part.lines) == [(1, "BOLT", "blue")]
    assert [note for _place, _sku, note in rows(order.lines)] == ["blue", "blue"]


def test_a_line_that_is_gone_is_not_moved_and_one_is_added_behind_all_where_the_one_above_is_gone(rep):
    bolt, nut = a_product("BOLT"), a_product("NUT")
    order = an_order({bolt: 5, nut: 7}, by=rep)
    first, second = order.lines.order_by("position")
    edit_order(order.pk, Edit(0, remove=frozenset({first.pk}), moves=[Move(first.pk, 2)]), by=rep)

    with pytest.raises(Stale):
        edit_order(order.pk, Edit(1, moves=[Move(first.pk, 2)], remove=frozenset({second.pk})), by=rep)

    edit_order(order.pk, Edit(1, add=[a_line(bolt, 1)], below={0: first.pk}), by=rep)
    assert rows(order.lines) == [(2, "NUT", ""), (3, "BOLT", "")]


def test_moving_and_noting_cost_the_same_number_of_statements_for_10_and_500_lines(rep):
    counts = {}
    for n in (10, 500):
        order = a_long_order(n, by=rep)
        lines = list(order.lines.order_by("position"))
        edit = Edit(
            0,
            change=[Change(line.pk, note="x") for line in lines],
            moves=[Move(lines[0].pk, n), Move(lines[-1].pk, 1)],
        )
        with CaptureQueriesContext(connection) as queries:
            edit_order(order.pk, edit, by=rep)
        counts[n] = len(queries)
        assert set(order.lines.values_list("note", flat=True)) == {"x"}
        assert order.lines.earliest("position") == lines[-1]

    assert counts[10] == counts[500] <= 16


def test_two_lines_never_stand_at_one_place_once_the_statement_is_done(rep):
    order = an_order({a_product("BOLT"): 5, a_product("NUT"): 7}, by=rep)
    with pytest.raises(IntegrityError, match="one_order_line_per_position"), transaction.atomic():
        order.lines.update(position=1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderline DROP CONSTRAINT one_order_line_per_position")
    assert order.lines.update(position=1) == 2
