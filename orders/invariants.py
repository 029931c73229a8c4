"""What must hold among quotes, orders, their stock and their approvals."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from django.conf import settings

from oms.verify import Row, invariant, rows, stream
from orders.facts import hash_of

LEVELS = """
    WITH held AS (SELECT stock_level_id, sum(allocated + picked + packed) AS quantity
        FROM orders_allocation GROUP BY 1)
    SELECT concat_ws(' ', p.sku, 'in', w.code), s.allocated, coalesce(h.quantity, 0)
    FROM inventory_stocklevel s LEFT JOIN held h ON h.stock_level_id = s.id
    LEFT JOIN inventory_product p ON p.id = s.product_id LEFT JOIN inventory_warehouse w ON w.id = s.warehouse_id
    WHERE s.allocated <> coalesce(h.quantity, 0)
"""
LINES = """
    WITH held AS (
        SELECT line_id, sum(allocated) AS allocated, sum(picked) AS picked, sum(packed) AS packed,
            sum(shipped) AS shipped
        FROM orders_allocation GROUP BY 1)
    SELECT o.number || ' line ' || l.position,
           format('allocated %s, picked %s, packed %s, shipped %s', l.allocated, l.picked, l.packed, l.shipped),
           format('allocated %s, picked %s, packed %s, shipped %s', coalesce(h.allocated, 0), coalesce(h.picked, 0),
                  coalesce(h.packed, 0), coalesce(h.shipped, 0))
    FROM orders_orderline l LEFT JOIN held h ON h.line_id = l.id LEFT JOIN orders_order o ON o.id = l.order_id
    WHERE (l.allocated, l.picked, l.packed, l.shipped)
          <> (coalesce(h.allocated, 0), coalesce(h.picked, 0), coalesce(h.packed, 0), coalesce(h.shipped, 0))
"""
BUCKETS = """
    SELECT o.number || ' line ' || l.position,
           format('open %s of %s', l.open, l.ordered),
           format('open %s', l.ordered - l.cancelled - l.allocated - l.picked - l.packed - l.shipped)
    FROM orders_orderline l LEFT JOIN orders_order o ON o.id = l.order_id
    WHERE l.open <> l.ordered - l.cancelled - l.allocated - l.picked - l.packed - l.shipped OR l.open < 0
"""
SAME_PRODUCT = """
    SELECT o.number || ' line ' || l.position, 'stock of product ' || s.product_id,
        'stock of product ' || l.product_id
    FROM orders_allocation a JOIN orders_orderline l ON l.id = a.line_id JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_stocklevel s ON s.id = a.stock_level_id WHERE s.product_id <> l.product_id
"""
# What the lines of an order may hold in each state.
STATES = """
    SELECT o.number, o.status || ' with ' ||
           format('%s lines, %s open, %s held, %s shipped, %s cancelled, %s without price',
               s.lines, s.open, s.held, s.shipped, s.cancelled, s.unpriced),
           CASE o.status WHEN 'draft' THEN 'nothing but open lines' WHEN 'submitted'
               THEN 'nothing but open, priced lines'
               WHEN 'confirmed' THEN 'priced lines, nothing with the warehouse, cancelled what its history says'
               WHEN 'released' THEN 'priced lines, something left to do' WHEN 'cancelled' THEN 'everything cancelled'
               ELSE 'everything shipped or cancelled, something shipped' END
    FROM orders_order o
    LEFT JOIN LATERAL (
        SELECT count(*) AS lines, coalesce(sum(open), 0) AS open, coalesce(sum(allocated + picked + packed),
            0) AS held,
               coalesce(sum(picked + packed), 0) AS at_work, coalesce(sum(shipped), 0) AS shipped,
               coalesce(sum(cancelled), 0) AS cancelled, count(*) FILTER (WHERE unit_price IS NULL) AS unpriced
        FROM orders_orderline WHERE order_id = o.id) s ON true
    WHERE CASE o.status
        WHEN 'draft' THEN s.held + s.shipped + s.cancelled > 0
        WHEN 'submitted' THEN s.held + s.shipped + s.cancelled + s.unpriced > 0 OR s.lines = 0
        WHEN 'confirmed' THEN s.at_work + s.shipped + s.unpriced > 0 OR s.lines = 0 OR s.cancelled <> (
            SELECT coalesce(sum((e.detail ->> 'cancelled')::bigint), 0) FROM orders_orderevent e
            WHERE e.document_id = o.id AND e.kind = 'rest cancelled')
        WHEN 'released' THEN s.unpriced > 0 OR s.open + s.held = 0
        WHEN 'cancelled' THEN s.open + s.held + s.shipped > 0
        ELSE s.open + s.held + s.unpriced > 0 OR s.shipped = 0 END
       OR (o.status IN ('confirmed', 'released', 'completed', 'closed') AND o.confirmed_at IS NULL)
       OR (o.status = 'draft' AND o.confirmed_at IS NOT NULL)
