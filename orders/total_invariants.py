"""What must always be true of amounts, discounts, charges, taxes and totals, proven from outside."""

from collections.abc import Iterable

from oms.verify import Row, invariant, rows

# Of an order what is cancelled is not paid for.
# round_half_up(wanted * denominator * price * (100 - discount) / (numerator * 100)), without a division:
# the amount times ten to the exponent is a whole number n with 2 n d <= 2 x + d < 2 (n + 1) d.
AMOUNTS = """
    SELECT {number} || ' line ' || l.position, l.amount,
           CASE WHEN l.unit_price IS NULL THEN 0
                ELSE round({wanted} * u.denominator * l.unit_price * (100 - l.discount_percent)
                           / (u.numerator * 100), c.exponent)
           END
    FROM {lines} l JOIN inventory_productunit u ON u.id = l.unit_id JOIN {document}
    JOIN oms_currency c ON c.code = {currency}
    CROSS JOIN LATERAL (SELECT l.amount * 10 ^ c.exponent::numeric AS n, u.numerator * 100::numeric AS d,
        {wanted} * u.denominator * coalesce(l.unit_price,
            0) * (100 - l.discount_percent) * 10 ^ c.exponent::numeric AS x) s
    WHERE s.n <> trunc(s.n) OR NOT (2 * s.n * s.d <= 2 * s.x + s.d AND 2 * s.x + s.d < 2 * (s.n + 1) * s.d)
"""
TOTALS = """
    WITH sums AS (
        SELECT {number} AS number, d.charges, d.tax, d.total, coalesce(c.charges, 0) AS charged,
               coalesce(t.tax, 0) AS taxed, coalesce(l.net, 0) + coalesce(c.charges, 0)
               + CASE WHEN d.prices_include_tax THEN 0 ELSE coalesce(t.tax, 0) END AS should
        FROM {document}
        LEFT JOIN (SELECT {column} AS id, sum(amount - document_discount) AS net FROM {lines} GROUP BY 1) l
            ON l.id = d.id
        LEFT JOIN (SELECT {column} AS id, sum(amount) AS charges FROM {charges} GROUP BY 1) c ON c.id = d.id
        LEFT JOIN (SELECT {column} AS id, sum(tax) AS tax FROM {taxes} GROUP BY 1) t ON t.id = d.id)
    SELECT number, total, should FROM sums WHERE total <> should
    UNION ALL
    SELECT number, charges, charged FROM sums WHERE charges <> charged
    UNION ALL
    SELECT number, tax, taxed FROM sums WHERE tax <> taxed
"""
# The tax of each rate, on all that has it after every discount; rounded line by line or on the sum, as the document
# says. Tax that prices include is percent / (100 + percent) of them, and what is taxed is the rest.
TAXES = """
    WITH taxable AS (
        SELECT l.{column} AS id, l.tax_percent AS percent, l.amount - l.document_discount AS amount FROM {lines} l
        UNION ALL
        SELECT c.{column}, c.tax_percent, c.amount FROM {charges} c),
    rated AS (
        SELECT d.id, {number} AS number, x.percent, x.amount, d.prices_include_tax, d.tax_rounding, c.exponent,
               100 + CASE WHEN d.prices_include_tax THEN x.percent ELSE 0 END AS whole
        FROM taxable x JOIN {document} ON d.id = x.id JOIN oms_currency c ON c.code = {currency}
        WHERE x.percent IS NOT NULL),
    should AS (
        SELECT id, number, percent, sum(amount) AS amount, prices_include_tax,
               CASE WHEN tax_rounding = 'line' THEN sum(round(amount * percent / whole, exponent))
                    ELSE round(sum(amount) * percent / whole, exponent) END AS tax
        FROM rated GROUP BY id, number, percent, whole, prices_include_tax, tax_rounding, exponent),
    told AS (
        SELECT id, number, percent, tax, amount - CASE WHEN prices_include_tax THEN tax ELSE 0 END AS base
        FROM should)
    SELECT coalesce(s.number, {number}) || ' at ' || coalesce(s.percent, t.percent) || ' percent',
           t.tax || ' on ' || t.base, s.tax || ' on ' || s.base
    FROM told s FULL JOIN {taxes} t ON t.{column} = s.id AND t.percent = s.percent
    LEFT JOIN {document} ON d.id = t.{column}
    WHERE (s.tax, s.base) IS DISTINCT FROM (t.tax, t.base)
    UNION ALL
    SELECT {number}, 'tax on its lines or charges', 'no tax without a zone' FROM {document}
    WHERE d.tax_zone_id IS NULL AND d.id IN (SELECT x.id FROM taxable x WHERE x.percent IS NOT NULL)
"""
ORDERS = {
    "number": "d.number",
    "lines": "orders_orderline",
    "charges": "orders_ordercharge",
    "taxes": "orders_ordertax",
    "column": "order_id",
    "document": "orders_order d",
    "currency": "d.currency_id",
}
QUOTES = {
    "number": "q.number || ' v' || d.number",
    "lines": "orders_quoteline",
    "charges": "orders_quotecharge",
    "taxes": "orders_quotetax",
    "column": "version_id",
    "document": "(orders_quoteversion d JOIN orders_quote q ON q.id = d.quote_id)",
    "currency": "q.currency_id",
}
# What a document's discount takes off it, in smallest units: each line gets its part rounded down, and those with the
# largest remainders get one more until nothing is left.
DISCOUNTS = """
    WITH given AS (
        SELECT d.id, {number} AS number, d.discount, 10 ^ c.exponent::numeric AS units,
               CASE WHEN d.discount_percent > 0 THEN round(d.goods * d.discount_percent / 100, c.exponent)
                    ELSE least(d.discount_amount, d.goods) END AS should
        FROM {document} JOIN oms_currency c ON c.code = {currency}
        WHERE d.discount <> 0 OR d.discount_percent > 0 OR d.discount_amount > 0),
    parts AS (
        SELECT g.id, g.number, g.units, g.discount * g.units AS whole, l.position, l.document_discount, l.amount,
               trunc(g.discount * g.units * l.amount / nullif(sum(l.amount) OVER o, 0)) AS part,
               g.discount * g.units * l.amount % nullif(sum(l.amount) OVER o, 0) AS rest
        FROM given g JOIN {lines} l ON l.{column} = g.id WINDOW o AS (PARTITION BY g.id)),
    ranked AS (
        SELECT *, whole - sum(part) OVER (PARTITION BY id) AS over,
               row_number() OVER (PARTITION BY id ORDER BY rest DESC, amount DESC, position) AS place
        FROM parts)
    SELECT number, discount, should FROM given WHERE discount <> should
    UNION ALL
    SELECT number || ' line ' || position, document_discount, coalesce((part + (place <= over)::int) / units, 0)
    FROM ranked WHERE document_discount <> coalesce((part + (place <= over)::int) / units, 0)
    UNION ALL
    SELECT {number} || ' line ' || l.position, l.document_discount, 0
    FROM {lines} l JOIN {document} ON d.id = l.{column} WHERE l.document_discount <> 0 AND d.discount = 0
"""


