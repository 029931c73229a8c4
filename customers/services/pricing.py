"""What a customer pays: the candidates of many products in one query, and the answer to one question."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from customers.agreements import in_quantities
from customers.models import Customer
from customers.models.agreements import EVER_IN_FORCE
from customers.models.tree import chain_above
from customers.price_rules import (
    USUAL_PRIORITY,
    Candidate,
    Group,
    Price,
    Question,
    Terms,
    Unit,
    by_product,
    counted_together,
)
from customers.pricing import price_of
from customers.status import BreakBasis, PriceKind, PriceTier, VersionStatus
from inventory.finding import SalesUnit, units_by_code
from inventory.units import to_base
from oms.models import Currency
from oms.money import line_amount
from oms.prepared import planned_once
from oms.sets import array

RULE = (
    "min_quantity", "kind", "price", "percent", "priority", "basis", "mix_group", "incremental", "floor", "valid_from",
)  # fmt: skip
LISTS = (
    "version",
    "code",
    "tier",
    "based_on",
    "best_of",
    "floor_margin",
    "currency",
    "rate",
    "since",
    "has_terms",
)
EVER = ", ".join(f"'{status}'" for status in EVER_IN_FORCE)
FURTHEST = 20  # categories above a product
# Who the customer is to a price list, lists and exchange rates of the day; the rules of these lists for the products,
# and the lines of agreements with the customer or a company above.
WITH_LISTS = f"""
    WITH RECURSIVE {chain_above("= %(customer)s")},
    companies (id, tier) AS (
        SELECT %(customer)s::bigint, {PriceTier.AGREEMENT}
        UNION ALL
        SELECT id, least({PriceTier.AGREEMENT} + height, {PriceTier.SHIP_TO} - 1) FROM above),
    assigned (id, tier) AS (
        SELECT a.price_list_id,
               CASE WHEN a.ship_to_id IS NOT NULL THEN {PriceTier.SHIP_TO}
                    WHEN a.customer_id = %(customer)s THEN {PriceTier.CUSTOMER}
                    WHEN a.customer_id IS NOT NULL THEN {PriceTier.PARENT} - 1 + above.height
                    WHEN a.group_id = %(buying_group)s THEN {PriceTier.BUYING_GROUP}
                    WHEN a.group_id IS NOT NULL THEN {PriceTier.GROUP}
                    WHEN a.channel_id IS NOT NULL THEN {PriceTier.CHANNEL}
                    ELSE {PriceTier.EVERYONE} END
        FROM customers_pricelistassignment a LEFT JOIN above ON above.id = a.customer_id
        WHERE a.ship_to_id = %(ship_to)s OR a.customer_id = %(customer)s OR above.id IS NOT NULL
           OR a.group_id IN (%(buying_group)s, %(group)s) OR a.channel_id = %(channel)s
           OR (a.customer_id IS NULL AND a.group_id IS NULL AND a.ship_to_id IS NULL AND a.channel_id IS NULL)),
    nearest (id, tier) AS (
        SELECT id, min(tier) FROM (
            SELECT id, tier FROM assigned
            UNION ALL
            SELECT l.based_on_id, {PriceTier.REFERENCE} FROM assigned JOIN customers_pricelist l USING (id)
            WHERE l.based_on_id IS NOT NULL) named
        GROUP BY id),
    rates (source, rate, since) AS (
        SELECT %(currency)s::text, 1::numeric, NULL::date
        UNION ALL
        (SELECT DISTINCT ON (source_id) source_id, rate, valid_from FROM oms_exchangerate
         WHERE target_id = %(currency)s AND valid_from <= %(on)s ORDER BY source_id, valid_from DESC)),
    lists AS (
        SELECT v.id AS version, l.code, n.tier, base.code AS based_on, l.best_of,
               l.floor_margin_percent AS floor_margin,
               nullif(l.currency_id, %(currency)s) AS currency, x.rate, x.since,
               l.best_of OR l.floor_margin_percent IS NOT NULL OR l.currency_id <> %(currency)s AS has_terms
        FROM nearest n JOIN customers_pricelist l USING (id) JOIN rates x ON x.source = l.currency_id
        JOIN customers_pricelistversion v ON v.price_list_id = l.id AND v.status = '{VersionStatus.IN_FORCE}'
             AND v.in_force_from <= %(on)s AND (v.in_force_to IS NULL OR v.in_force_to > %(on)s)
        LEFT JOIN customers_pricelist base ON base.id = l.based_on_id),
