"""Orders draw from agreements at confirmation, and give back what is cancelled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models.agreements import EVER_IN_FORCE
from oms.errors import Problem
from oms.models import User
from oms.prepared import planned_once
from oms.sets import Columns, insert_rows
from orders.errors import AgreementShort
from orders.models import AgreementDraw, Order

# The lines of agreements that an order is priced from, what each has left, and whether it holds on the order's day.
SOURCES = f"""
    SELECT g.id, g.maximum - g.drawn, g.maximum_value - g.drawn_value,
           g.committed_value > 0 OR g.maximum_value IS NOT NULL, a.number,
           a.valid_from <= o.ordered_on AND a.valid_to > o.ordered_on
           AND a.status IN ({", ".join(f"'{status}'" for status in EVER_IN_FORCE)})
    FROM orders_order o
    JOIN customers_agreementline g ON g.id IN (
        SELECT agreement_line_id FROM orders_orderline WHERE order_id = o.id AND agreement_line_id IS NOT NULL
        UNION SELECT unnest(%s::bigint[]))
    JOIN customers_agreement a ON a.id = g.agreement_id
    WHERE o.id = %s ORDER BY g.id
"""  # noqa: S608
HELD = f"{SOURCES} FOR NO KEY UPDATE OF g"
# How much each line has still to draw; below 0 it has drawn more than it asks for. The value is drawn where one counts.
OWED = """
    SELECT l.id, l.position, p.sku, l.agreement_line_id, l.ordered - l.cancelled - coalesce(sum(d.quantity), 0),
           CASE WHEN g.committed_value > 0 OR g.maximum_value IS NOT NULL
                THEN l.amount - coalesce(sum(d.value), 0) ELSE 0 END
    FROM orders_orderline l
    JOIN customers_agreementline g ON g.id = l.agreement_line_id
    JOIN inventory_product p ON p.id = l.product_id
    LEFT JOIN orders_agreementdraw d ON d.line_id = l.id
    WHERE l.order_id = %s
    GROUP BY l.id, p.id, g.id ORDER BY l.position
"""

LATER = gettext_lazy(
    "Raise these lines by less, and add the rest as lines of their own: they get the next price."
)
TOGETHER = gettext_lazy("The order had found less than was quoted; leave these lines together.")


class Share(NamedTuple):
    """Base units, and the value of them where the agreement counts that."""

    quantity: int
    value: Decimal

    def __bool__(self) -> bool:
        return bool(self.quantity or self.value)


NOTHING = Share(0, Decimal(0))


class Source(NamedTuple):
    """A line of an agreement as a document finds it; what is left without end is None."""

    id: int
    left: int | None
    left_value: Decimal | None
    by_value: bool
    agreement: str
    holds: bool

    def gives(self, wanted: Share, taken: Share) -> Share:
        """Return what it gives of what is wanted, after others of the document have taken their part."""
        if not self.holds:
            return NOTHING
        quantity, value = wanted
        if self.left is not None:
            quantity = min(quantity, self.left - taken.quantity)
        if self.left_value is not None:
            value = min(value, self.left_value - taken.value)
        return Share(max(0, quantity), max(Decimal(0), value))


Sources = Mapping[int, Source]


class Owed(NamedTuple):
    """A line of an order, and what it has still to draw; below 0 it is to give back."""

    line_id: int
    position: int
    sku: str
    source: int
    share: Share


def require_left(order: Order) -> None:
    """Raise AgreementShort when agreements have less left than the order's lines are priced from."""
    if order.quote_version_id is None and (sources := _sources(order, SOURCES)):
        owed = _owed(order)
        _require_whole(order, owed, _shared(owed, sources), sources)


def draw_agreements(order: Order, sources: Sources, *, by: User | None) -> None:
    """Draw what the order's lines are priced from; what was quoted is sold at its price, and draws what is left.

    The caller holds the order and these `sources`, and no stock yet. Raise AgreementShort when somebody else has drawn
    what a line asks for.
    """
    if sources:
        _draw(order, sources, by=by)


def hold_agreements(order: Order, also: Iterable[int] = ()) -> Sources:
    """Lock what the order draws from and `also` will, before credit and stock are; return them as they are now."""
    return _sources(order, HELD, also)


def give_back_draws(order: Order, *, by: User | None) -> None:
    """Give back to the agreements what lines have drawn and ask for no longer. The caller holds them."""
    _write([(one, _negative(one.share)) for one in _owed(order)], by)


