"""The oracle of call-offs: what is wanted on which day, what became of it, and what the agreement has left."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.builders import in_days
from tests.campaigns.oracle import require
from tests.campaigns.oracle_documents import Line, Order
from tests.campaigns.oracle_late import WholeHouse

LEAD = 2  # days before the day wanted the clock calls off
WEEK = 7


@dataclass(eq=False)
class CallOff:
    """So many units wanted on a day, and the orders that were made of it."""

    product: str
    quantity: int
    day: int  # from today
    skipped: bool = False
    orders: list[Order] = field(default_factory=list)
    pk: int = 0

    @property
    def lines(self) -> list[tuple[Order, Line]]:
        return [(order, x) for order in self.orders for x in order.lines if x.product == self.product]

    @property
    def ordered(self) -> int:
        return sum(line.wanted for _order, line in self.lines)

    @property
    def drawn(self) -> int:
        return sum(order.draws_of(line) for order, line in self.lines)

    @property
    def open(self) -> int:
        return 0 if self.skipped else max(0, self.quantity - self.ordered)

    @property
    def never_called(self) -> bool:
        return not self.skipped and not self.orders


@dataclass(eq=False)
class CallingHouse(WholeHouse):
    """The house with a customer who calls off what was agreed; `agreed` has what there is at most, None without end."""

    agreed: dict[str, int | None] = field(default_factory=dict)
    call_offs: list[CallOff] = field(default_factory=list)

    def drawn(self, product: str) -> int:
        return sum(
            order.draws_of(line) for order in self.orders for line in order.lines if line.product == product
        )

    def left(self, product: str) -> int | None:
        most = self.agreed[product]
        return None if most is None else most - self.drawn(product)

    def require_left(self, order: Order) -> None:
        for product in self.agreed:
            asked = sum(line.wanted for line in order.lines if line.agreed and line.product == product)
            left = self.left(product)
            require(not asked or left is None or asked <= left, "agreement_short")

    def require_more(self, line: Line, more: int) -> None:
        left = self.left(line.product) if line.agreed else None
        require(left is None or more <= left, "agreement_short")

    def plan_call_offs(self, product: str, quantity: int, first: int, count: int) -> None:
        """Each day is the next one on which somebody works there."""
        require(first >= 0, "call_off_refused")
        days = [first_weekday(first + WEEK * n) for n in range(count)]
        self.require_days_free(product, days)
        self.call_offs += [CallOff(product, quantity, day) for day in days]
        self.require_room(product)

    def require_days_free(self, product: str, days: Collection[int]) -> None:
        taken = {one.day for one in self.call_offs if one.product == product and not one.skipped}
        require(not taken & set(days), "call_off_refused")

    def require_room(self, product: str) -> None:
        """What is taken and what is planned stay within what there is at most."""
        claims = sum(
            max(0, one.ordered + one.open - one.drawn) for one in self.call_offs if one.product == product
        )
        left = self.left(product)
        require(left is None or claims <= left, "call_off_refused")

    def change_call_off(self, one: CallOff, day: int, quantity: int) -> None:
        require(one.never_called, "call_off_refused")
        if day != one.day:
            require(day >= 0, "call_off_refused")
            self.require_days_free(one.product, [day])
        one.day, one.quantity = day, quantity
        self.require_room(one.product)

    def skip(self, one: CallOff) -> None:
        require(one.open > 0, "call_off_refused")
        one.skipped = True

    def plan_again(self, one: CallOff) -> None:
        require(one.skipped and one.day >= 0, "call_off_refused")
        self.require_days_free(one.product, [one.day])
        one.skipped = False
        self.require_room(one.product)

    def call_off(self, one: CallOff, warehouse: str) -> None:
        """What was never called off of the same day goes along. Without enough at the agreed price a draft is left."""
        require(one.open > 0, "call_off_refused")
        besides = [other for other in self.call_offs if other.day == one.day and other.never_called]
        together = [one, *(other for other in besides if other is not one)]
        parts = [part for each in together for part in self.parts_of(each)]
        order = Order(
            [Line(product, warehouse, units, agreed=at_its_price) for product, units, at_its_price in parts],
            wanted_in=max(0, one.day),
            called_off=True,
        )
        order.status = "submitted" if all(line.agreed for line in order.lines) else "draft"
        self.orders.append(order)
        for each in together:
            each.orders.append(order)

    def parts_of(self, one: CallOff) -> list[tuple[str, int, bool]]:
        left = self.left(one.product)
        at_its_price = one.open if left is None else min(one.open, max(0, left))
        parts = [(one.product, at_its_price, True), (one.product, one.open - at_its_price, False)]
        return [part for part in parts if part[1]]

    def call_off_due(self, day: int, warehouse: str) -> None:
        for one in sorted(self.call_offs, key=lambda one: one.day):
            if one.never_called and one.day <= day + LEAD:
                self.call_off(one, warehouse)

    def submit(self, order: Order) -> None:
        require(order.status == "draft", "illegal_move")
        self.require_left(order)
        order.status = "submitted"

    def follow_split(self, order: Order, part: Order) -> None:
        for one in self.call_offs:
            if order in one.orders:
                one.orders.append(part)


def first_weekday(day: int) -> int:
    while in_days(day).isoweekday() > 5:
        day += 1
    return day
