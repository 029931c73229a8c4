"""Promises are watched: what changes for lines that wait is written down with its cause; customers are told anew."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Warehouse
from oms.company import business_day
from oms.models import User
from oms.prepared import planned_once
from oms.rows import lock_row
from oms.sets import array
from orders.errors import NothingOpen
from orders.expecting import LOSSES, Before, Bringer, why_changed
from orders.models import Order, OrderLine
from orders.promising import Place
from orders.services.expecting import Waits, waiting_for, waits_of
from orders.services.promise_ledger import Entry, Told, write_entries, write_promises
from orders.services.promising import destination_of, sites_at
from orders.status import IN_WORK, PromiseCause

BATCH_OF_PLACES = 500

PLACES = """
    SELECT DISTINCT l.product_id, l.warehouse_id FROM orders_orderline l
    WHERE l.waits AND (l.product_id, l.warehouse_id) > (%s, %s)
    ORDER BY 1, 2 LIMIT %s
"""
# What the ledger says last of each line, and what its order has lost since.
LAST = """
    SELECT DISTINCT ON (x.line_id) x.line_id, p.expected_on, p.brought_by, p.cause, p.document, p.at,
           ARRAY(SELECT DISTINCT e.kind FROM orders_orderevent e
                 WHERE e.document_id = p.order_id AND e.at > p.at AND e.kind = ANY(%s))
    FROM orders_promise p, unnest(p.lines) AS x(line_id)
    WHERE p.order_id = ANY(%s::bigint[]) AND x.line_id = ANY(%s::bigint[])
    ORDER BY x.line_id, p.id DESC
"""
# How purchases and transfers stand that were to bring something, product by product.
BRINGERS = """
    SELECT o.number, l.product_id, o.status = 'open' AND bool_or(l.due > 0 AND l.confirmed > l.received),
           bool_or(l.due > 0 AND l.due_on < %(today)s),
           (SELECT max(e.at) FROM inventory_purchaseorderevent e
            WHERE e.document_id = o.id AND e.kind IN ('confirmed by supplier', 'received in part'))
    FROM inventory_purchaseorder o JOIN inventory_purchaseorderline l ON l.purchase_order_id = o.id
    WHERE o.number = ANY(%(numbers)s) GROUP BY o.id, l.product_id
    UNION ALL
    SELECT t.number, l.product_id, bool_or(l.due > 0), bool_or(l.due > 0 AND t.arrive_on < %(today)s), NULL
    FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
    WHERE t.number = ANY(%(numbers)s) GROUP BY t.id, l.product_id
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What the ledger says last of a line, and since when."""

    before: Before
    at: datetime


def watch_promises() -> int:
    """Write down for which lines what waits comes on another day than the ledger says; return for how many.

    The customers' days stay as they are. Safe to run at once with anything.
    """
    changed, last = 0, (0, 0)
    while places := _places(after=last):
        changed += _watch(places)
        last = places[-1]
    return changed


def _places(*, after: Place) -> list[Place]:
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [*after, BATCH_OF_PLACES])
        return [(product, warehouse) for product, warehouse in cursor.fetchall()]


def _watch(places: Sequence[Place]) -> int:
    """Write down what has changed of all that waits in these places; return for how many lines."""
    waiting = {line.line_id: line for line in waiting_for(places)}
    changes = _changes(waiting)
    return _write(waiting, changes) if changes else 0


def _changes(waiting: Mapping[int, Waits]) -> dict[int, tuple[PromiseCause, str]]:
    said = _said({line.order_id for line in waiting.values()}, waiting)
    bringers = _bringers({one.before.brought_by for one in said.values()} - {""})
    changes = {}
    for line, one in said.items():
        comes, is_late, answered_at = bringers.get(
            (one.before.brought_by, waiting[line].place[0]), (False, False, None)
        )
        bringer = Bringer(comes, is_late, answered_at is not None and answered_at > one.at)
        if change := why_changed(one.before, waiting[line].within_promise, bringer):
            changes[line] = change
    return changes


def _said(orders: Collection[int], lines: Collection[int]) -> dict[int, Said]:
    with planned_once() as cursor:
        cursor.execute(LAST, [list(LOSSES), array(orders), array(lines)])
        return {
            line: Said(Before(expected_on, brought_by, cause, document, frozenset(events)), at)
            for line, expected_on, brought_by, cause, document, at, events in cursor.fetchall()
        }


def _bringers(numbers: Collection[str]) -> dict[tuple[str, int], tuple[bool, bool, datetime | None]]:
    with connection.cursor() as cursor:
        cursor.execute(BRINGERS, {"numbers": sorted(numbers), "today": business_day()})
        return {
            (number, product): (comes, is_late, answered_at)
            for number, product, comes, is_late, answered_at in cursor.fetchall()
        }


@transaction.atomic
def _write(waiting: Mapping[int, Waits], changes: Mapping[int, tuple[PromiseCause, str]]) -> int:
    """Write the changes of lines that still wait and are promised as they were when they were looked at."""
    orders = {waiting[line].order_id for line in changes}
    locked = Order.objects.filter(pk__any_of=orders, status__in=IN_WORK).locked()
    held = list(locked.values_list("pk", flat=True))
    lines = OrderLine.objects.filter(pk__any_of=changes, order__any_of=held, open__gt=0).order_by("pk")
    known = [
        (waiting[line], promised_on)
        for line, ship_on, promised_on in lines.values_list("pk", "ship_on", "promised_on")
        if ship_on == waiting[line].ship_on
    ]
    write_entries(
        (
            (_entry(line, promised_on, *changes[line.line_id]), line.line_id, line.open)
            for line, promised_on in known
        ),
        by=None,
    )
    return len(known)


def _entry(line: Waits, promised_on: date | None, cause: PromiseCause, document: str) -> Entry:
    now = line.within_promise
    return Entry(line.order_id, line.ship_on, promised_on, now.on, now.brought_by, str(cause), document)


@transaction.atomic
def promise_again(order_id: int, *, by: User | None, reason: str) -> Order:
    """Tell the customer when the lines will leave whose promise will not be kept; the ledger remembers both days.

    Raise NothingOpen when every promise holds, or without a reason.
    """
    order = lock_row(Order, order_id, "ship_to")
    late = [line for line in waits_of(order.pk).values() if line.is_off]
    if not late:
        raise NothingOpen(
            _("%(order)s: every promise holds; there is no other day to tell.") % {"order": order}
        )
    if not reason.strip():
        raise NothingOpen(_("%(order)s: say why the days change.") % {"order": order})
    write_promises(order.pk, _told(order, late), by=by, cause=PromiseCause.RENEWED, note=reason)
    order.record("promised again", by=by, note=reason[:500], lines=len(late))
    return order


def _told(order: Order, late: Sequence[Waits]) -> list[Told]:
    warehouses = Warehouse.objects.filter(pk__in={line.place[1] for line in late})
    sites = {s.id: s for s in sites_at(warehouses, to=destination_of(order), now=timezone.now())}
    return [
        Told(
            line.line_id, line.open, on, on and sites[line.place[1]].arrives_on(on), line.expected.brought_by
        )
        for line in late
        for on in [line.expected.on]
    ]
