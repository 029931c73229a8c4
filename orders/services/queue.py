"""Who waits for stock, in which place of the queue and on what terms: read under the locks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from customers.status import ShippingPolicy
from inventory.services.levels import Level, as_arrays
from inventory.status import Scarcity
from inventory.units import whole_pack
from oms.prepared import planned_once
from oms.sets import array
from orders.allocation import Bid, Demand, Grant, Rank, Row, Terms, run
from orders.models.due import LATER
from orders.services.horizon import Later, bids_of, needed_of, with_needs
from orders.status import OrderStatus

# What orders get from which their rank is made. `o` is the order, `c` its customer.
# Its day is the first that a line of it is promised to leave on, the one requested while there is none.
RANK = "o.status, c.contract_class, o.priority, coalesce(o.ship_on, o.requested_on), o.confirmed_at"
# Who waits for these rows. Begins at the rows, so that it costs what they cost.
RIVALS = """
    SELECT DISTINCT w.order_id
    FROM unnest(%s::bigint[], %s::bigint[]) AS r(product_id, warehouse_id)
    JOIN orders_orderline w ON w.product_id = r.product_id AND w.warehouse_id = r.warehouse_id
    WHERE w.waits
"""
# An order with a least value for a shipment brings what is promised to it already.
ORDERS = f"""
    SELECT o.id, {RANK}, o.shipping_policy, o.minimum_percent, o.minimum_value, o.most_shipments,
           o.shipments_made, o.goods, c.contract_minimum_percent,
           CASE WHEN o.minimum_percent > 0 OR o.minimum_value > 0 THEN (
               SELECT json_agg(json_build_array(x.amount::text, x.ordered - x.cancelled, a.allocated - a.released))
               FROM orders_orderline x JOIN orders_allocation a ON a.line_id = x.id
               WHERE x.order_id = o.id AND x.ordered > x.cancelled) END
    FROM orders_order o JOIN customers_customer c ON c.id = o.customer_id
    WHERE o.id = ANY(%s::bigint[]) ORDER BY o.id
"""  # noqa: S608
LINES = f"""
    SELECT l.order_id, l.id, l.product_id, l.warehouse_id, l.open, l.ordered - l.cancelled, l.amount,
           CASE WHEN p.allocation = '{Scarcity.FAIR_SHARE}' THEN (
               SELECT json_build_array(u.numerator * u.multiple, u.denominator)
               FROM inventory_productunit u WHERE u.id = l.unit_id) END,
           {LATER}, least(l.ship_on, o.requested_on) - w.allocation_horizon_days, l.ship_on
    FROM orders_orderline l JOIN inventory_product p ON p.id = l.product_id
    JOIN orders_order o ON o.id = l.order_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE l.order_id = ANY(%s::bigint[]) AND l.open > 0 ORDER BY l.order_id, l.id
