"""The limit's question about stock over time answers as the vectors say: 100 on hand, -60, +40, -70 by day."""

from datetime import date

import pytest

from benchmarks import limit_schema as sql
from benchmarks.limit import Limit
from benchmarks.work import Lines, in_days


def given(limit: Limit, *, last_demand: int) -> None:
    """Give product 1 in warehouse 1 its supply and demand by day."""
    limit.take(Lines([2, 3], [1, 1]))
    limit.enter()
    first, second = limit.connection.execute("SELECT id FROM order_line ORDER BY id DESC LIMIT 2").fetchall()
    limit.connection.execute("UPDATE stock SET on_hand = 100 WHERE product_id = 1 AND warehouse_id = 1")
    demand = [(first[0], 60, in_days(3)), (second[0], last_demand, in_days(10))]
    with limit.connection.cursor() as cursor:
        cursor.executemany("INSERT INTO backorder VALUES (%s, 1, 1, %s, %s)", demand)
    limit.connection.execute(
        "INSERT INTO purchase_line (product_id, warehouse_id, due, expected_on) VALUES (1, 1, 40, %s)",
        [in_days(7)],
    )


def answer(limit: Limit, wanted: int) -> tuple[int, int, date | None]:
    """Return what is free, what can be promised today, and the first day the wanted quantity can."""
    limit.take(Lines([1], [wanted]))
    rows = {(row[0], row[1]): tuple(row[2:]) for row in limit.run(sql.AVAILABILITY)}
    return rows[1, 1]


def test_later_demand_binds_what_is_promised_today(limit: Limit):
    given(limit, last_demand=70)

    assert answer(limit, 10) == (100, 10, in_days(0))
    assert answer(limit, 11) == (100, 10, None)


@pytest.mark.parametrize(("wanted", "on"), [(40, 0), (41, 7), (50, 7)])
def test_supply_that_nobody_waits_for_can_be_promised_from_its_day(limit: Limit, wanted: int, on: int):
    given(limit, last_demand=30)

    assert answer(limit, wanted) == (100, 40, in_days(on))
