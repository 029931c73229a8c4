"""The ledger of promises is written: rows for many lines and orders in one statement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from oms.models import User
from oms.prepared import planned_once
from oms.sets import array
from orders.status import PromiseCause

# Lines travel as the text of arrays: the model's field would take each number in its hands.
WRITE = """
    INSERT INTO orders_promise (by_id, note, at, lines, quantities, order_id, ship_on, promised_on, expected_on,
                                brought_by, cause, document)
    SELECT %s, %s, %s, v.lines::bigint[], v.quantities::bigint[], v.order_id, v.ship_on, v.promised_on, v.expected_on,
           v.brought_by, v.cause, v.document
    FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::date[], %s::date[], %s::date[], %s::text[], %s::text[],
                %s::text[]) AS v(lines, quantities, order_id, ship_on, promised_on, expected_on, brought_by, cause,
                                 document)
    ORDER BY v.order_id
"""


class Told(NamedTuple):
    """What a line is promised: so many base units leave on a day and are there on another; no days, nobody knows."""

    line_id: int
    quantity: int
    ship_on: date | None = None
    promised_on: date | None = None
    brought_by: str = ""

    def with_rest(self, rest: "Told") -> "Told":
        """Return the promise of both: there when the later of them is; without days when one has none."""
        if self.ship_on is None or rest.ship_on is None:
            ship_on = promised_on = None
        else:
            ship_on = max(self.ship_on, rest.ship_on)
            promised_on = max(self.promised_on or ship_on, rest.promised_on or ship_on)
        return Told(self.line_id, self.quantity + rest.quantity, ship_on, promised_on, rest.brought_by)


class Entry(NamedTuple):
    """What a row of the ledger says of all its lines."""

    order_id: int
    ship_on: date | None
    promised_on: date | None
    expected_on: date | None
    brought_by: str
    cause: str
    document: str = ""


def write_promises(
    order_id: int,
    told: Iterable[Told],
    *,
    by: User | None,
    cause: PromiseCause = PromiseCause.CONFIRMED,
    note: str = "",
) -> None:
    """Write promises to the customer into the ledger; the caller holds the order.

    The ledger's trigger keeps the days of the lines.
    """
    entries = (
        (Entry(order_id, one.ship_on, one.promised_on, one.ship_on, one.brought_by, str(cause)), one)
        for one in told
    )
    write_entries(((entry, one.line_id, one.quantity) for entry, one in entries), by=by, note=note)


def write_entries(entries: Iterable[tuple[Entry, int, int]], *, by: User | None, note: str = "") -> None:
    """Write what holds for lines and so many base units of each, one row for all lines alike."""
    alike: defaultdict[Entry, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for entry, line, quantity in entries:
        lines, quantities = alike[entry]
        lines.append(line)
        quantities.append(quantity)
    if not alike:
        return
    said: Iterable[Any] = zip(*alike, strict=True)
    columns: list[Any] = [
        [array(lines) for lines, _quantities in alike.values()],
        [array(quantities) for _lines, quantities in alike.values()],
        *said,
    ]
    same: list[Any] = [by.pk if by else None, note[:200], timezone.now()]
    with planned_once() as cursor:
        cursor.execute(WRITE, [*same, *map(array, columns)])
