"""What must hold between orders and the agreements that they draw from."""

from collections.abc import Iterable

from customers.status import PriceTier
from oms.verify import Row, invariant, rows

DRAWN = """
    SELECT concat_ws(' ', a.number, coalesce(p.sku, c.code, 'all products')), format('%s, %s', g.drawn, g.drawn_value),
           format('%s, %s', coalesce(d.quantity, 0), coalesce(d.value, 0))
    FROM customers_agreementline g
    LEFT JOIN (SELECT agreement_line_id, sum(quantity) AS quantity, sum(value) AS value
               FROM orders_agreementdraw GROUP BY 1) d ON d.agreement_line_id = g.id
    LEFT JOIN customers_agreement a ON a.id = g.agreement_id LEFT JOIN inventory_product p ON p.id = g.product_id
    LEFT JOIN inventory_category c ON c.id = g.category_id
    WHERE (g.drawn, g.drawn_value) <> (coalesce(d.quantity, 0), coalesce(d.value, 0))
"""
# A line of a confirmed order draws all it asks for, and its amount where a value counts; one that was quoted may have
# found less.
OWED = """
    WITH drew AS (
        SELECT o.number || ' line ' || l.position AS line, o.status, o.quote_version_id AS quoted, l.agreement_line_id,
               d.sources, coalesce(d.quantity, 0) AS quantity, coalesce(d.value, 0) AS value,
               l.ordered - l.cancelled AS asks,
               CASE WHEN g.committed_value > 0 OR g.maximum_value IS NOT NULL THEN l.amount ELSE 0 END AS costs
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN customers_agreementline g ON g.id = l.agreement_line_id
        LEFT JOIN (SELECT line_id, sum(quantity) AS quantity, sum(value) AS value,
                          string_agg(DISTINCT agreement_line_id::text, ', ') AS sources
                   FROM orders_agreementdraw GROUP BY 1) d ON d.line_id = l.id
        WHERE l.agreement_line_id IS NOT NULL OR d.line_id IS NOT NULL)
    SELECT line, format('drew %s, %s from %s', quantity, value, coalesce(sources, 'nothing')),
           CASE WHEN status IN ('draft', 'submitted') THEN 'nothing'
                ELSE format('%s, %s from %s', asks, costs, coalesce(agreement_line_id::text, 'nothing')) END
    FROM drew
    WHERE sources <> agreement_line_id::text OR agreement_line_id IS NULL
       OR CASE WHEN status IN ('draft', 'submitted') THEN (quantity, value) <> (0, 0)
               WHEN quoted IS NULL THEN (quantity, value) <> (asks, costs)
               ELSE quantity NOT BETWEEN 0 AND asks OR value NOT BETWEEN 0 AND costs END
"""
# A line of an agreement without a product is for many.
NAMED = f"""
    WITH lines AS (
        SELECT o.number || ' line ' || l.position AS line, l.product_id, l.agreement_line_id, l.trace
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        UNION ALL
        SELECT q.number || ' v' || v.number || ' line ' || l.position, l.product_id, l.agreement_line_id, l.trace
        FROM orders_quoteline l JOIN orders_quoteversion v ON v.id = l.version_id
        JOIN orders_quote q ON q.id = v.quote_id),
    told AS (
        SELECT *, CASE WHEN NOT trace ? 'typed' AND (trace->>'tier')::int >= {PriceTier.AGREEMENT}
                            AND (trace->>'tier')::int < {PriceTier.SHIP_TO} THEN (trace->>'rule')::bigint END AS rule
        FROM lines)
    SELECT t.line, 'the agreement line ' || coalesce(t.agreement_line_id::text, 'of none'),
           coalesce(t.rule::text, 'none') || ', of its product'
    FROM told t LEFT JOIN customers_agreementline g ON g.id = t.agreement_line_id
    WHERE t.agreement_line_id IS DISTINCT FROM t.rule OR g.product_id <> t.product_id
"""  # noqa: S608
# A call-off is of a line of its schedule's agreement, in a unit of its product.
CALLED_OFF = """
    SELECT 'call-off ' || c.id, format('line %s, unit %s', c.agreement_line_id, c.unit_id),
           'a line of ' || a.number || ', a unit of its product'
    FROM orders_calloff c JOIN orders_calloffschedule s ON s.id = c.schedule_id
    JOIN customers_agreement a ON a.id = s.agreement_id
    JOIN customers_agreementline g ON g.id = c.agreement_line_id JOIN inventory_productunit u ON u.id = c.unit_id
    WHERE g.agreement_id <> s.agreement_id OR u.product_id <> g.product_id
"""
# An order that was made of a call-off is for the customer of the agreement.
MADE_OF_CALL_OFFS = """
    SELECT o.number, 'for customer ' || o.customer_id, format('%s of %s', a.customer_id, a.number)
    FROM orders_callofforder m JOIN orders_order o ON o.id = m.order_id
    JOIN orders_calloff c ON c.id = m.call_off_id JOIN orders_calloffschedule s ON s.id = c.schedule_id
    JOIN customers_agreement a ON a.id = s.agreement_id
    WHERE o.customer_id <> a.customer_id
"""


@invariant("I9")
def agreements_have_given_what_the_ledger_says() -> Iterable[Row]:
    return rows(DRAWN)


@invariant("I9")
def confirmed_lines_have_drawn_what_they_ask_for() -> Iterable[Row]:
    return rows(OWED)


@invariant("I9")
def lines_name_the_agreement_of_their_price() -> Iterable[Row]:
    return rows(NAMED)


@invariant("I9")
def call_offs_are_of_their_agreement() -> Iterable[Row]:
    return rows(CALLED_OFF)


@invariant("I9")
def orders_of_call_offs_are_for_the_customer_of_the_agreement() -> Iterable[Row]:
    return rows(MADE_OF_CALL_OFFS)
