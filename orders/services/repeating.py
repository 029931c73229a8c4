"""What a customer bought before is offered again, at today's prices, in a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from inventory.models import ProductUnit
from inventory.status import ProductStatus
from inventory.units import from_base, written
from oms.models import User
from orders.models import Order, OrderLine
from orders.services.pricing import LineInput, PricedInput, price_parts
from orders.services.sheets import Sheet
from orders.status import OrderStatus

RECENT_ORDERS = 50
MOST_LINES = 2000
MOST_PRODUCTS = 200
NEVER_ORDERED = (OrderStatus.DRAFT, OrderStatus.CANCELLED)


@dataclass(slots=True)
class Again:
    """What was bought, how it stood then, and what it costs today. With an `entry` it can be ordered again."""

    line: OrderLine
    quantity: str
    ordered_on: date
    times: int = 1
    price: Decimal | None = None

    @property
    def unit(self) -> ProductUnit:
        return self.line.unit

    @property
    def is_sold(self) -> bool:
        return self.line.product.status == ProductStatus.ACTIVE

    @property
    def is_changed(self) -> bool:
        """Whether today's price is not the one of then."""
        return self.price != self.line.unit_price

    @property
    def entry(self) -> str:
        return f"{self.line.product.sku} {self.quantity} {self.unit.code}" if self.is_sold else ""


def last_order(sheet: Sheet, *, by: User) -> Order | None:
    """Return the last order of a draft's customer that was submitted, if the person may see it."""
    return last_order_of(sheet.document.customer_id, by=by)


def last_order_of(customer_id: int, *, by: User) -> Order | None:
    """Return the customer's last order that was submitted, if the person may see it."""
    return _orders_before(customer_id, by).first()


def lines_again(sheet: Sheet, order: Order) -> list[Again]:
    """Return the lines of an order of the same customer with today's prices."""
    lines = _wanted(order.lines).order_by("position")[:MOST_LINES]
    return _priced(sheet, [_again(line, order.ordered_on) for line in lines])


def bought_before(sheet: Sheet, *, by: User) -> list[Again]:
    """Return what the customer's recent orders held, each product and unit once as it was ordered last."""
    days = dict(
        _orders_before(sheet.document.customer_id, by).values_list("pk", "ordered_on")[:RECENT_ORDERS]
    )
    lines = _wanted(OrderLine.objects.filter(order__any_of=list(days)))
    return _priced(sheet, _each_once(lines.order_by("-order_id", "position")[:MOST_LINES], days))


def _wanted(lines: Any) -> QuerySet[OrderLine]:
    """Return the lines with what they order; of one that was taken out nothing was bought."""
    found: QuerySet[OrderLine] = lines.filter(ordered__gt=0).select_related("product", "unit")
    return found


def _orders_before(customer_id: int, by: User) -> QuerySet[Order]:
    orders = Order.objects.visible_to(by).filter(customer=customer_id)
    return orders.exclude(status__in=NEVER_ORDERED).order_by("-pk")


def _each_once(lines: Iterable[OrderLine], days: dict[int, date]) -> list[Again]:
    found: dict[tuple[int, int], Again] = {}
    for line in lines:
        key = line.product_id, line.unit_id
        if key in found:
            found[key].times += 1
        else:
            found[key] = _again(line, days[line.order_id])
    return list(found.values())[:MOST_PRODUCTS]


def _again(line: OrderLine, day: date) -> Again:
    exact = from_base(line.ordered, numerator=line.unit.numerator, denominator=line.unit.denominator)
    return Again(line, written(exact), day)


def _priced(sheet: Sheet, found: Sequence[Again]) -> list[Again]:
    for one, priced in zip(found, _today(sheet, found), strict=True):
        one.price = priced.unit_price
    return list(found)


def _today(sheet: Sheet, found: Sequence[Again]) -> list[PricedInput]:
    if not found:
        return []
    lines = [LineInput(one.unit.pk, one.line.ordered, stands=True) for one in found]
    return [parts[0] for parts in price_parts(sheet.buyer, lines)]
