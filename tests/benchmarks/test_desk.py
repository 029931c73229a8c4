"""The pad is measured as its browser asks for it, and what the limit repeats leaves nothing behind."""

import pytest

from benchmarks.arguments import DESK
from benchmarks.desk import Desk, at_the_desk, replayed
from benchmarks.measure import Pair
from orders.models import Order, OrderLine

pytestmark = pytest.mark.usefixtures("few_runs")


def test_the_pad_takes_as_many_statements_for_any_lines(pair: Pair):
    rows = at_the_desk(pair, [2, 6], DESK)

    assert [(row["name"], row["size"]) for row in rows] == [(name, size) for name in DESK for size in (2, 6)]
    counts = [row["statements"] for row in rows]
    assert counts[::2] == counts[1::2]


def test_what_is_repeated_for_the_limit_is_rolled_back(pair: Pair):
    ask = Desk.of(pair).pad_paste(3, seed=1)
    before = OrderLine.objects.count()

    sent, _ms = replayed(ask)
    assert (OrderLine.objects.count(), any("INSERT" in text for text in sent)) == (before, True)
    ask()

    assert OrderLine.objects.count() == before + 3
    assert Order.objects.order_by("-pk")[0].lines.count() == 3