"""
FOREIGN_PARTS = """
    SELECT o.number || ' line ' || l.position, 'unit ' || l.unit_id || ' of another product', 'a unit of the product'
    FROM orders_orderline l JOIN inventory_productunit u ON u.id = l.unit_id JOIN orders_order o ON o.id = l.order_id
    WHERE u.product_id <> l.product_id
    UNION ALL
    SELECT q.number || ' line ' || l.position, 'unit ' || l.unit_id || ' of another product', 'a unit of the product'
    FROM orders_quoteline l JOIN inventory_productunit u ON u.id = l.unit_id
    JOIN orders_quoteversion v ON v.id = l.version_id JOIN orders_quote q ON q.id = v.quote_id
    WHERE u.product_id <> l.product_id
    UNION ALL
    SELECT o.number, 'address ' || a.id || ' of another customer', 'an address of the customer' FROM orders_order o
    JOIN customers_address a ON a.id IN (o.ship_to_id, o.bill_to_id) WHERE a.customer_id <> o.customer_id
    UNION ALL
    SELECT q.number, 'address ' || a.id || ' of another customer', 'an address of the customer' FROM orders_quote q
    JOIN customers_address a ON a.id = q.ship_to_id WHERE a.customer_id <> q.customer_id
"""
QUOTED_ORDERS = """
    SELECT q.number, format('%s with %s orders', q.status, count(o.id)), 'one order exactly when it is ordered'
    FROM orders_quote q LEFT JOIN orders_quoteversion v ON v.quote_id = q.id
    LEFT JOIN orders_order o ON o.quote_version_id = v.id
    GROUP BY q.id HAVING count(o.id) <> CASE WHEN q.status = 'ordered' THEN 1 ELSE 0 END
        OR bool_or(o.id IS NOT NULL AND v.number <> q.version_number)
        OR bool_or(o.customer_id <> q.customer_id OR o.currency_id <> q.currency_id)
"""
VERSIONS = """
    SELECT q.number, format('%s, version %s in force of %s, sent: %s', q.status, q.version_number, s.n,
               coalesce(s.sent::text, 'unknown')),
           'versions 1 to the one in force, all but a draft sent, as its history says'
    FROM orders_quote q
    LEFT JOIN LATERAL (
        SELECT count(*) AS n, min(number) AS first, max(number) AS last,
               bool_or(sent_at IS NOT NULL) FILTER (WHERE number = q.version_number) AS sent,
               bool_or(sent_at IS NULL) FILTER (WHERE number < q.version_number) AS skipped,
               count(sent_at) AS sendings
        FROM orders_quoteversion WHERE quote_id = q.id) s ON true
    WHERE (s.n, s.first, s.last) IS DISTINCT FROM (q.version_number::bigint, 1, q.version_number) OR s.skipped
       OR s.sendings <> (SELECT count(*) FROM orders_quoteevent WHERE document_id = q.id AND kind = 'sent')
       OR (q.status IN ('draft', 'waiting') AND s.sent)
       OR (q.status IN ('sent', 'accepted', 'declined', 'expired', 'ordered') AND NOT s.sent)
"""
# What a rep recorded before answers were kept has none; what is kept stands in the history.
ANSWERS = """
    SELECT q.number || ' v' || v.number, 'the answer ' || a.reply, 'that answer in the history'
    FROM orders_quoteanswer a LEFT JOIN orders_quoteversion v ON v.id = a.version_id
    LEFT JOIN orders_quote q ON q.id = v.quote_id
    WHERE NOT EXISTS (SELECT FROM orders_quoteevent e WHERE e.document_id = q.id AND e.kind = a.reply)
"""
ACCEPTED_LATE = """
    SELECT q.number, 'accepted at ' || e.at, 'accepted until the end of ' || q.valid_until
    FROM orders_quote q JOIN orders_quoteevent e ON e.document_id = q.id AND e.kind = 'accepted'
    WHERE q.status IN ('accepted', 'ordered')
      AND (e.at AT TIME ZONE coalesce((SELECT zone FROM oms_company), %s))::date > q.valid_until
