"""What the goods of a document cost in its own currency: costs are in the company's, and a rate turns them into it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from oms.prepared import planned_once
from orders.models import Order, Quote
from orders.models.lines import of_these

# The rate that a price of the document was frozen with, else that of its day; without either nobody knows.
COST_RATE = """
    (SELECT CASE WHEN c.currency_id = %(currency)s THEN 1 ELSE coalesce(
         (SELECT (t.trace->>'rate')::numeric FROM {lines} t
          WHERE t.{document} = %(document)s AND (t.trace->>'currency' = c.currency_id OR t.trace ? 'cost')
          ORDER BY t.position LIMIT 1),
         (SELECT x.rate FROM oms_exchangerate x
          WHERE x.source_id = c.currency_id AND x.target_id = %(currency)s
            AND x.valid_from <= coalesce(
                %(ordered_on)s::date, (coalesce(%(sent_at)s::timestamptz, now()) AT TIME ZONE c.zone)::date)
          ORDER BY x.valid_from DESC LIMIT 1)) END
     FROM oms_company c)
"""


def cost_rate_of(document: Order | Quote, lines: Any) -> Decimal | None:
    """Return what one of the company's currency is worth in the document's; None when nobody knows.

    `lines` is what the document has: `order.lines`, `version.lines`. One statement.
    """
    with planned_once() as cursor:
        cursor.execute(of_these(lines, f"SELECT {COST_RATE}"), priced_as(document, lines))
        rate: Decimal | None = cursor.fetchone()[0]
    return rate


def frozen_rate(traces: Iterable[Mapping[str, Any]], currency: str) -> Decimal | None:
    """Return the rate for costs in this currency that one of the prices was frozen with, like COST_RATE."""
    for trace in traces:
        if "rate" in trace and (trace.get("currency") == currency or "cost" in trace):
            return Decimal(trace["rate"])
    return None


def priced_as(document: Order | Quote, lines: Any) -> dict[str, Any]:
    """Return what a statement about these lines has to know: the document, its currency and when it was priced."""
    totalled = lines.instance
    when = {name: getattr(totalled, name, None) for name in ("ordered_on", "sent_at")}
    return {"document": totalled.pk, "currency": document.currency_id, **when}