"""  # noqa: S608
FREE = """
    SELECT s.product_id, s.warehouse_id, greatest(s.available - s.channel_buffer - s.held, 0)
    FROM inventory_stocklevel s
    WHERE (s.product_id, s.warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""


class WaitingOrder(NamedTuple):
    """An order that waits, as ORDERS reads it."""

    order_id: int
    status: str
    contract_class: int
    priority: int
    promised_on: date
    confirmed_at: datetime | None
    policy: str
    minimum_percent: int
    minimum_value: Decimal
    most_shipments: int | None
    shipments_made: int
    goods: Decimal
    guaranteed_percent: int
    held: list[tuple[str, int, int]] | None

    @property
    def has_floor(self) -> bool:
        return bool(self.minimum_percent or self.minimum_value)

    @property
    def as_one(self) -> bool:
        """Whether its terms look at all lines together."""
        return self.has_floor or bool(self.most_shipments) or self.policy == ShippingPolicy.COMPLETE

    @property
    def shipments_left(self) -> int | None:
        return None if self.most_shipments is None else max(self.most_shipments - self.shipments_made, 1)


class WaitingLine(NamedTuple):
    """A line that waits, as LINES reads it; `pack` is the ratio of its pack where the product is shared fairly.

    `due_later` is the day on which it is due when that is beyond the horizon of its warehouse.
    """

    order_id: int
    line_id: int
    product_id: int
    warehouse_id: int
    open: int
    wanted: int
    amount: Decimal
    pack: list[int] | None
    due_later: date | None
    set_aside_on: date | None
    ship_on: date | None

    @property
    def row(self) -> Row:
        return self.product_id, self.warehouse_id


@dataclass(frozen=True, slots=True)
class Queue:
    """All bids that matter, what is free on their rows, and which rows are shared.

    Lines due `later` do not bid yet, but nobody is given what they need of the stock of today. What an order has of its
    `own`, since its quote held it, lies on rows that nobody else bids for.
    """

    bids: Sequence[Bid]
    free: Mapping[Row, int]
    fair: Collection[Row]
    later: Sequence[Later] = ()
    needed: Mapping[Row, int] = field(default_factory=dict)
    own: Mapping[Row, int] = field(default_factory=dict)

    def free_of(self, levels: Mapping[Row, Level]) -> dict[Row, int]:
        """Return what of the locked levels may be given to those who bid."""
        return {row: max(0, level.free - self.needed.get(row, 0)) for row, level in levels.items()}

    def in_turn(self) -> "Queue":
        """Return the queue of those who were promised something: what is due later keeps its part too."""
        return replace(self, bids=[*self.bids, *bids_of(self.later, self.bids)], needed={})

    def later_of(self, order: int) -> list[Later]:
        """Return the lines of this order whose stock is set aside later."""
        return [one for one in self.later if one.order_id == order]

    def grants_of(self, orders: Collection[int], free: Mapping[Row, int]) -> list[Grant]:
        """Return what these orders get when everybody takes part; `free` is what is free of the locked rows."""
        lines = {d.line_id for bid in self.bids if bid.order_id in orders for d in bid.demands}
        lines -= {one.demand.line_id for one in self.later}
        own = {_apart(row): units for row, units in self.own.items()}
        granted = run(self.bids, {**self.free, **free, **own}, self.fair)
        mine = [grant for grant in granted if grant.line_id in lines]
        return _on_shelves(mine) if own else mine

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

    def first_served(self, order: int, own: Mapping[Row, int]) -> "Queue":
        """Return the queue in which this order's lines first take what was held for it, before all others."""
        rows = {row: units for row, units in own.items() if row not in self.fair}
        if not rows:
            return self
        bids = [_with_own(bid, rows) if bid.order_id == order else bid for bid in self.bids]
        return replace(self, bids=bids, own=rows)


def _apart(row: Row) -> Row:
    """Return the row on which an order finds what was held for it: of the warehouse, but below zero."""
    return row[0], -row[1]


def _with_own(bid: Bid, own: Mapping[Row, int]) -> Bid:
    """Return the bid with each row that it has something of its own on preceded by that."""
    demands = []
    for demand in bid.demands:
        rows = [row for place in (demand.row, *demand.elsewhere) for row in (_apart(place), place)]
        rows = [row for row in rows if row[1] > 0 or _apart(row) in own]
        demands.append(demand._replace(row=rows[0], elsewhere=tuple(rows[1:])))
    return replace(bid, demands=demands)


def _on_shelves(grants: Iterable[Grant]) -> list[Grant]:
    """Return the grants on the rows on which the goods lie, one per line and row."""
    found = Counter[tuple[int, Row]]()
    for line, (product, place), quantity in grants:
        found[line, (product, abs(place))] += quantity
    return [Grant(line, row, quantity) for (line, row), quantity in found.items()]


def _moved(bid: Bid, rows: Mapping[int, Sequence[Row]]) -> Bid:
    return replace(bid, demands=[_from(demand, rows.get(demand.line_id)) for demand in bid.demands])


def _from(demand: Demand, rows: Sequence[Row] | None) -> Demand:
    return demand._replace(row=rows[0], elsewhere=tuple(rows[1:])) if rows else demand


def read_queue(orders: Iterable[int], levels: Mapping[Row, Level], *, at_once: bool = False) -> Queue:
    """Return these orders and all others that wait for something free of the locked `levels`.

    These orders bid `at_once` for what is due later too, when something was held for them.

    What is free of others is read without a lock: it decides only whether another order, which ships
    complete, could have all it wants.
    """
    own = set(orders)
    waiting, lines = read_waiting({*own, *_rivals([row for row, level in levels.items() if level.free > 0])})
    by_order = {order: list(found) for order, found in groupby(lines, key=attrgetter("order_id"))}
    later = [one for order in waiting for one in later_lines(order, by_order.get(order.order_id, ()))]
    later = [one for one in later if not (at_once and one.order_id in own)]
    not_yet = {one.demand.line_id for one in later}
    now = {pk: [x for x in found if x.line_id not in not_yet] for pk, found in by_order.items()}
    bids = [bid_of(order, now[order.order_id]) for order in waiting if now.get(order.order_id)]
    free = _free({line.row for line in lines}.difference(levels))
    fair = {line.row for line in lines if line.pack}
    short = Counter[Row]()
    for demand in (demand for bid in bids if bid.order_id not in own for demand in bid.demands):
        short[demand.row] += demand.quantity
    later = with_needs(later, short, {row for row, level in levels.items() if level.free})
    return Queue(bids, free, fair, later, needed_of(later))


def read_waiting(orders: Iterable[int]) -> tuple[list[WaitingOrder], list[WaitingLine]]:
    """Return these orders by id, and their lines that wait, order by order."""
    wanted = array(orders)
    with planned_once() as cursor:
        cursor.execute(ORDERS, [wanted])
        waiting = [WaitingOrder._make(row) for row in cursor.fetchall()]
        cursor.execute(LINES, [wanted])
        return waiting, [WaitingLine._make(row) for row in cursor.fetchall()]


def set_aside_later(order_id: int) -> list[Later]:
    """Return the lines of an order in work that are due beyond the horizon of their warehouse. Nothing is locked."""
    return read_queue([order_id], {}).later_of(order_id)


def later_lines(order: WaitingOrder, lines: Sequence[WaitingLine]) -> list[Later]:
    """Return the lines that do not bid yet. An order that leaves as a whole, or in no small part, bids as a whole."""
    later = [
        Later(
            line.order_id,
            rank_of(order[1:6], line.line_id),
            Demand(line.line_id, line.row, line.open),
            line.due_later,
            line.set_aside_on,
        )
        for line in lines
        if line.due_later and line.set_aside_on
    ]
    return [] if order.as_one and len(later) < len(lines) else later


def _rivals(rows: Collection[Row]) -> list[int]:
    if not rows:
        return []
    with planned_once() as cursor:
        cursor.execute(RIVALS, as_arrays(rows))
        return [row[0] for row in cursor.fetchall()]


def _free(rows: Collection[Row]) -> dict[Row, int]:
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FREE, as_arrays(rows))
        found = {(product, place): free for product, place, free in cursor.fetchall()}
    return {row: found.get(row, 0) for row in rows}


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


def bid_of(order: WaitingOrder, lines: Sequence[WaitingLine]) -> Bid:
    rank = rank_of(order[1:6], lines[0].line_id)
    return Bid(order.order_id, rank, [_demand(order, line) for line in lines], _terms(order))


def _demand(order: WaitingOrder, line: WaitingLine) -> Demand:
    demand = Demand(line.line_id, line.row, line.open)
    if line.pack:
        multiple = whole_pack(*line.pack)
        demand = demand._replace(multiple=multiple, minimum=line.open * order.guaranteed_percent // 100)
    if order.has_floor:
        demand = demand._replace(value=Fraction(line.amount) / line.wanted)
    return demand


def _terms(order: WaitingOrder) -> Terms:
    percent = Fraction(order.goods) * order.minimum_percent / 100
    held = (Fraction(amount) * quantity / ordered for amount, ordered, quantity in order.held or ())
    return Terms(
        ShippingPolicy(order.policy),
        floor=max(percent, Fraction(order.minimum_value)),
        held=sum(held, Fraction(0)),
        is_last=order.most_shipments is not None and order.shipments_made + 1 >= order.most_shipments,
    )
