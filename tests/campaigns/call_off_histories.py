"""Histories of call-offs: planned, changed, skipped and planned again, and made into orders by people and the clock."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from orders.services.calling_off import call_off, call_off_due
from orders.services.scheduling import Portions, change_call_off, plan_again, plan_call_offs, skip_call_off
from orders.services.submitting import submit_order
from tests.builders import in_days
from tests.campaigns.late_histories import LateHistories, places_of_lines
from tests.campaigns.oracle_call_offs import CallOff
from tests.campaigns.oracle_documents import IN_WORK, Order
from tests.campaigns.proving import probes
from tests.campaigns.small_house import AGREED, BINS, WAREHOUSES, SmallHouse
from tests.campaigns.stock_histories import NTH, Histories, any_one, chosen, there_is

days = st.sampled_from([2, 2, 3, 4, 9, 20, -1])
portions = st.integers(1, 4)
CALLED_AT = WAREHOUSES[0]
TODAY, LATER = 0, 4  # days; never the same one, where there is a weekend between


def can_be_called(one: CallOff) -> bool:
    return one.open > 0


class CallOffHistories(LateHistories):
    """What a customer with an agreement wants on which day."""

    @property
    def call_offs(self) -> list[CallOff]:
        return self.house.call_offs

    @rule(product=st.sampled_from(list(AGREED)), quantity=portions, first=days, count=st.integers(1, 2))
    def plan_call_offs(self, product: str, quantity: int, first: int, count: int) -> None:
        here = self.start
        wanted = Portions(here.agreed[product], here.framed_at.pk, quantity, in_days(first), count=count)
        self.both(
            lambda: plan_call_offs(here.agreement.pk, wanted, by=None),
            lambda: self.house.plan_call_offs(product, quantity, first, count),
        )
        self.agree()

    @there_is("call_offs")
    @rule(n=any_one, day=days, quantity=portions)
    def change_call_off(self, n: int, day: int, quantity: int) -> None:
        one = chosen(self.call_offs, n, lambda one: one.never_called)
        self.both(
            lambda: change_call_off(one.pk, requested_on=in_days(day), quantity=quantity, by=None),
            lambda: self.house.change_call_off(one, day, quantity),
        )
        self.agree()

    def with_one(
        self,
        n: int,
        likely: Callable[[CallOff], bool],
        service: Callable[..., Any],
        oracle: Callable[[CallOff], None],
    ) -> None:
        one = chosen(self.call_offs, n, likely)
        self.both(lambda: service(one.pk, by=None), lambda: oracle(one))
        self.agree()

    @there_is("call_offs")
    @rule(n=any_one)
    def skip_call_off(self, n: int) -> None:
        self.with_one(n, can_be_called, skip_call_off, self.house.skip)

    @there_is("call_offs")
    @rule(n=any_one)
    def plan_again(self, n: int) -> None:
        self.with_one(n, lambda one: one.skipped, plan_again, self.house.plan_again)

    @there_is("call_offs")
    @rule(n=any_one)
    def call_off(self, n: int) -> None:
        self.with_one(n, can_be_called, call_off, lambda one: self.house.call_off(one, CALLED_AT))

    @there_is("call_offs")
    @rule(n=any_one)
    def call_off_and_confirm(self, n: int) -> None:
        self.call_off(n)
        self.confirm(NTH * (len(self.orders) - 1))

    @there_is("call_offs")
    @rule(day=st.integers(0, 7))
    def clock_calls_off(self, day: int) -> None:
        self.both(lambda: call_off_due(in_days(day)), lambda: self.house.call_off_due(day, CALLED_AT))
        self.agree()

    @property
    def called(self) -> list[Order]:
        return [order for order in self.orders if order.called_off and order.status in IN_WORK]

    @there_is("called")
    @rule(n=any_one, places=places_of_lines)
    def split_called_off(self, n: int, places: set[int]) -> None:
        """Otherwise another order is parted nearly always."""
        self.split(NTH * self.orders.index(chosen(self.called, n)), places)

    @there_is("called")
    @rule(n=any_one, wanted=st.integers(3, 8))
    def call_off_after_more(self, n: int, wanted: int) -> None:
        """Who wants more of an order called off leaves less of what was agreed for the next one."""
        order = chosen(self.called, n)
        self.change_line(order, order.lines[0], wanted)
        self.call_off(n)

    @there_is("orders")
    @rule(n=any_one)
    def submit_draft(self, n: int) -> None:
        """Somebody has looked at what is not at the agreed price."""
        self.step(n, "draft", submit_order, self.house.submit)


def begun(start: SmallHouse) -> SmallHouse:
    """Begin all histories in the middle: orders submitted, waiting, released, half picked and due later, and so on.

    One nut has come that nobody was served with yet, so that confirming another order would jump the queue. An order
    with the warehouse waits for it, so that a rest can be closed. One order was called off and confirmed, so that it
    can be changed, split and cancelled; with what is planned besides nearly all is taken that was agreed.
    """
    Histories.start = start
    teller = CallOffHistories()
    orders = [[("BOLT", 3), ("NUT", 2)], [("BOLT", 2), ("RARE", 1)], [("BOLT", 4), ("BOLT", 2)], [("NUT", 5)]]
    orders.append([("NUT", 3)])  # waits, and others hold what it waits for
    for n, lines in enumerate([*orders, [("NUT", 2)], [("RARE", 2)]]):
        teller.enter("NORTH", lines, 0)
        if n < len(orders):
            teller.confirm(NTH * n)
    teller.enter("NORTH", [("BOLT", 3)], 20)
    teller.confirm(NTH * (len(orders) + 2))
    teller.release(0)
    teller.release(NTH)
    teller.release(NTH * 3)
    teller.pick_all(0)
    teller.pack_all(0)
    teller.purchase("NORTH", [("NUT", 5), ("BOLT", 3)])
    teller.plan_transfer("BOLT", "NORTH", "SOUTH", 2)
    teller.dispatch(0, 2)
    teller.plan_transfer("BOLT", "NORTH", "SOUTH", 3)
    teller.receive("NUT", BINS[0], 1)
    teller.receive("BOLT", BINS[2], 4)
    teller.quote("NORTH", [("RARE", 1)], 2)
    teller.quote("SOUTH", [("BOLT", 3), ("NUT", 1)], 4)
    teller.receive("BOLT", BINS[0], 4)
    for quantity, day in [(3, TODAY), (4, LATER)]:
        teller.plan_call_offs("BOLT", quantity, day, 1)
        teller.plan_call_offs("NUT", 2, day, 1)
        if day == TODAY:
            teller.call_off(0)
            teller.confirm(NTH * (len(teller.orders) - 1))
    start.house, (start.of_apps, start.of_the_kernel) = teller.house, probes()
    return start
