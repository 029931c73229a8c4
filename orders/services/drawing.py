"""Orders draw from agreements at confirmation, and give back what is cancelled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models.agreements import EVER_IN_FORCE
from oms.errors import Problem
from oms.models import User
from oms.prepared import planned_once
from oms.sets import insert_rows
from orders.errors import AgreementShort
from orders.models import AgreementDraw, Order

# The lines of agreements that an order is priced from, what each has left, and whether it holds on the order's day.
SOURCES = f"""
    SELECT g.id, g.maximum - g.drawn, a.number, p.sku,
           a.valid_from <= o.ordered_on AND a.valid_to > o.ordered_on
           AND a.status IN ({", ".join(f"'{status}'" for status in EVER_IN_FORCE)})
    FROM orders_order o
    JOIN customers_agreementline g ON g.id IN (
        SELECT agreement_line_id FROM orders_orderline WHERE order_id = o.id AND agreement_line_id IS NOT NULL
        UNION SELECT unnest(%s::bigint[]))
    JOIN customers_agreement a ON a.id = g.agreement_id
    JOIN inventory_product p ON p.id = g.product_id
    WHERE o.id = %s ORDER BY g.id
"""  # noqa: S608
HELD = f"{SOURCES} FOR NO KEY UPDATE OF g"
# How much each line has still to draw; below 0 it has drawn more than it asks for.
OWED = """
    SELECT l.id, l.position, l.agreement_line_id, l.ordered - l.cancelled - coalesce(sum(d.quantity), 0)
    FROM orders_orderline l
    LEFT JOIN orders_agreementdraw d ON d.line_id = l.id
    WHERE l.order_id = %s AND l.agreement_line_id IS NOT NULL
    GROUP BY l.id ORDER BY l.position
"""

LATER = gettext_lazy(
    "Raise these lines by less, and add the rest as lines of their own: they get the next price."
)
TOGETHER = gettext_lazy("The order had found less than was quoted; leave these lines together.")


class Source(NamedTuple):
    """A line of an agreement as a document finds it."""

    id: int
    left: int | None
    agreement: str
    sku: str
    holds: bool

    @property
    def gives(self) -> int | None:
        return self.left if self.holds else 0


class Owed(NamedTuple):
    """A line of an order, and what it has still to draw."""

    line_id: int
    position: int
    source: int
    quantity: int


def require_left(order: Order) -> None:
    """Raise AgreementShort when agreements have less left than the order's lines are priced from."""
    if order.quote_version_id is None and (sources := _sources(order, SOURCES)):
        owed = _owed(order)
        _require_whole(order, owed, _shared(owed, sources), sources)


def draw_agreements(order: Order, *, by: User | None) -> bool:
    """Draw what the order's lines are priced from; return whether there was something to draw.

    What was quoted is sold at its price, and draws what is left. The caller holds the order, and no stock yet.
    Raise AgreementShort when somebody else has drawn what a line asks for.
    """
    if not (sources := _sources(order, HELD)):
        return False
    _draw(order, sources, by=by)
    return True


def hold_agreements(order: Order, also: Iterable[int] = ()) -> bool:
    """Lock what the order draws from and `also` will, before its stock is; return whether that is anything."""
    return bool(_sources(order, HELD, also))


def give_back_draws(order: Order, *, by: User | None) -> None:
    """Give back to the agreements what lines have drawn and ask for no longer. The caller holds them."""
    _write([(one, one.quantity) for one in _owed(order) if one.quantity < 0], by)


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
    _write([(one, quantity) for one, quantity in zip(owed, given, strict=True) if quantity > 0], by)


def pass_on_draws(order: Order, part: Order, *, by: User | None) -> None:
    """Hand a part that was split off what its lines draw. The caller holds the agreements.

    Raise AgreementShort when the order, being quoted, had found less to draw.
    """
    freed = Counter[int]()
    back = [(one, one.quantity) for one in _owed(order) if one.quantity < 0]
    for one, quantity in back:
        freed[one.source] -= quantity
    _write(back, by)
    owed = _owed(part)
    sources = _sources(part, SOURCES)
    given = _shared(owed, {pk: one._replace(left=freed[pk], holds=True) for pk, one in sources.items()})
    _require_whole(part, owed, given, sources, remedy=TOGETHER)
    _write(list(zip(owed, given, strict=True)), by)


def _sources(order: Order, sql: str, also: Iterable[int] = ()) -> dict[int, Source]:
    with planned_once() as cursor:
        cursor.execute(sql, [list(also), order.pk])
        return {row[0]: Source._make(row) for row in cursor.fetchall()}


def _owed(order: Order) -> list[Owed]:
    with planned_once() as cursor:
        cursor.execute(OWED, [order.pk])
        return [Owed(pk, position, source, int(owed)) for pk, position, source, owed in cursor.fetchall()]


def _shared(owed: Sequence[Owed], sources: Mapping[int, Source]) -> list[int]:
    """Return what each line gets of what is left, the first line first."""
    left = {pk: source.gives for pk, source in sources.items()}
    given = []
    for one in owed:
        rest = left[one.source]
        part = max(0, one.quantity if rest is None else min(one.quantity, rest))
        left[one.source] = None if rest is None else rest - part
        given.append(part)
    return given


def _require_whole(
    order: Order,
    owed: Sequence[Owed],
    given: Sequence[int],
    sources: Mapping[int, Source],
    *,
    remedy: Any = "",
) -> None:
    short = [
        _problem(one, part, sources[one.source])
        for one, part in zip(owed, given, strict=True)
        if part < one.quantity
    ]
    if short:
        raise AgreementShort(order.number, short, str(remedy))


def _problem(owed: Owed, left: int, source: Source) -> Problem:
    where = _("Line %(position)s, %(sku)s") % {"position": owed.position, "sku": source.sku}
    told = {"agreement": source.agreement, "wanted": owed.quantity, "left": left}
    if not source.holds:
        return Problem(where, _("%(agreement)s does not hold on the day of the order any more.") % told)
    return Problem(where, _("%(wanted)s asked for, %(left)s left of %(agreement)s.") % told)


def _write(draws: Sequence[tuple[Owed, int]], by: User | None) -> None:
    """Write the ledger; its trigger keeps what is drawn."""
    if not draws:
        return
    columns = {
        "agreement_line_id": [one.source for one, _quantity in draws],
        "line_id": [one.line_id for one, _quantity in draws],
        "quantity": [quantity for _one, quantity in draws],
    }
    insert_rows(AgreementDraw, columns, by=by, at=timezone.now())