"""
# round_half_up(ordered * denominator * price * (100 - discount) / (numerator * 100)), without a division:
# the amount times ten to the exponent is a whole number n with 2 n d <= 2 x + d < 2 (n + 1) d.
AMOUNTS = """
    SELECT {number} || ' line ' || l.position, l.amount,
           CASE WHEN l.unit_price IS NULL THEN 0
                ELSE round(l.ordered * u.denominator * l.unit_price * (100 - l.discount_percent)
                           / (u.numerator * 100), c.exponent)
           END
    FROM {lines} l JOIN inventory_productunit u ON u.id = l.unit_id JOIN {document}
    JOIN oms_currency c ON c.code = {currency}
    CROSS JOIN LATERAL (SELECT l.amount * 10 ^ c.exponent::numeric AS n, u.numerator * 100::numeric AS d,
        l.ordered * u.denominator * coalesce(l.unit_price,
            0) * (100 - l.discount_percent) * 10 ^ c.exponent::numeric AS x) s
    WHERE s.n <> trunc(s.n) OR NOT (2 * s.n * s.d <= 2 * s.x + s.d AND 2 * s.x + s.d < 2 * (s.n + 1) * s.d)
"""
TOTALS = """
    SELECT o.number, o.total, coalesce(s.amount, 0) FROM orders_order o
    LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM orders_orderline GROUP BY 1) s ON s.order_id = o.id
    WHERE o.total <> coalesce(s.amount, 0)
    UNION ALL
    SELECT q.number || ' v' || v.number, v.total, coalesce(s.amount, 0) FROM orders_quoteversion v
    JOIN orders_quote q ON q.id = v.quote_id
    LEFT JOIN (SELECT version_id, sum(amount) AS amount FROM orders_quoteline GROUP BY 1) s ON s.version_id = v.id
    WHERE v.total <> coalesce(s.amount, 0)
"""

# The last row that names a line says its days, and the first one is that of the confirmation.
PROMISES = """
    WITH told AS (
        SELECT DISTINCT ON (x.line_id) x.line_id, p.order_id, p.ship_on, p.promised_on,
               first_value(p.cause) OVER (PARTITION BY x.line_id ORDER BY p.id) AS cause
        FROM orders_promise p, unnest(p.lines) AS x(line_id) ORDER BY x.line_id, p.id DESC)
    SELECT coalesce(o.number || ' line ' || l.position, 'line ' || t.line_id || ' in the ledger of promises'),
           format('order %s leaves %s, is there %s, first row: confirmed', l.order_id, l.ship_on, l.promised_on),
           format('order %s leaves %s, is there %s, first row: %s', t.order_id, t.ship_on, t.promised_on, t.cause)
    FROM orders_orderline l FULL JOIN told t ON t.line_id = l.id LEFT JOIN orders_order o ON o.id = l.order_id
    WHERE (l.ship_on, l.promised_on) IS DISTINCT FROM (t.ship_on, t.promised_on)
       OR (t.line_id IS NOT NULL AND (l.order_id IS DISTINCT FROM t.order_id OR t.cause <> 'confirmed'))
"""
FIRST_DAYS = """
    SELECT o.number, o.ship_on, s.ship_on FROM orders_order o
    LEFT JOIN (SELECT order_id, min(ship_on) AS ship_on FROM orders_orderline GROUP BY 1) s ON s.order_id = o.id
    WHERE o.ship_on IS DISTINCT FROM s.ship_on
