"""Stock is promised to lines: at confirmation, and to backorders as soon as it comes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from customers.status import ShippingPolicy
from inventory.errors import NotEnoughStock, Shortage
from inventory.services.levels import Level, lock_levels
from oms.models import User
from oms.prepared import planned_once
from oms.sets import add_to_rows, insert_rows
from orders.allocation import Demand, Grant, Row
from orders.models import Allocation, Order, OrderLine
from orders.models.due import LATER
from orders.services.horizon import Later
from orders.services.promise_ledger import Told, write_promises
from orders.services.promised import promises_for
from orders.services.queue import read_queue
from orders.services.sourcing import open_sites, options_for
from orders.services.stock_holds import held_rows, take_over
from orders.services.taking_off import take_off_cancelled
from orders.status import IN_WORK

BATCH_OF_ORDERS = 200

# Orders that wait, and whose turn it is by the day they are due, for a product of which something is free.
SERVABLE = f"""
    SELECT DISTINCT o.id
    FROM orders_orderline l
    JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_stocklevel s ON s.product_id = l.product_id AND s.warehouse_id = l.warehouse_id
    JOIN inventory_warehouse w ON w.id = l.warehouse_id
    JOIN inventory_product p ON p.id = l.product_id
    WHERE l.waits AND s.available > s.channel_buffer + s.held
      AND {LATER} IS NULL AND o.id > %s::bigint
    ORDER BY o.id LIMIT %s
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that gets less than it waits for, and whether the rest may wait on."""

    line_id: int
    row: Row
    wanted: int
    given: int
    sku: str
    may_wait: bool

    @property
    def rest(self) -> int:
        return self.wanted - self.given


def allocate_order(order: Order, *, by: User | None = None) -> int:
    """Promise the order what is free, by its rank among those who wait and by its own terms; return how much.

    What its quote held for it goes to it before all others, and at once.
    What it does not get is backordered, or cancelled when its terms say so; what is due beyond the horizon of its
    warehouse is promised for its day and set aside when it comes due. The caller holds the lock on the
    order. Raise NotEnoughStock when a short product may not be backordered, or nothing is there and nothing may wait.
    """
    rows = list(open_lines_of([order.pk]).values_list("product_id", "warehouse_id"))
    if not rows:
        return 0
    sites = open_sites(order, (product for product, _place in rows))
    held = held_rows(order)
    levels = lock_levels([*rows, *sites.rows, *held])
    own = take_over(order, held, levels)
    queue = sites.widen(read_queue([order.pk], levels, at_once=bool(own)), order, levels, own)
    queue = queue.first_served(order.pk, own)
    granted = queue.grants_of([order.pk], queue.free_of(levels))
    short = short_lines(queue.wanted_by(order.pk), granted)
    require_may_wait(order, short, granted)
    later = queue.later_of(order.pk)
    told = promises_for(order, granted, [*waiting_rest(order, short), *(one.demand for one in later)])
    insert_grants(granted, levels, told)
    if later:
        tell_later(order, later, by=by)
    if short:
        settle_rest(order, short, by=by)
    write_promises(order.pk, told.values(), by=by)
    return sum(grant.quantity for grant in granted)


def tell_later(order: Order, later: Sequence[Later], *, by: User | None) -> None:
    """Keep in the history that lines are due so late that their stock is not set aside yet."""
    first, quantity = min(one.set_aside_on for one in later), sum(one.demand.quantity for one in later)
    order.record("set aside later", by=by, on=first.isoformat(), lines=len(later), quantity=quantity)


def open_lines_of(orders: Sequence[int]) -> Any:
    """Return the lines of these orders that wait for stock, in no order."""
    return OrderLine.objects.filter(order__any_of=orders, open__gt=0).order_by()


def short_lines(wanted: Sequence[Demand], granted: Sequence[Grant]) -> list[ShortLine]:
    """Return the lines of which something stays open, in the order of the document."""
    given = Counter[int]()
    for grant in granted:
        given[grant.line_id] += grant.quantity
    short = {x.line_id: x for x in wanted if given[x.line_id] < x.quantity}
    if not short:
        return []
    products = OrderLine.objects.filter(pk__any_of=short).order_by("position")
    named = products.values_list(
        "pk", "warehouse_id", "product_id", "product__sku", "product__backorder_allowed"
    )
    return [
        ShortLine(pk, (product, place), short[pk].quantity, given[pk], sku, may_wait)
        for pk, place, product, sku, may_wait in named
    ]


def waiting_rest(order: Order, short: Sequence[ShortLine]) -> list[Demand]:
    """Return what these lines still wait for, each where it waits; nothing where the terms cancel the rest."""
    if order.shipping_policy == ShippingPolicy.CANCEL_REST:
        return []
    return [Demand(line.line_id, line.row, line.rest) for line in short]


def settle_rest(order: Order, short: Sequence[ShortLine], *, by: User | None) -> None:
    """Cancel what stays open when the order's terms say so; else keep what would help for display."""
    if order.shipping_policy == ShippingPolicy.CANCEL_REST:
        rest = OrderLine.objects.filter(order=order, open__gt=0)
        rest.update(cancelled=F("cancelled") + F("open"))
        take_off_cancelled(order)
        order.record("rest cancelled", by=by, cancelled=sum(line.rest for line in short))
    else:
        options = options_for(order, waiting_rest(order, short))
        order.record("short", by=by, options=options)


