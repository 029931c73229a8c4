"""What approval looks at in a document: its facts and the hash of what is material, from one row of sums each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from customers.price_trace import JUDGED
from oms.prepared import planned_once
from orders.facts import (
    AMOUNT_DECIMALS,
    DISCOUNT_DECIMALS,
    JUDGED_ON,
    LINE_OF,
    PERCENT_DECIMALS,
    SHIP_TO,
    Facts,
    Sums,
    facts_of,
    hash_of_document,
)
from orders.models import Order, Quote
from orders.models.lines import of_these
from orders.services.costing import COST_RATE, priced_as
from orders.services.judging import AS_IT_STANDS, Judged
from orders.services.totalling import discount_of
from orders.status import RuleFact

MATERIAL = ("position", "product_id", "unit_id", "ordered", "unit_price", "list_price", "discount_percent")


def _amount(given: str, distance: str, bound: str) -> str:
    """Return SQL for what lines beyond the first bound of a rule give away; NULL where no rule has one."""
    return f"""coalesce(round(sum({given}) FILTER (WHERE {distance} > {bound}), {AMOUNT_DECIMALS}), max({bound}) * 0)"""


# Costs are in the company's currency; where no rate leads from it to the document's, they say nothing.
# `kept` is what the document's own discount leaves of a price, before it is cut into whole cents; `ours` what is left
# without the tax that prices include. Neither is always exact: less than a trillionth is no distance to a floor.
# What is the worst of its kind has the line beside it, of several the first; a discount on the document has none.
# `standard` is the list, the floor and the cost by which a line is judged: its own, or those of a later day.
SUMS = f"""
    SELECT coalesce(round(sum((amount - document_discount) * ours), 4), 0),
           coalesce(sum(cost * {{wanted}}), 0) * coalesce(%(rate)s::numeric, {COST_RATE}),
           max(today->>'on'),
           max(ARRAY[off,
                     CASE WHEN l.discount_percent > 0 THEN -position ELSE 0 END]),
           max(ARRAY[below_list, -position]) FILTER (WHERE listed > unit_price),
           max(ARRAY[below_floor, -position]) FILTER (WHERE floor <> 0 AND unit_price IS NOT NULL),
           {_amount("(unit_price * quantity - amount + document_discount) * ours", "off", "off_bound")},
           {_amount("(listed - unit_price) * quantity * ours", "below_list", "list_bound")},
           {_amount("below_floor * floor * quantity / 100", "below_floor", "floor_bound")},
           max(margin_bound)
    FROM {{lines}} l
    JOIN inventory_productunit u ON u.id = l.unit_id
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
    CROSS JOIN LATERAL (
        SELECT round(100 - (100 - l.discount_percent) * kept, {DISCOUNT_DECIMALS}) AS off,
               round((listed - unit_price) * 100 / nullif(listed, 0), {PERCENT_DECIMALS}) AS below_list,
               round(100 - unit_price * (100 - l.discount_percent) * kept * ours / nullif(floor, 0), 12) AS below_floor,
               {{wanted}}::numeric * u.denominator / u.numerator AS quantity) distance
    CROSS JOIN (
        SELECT min(threshold) FILTER (WHERE fact = '{RuleFact.DISCOUNT_ABOVE}') AS off_bound,
               min(threshold) FILTER (WHERE fact = '{RuleFact.PRICE_BELOW_LIST}') AS list_bound,
               min(threshold) FILTER (WHERE fact = '{RuleFact.BELOW_FLOOR}') AS floor_bound,
               max(threshold) FILTER (WHERE fact = '{RuleFact.MARGIN_BELOW}') AS margin_bound
        FROM orders_approvalrule WHERE active) rules
    WHERE {{document}} = %(document)s AND {{wanted}} > 0
"""  # noqa: S608
WORST = (RuleFact.DISCOUNT_ABOVE, RuleFact.PRICE_BELOW_LIST, RuleFact.BELOW_FLOOR)
NONE = (Decimal(0), Decimal(0))


def facts_about(document: Order | Quote, lines: Any, judged: Judged = AS_IT_STANDS) -> Facts:
    """Return the facts of a document, from one row of sums however many lines it has; as it would be `judged`."""
    with planned_once() as cursor:
        cursor.execute(of_these(lines, SUMS), {**priced_as(document, lines), **_as_told(judged)})
        total, cost, day, *found = cursor.fetchone()
    worst, amounts = found[: len(WORST)], found[len(WORST) :]
    values, places = zip(*(one or NONE for one in worst), strict=True)
    told = {**_lines(places), **({JUDGED_ON: day} if day else {}), SHIP_TO: str(document.ship_to_id)}
    return {**facts_of(Sums(total, cost, *values, *amounts)), **told}


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
