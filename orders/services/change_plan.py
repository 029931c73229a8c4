"""What a change of an order in work comes to: each line before and after, what goes back and what needs a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from customers.status import ShippingPolicy
from inventory.units import from_base, written
from orders.allocation import Row
from orders.models import Order, OrderLine
from orders.services.pricing import LineInput, PricedInput
from orders.services.promise_ledger import Told
from orders.services.reallocating import Held, Touch, hard_of

DAY, SHIP_TO, WAREHOUSE = "requested_on", "ship_to_id", "warehouse_id"


ELSEWHERE = {
    "sku": "product__sku",
    "unit": "unit__name",
    "numerator": "unit__numerator",
    "denominator": "unit__denominator",
}  # what a line's state takes from other tables


class LineState(NamedTuple):
    """A line as it stands at a moment."""

    id: int
    position: int
    sku: str
    product_id: int
    unit_id: int
    unit: str
    numerator: int
    denominator: int
    warehouse_id: int
    ordered: int
    cancelled: int
    open: int
    allocated: int
    picked: int
    packed: int
    shipped: int
    list_price: Decimal | None
    unit_price: Decimal | None
    discount_percent: Decimal
    amount: Decimal
    unit_cost: Decimal
    trace: dict[str, Any]
    agreement_line_id: int | None
    document_discount: Decimal
    tax_percent: Decimal | None
    ship_on: date | None
    promised_on: date | None
    note: str

    @property
    def wanted(self) -> int:
        """What the customer gets of it in all."""
        return self.ordered - self.cancelled

    def sold(self, ordered: int) -> str:
        """Return base units in the line's unit, with its name."""
        quantity = from_base(ordered, numerator=self.numerator, denominator=self.denominator)
        return f"{written(quantity)} {self.unit}"

    def input(self, wanted: int) -> LineInput:
        """Return what is ordered when the customer wants so much of it in all."""
        return LineInput(self.unit_id, self.cancelled + wanted)


def lines_of(order: Order) -> dict[int, LineState]:
    """Return the lines as they stand, by id in their order."""
    columns = [ELSEWHERE.get(name, name) for name in LineState._fields]
    rows = OrderLine.objects.filter(order=order).order_by("position").values_list(*columns)
    return {row[0]: LineState._make(row) for row in rows}


@dataclass(frozen=True)
class Plan:
    """A change that may be made: the header and the lines that become different, with what the order holds."""

    order: Order
    header: Mapping[str, tuple[Any, Any]]
    before: Mapping[int, LineState]
    held: Sequence[Held]
    lines: Mapping[int, PricedInput]
    added: Sequence[PricedInput]

    @cached_property
    def after(self) -> dict[int, int]:
        """What the customer gets of each line in all, once it is changed."""
        return {
            pk: self.lines[pk].ordered - line.cancelled if pk in self.lines else line.wanted
            for pk, line in self.before.items()
        }

    @cached_property
    def rest(self) -> list[int]:
        """The lines of which something has yet to go to the warehouse."""
        hard = hard_of(self.held)
        return [pk for pk, line in self.before.items() if self.after[pk] > line.shipped + hard[pk]]

    @property
    def stays_in(self) -> int | None:
        """Where all that is not with the warehouse yet is to lie; None where it lies now."""
        return self.order.warehouse_id if WAREHOUSE in self.header else None

    @property
    def rows(self) -> set[Row]:
        """The stock that the order waits for from now on."""
        place = self.stays_in
        old = {(self.before[pk].product_id, place or self.before[pk].warehouse_id) for pk in self.rest}
        return old | {(line.product_id, self.order.warehouse_id) for line in self.added}

    @property
    def surplus(self) -> dict[int, int]:
        """How much more of a line is allocated than it may keep."""
        return {
            pk: line.allocated + line.picked + line.packed + line.shipped - self.after[pk]
            for pk, line in self.before.items()
            if pk in self.lines
        }

    @property
    def touched(self) -> dict[int, Touch]:
        """The lines that need a day again; those whose day or place changes may leave later than they were told."""
        due = [pk for pk, line in self.before.items() if self.after[pk] > line.shipped]
        whole = self.order.shipping_policy == ShippingPolicy.COMPLETE
        if self.header or whole:
            return {pk: Touch(is_new=self._is_new(pk)) for pk in due}
        return {pk: self._touch(pk) for pk in due if pk in self.lines}

    def _is_new(self, pk: int) -> bool:
        return self.stays_in is not None or self.after[pk] > self.before[pk].wanted

    def _touch(self, pk: int) -> Touch:
        line = self.before[pk]
        told = Told(pk, line.wanted, line.ship_on, line.promised_on)
        return Touch(told, is_new=self._is_new(pk))

    @property
    def taken_out(self) -> list[int]:
        """The lines that were told a day and of which nothing comes any more."""
        return [pk for pk in self.lines if not self.after[pk] and self.before[pk].ship_on]