"""  # noqa: S608
WIDE = f"""
    wide AS MATERIALIZED (
        SELECT l.*, r.id, r.category_id, NULL::bigint AS unit_id, {", ".join(f"r.{name}" for name in RULE)}
        FROM lists l JOIN customers_pricerule r ON r.version_id = l.version AND r.product_id IS NULL
        WHERE r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)),
    agreed AS MATERIALIZED (
        SELECT g.*, a.number, a.valid_from, c.tier, nullif(a.currency_id, %(currency)s) AS currency, x.rate, x.since
        FROM companies c
        JOIN customers_agreement a ON a.customer_id = c.id AND a.status IN ({EVER})
             AND a.valid_from <= %(on)s AND a.valid_to > %(on)s
        JOIN rates x ON x.source = a.currency_id
        JOIN customers_agreementline g ON g.agreement_id = a.id
             AND (g.product_id = ANY(%(products)s::bigint[]) OR g.product_id IS NULL)
        WHERE a.currency_id = %(currency)s OR (g.maximum_value IS NULL AND g.committed_value = 0)),
    branches (product_id, category_id, reach) AS (
        SELECT id, category_id, 1 FROM inventory_product
        WHERE id = ANY(%(products)s::bigint[])
          AND (EXISTS (SELECT FROM wide) OR EXISTS (SELECT FROM agreed WHERE product_id IS NULL))
        UNION ALL
        SELECT b.product_id, c.parent_id, b.reach + 1 FROM branches b JOIN inventory_category c ON c.id = b.category_id
        WHERE b.reach < {FURTHEST}),
    hits AS (
        SELECT l.*, r.id, r.product_id, r.unit_id, 0 AS reach, {", ".join(f"r.{name}" for name in RULE)}
        FROM lists l JOIN customers_pricerule r ON r.version_id = l.version
        WHERE r.product_id = ANY(%(products)s::bigint[])
          AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
        UNION ALL
        SELECT {", ".join(f"w.{name}" for name in LISTS)}, w.id, b.product_id, w.unit_id,
               CASE WHEN w.category_id IS NULL THEN {FURTHEST + 1} ELSE b.reach END,
               {", ".join(f"w.{name}" for name in RULE)}
        FROM wide w JOIN branches b ON b.category_id = w.category_id OR (w.category_id IS NULL AND b.reach = 1))
"""  # noqa: S608
CANDIDATES = f"""
    {WITH_LISTS} {WIDE}
    SELECT h.id, h.code,
           CASE WHEN h.kind = '{PriceKind.COST_PLUS}' AND h.tier = {PriceTier.EVERYONE} THEN {PriceTier.COST_PLUS}
                ELSE h.tier END,
           h.product_id, coalesce(u.id, 0), coalesce(u.code, ''), coalesce(u.numerator, 1), coalesce(u.denominator, 1),
           h.min_quantity, h.price, h.valid_from,
           CASE WHEN h.has_terms OR h.reach > 0 OR h.unit_id IS NULL OR h.kind <> '{PriceKind.FIXED}'
                  OR h.priority <> {USUAL_PRIORITY} OR h.basis <> '{BreakBasis.LINE}' OR h.incremental
                  OR h.floor IS NOT NULL
                THEN json_build_array(
                    h.reach, h.kind, h.percent::text, h.based_on, h.priority, h.basis, h.mix_group, h.incremental,
                    h.currency, h.rate::text, h.since,
                    (SELECT cost::text FROM inventory_product WHERE id = h.product_id),
                    (SELECT rate::text FROM rates WHERE source = (SELECT currency_id FROM oms_company)),
                    h.floor::text, h.floor_margin::text, h.best_of)::text END
    FROM hits h LEFT JOIN inventory_productunit u ON u.id = h.unit_id
    UNION ALL
    SELECT g.id, g.number, g.tier, r.product_id, coalesce(u.id, 0), coalesce(u.code, ''), coalesce(u.numerator, 1),
           coalesce(u.denominator, 1), 1::bigint, g.price, g.valid_from,
           json_build_array(
               r.reach, CASE WHEN g.percent IS NULL THEN '{PriceKind.FIXED}' ELSE '{PriceKind.PERCENT_OFF}' END,
               g.percent::text, NULL, {USUAL_PRIORITY}, '{BreakBasis.LINE}', '', false, g.currency, g.rate::text,
               g.since, '0', NULL, NULL, NULL, false, g.maximum - g.drawn,
               (g.maximum_value - g.drawn_value)::text)::text
    FROM agreed g
    CROSS JOIN LATERAL (
        SELECT g.product_id, 0 AS reach WHERE g.product_id IS NOT NULL
        UNION ALL
        SELECT product_id, CASE WHEN g.category_id IS NULL THEN {FURTHEST + 1} ELSE reach END FROM branches b
        WHERE g.product_id IS NULL AND (b.category_id = g.category_id OR (g.category_id IS NULL AND b.reach = 1))) r
    LEFT JOIN inventory_productunit u ON u.id = g.unit_id
