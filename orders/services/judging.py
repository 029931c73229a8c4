"""What was priced on another day is judged by the list and the cost of today; the customer's price stays as it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from customers.price_trace import JUDGED
from oms.company import now_at_home
from oms.prepared import planned_once
from oms.sets import set_in_rows
from orders.models import Order, Quote, QuoteLine
from orders.models.lines import of_these
from orders.services.costing import COST_RATE, RATE_TODAY, priced_as, traces_told
from orders.services.pricing import Buyer, LineInput, PricedInput, price_lines


@dataclass(frozen=True, slots=True)
class Judged:
    """Lines with the list, the floor and the cost by which they are judged, and what a cost of today is worth.

    What is of no other day is the line's own.
    """

    lines: Sequence[tuple[Any, dict[str, Any]]] = ()
    rate: Decimal | None = None


AS_IT_STANDS = Judged()


def judge_today(document: Order | Quote, lines: Any) -> None:
    """Write with the lines of a draft by what they are judged from now on. The caller holds the document."""
    judged = judged_today(document, lines).lines
    set_in_rows(
        lines.model,
        [line.pk for line, _told in judged],
        unit_cost=[Decimal(told["cost"]) for _line, told in judged],
        trace=[_marked(line.trace, told) for line, told in judged],
    )


def _marked(trace: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in trace.items() if name != JUDGED}
    return {**own, JUDGED: told} if "on" in told else own


def judged_today(document: Order | Quote, lines: Any) -> Judged:
    """Return the lines of a draft that would be judged otherwise if they were typed today at the prices they have.

    Nothing is that was priced today, nor what the customer accepted: that was judged when it was sent and binds us,
    for as much as was offered. A constant number of statements.
    """
    now, version = now_at_home(), getattr(document, "quote_version_id", None)
    is_stale = _was_priced_before(document, now)
    if not is_stale and version is None:
        return AS_IT_STANDS
    found = list(lines.exclude(unit_price=None).order_by("position"))
    bound = _bound_by(version, found)
    asked = {line.pk for line in found if line.pk not in bound and (is_stale or line.price_was_quoted)}
    judged = _as_of(now.date(), document, lines, found, asked) if asked else AS_IT_STANDS
    kept = [(line, bound[line.pk]) for line in found if line.pk in bound and _is_not(line, bound[line.pk])]
    return replace(judged, lines=[*judged.lines, *kept])


def _was_priced_before(document: Order | Quote, now: datetime) -> bool:
    """Whether prices of the draft may be of an earlier day; a later version of a quote has those of the one before."""
    if isinstance(document, Order):
        return document.ordered_on < now.date()
    return document.version_number > 1 or document.created_at.astimezone(now.tzinfo).date() < now.date()


def _bound_by(version: int | None, lines: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Return the lines that an accepted version binds us to, with what they were judged by when it was sent.

    Of each product it is no more than was offered; who wanted more and was refused comes back to that.
    """
    quoted = [line for line in lines if line.price_was_quoted]
    if not quoted:
        return {}
    offered: Counter[int] = Counter()
    sent = {}
    for line in QuoteLine.objects.filter(version=version).order_by("position"):
        offered[line.product_id] += line.ordered
        sent[line.product_id, line.unit_id] = line.trace.get(JUDGED) or _own(line)
    wanted: Counter[int] = Counter()
    for line in quoted:
        wanted[line.product_id] += line.ordered
    return {
        line.pk: sent[line.product_id, line.unit_id]
        for line in quoted
        if wanted[line.product_id] <= offered[line.product_id]
    }


def _own(line: Any) -> dict[str, Any]:
    return _known(list=line.list_price, floor=line.trace.get("floor"), cost=line.unit_cost)


def _is_not(line: Any, told: dict[str, Any]) -> bool:
    """Whether a line is judged by something else than this now."""
    return bool((line.trace.get(JUDGED) or _own(line)) != told)


def _as_of(today: date, document: Order | Quote, lines: Any, found: Sequence[Any], asked: set[int]) -> Judged:
    buyer = Buyer(document.customer, document.currency, today, document.ship_to_id)
    typed = [LineInput(line.unit_id, line.ordered, line.unit_price, stands=True) for line in found]
    priced = price_lines(buyer, typed)
    rate, before = _rates(document, lines, [line.trace for line in priced], today)
    judged = [
        (line, _told(now, today, rate))
        for line, now in zip(found, priced, strict=True)
        if line.pk in asked and (rate != before or _differs(line, now))
    ]
    return Judged(judged, rate)


def _differs(line: Any, now: PricedInput) -> bool:
    was = line.list_price, line.unit_cost, line.trace.get("floor"), None
    return was != (now.list_price, now.unit_cost, now.trace.get("floor"), line.trace.get(JUDGED))


def _told(now: PricedInput, today: date, rate: Decimal | None) -> dict[str, Any]:
    floor = now.trace.get("floor")
    known = _known(list=now.list_price, floor=floor, cost=now.unit_cost, rate=rate)
    return {"on": today.isoformat(), **known}


def _known(**told: Any) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value is not None}


def _rates(
    document: Order | Quote, lines: Any, traces: Iterable[Any], today: date
) -> tuple[Decimal | None, Decimal | None]:
    """Return what a cost is worth in the document's currency today, and as its lines have it. One statement."""
    with planned_once() as cursor:
        asked = {**priced_as(document, lines), "traces": traces_told(traces), "day": today}
        cursor.execute(of_these(lines, f"SELECT {RATE_TODAY}, {COST_RATE}"), asked)
        rate, before = cursor.fetchone()
    return rate, before