def _negative(share: Share) -> Share:
    return Share(min(0, share.quantity), min(Decimal(0), share.value))


def draw_as_changed(order: Order, *, by: User | None) -> None:
    """Give back what lines of a changed order ask for no more, and draw what they ask for on top.

    The caller holds the agreements. Raise AgreementShort when they have less left.
    """
    give_back_draws(order, by=by)
    if sources := _sources(order, SOURCES):
        _draw(order, sources, remedy=LATER, by=by)


def _draw(order: Order, sources: Mapping[int, Source], *, remedy: Any = "", by: User | None) -> None:
    """Draw what the order's lines have still to; what was quoted draws what is left."""
    owed = _owed(order)
    given = _shared(owed, sources)
    if order.quote_version_id is None:
        _require_whole(order, owed, given, sources, remedy=remedy)
    _write(list(zip(owed, given, strict=True)), by)


def pass_on_draws(order: Order, part: Order, *, by: User | None) -> None:
    """Hand a part that was split off what its lines draw. The caller holds the agreements.

    A value is drawn anew, for the amounts of both may be a cent more together than they were as one.
    Raise AgreementShort when the order, being quoted, had found less to draw.
    """
    freed = Counter[int]()
    back = [(one, _negative(one.share)) for one in _owed(order)]
    for one, share in back:
        freed[one.source] -= share.quantity
    _write(back, by)
    owed = _owed(part)
    sources = _sources(part, SOURCES)
    freeing = {pk: one._replace(left=freed[pk], holds=True) for pk, one in sources.items()}
    given = _shared(owed, freeing)
    _require_whole(part, owed, given, freeing, remedy=TOGETHER)
    _write(list(zip(owed, given, strict=True)), by)


def _sources(order: Order, sql: str, also: Iterable[int] = ()) -> dict[int, Source]:
    with planned_once() as cursor:
        cursor.execute(sql, [list(also), order.pk])
        return {row[0]: Source._make(row) for row in cursor.fetchall()}


def _owed(order: Order) -> list[Owed]:
    with planned_once() as cursor:
        cursor.execute(OWED, [order.pk])
        return [
            Owed(pk, position, sku, source, Share(int(quantity), value))
            for pk, position, sku, source, quantity, value in cursor.fetchall()
        ]


def _shared(owed: Sequence[Owed], sources: Mapping[int, Source]) -> list[Share]:
    """Return what each line gets of what is left, the first line first."""
    taken = dict.fromkeys(sources, NOTHING)
    given = []
    for one in owed:
        part = sources[one.source].gives(one.share, taken[one.source])
        before = taken[one.source]
        taken[one.source] = Share(before.quantity + part.quantity, before.value + part.value)
        given.append(part)
    return given


def _require_whole(
    order: Order,
    owed: Sequence[Owed],
    given: Sequence[Share],
    sources: Mapping[int, Source],
    *,
    remedy: Any = "",
) -> None:
    short = [
        _problem(one, part, sources[one.source], order)
        for one, part in zip(owed, given, strict=True)
        if part.quantity < one.share.quantity or part.value < one.share.value
    ]
    if short:
        raise AgreementShort(order.number, short, str(remedy))


def _problem(owed: Owed, left: Share, source: Source, order: Order) -> Problem:
    where = _("Line %(position)s, %(sku)s") % {"position": owed.position, "sku": owed.sku}
    wanted, gives = (_counted(share, source, order) for share in (owed.share, left))
    told = {"agreement": source.agreement, "wanted": wanted, "left": gives}
    if not source.holds:
        return Problem(where, _("%(agreement)s does not hold on the day of the order any more.") % told)
    return Problem(where, _("%(wanted)s asked for, %(left)s left of %(agreement)s.") % told)


def _counted(share: Share, source: Source, order: Order) -> str:
    """Return what counts of a share; a value is in the currency of the order, or it would not be drawn."""
    if not source.by_value:
        return str(share.quantity)
    return f"{share.value:.{order.currency.exponent}f} {order.currency_id}"


def _write(draws: Sequence[tuple[Owed, Share]], by: User | None) -> None:
    """Write the ledger; its trigger keeps what is drawn."""
    some = [(one, share) for one, share in draws if share]
    if not some:
        return
    columns: Columns = {
        "agreement_line_id": [one.source for one, _share in some],
        "line_id": [one.line_id for one, _share in some],
        "quantity": [share.quantity for _one, share in some],
        "value": [share.value for _one, share in some],
    }
    insert_rows(AgreementDraw, columns, by=by, at=timezone.now())
