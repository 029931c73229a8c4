"""A sent quote holds stock for its customer as long as the policy says; then its order gets it, or it is free again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.services.levels import Level, Row, lock_levels
from inventory.status import Scarcity
from oms.company import business_day
from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.errors import NothingOpen
from orders.models import HoldPolicy, Order, Quote, QuoteVersion, StockHold
from orders.services.queue import read_queue
from orders.status import HoldEnd

# What lapsed since does not go along.
MOVE_AWAY = f"""
    UPDATE orders_stockhold h
    SET ended_on = %(today)s,
        ended_by = CASE WHEN h.until < %(today)s THEN '{HoldEnd.LAPSED}' ELSE '{HoldEnd.MOVED}' END
    FROM orders_quoteline l, inventory_stocklevel s
    WHERE l.version_id = %(version)s AND h.line_id = l.id AND s.id = h.stock_level_id AND h.ended_on IS NULL
      AND s.warehouse_id <> %(place)s
    RETURNING l.position, l.id, s.product_id, l.ordered, h.until
"""  # noqa: S608
# The order's own, ended as it is confirmed, with its rows; a hold whose last day is over is nobody's.
TAKE_OVER = f"""
    UPDATE orders_stockhold h
    SET ended_on = %(today)s,
        ended_by = CASE WHEN h.until < %(today)s THEN '{HoldEnd.LAPSED}' ELSE '{HoldEnd.ORDERED}' END
    FROM orders_quoteline l, inventory_stocklevel s
    WHERE l.version_id = %(version)s AND h.line_id = l.id AND s.id = h.stock_level_id AND h.ended_on IS NULL
    RETURNING s.product_id, s.warehouse_id, CASE WHEN h.until < %(today)s THEN 0 ELSE h.quantity END
"""  # noqa: S608


class Wanted(NamedTuple):
    """A line of a quote would hold so much."""

    line_id: int
    row: Row
    quantity: int


def hold_stock(quote: Quote, version: QuoteVersion, *, by: User | None) -> int:
    """Hold what is free for the version's lines, the first line first; return how much.

    Nobody who waits gets less by it, and what is shared fairly is held for nobody. The caller holds the quote.
    """
    days = days_of(quote.customer_id)
    wanted = list(_wanted(quote, version)) if days is not None else []
    if days is None or not wanted:
        return 0
    levels = lock_levels(one.row for one in wanted)
    given = list(_given(wanted, _free(levels)))
    if not given:
        return 0
    until = min(quote.valid_until, business_day() + timedelta(days=days))
    _hold(given, levels, until)
    quote.record("stock held", by=by, note=_("until %(day)s") % {"day": date_format(until)}, lines=len(given))
    return sum(one.quantity for one in given)


def _hold(given: Sequence[Wanted], levels: Mapping[Row, Level], until: date) -> None:
    """Hold this of the locked levels."""
    columns = {
        "line_id": [one.line_id for one in given],
        "stock_level_id": [levels[one.row].id for one in given],
        "quantity": [one.quantity for one in given],
    }
    insert_rows(StockHold, columns, held_on=business_day(), until=until)


def days_of(customer_id: int) -> int | None:
    """Return for how many days quotes to the customer hold stock; None when they hold none."""
    policies = HoldPolicy.objects.filter(Q(customer=customer_id) | Q(customer=None))
    return policies.order_by(F("customer").asc(nulls_last=True)).values_list("days", flat=True).first()


def _wanted(quote: Quote, version: QuoteVersion) -> Iterator[Wanted]:
    lines = version.lines.exclude(product__allocation=Scarcity.FAIR_SHARE).order_by("position")
    for line, product, quantity in lines.values_list("pk", "product_id", "ordered"):
        yield Wanted(line, (product, quote.warehouse_id), quantity)


def _free(levels: Mapping[Row, Level]) -> dict[Row, int]:
    """Return what is left of the locked levels when all who wait have what they wait for."""
    queue = read_queue([], levels)
    waited_for = queue.wanted_by_others(0)
    return {row: units - waited_for[row] for row, units in queue.free_of(levels).items()}


def _given(wanted: Sequence[Wanted], free: dict[Row, int]) -> Iterator[Wanted]:
    for one in wanted:
        quantity = min(one.quantity, free[one.row])
        if quantity > 0:
            free[one.row] -= quantity
            yield one._replace(quantity=quantity)


class HeldFor(NamedTuple):
    """Of so many lines stock is held to the end of a day, of `whole` ones all that was quoted."""

    lines: int
    whole: int
    until: date

    @property
    def part(self) -> int:
        return self.lines - self.whole


def held_for(version: QuoteVersion) -> HeldFor | None:
    """Return what the version holds; None when that is nothing."""
    holds = StockHold.objects.open().filter(line__version=version).order_by()
    whole = Count("pk", filter=Q(quantity=F("line__ordered")))
    found = holds.aggregate(lines=Count("pk"), whole=whole, until=Min("until"))
    return HeldFor(**found) if found["lines"] and found["until"] >= business_day() else None


def held_rows(order: Order) -> list[Row]:
    """Return where the order's quote holds stock, to be locked with its other levels."""
    if order.quote_version_id is None:
        return []
    holds = StockHold.objects.open().filter(line__version=order.quote_version_id).order_by()
    return list(holds.values_list("stock_level__product_id", "stock_level__warehouse_id"))


