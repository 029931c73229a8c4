"""Who waits for stock, in which place of the queue and on what terms: read in one statement under the locks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from customers.status import ShippingPolicy
from inventory.services.levels import as_arrays
from inventory.status import Scarcity
from oms.sets import array
from orders.allocation import Bid, Demand, Grant, Rank, Row, Terms, run
from orders.status import OrderStatus

# What orders get from which their rank is made. `o` is the order, `c` its customer.
RANK = "o.status, c.contract_class, o.priority, o.requested_on, o.confirmed_at"
# The open lines of the orders asked for, and of all who wait for something of `rows` that is free, with what is
# free of each line's own row. An order with a least value for a shipment brings what is promised to it already.
WAITING = f"""
    SELECT o.id, {RANK}, o.shipping_policy, o.minimum_percent, o.minimum_value, o.most_shipments,
           o.shipments_made, o.total, c.contract_minimum_percent,
           CASE WHEN o.minimum_percent > 0 OR o.minimum_value > 0 THEN (
               SELECT json_agg(json_build_array(x.amount::text, x.ordered, a.allocated - a.released))
               FROM orders_orderline x JOIN orders_allocation a ON a.line_id = x.id WHERE x.order_id = o.id) END,
           l.id, l.product_id, l.warehouse_id, l.open, l.ordered, l.amount,
           p.allocation, u.numerator, u.denominator, u.multiple, coalesce(s.on_hand - s.allocated, 0)
    FROM orders_orderline l
    JOIN orders_order o ON o.id = l.order_id
    JOIN customers_customer c ON c.id = o.customer_id
    JOIN inventory_product p ON p.id = l.product_id
    JOIN inventory_productunit u ON u.id = l.unit_id
    LEFT JOIN inventory_stocklevel s ON s.product_id = l.product_id AND s.warehouse_id = l.warehouse_id
    WHERE l.open > 0 AND l.order_id IN (
        SELECT unnest(%s::bigint[]) UNION
        SELECT w.order_id FROM orders_orderline w
        JOIN orders_order r ON r.id = w.order_id AND r.status IN ('confirmed', 'released')
        JOIN inventory_stocklevel f ON f.product_id = w.product_id AND f.warehouse_id = w.warehouse_id
        WHERE w.open > 0 AND f.available > 0
          AND (f.product_id, f.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])))
    ORDER BY o.id, l.id
"""  # noqa: S608


class Waiting(NamedTuple):
    """A line that waits, as WAITING reads it."""

    order_id: int
    status: str
    contract_class: int
    priority: int
    requested_on: date
    confirmed_at: datetime | None
    policy: str
    minimum_percent: int
    minimum_value: Decimal
    most_shipments: int | None
    shipments_made: int
    total: Decimal
    guaranteed_percent: int
    held: list[tuple[str, int, int]] | None
    line_id: int
    product_id: int
    warehouse_id: int
    open: int
    ordered: int
    amount: Decimal
    scarcity: str
    numerator: int
    denominator: int
    multiple: int
    free: int

    @property
    def row(self) -> Row:
        return self.product_id, self.warehouse_id


@dataclass(frozen=True, slots=True)
class Queue:
    """All bids that matter, what is free on their rows, and which rows are shared."""

    bids: Sequence[Bid]
    free: Mapping[Row, int]
    fair: Collection[Row]

    def grants_of(self, orders: Collection[int], free: Mapping[Row, int]) -> list[Grant]:
        """Return what these orders get when everybody takes part; `free` is what is free of the locked rows."""
        lines = {d.line_id for bid in self.bids if bid.order_id in orders for d in bid.demands}
        return [g for g in run(self.bids, {**self.free, **free}, self.fair) if g.line_id in lines]

    def orders_of(self, grants: Iterable[Grant]) -> set[int]:
        """Return the orders whose lines these grants are for."""
        lines = {grant.line_id for grant in grants}
        return {bid.order_id for bid in self.bids if any(d.line_id in lines for d in bid.demands)}

    def wanted_by_others(self, order: int) -> Counter[Row]:
        """Return what all but this order wait for, row by row."""
        wanted = Counter[Row]()
        for bid in self.bids:
            for demand in bid.demands if bid.order_id != order else ():
                wanted[demand.row] += demand.quantity
        return wanted

    def wanted_by(self, order: int) -> list[Demand]:
        """Return the lines of this order that wait."""
        return [demand for bid in self.bids if bid.order_id == order for demand in bid.demands]

    def served_from(self, order: int, rows: Mapping[int, Sequence[Row]]) -> "Queue":
        """Return the queue in which these lines of the order take from these rows, in turn."""
        return replace(self, bids=[_moved(bid, rows) if bid.order_id == order else bid for bid in self.bids])


def _moved(bid: Bid, rows: Mapping[int, Sequence[Row]]) -> Bid:
    return replace(bid, demands=[_from(demand, rows.get(demand.line_id)) for demand in bid.demands])


def _from(demand: Demand, rows: Sequence[Row] | None) -> Demand:
    return demand._replace(row=rows[0], elsewhere=tuple(rows[1:])) if rows else demand


def read_queue(orders: Iterable[int], rows: Iterable[Row]) -> Queue:
    """Return these orders and all others that wait for something free of `rows`.

    What is free outside `rows` is read without a lock: it decides only whether another order, which ships
    complete, could have all it wants.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [array(orders), *as_arrays(rows)])
        found = [Waiting._make(row) for row in cursor.fetchall()]
    return Queue(
        bids=[_bid(list(lines)) for _order, lines in groupby(found, key=attrgetter("order_id"))],
        free={line.row: max(0, line.free) for line in found},
        fair={line.row for line in found if line.scarcity == Scarcity.FAIR_SHARE},
    )


def rank_of(columns: Sequence[Any], first_line_id: int) -> Rank:
    """Return an order's place in the queue, from the columns of RANK."""
    status, contract_class, priority, promised_on, confirmed_at = columns
    return Rank(
        status != OrderStatus.RELEASED,
        contract_class,
        priority,
        promised_on,
        confirmed_at or timezone.now(),
        first_line_id,
    )


def _bid(lines: list[Waiting]) -> Bid:
    first = lines[0]
    rank = rank_of(first[1:6], first.line_id)
    return Bid(first.order_id, rank, [_demand(line) for line in lines], _terms(first))


def _demand(line: Waiting) -> Demand:
    demand = Demand(line.line_id, line.row, line.open)
    if line.scarcity == Scarcity.FAIR_SHARE:
        multiple = Fraction(line.numerator * line.multiple, line.denominator).numerator
        demand = demand._replace(multiple=multiple, minimum=line.open * line.guaranteed_percent // 100)
    if line.minimum_percent or line.minimum_value:
        demand = demand._replace(value=Fraction(line.amount) / line.ordered)
    return demand


def _terms(line: Waiting) -> Terms:
    percent = Fraction(line.total) * line.minimum_percent / 100
    held = (Fraction(amount) * quantity / ordered for amount, ordered, quantity in line.held or ())
    return Terms(
        ShippingPolicy(line.policy),
        floor=max(percent, Fraction(line.minimum_value)),
        held=sum(held, Fraction(0)),
        is_last=line.most_shipments is not None and line.shipments_made + 1 >= line.most_shipments,
    )
