"""What an order asks of the stock: its rank, its terms, and the quantities its lines want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from customers.status import ShippingPolicy

Row = tuple[int, int]  # product, warehouse


class Rank(NamedTuple):
    """Who is served before whom: the smaller rank. All lines of an order follow one another.

    What the warehouse has begun comes first, then the better contract, the more urgent order, the earlier
    promise, the earlier confirmation. The first line's id decides between equals.
    """

    not_begun: bool
    contract_class: int
    priority: int
    promised_on: date
    confirmed_at: datetime
    first_line_id: int


class Demand(NamedTuple):
    """A line wants `quantity` base units from a row; what is short there it may take from `elsewhere`, in turn.

    On a row that is shared fairly it takes multiples of `multiple`, and `minimum` before anybody shares.
    `value` is what one base unit is worth to its order.
    """

    line_id: int
    row: Row
    quantity: int
    elsewhere: tuple[Row, ...] = ()
    multiple: int = 1
    minimum: int = 0
    value: Fraction = Fraction(0)


class Grant(NamedTuple):
    """A line gets `quantity` base units of a stock row."""

    line_id: int
    row: Row
    quantity: int


@dataclass(frozen=True, slots=True)
class Terms:
    """When a part of an order may be taken.

    A shipment that leaves something open must reach the value `floor`, to which `held` counts: what is
    promised to the order and not released yet. `is_last` says that no further shipment is allowed.
    """

    policy: ShippingPolicy = ShippingPolicy.PARTIAL
    floor: Fraction = Fraction(0)
    held: Fraction = Fraction(0)
    is_last: bool = False

    @property
    def whole_lines(self) -> bool:
        return self.policy == ShippingPolicy.COMPLETE_LINES

    @property
    def whole_order(self) -> bool:
        if self.policy == ShippingPolicy.CANCEL_REST:
            return False
        return self.policy == ShippingPolicy.COMPLETE or self.is_last

    @property
    def can_fail(self) -> bool:
        """Whether there is anything the order would rather leave than take."""
        return self.whole_lines or self.whole_order or self.floor > self.held

    def accept(self, *, wanted: int, given: int, worth: Fraction) -> bool:
        """Return whether the order takes `given` of the quantity it wants."""
        if given >= wanted or self.policy == ShippingPolicy.CANCEL_REST:
            return True
        return not self.whole_order and self.held + worth >= self.floor


@dataclass(frozen=True, slots=True)
class Bid:
    """All that one order wants, in one place of the queue."""

    order_id: int
    rank: Rank
    demands: Sequence[Demand]
    terms: Terms = Terms()