def require_may_wait(order: Order, short: Sequence[ShortLine], granted: Sequence[Grant]) -> None:
    """Raise NotEnoughStock, naming every short product that may not be backordered."""
    if order.shipping_policy == ShippingPolicy.CANCEL_REST:
        refused = [] if granted else list(short)
        remedy = _("Nothing of the order is there; cancel it, or let it wait by its shipping terms.")
    else:
        refused = [line for line in short if not line.may_wait]
        remedy = _("These products are not backordered; lower the quantity or choose another warehouse.")
        if order.shipping_policy == ShippingPolicy.COMPLETE:
            remedy = _(
                "The order ships complete, and these products are not backordered; change one or the other."
            )
    if refused:
        shortages = [Shortage(line.sku, line.wanted, line.given) for line in refused]
        raise NotEnoughStock(order.number, shortages, remedy=remedy)


def insert_grants(
    granted: Sequence[Grant], levels: Mapping[Row, Level], told: Mapping[int, Told] | None = None
) -> None:
    """Write first allocations of lines; the trigger keeps the stock levels, the lines' counters and their days."""
    if not granted:
        return
    columns: dict[str, list[Any]] = {
        "line_id": [grant.line_id for grant in granted],
        "stock_level_id": [levels[grant.row].id for grant in granted],
        "allocated": [grant.quantity for grant in granted],
    }
    if told:
        columns["ship_on"] = [told[grant.line_id].ship_on for grant in granted]
        columns["promised_on"] = [told[grant.line_id].promised_on for grant in granted]
    insert_rows(Allocation, columns)


def add_grants(granted: Sequence[Grant], levels: Mapping[Row, Level]) -> None:
    """Write allocations of lines that may have some of the same stock level already."""
    there = {
        (line, level): pk
        for pk, line, level in Allocation.objects.filter(
            line__any_of=[grant.line_id for grant in granted]
        ).values_list("pk", "line_id", "stock_level_id")
    }
    known = [(there.get((grant.line_id, levels[grant.row].id)), grant) for grant in granted]
    again = [(pk, grant.quantity) for pk, grant in known if pk is not None]
    add_to_rows(Allocation, [pk for pk, _q in again], allocated=[quantity for _pk, quantity in again])
    insert_grants([grant for pk, grant in known if pk is None], levels)


def serve_backorders(*, by: User | None = None) -> int:
    """Promise free stock to the orders that wait for it, by rank and by their terms; return how many got some.

    Called after supply has committed, and by a task in case nobody called. Safe to run at once with anything.
    """
    served: set[int] = set()
    while lucky := _serve_once(by):
        served |= lucky
    return len(served)


def _serve_once(by: User | None) -> set[int]:
    """Go once through all who wait, batch after batch; return the orders that got some."""
    served, last = set[int](), 0
    while batch := _servable(after=last):
        served |= _serve_batch(batch, by)
        last = batch[-1]
    return served


def _servable(*, after: int) -> list[int]:
    with planned_once() as cursor:
        cursor.execute(SERVABLE, [after, BATCH_OF_ORDERS])
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _serve_batch(batch: Sequence[int], by: User | None) -> set[int]:
    """Serve these orders what is theirs; what is others' by rank stays for them."""
    waiting = Order.objects.filter(pk__any_of=batch, status__in=IN_WORK)
    orders = list(waiting.locked().values_list("pk", flat=True))
    rows = list(open_lines_of(orders).values_list("product_id", "warehouse_id"))
    if not rows:
        return set()
    levels = lock_levels(rows)
    queue = read_queue(orders, levels).in_turn()
    granted = queue.grants_of(orders, queue.free_of(levels))
    if not granted:
        return set()
    add_grants(granted, levels)
    lucky = queue.orders_of(granted)
    Order.record_all(lucky, "allocated", by=by)
    return lucky


def give_back(order: Order) -> None:
    """Free all stock promised to the order that nobody has picked. The caller holds the order's lock."""
    held = list(
        Allocation.objects.filter(line__order=order, allocated__gt=0).values_list(
            "pk", "allocated", "stock_level__product_id", "stock_level__warehouse_id"
        )
    )
    if not held:
        return
    lock_levels((product, place) for _pk, _a, product, place in held)
    add_to_rows(Allocation, [row[0] for row in held], allocated=[-row[1] for row in held])
