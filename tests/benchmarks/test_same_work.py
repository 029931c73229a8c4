"""Times are worth nothing unless both sides did the same: each benchmark is run small, and what it left is compared."""

import pytest

from benchmarks.contended import contended_orders
from benchmarks.limit import Limit
from benchmarks.measure import (
    LIFE,
    Pair,
    SidesDiffer,
    availability,
    life_of_orders,
    whole_life,
)
from benchmarks.ours import Ours
from benchmarks.profiling import profile
from benchmarks.work import SCARCE_ON_HAND, WAREHOUSES, asked_lines, order_lines
from tests.benchmarks.conftest import SMALL

pytestmark = pytest.mark.usefixtures("few_runs")
ORDERS_OF_A_SIZE = 2  # one run and the one that warms up


def test_both_houses_are_filled_alike(pair: Pair):
    facts = pair.ours.facts()

    assert facts == pair.limit.facts()
    assert facts["reserved"] == SMALL.scarce * SCARCE_ON_HAND * WAREHOUSES
    assert facts["waiting"] > 0 < facts["purchased"]


def test_an_orders_life_is_measured_step_by_step_and_both_sides_did_the_same(pair: Pair):
    rows = life_of_orders(pair, LIFE, [3])

    pair.require_same()
    assert [(row["name"], row["size"]) for row in rows] == [(name, 3) for name in LIFE]
    facts = pair.ours.facts()
    assert facts["completed"] == ORDERS_OF_A_SIZE
    assert facts["packed"] == facts["picked"] == facts["to_pick"] > 0


def test_ten_lines_take_as_many_statements_as_two(pair: Pair):
    rows = life_of_orders(pair, LIFE, [2, 10]) + availability(pair, [2, 10])

    by_size = [{row["name"]: row["statements"] for row in rows if row["size"] == size} for size in (2, 10)]
    assert by_size[0] == by_size[1]
    assert min(by_size[0].values()) > 0


def test_one_step_alone_is_shown_after_the_steps_that_lead_to_it(pair: Pair):
    before = pair.ours.facts()["reserved"]

    rows = life_of_orders(pair, ["confirm_order"], [5])

    pair.require_same()
    assert [row["name"] for row in rows] == ["confirm_order"]
    wanted = [sum(order_lines(5, SMALL, seed=500 + run).quantities) for run in range(ORDERS_OF_A_SIZE)]
    assert pair.ours.facts()["reserved"] - before == sum(wanted)


def test_what_follows_confirmation_is_one_step_beside_other_systems(pair: Pair):
    rows = whole_life(pair, [1])

    pair.require_same()
    assert [row["name"] for row in rows] == ["enter_order", "confirm_order", "fulfil_order"]
    assert pair.limit.facts()["completed"] == ORDERS_OF_A_SIZE


def test_work_that_only_one_side_did_is_refused_by_name(pair: Pair):
    lines = order_lines(1, SMALL, seed=1)
    pair.limit.take(lines)
    pair.limit.enter()

    with pytest.raises(SidesDiffer, match="lines, ordered, orders, total"):
        pair.require_same()


def test_another_answer_about_stock_is_refused(pair: Pair):
    assert len(availability(pair, [3])) == 1
    pair.limit.connection.execute("UPDATE stock SET on_hand = on_hand + 1 WHERE warehouse_id = 2")

    with pytest.raises(SidesDiffer):
        availability(pair, [3])


def test_the_question_about_stock_names_every_warehouse(pair: Pair):
    lines = asked_lines(4, SMALL, seed=1)

    answers = pair.ours.availability(lines)

    assert {place for _product, place in answers} == set(range(1, WAREHOUSES + 1))
    assert {product for product, _place in answers} == set(lines.products)


def test_a_profile_tells_the_database_from_the_rest(pair: Pair):
    report = profile(pair, "confirm_order", 3)

    assert report.startswith("confirm_order, 3 lines: ")
    assert "in Python" in report
    assert 'INSERT INTO "orders_allocation"' in report
    assert "List reduced" in report


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_orders_that_fight_for_the_same_products_are_counted_on_both_sides(
    database_url: str, limit_address: str, pair: Pair
):
    orders_before = pair.ours.facts()["orders"]

    (row,) = contended_orders((database_url, limit_address), SMALL, [2], orders=3, rounds=1)

    pair.require_same()
    assert (row["name"], row["workers"], row["failed"]) == ("contended_orders", 2, 0)
    assert row["ms"] > 0 < row["limit_ms"]
    warm_up = 3
    assert pair.ours.facts()["orders"] - orders_before == 2 * (warm_up + 3)


def test_an_order_that_fails_is_counted_and_not_tried_again(limit: Limit):
    from benchmarks.contended import _work, limits_side

    limit.connection.execute("UPDATE stock SET on_hand = 0, reserved = 0 WHERE warehouse_id = 1")
    enter, errors = limits_side(limit.connection.info.dsn)

    shift = _work(enter, errors, [order_lines(2, SMALL, seed=3), order_lines(2, SMALL, seed=4)])

    assert shift.failed == 1  # the second is served from another warehouse
    assert limit.facts()["orders"] == 2 * WAREHOUSES + 2


def test_our_side_names_its_steps_as_the_limit_does(pair: Pair):
    lines = order_lines(1, SMALL, seed=1)

    assert isinstance(pair.ours, Ours)
    assert tuple(pair.ours.steps(lines)) == tuple(pair.limit.steps(lines)) == LIFE