"""


@invariant("I3")
def allocated_is_the_sum_of_allocations() -> Iterable[Row]:
    return rows(LEVELS)


@invariant("I3")
def counters_of_lines_are_the_sums_of_allocations() -> Iterable[Row]:
    return rows(LINES)


@invariant("I3")
def allocations_are_of_the_product_ordered() -> Iterable[Row]:
    return rows(SAME_PRODUCT)


@invariant("I4")
def each_ordered_unit_is_in_one_bucket() -> Iterable[Row]:
    return rows(BUCKETS)


@invariant("I4")
def lines_hold_what_the_state_of_their_order_allows() -> Iterable[Row]:
    return rows(STATES)


@invariant("I4")
def days_of_lines_are_those_last_promised() -> Iterable[Row]:
    return rows(PROMISES)


@invariant("I4")
def an_order_first_leaves_with_its_first_line() -> Iterable[Row]:
    return rows(FIRST_DAYS)


@invariant("I20")
def lines_and_headers_name_parts_of_their_own() -> Iterable[Row]:
    return rows(FOREIGN_PARTS)


@invariant("I7")
def a_quote_has_one_order_when_it_is_ordered() -> Iterable[Row]:
    return rows(QUOTED_ORDERS)


@invariant("I7")
def answers_stand_in_the_history_of_their_quote() -> Iterable[Row]:
    return rows(ANSWERS)


@invariant("I7")
def versions_of_a_quote_are_sent_one_after_the_other() -> Iterable[Row]:
    return rows(VERSIONS)


@invariant("I7")
def no_quote_is_accepted_after_its_last_day() -> Iterable[Row]:
    return rows(ACCEPTED_LATE, [settings.TIME_ZONE])


@invariant("I10")
def amounts_of_order_lines_are_quantity_times_price() -> Iterable[Row]:
    return rows(
        AMOUNTS.format(
            number="o.number",
            lines="orders_orderline",
            document="orders_order o ON o.id = l.order_id",
            currency="o.currency_id",
        )
    )


@invariant("I10")
def amounts_of_quote_lines_are_quantity_times_price() -> Iterable[Row]:
    document = "orders_quoteversion v ON v.id = l.version_id JOIN orders_quote q ON q.id = v.quote_id"
    return rows(
        AMOUNTS.format(
            number="q.number", lines="orders_quoteline", document=document, currency="q.currency_id"
        )
    )


@invariant("I10")
def totals_are_the_sums_of_their_lines() -> Iterable[Row]:
    return rows(TOTALS)


NAME = """coalesce((SELECT number FROM orders_order o WHERE o.id = r.order_id),
                   (SELECT q.number || ' v' || v.number FROM orders_quoteversion v
                    JOIN orders_quote q ON q.id = v.quote_id WHERE v.id = r.quote_version_id), 'request ' || r.id)"""
DECISIONS = f"""
    SELECT {NAME}, concat_ws(', ', d.verdict || ' by user ' || d.by_id, 'hash ' || left(d.document_hash, 8),
        'step ' || s.status),
           concat_ws(', ', 'somebody other than who submitted or entered it', 'hash ' || left(r.document_hash, 8))
    FROM orders_decision d JOIN orders_approvalstep s ON s.id = d.step_id
    JOIN orders_approvalrequest r ON r.id = s.request_id
    WHERE d.document_hash <> r.document_hash OR d.submitted_by_id IS DISTINCT FROM r.submitted_by_id
       OR d.by_id = r.submitted_by_id
       OR d.by_id = coalesce((SELECT created_by_id FROM orders_order o WHERE o.id = r.order_id),
                             (SELECT q.created_by_id FROM orders_quote q
                                 JOIN orders_quoteversion v ON v.quote_id = q.id
                              WHERE v.id = r.quote_version_id))
       OR s.status <> CASE d.verdict WHEN 'approve' THEN 'approved' ELSE 'rejected' END
"""  # noqa: S608
UNDECIDED = f"""
    SELECT {NAME}, 'step ' || s.status || ' and nobody decided', 'a decision' FROM orders_approvalstep s
    JOIN orders_approvalrequest r ON r.id = s.request_id
    WHERE s.status IN ('approved', 'rejected') AND NOT EXISTS (SELECT FROM orders_decision d WHERE d.step_id = s.id)
"""  # noqa: S608
STEPS = f"""
    SELECT {NAME}, format('request %s with %s steps: %s approved, %s rejected, %s pending', r.status, s.n, s.approved,
               s.rejected, s.pending),
           'approved by all steps, rejected by one, otherwise some pending; decided_at once it is not pending'
    FROM orders_approvalrequest r
    LEFT JOIN LATERAL (
        SELECT count(*) AS n, count(*) FILTER (WHERE status = 'approved') AS approved,
               count(*) FILTER (WHERE status = 'rejected') AS rejected,
                   count(*) FILTER (WHERE status = 'pending') AS pending
        FROM orders_approvalstep WHERE request_id = r.id) s ON true
    WHERE (r.status = 'pending') <> (r.decided_at IS NULL) OR CASE r.status
        WHEN 'approved' THEN s.n = 0 OR s.approved <> s.n
        WHEN 'rejected' THEN s.rejected = 0
        ELSE s.rejected > 0 OR s.pending = 0 END
