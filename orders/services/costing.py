"""What the goods of a document cost in its own currency: costs are in the company's, and a rate turns them into it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from customers.price_trace import JUDGED
from oms.prepared import planned_once
from orders.models import Order, Quote
from orders.models.lines import of_these


def _frozen_in(traces: str, own: str) -> str:
    """Return SQL for the rate for costs, in the company's `own` currency, that the first of these traces to say so
    was frozen with, or judged by later. `traces` is a query of `trace` and `position`."""
    return f"""
        (SELECT (f.trace->>'rate')::numeric FROM ({traces}) t
         CROSS JOIN LATERAL (SELECT coalesce(t.trace->'{JUDGED}', t.trace) AS trace) f
         WHERE f.trace ? 'rate' AND (f.trace->>'currency' = {own} OR f.trace ? 'cost')
         ORDER BY t.position LIMIT 1)
    """  # noqa: S608


def cost_rate(traces: str, *, currency: str, day: str) -> str:
    """Return SQL for what one of the company's currency, of company c, is worth in a document's.

    The rate that a price of the document was frozen with, else that of its day; without either nobody knows.
    """
    return f"""
        (SELECT CASE WHEN c.currency_id = {currency} THEN 1 ELSE coalesce(
             {_frozen_in(traces, "c.currency_id")},
             (SELECT x.rate FROM oms_exchangerate x
              WHERE x.source_id = c.currency_id AND x.target_id = {currency} AND x.valid_from <= {day}
              ORDER BY x.valid_from DESC LIMIT 1)) END
         FROM oms_company c)
    """  # noqa: S608


COST_RATE = cost_rate(
    "SELECT trace, position FROM {lines} WHERE {document} = %(document)s",
    currency="%(currency)s",
    day="""coalesce(
        %(ordered_on)s::date, (coalesce(%(sent_at)s::timestamptz, now()) AT TIME ZONE c.zone)::date)""",
)
TOLD = "SELECT * FROM jsonb_array_elements(%(traces)s::jsonb) WITH ORDINALITY AS told(trace, position)"
FROZEN_RATE = f"SELECT {_frozen_in(TOLD, '%(own)s')}"
RATE_TODAY = cost_rate(
    TOLD, currency="%(currency)s", day="%(day)s::date"
)  # for lines that are told as `traces`


def cost_rate_of(document: Order | Quote, lines: Any) -> Decimal | None:
    """Return what one of the company's currency is worth in the document's; None when nobody knows.

    `lines` is what the document has: `order.lines`, `version.lines`. One statement.
    """
    with planned_once() as cursor:
        cursor.execute(of_these(lines, f"SELECT {COST_RATE}"), priced_as(document, lines))
        rate: Decimal | None = cursor.fetchone()[0]
    return rate


def frozen_rate(traces: Iterable[Mapping[str, Any]], currency: str) -> Decimal | None:
    """Return the rate for costs in this currency that one of the prices was frozen with. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(FROZEN_RATE, {"traces": traces_told(traces), "own": currency})
        rate: Decimal | None = cursor.fetchone()[0]
    return rate


def traces_told(traces: Iterable[Mapping[str, Any]]) -> str:
    """Return traces as statements are told of them."""
    return orjson.dumps(list(traces)).decode()


def priced_as(document: Order | Quote, lines: Any) -> dict[str, Any]:
    """Return what a statement about these lines has to know: the document, its currency and when it was priced."""
    totalled = lines.instance
    when = {name: getattr(totalled, name, None) for name in ("ordered_on", "sent_at")}
    return {"document": totalled.pk, "currency": document.currency_id, **when}