def take_over(order: Order, held: Sequence[Row], levels: Mapping[Row, Level]) -> Counter[Row]:
    """End what the order's quote holds; return what of it the order may take before anybody else.

    The caller holds the order and the levels of the rows `held`.
    """
    own = Counter[Row]()
    if not held:
        return own
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OVER, {"today": business_day(), "version": order.quote_version_id})
        for product, place, quantity in cursor.fetchall():
            own[product, place] += quantity
    there = {row: max(0, levels[row].available - levels[row].channel_buffer) for row in own}
    return Counter({row: min(quantity, there[row]) for row, quantity in own.items() if quantity})


def quote_to_hold(order_id: int) -> Quote | None:
    """Return the quote whose stock is held for an order, held before the order is; None when there is none."""
    versions = Order.objects.filter(pk=order_id).values("quote_version")
    return Quote.objects.filter(versions__in=versions).locked().first()


def move_holds(quote: Quote, order: Order, *, by: User | None) -> None:
    """What the quote holds goes along to the order's warehouse, as far as it is free there, until the same day.

    The rest is free again where it was. The caller holds the quote and the order.
    """
    there = [row for row in held_rows(order) if row[1] != order.warehouse_id]
    if not there:
        return
    here = [(product, order.warehouse_id) for product, _place in there]
    levels = lock_levels([*there, *here])
    told = {"today": business_day(), "version": order.quote_version_id, "place": order.warehouse_id}
    with connection.cursor() as cursor:
        cursor.execute(MOVE_AWAY, told)
        moved = sorted(row for row in cursor.fetchall() if row[-1] >= told["today"])
    if not moved:
        return
    wanted = [
        Wanted(line, (product, order.warehouse_id), ordered) for _n, line, product, ordered, _on in moved
    ]
    given = list(_given(wanted, _free({row: levels[row] for row in here})))
    if given:
        _hold(given, levels, moved[0][-1])
    quote.record("stock moved", by=by, note=str(order.warehouse), order=order.number, lines=len(given))


def end_holds(quote: Quote, why: HoldEnd) -> None:
    """The quote holds nothing any longer. The caller holds the quote."""
    _end(StockHold.objects.filter(line__version__quote=quote), why)


def end_holds_of(order: Order) -> None:
    """The order is cancelled; what its quote still holds is free again. The caller holds the order, and no stock."""
    if order.quote_version_id is not None:
        _end(StockHold.objects.filter(line__version=order.quote_version_id), HoldEnd.CANCELLED)


def leave_out(version: QuoteVersion, only: frozenset[int]) -> None:
    """The lines that the order of this version leaves out hold nothing any longer. The caller holds the quote."""
    if only:
        _end(
            StockHold.objects.filter(line__version=version).exclude(line__position__in=only), HoldEnd.LEFT_OUT
        )


def _end(holds: QuerySet[StockHold, Any], why: HoldEnd, *, on: date | None = None) -> int:
    """Lock the levels first, then end what is still open; return how many."""
    found = holds.filter(ended_on=None).order_by()
    rows = list(found.values_list("pk", "stock_level__product_id", "stock_level__warehouse_id"))
    if not rows:
        return 0
    lock_levels((product, place) for _pk, product, place in rows)
    still = StockHold.objects.open().filter(pk__any_of=[pk for pk, _product, _place in rows])
    return still.update(ended_on=on or business_day(), ended_by=why)


@transaction.atomic
def let_stock_go(quote_id: int, *, by: User) -> Quote:
    """The quote stays as it is and holds no stock any longer. Raise NothingOpen when it held none."""
    quote = lock_row(Quote, quote_id)
    if not _end(StockHold.objects.filter(line__version__quote=quote), HoldEnd.LET_GO):
        raise NothingOpen(_("%(quote)s holds no stock.") % {"quote": quote})
    quote.record("stock let go", by=by)
    return quote


def end_lapsed_holds(today: date | None = None) -> int:
    """End the holds whose last day is over; return of how many quotes. Safe to run twice and at once."""
    day = today or business_day()
    quotes = (
        StockHold.objects.lapsed(day).order_by().values_list("line__version__quote", flat=True).distinct()
    )
    return sum(_lapse(pk, day) for pk in sorted(quotes))


@transaction.atomic
def _lapse(quote_id: int, day: date) -> int:
    quote = lock_row(Quote, quote_id)
    if not _end(StockHold.objects.lapsed(day).filter(line__version__quote=quote), HoldEnd.LAPSED, on=day):
        return 0
    quote.record("stock let go", by=None, note=_("its last day is over"))
    return 1