"""  # noqa: S608
WAITING = """
    SELECT o.number, format('%s, %s pending approval, %s approval hold', o.status, count(r.id), count(h.id)),
           'an open approval hold exactly while a submitted order is pending'
    FROM orders_order o
    LEFT JOIN orders_approvalrequest r ON r.order_id = o.id AND r.status = 'pending'
    LEFT JOIN orders_hold h ON h.order_id = o.id AND h.kind = 'approval' AND h.released_at IS NULL
    WHERE r.id IS NOT NULL OR h.id IS NOT NULL
    GROUP BY o.id HAVING o.status <> 'submitted' OR count(r.id) <> 1 OR count(h.id) <> 1
    UNION ALL
    SELECT q.number, format('%s, version %s pending', q.status, v.number),
        'a waiting quote, its version in force pending'
    FROM orders_approvalrequest r JOIN orders_quoteversion v ON v.id = r.quote_version_id
    JOIN orders_quote q ON q.id = v.quote_id
    WHERE r.status = 'pending' AND (q.status <> 'waiting' OR v.number <> q.version_number)
    UNION ALL
    SELECT q.number, 'waiting for nobody', 'a request that is pending or approved' FROM orders_quote q
    WHERE q.status = 'waiting' AND NOT EXISTS (
        SELECT FROM orders_approvalrequest r JOIN orders_quoteversion v ON v.id = r.quote_version_id
        WHERE v.quote_id = q.id AND v.number = q.version_number AND r.status IN ('pending', 'approved'))
"""
# Each approval stands in its document's history, and nothing else does.
RECORDED = """
    SELECT o.number, coalesce(r.n, 0) || ' approved requests', coalesce(e.n, 0) || ' as its history says'
    FROM orders_order o
    LEFT JOIN (SELECT order_id, count(*) AS n FROM orders_approvalrequest WHERE status = 'approved' GROUP BY 1) r
        ON r.order_id = o.id
    LEFT JOIN (SELECT document_id, count(*) AS n FROM orders_orderevent WHERE kind = 'approved' GROUP BY 1) e
        ON e.document_id = o.id
    WHERE coalesce(r.n, 0) <> coalesce(e.n, 0)
    UNION ALL
    SELECT q.number, coalesce(r.n, 0) || ' approved requests', coalesce(e.n, 0) || ' as its history says'
    FROM orders_quote q
    LEFT JOIN (SELECT v.quote_id, count(*) AS n FROM orders_approvalrequest x
               JOIN orders_quoteversion v ON v.id = x.quote_version_id WHERE x.status = 'approved' GROUP BY 1) r
        ON r.quote_id = q.id
    LEFT JOIN (SELECT document_id, count(*) AS n FROM orders_quoteevent WHERE kind = 'approved' GROUP BY 1) e
        ON e.document_id = q.id
    WHERE coalesce(r.n, 0) <> coalesce(e.n, 0)
"""
# The columns that approval looks at, of each document somebody is asked about now.
PENDING = f"""
    WITH asked AS (SELECT * FROM orders_approvalrequest WHERE status = 'pending'),
    lines AS (
        SELECT r.id AS request_id, l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price,
            l.discount_percent
        FROM asked r JOIN orders_orderline l ON l.order_id = r.order_id
        UNION ALL
        SELECT r.id, l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price, l.discount_percent
        FROM asked r JOIN orders_quoteline l ON l.version_id = r.quote_version_id)
    SELECT {NAME}, r.document_hash, coalesce(o.customer_id, q.customer_id), coalesce(o.ship_to_id, q.ship_to_id),
           coalesce(o.currency_id, q.currency_id),
           l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price, l.discount_percent
    FROM asked r JOIN lines l ON l.request_id = r.id LEFT JOIN orders_order o ON o.id = r.order_id
    LEFT JOIN orders_quoteversion v ON v.id = r.quote_version_id LEFT JOIN orders_quote q ON q.id = v.quote_id
    ORDER BY r.id, l.position
"""  # noqa: S608


@invariant("I8")
def decisions_are_bound_to_what_was_asked_and_never_ones_own() -> Iterable[Row]:
    return rows(DECISIONS)


@invariant("I8")
def decided_steps_have_their_decision() -> Iterable[Row]:
    return rows(UNDECIDED)


@invariant("I8")
def requests_are_decided_as_their_steps_are() -> Iterable[Row]:
    return rows(STEPS)


@invariant("I8")
def documents_wait_exactly_while_somebody_is_asked() -> Iterable[Row]:
    return rows(WAITING)


@invariant("I8")
def approvals_stand_in_the_history() -> Iterable[Row]:
    return rows(RECORDED)


@invariant("I8")
def documents_do_not_change_while_somebody_is_asked() -> Iterator[Row]:
    """The hash of what is submitted is still the hash that the request names."""
    for head, lines in groupby(stream(PENDING), key=itemgetter(0, 1, 2, 3, 4)):
        name, asked_about, *header = head
        now = hash_of([*header, [tuple(line[5:]) for line in lines]])
        if now != asked_about:
            yield name, f"hash {now[:8]}", f"hash {asked_about[:8]}, which somebody is asked about"
