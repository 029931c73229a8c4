"""The one sentence: what an order waits for, whose turn it is, since when, and what is next."""

from datetime import UTC, date, datetime

import pytest

from orders.status import OrderStatus, QuoteStatus
from orders.waiting import Blocker, Situation, order_waits_for, quote_waits_for

SINCE = datetime(2026, 6, 1, 8, tzinfo=UTC)
EARLIER = datetime(2026, 5, 30, 8, tzinfo=UTC)
HELD = Blocker("total 1,060 is above 1,000", "Sales manager", EARLIER, "approve or reject it")


def waits(status, **facts):
    found = order_waits_for(Situation(status, SINCE, **facts))
    return found.owner, found.cause, found.next_step


def test_a_hold_comes_before_everything_else():
    found = order_waits_for(
        Situation(OrderStatus.CONFIRMED, SINCE, blockers=[HELD], unreleased=True, backordered=2)
    )

    assert (found.owner, found.since, found.cause) == ("Sales manager", EARLIER, "total 1,060 is above 1,000")


@pytest.mark.parametrize(
    ("status", "facts", "owner", "next_step"),
    [
        (OrderStatus.DRAFT, {}, "sales", "submit it"),
        (OrderStatus.SUBMITTED, {}, "sales", "confirm it"),
        (OrderStatus.CONFIRMED, {"unreleased": True}, "the warehouse", "release it"),
        (OrderStatus.RELEASED, {"in_the_warehouse": True}, "the warehouse", "ship it"),
        (OrderStatus.COMPLETED, {}, "finance", "close it"),
        (OrderStatus.CLOSED, {}, "", ""),
        (OrderStatus.CANCELLED, {}, "", ""),
    ],
)
def test_every_state_names_whose_turn_it_is_and_what_is_next(status, facts, owner, next_step):
    found = waits(status, **facts)

    assert (found[0], found[2]) == (owner, next_step)


def test_every_state_has_a_sentence():
    assert all(waits(status)[1] for status in OrderStatus)
    assert all(quote_waits_for(status, SINCE, [], date(2026, 6, 30)).cause for status in QuoteStatus)


def test_missing_stock_is_named_with_the_day_it_is_expected():
    owner, cause, next_step = waits(
        OrderStatus.CONFIRMED,
        lines=5,
        backordered=4,
        short=["V-220", "V-221", "V-222"],
        supply_on=date(2026, 6, 14),
    )

    assert (owner, cause) == ("purchasing", "4 lines wait for stock: V-220, V-221, V-222 …")
    assert "14 Jun 2026" in next_step


def test_stock_that_nobody_has_bought_is_said_so():
    assert "nothing is on its way" in waits(OrderStatus.CONFIRMED, backordered=1, short=["V-220"])[2]


def test_a_day_that_has_passed_is_late_and_what_nobody_bought_is_named():
    next_step = waits(
        OrderStatus.CONFIRMED,
        backordered=6,
        short=["A", "B", "C"],
        supply_on=date(2026, 6, 14),
        late_since=date(2026, 5, 30),
        unsupplied=["B", "C", "D"],
        unsupplied_lines=4,
    )[2]

    assert next_step == (
        "nothing is on its way for B, C, D …; buy it; a delivery is late, was due on 30 May 2026; "
        "the next delivery is expected on 14 Jun 2026"
    )


def test_a_part_that_has_left_is_counted():
    cause = waits(OrderStatus.RELEASED, lines=12, shipped=8, backordered=4, short=["A"])[1]

    assert "8 of 12 lines shipped" in cause


def test_a_quote_waits_for_its_approver_then_for_the_customer():
    waiting = quote_waits_for(QuoteStatus.WAITING, SINCE, [HELD], date(2026, 6, 30))
    sent = quote_waits_for(QuoteStatus.SENT, SINCE, [], date(2026, 6, 30))

    assert (waiting.owner, sent.owner) == ("Sales manager", "the customer")
    assert "30 Jun 2026" in sent.next_step


@pytest.mark.parametrize(
    ("facts", "said", "first"),
    [
        ({"unreleased": True}, "its stock is reserved and not released", "release it"),
        ({"in_the_warehouse": True}, "it is being picked or packed", "ship it"),
    ],
)
def test_what_the_warehouse_works_on_names_its_backorder_too(facts, said, first):
    owner, cause, next_step = waits(
        OrderStatus.RELEASED,
        lines=5,
        shipped=1,
        backordered=1,
        short=["V-220"],
        unsupplied=["V-220"],
        unsupplied_lines=1,
        **facts,
    )

    assert owner == "the warehouse and purchasing"
    assert cause == f"{said}; 1 line waits for stock: V-220 (1 of 5 lines shipped)"
    assert next_step == f"{first}; nothing is on its way for V-220; buy it"
