"""What approval looks at in a document: its facts and the hash of what is material, from one row of sums each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from customers.price_trace import JUDGED
from oms.prepared import planned_once
from orders.facts import JUDGED_ON, LINE_OF, SHIP_TO, Facts, Sums, facts_of, hash_of_document
from orders.models import Order, Quote
from orders.models.lines import of_these
from orders.services.costing import COST_RATE, priced_as
from orders.services.judging import AS_IT_STANDS, Judged
from orders.services.totalling import discount_of
from orders.status import RuleFact

MATERIAL = ("position", "product_id", "unit_id", "ordered", "unit_price", "list_price", "discount_percent")
# Costs are in the company's currency; where no rate leads from it to the document's, they say nothing.
# `kept` is what the document's own discount leaves of a price, before it is cut into whole cents; `ours` what is left
# without the tax that prices include. Neither is always exact: less than a trillionth is no distance to a floor.
# What is the worst of its kind has the line beside it, of several the first; a discount on the document has none.
# `standard` is the list, the floor and the cost by which a line is judged: its own, or those of a later day.
SUMS = f"""
    SELECT coalesce(round(sum((amount - document_discount) * ours), 4), 0),
           coalesce(sum(cost * {{wanted}}), 0) * coalesce(%(rate)s::numeric, {COST_RATE}),
           max(today->>'on'),
           max(ARRAY[100 - (100 - l.discount_percent) * kept,
                     CASE WHEN l.discount_percent > 0 THEN -position ELSE 0 END]),
           max(ARRAY[(listed - unit_price) * 100 / listed, -position]) FILTER (WHERE listed > unit_price),
           max(ARRAY[round(100 - unit_price * (100 - l.discount_percent) * kept * ours
                               / nullif(floor, 0), 12), -position])
               FILTER (WHERE floor <> 0 AND unit_price IS NOT NULL)
    FROM {{lines}} l
    CROSS JOIN (
        SELECT prices_include_tax,
               CASE WHEN discount_percent > 0 THEN 1 - discount_percent / 100
                    WHEN discount > 0 THEN 1 - discount / goods ELSE 1 END AS kept
        FROM {{documents}} WHERE id = %(document)s) d
    CROSS JOIN LATERAL (
        SELECT CASE WHEN prices_include_tax THEN 100 / (100 + coalesce(l.tax_percent, 0)) ELSE 1 END AS ours) o
    CROSS JOIN LATERAL (SELECT coalesce(%(today)s::jsonb -> l.id::text, l.trace -> '{JUDGED}') AS today) j
    CROSS JOIN LATERAL (
        SELECT CASE WHEN today IS NULL THEN l.list_price ELSE (today->>'list')::numeric END AS listed,
               coalesce((today->>'cost')::numeric, l.unit_cost) AS cost,
               (coalesce(today, l.trace)->>'floor')::numeric AS floor) standard
    WHERE {{document}} = %(document)s AND {{wanted}} > 0
"""  # noqa: S608
WORST = (RuleFact.DISCOUNT_ABOVE, RuleFact.PRICE_BELOW_LIST, RuleFact.BELOW_FLOOR)
NONE = (Decimal(0), Decimal(0))


def facts_about(document: Order | Quote, lines: Any, judged: Judged = AS_IT_STANDS) -> Facts:
    """Return the facts of a document, from one row of sums however many lines it has; as it would be `judged`."""
    with planned_once() as cursor:
        cursor.execute(of_these(lines, SUMS), {**priced_as(document, lines), **_as_told(judged)})
        total, cost, day, *worst = cursor.fetchone()
    values, places = zip(*(found or NONE for found in worst), strict=True)
    told = {**_lines(places), **({JUDGED_ON: day} if day else {}), SHIP_TO: str(document.ship_to_id)}
    return {**facts_of(Sums(total, cost, *values)), **told}


def _as_told(judged: Judged) -> dict[str, Any]:
    today = {str(line.pk): told for line, told in judged.lines}
    return {"today": orjson.dumps(today).decode() if today else None, "rate": judged.rate}


def _lines(places: Sequence[Decimal]) -> Facts:
    """Return on which line each of the worst stands, where it is on one."""
    return {LINE_OF[fact]: str(-int(place)) for fact, place in zip(WORST, places, strict=True) if place}


def hash_about(document: Order | Quote, lines: Any) -> str:
    """Return the hash of what is material in a document: who buys, where it goes, and every line."""
    rows = lines.order_by("position").values_list(*MATERIAL)
    header = [document.customer_id, document.ship_to_id, document.currency_id]
    return hash_of_document(header, rows, discount_of(lines.instance))