"""  # noqa: S608


class Quotation(NamedTuple):
    """The answer: the unit it is for, base units asked for, and the price with its trace, if anything prices it."""

    unit: SalesUnit
    ordered: int
    price: Price | None


def candidates_for(
    customer: Customer, products: Iterable[int], currency: Currency, *, on: date, ship_to: int | None = None
) -> dict[int, list[Candidate]]:
    """Return the rules that could price each product for this customer on that day, from one query."""
    asked = {
        "customer": customer.pk,
        "ship_to": ship_to,
        "buying_group": customer.buying_group_id,
        "group": customer.group_id,
        "channel": customer.channel_id,
        "currency": currency.code,
        "products": array(set(products)),
        "on": on,
    }
    with planned_once() as cursor:
        cursor.execute(CANDIDATES, asked)
        return by_product(map(_candidate, cursor.fetchall()))


def _candidate(row: tuple[Any, ...]) -> Candidate:
    return Candidate._make(row) if row[-1] is None else Candidate._make((*row[:-1], _terms(row[-1])))


def _terms(text: str) -> Terms:
    """Read what the query tells of an unusual rule; numbers travel as text, since none may become a float."""
    terms = Terms(*orjson.loads(text))
    return terms._replace(
        percent=Decimal(terms.percent or 0),
        rate=Decimal(terms.rate),
        cost=Decimal(terms.cost),
        cost_rate=_known(terms.cost_rate),
        floor=_known(terms.floor),
        floor_margin=_known(terms.floor_margin),
        left_value=_known(terms.left_value),
    )


def _known(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)


def price_for(customer: Customer, sku: str, quantity: Decimal, *, unit: str = "", on: date) -> Quotation:
    """Return what the customer pays for so many of a unit on that day.

    An empty unit is the one offered first. Raise UnknownCodes or NotRepresentable.
    """
    return prices_for(customer, [(sku, unit, quantity)], customer.currency, on=on)[0]


def prices_for(
    customer: Customer, asked: Sequence[tuple[str, str, Decimal]], currency: Currency, *, on: date
) -> list[Quotation]:
    """Return what the customer pays for each (SKU, unit, quantity) as lines of one document.

    Raise UnknownCodes or NotRepresentable.
    """
    units = units_by_code((sku, unit) for sku, unit, _quantity in asked)
    lines = [_line(units[sku, unit], quantity) for sku, unit, quantity in asked]
    rules = candidates_for(customer, {unit.product_id for unit, _ordered in lines}, currency, on=on)
    together = counted_together([(unit.product_id, ordered) for unit, ordered in lines], rules)
    asked_about = [
        (unit, ordered, question_about(unit, ordered, together), rules.get(unit.product_id, ()))
        for unit, ordered in lines
    ]
    return [
        Quotation(unit, ordered, price_asked(unit, question, found, currency))
        for unit, ordered, question, found in asked_about
    ]


def price_asked(
    unit: SalesUnit, question: Question, rules: Sequence[Candidate], currency: Currency
) -> Price | None:
    """Return the price of a question about a line without discounts; None when nothing prices it."""

    def amount(ordered: int, unit_price: Decimal) -> Decimal:
        return line_amount(
            ordered,
            numerator=unit.numerator,
            denominator=unit.denominator,
            unit_price=unit_price,
            discount_percent=Decimal(0),
            exponent=currency.exponent,
        )

    return price_of(question, in_quantities(question, rules, amount))


def _line(unit: SalesUnit, quantity: Decimal) -> tuple[SalesUnit, int]:
    return unit, to_base(quantity, numerator=unit.numerator, denominator=unit.denominator, unit=unit.unit)


def question_about(unit: SalesUnit, ordered: int, together: Mapping[Group, int]) -> Question:
    """Return the question about a line of a document that orders so much `together`, this line included."""
    sold_in = Unit(unit.unit_id, unit.unit, unit.numerator, unit.denominator)
    return Question(unit.product_id, sold_in, ordered, together)