@invariant("I10")
def amounts_of_order_lines_are_quantity_times_price() -> Iterable[Row]:
    return rows(
        AMOUNTS.format(
            number="o.number",
            lines="orders_orderline",
            document="orders_order o ON o.id = l.order_id",
            currency="o.currency_id",
            wanted="(l.ordered - l.cancelled)",
        )
    )


@invariant("I10")
def amounts_of_quote_lines_are_quantity_times_price() -> Iterable[Row]:
    document = "orders_quoteversion v ON v.id = l.version_id JOIN orders_quote q ON q.id = v.quote_id"
    return rows(
        AMOUNTS.format(
            number="q.number",
            lines="orders_quoteline",
            document=document,
            currency="q.currency_id",
            wanted="l.ordered",
        )
    )


@invariant("I10")
def discounts_on_orders_are_cut_over_their_lines() -> Iterable[Row]:
    return rows(DISCOUNTS.format(**ORDERS))


@invariant("I10")
def discounts_on_quotes_are_cut_over_their_lines() -> Iterable[Row]:
    return rows(DISCOUNTS.format(**QUOTES))


@invariant("I10")
def taxes_of_orders_are_those_of_their_rates() -> Iterable[Row]:
    return rows(TAXES.format(**ORDERS))


@invariant("I10")
def taxes_of_quotes_are_those_of_their_rates() -> Iterable[Row]:
    return rows(TAXES.format(**QUOTES))


@invariant("I10")
def totals_are_the_sums_of_their_lines() -> Iterable[Row]:
    return [*rows(TOTALS.format(**ORDERS)), *rows(TOTALS.format(**QUOTES))]
