"""What must hold among quotes, orders and their stock; modules beside it tell of the rest."""

from collections.abc import Iterable

from oms.verify import Row, invariant, rows
from orders import (  # noqa: F401  they declare their own
    agreement_invariants,
    approval_invariants,
    credit_invariants,
    hold_invariants,
    past_invariants,
    total_invariants,
)

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
WAITING = """
    SELECT o.number || ' line ' || l.position,
           format('%s open, %s', l.open, CASE WHEN l.waits THEN 'waits' ELSE 'does not wait' END),
           format('%s while %s', CASE WHEN l.waits THEN 'no waiting' ELSE 'waiting' END, o.status)
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    WHERE l.waits <> (l.open > 0 AND o.status IN ('confirmed', 'released'))
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
               coalesce(sum(cancelled), 0) AS cancelled, count(*) FILTER (WHERE unit_price IS NULL) AS unpriced,
               count(*) FILTER (WHERE ordered = 0) AS taken_out
        FROM orders_orderline WHERE order_id = o.id) s ON true
    WHERE CASE o.status
        WHEN 'draft' THEN s.held + s.shipped + s.cancelled + s.taken_out > 0
        WHEN 'submitted' THEN s.held + s.shipped + s.cancelled + s.unpriced + s.taken_out > 0 OR s.lines = 0
        WHEN 'confirmed' THEN s.at_work + s.shipped + s.unpriced > 0 OR s.lines = 0 OR s.cancelled <> (
            SELECT coalesce(sum((e.detail ->> 'cancelled')::bigint), 0) FROM orders_orderevent e
            WHERE e.document_id = o.id AND e.kind = 'rest cancelled')
        WHEN 'released' THEN s.unpriced > 0 OR s.open + s.held = 0
        WHEN 'cancelled' THEN s.open + s.held + s.shipped > 0
        ELSE s.open + s.held + s.unpriced > 0 OR s.shipped = 0 END
       OR (o.status IN ('confirmed', 'released', 'completed', 'closed') AND o.confirmed_at IS NULL)
       OR (o.status = 'draft' AND o.confirmed_at IS NOT NULL)
"""
# The company and all above it, of every company; a move of one of them since makes an older document's address right.
FOREIGN_ADDRESSES = """
    WITH RECURSIVE above(id, over_id, moved_at) AS (
        SELECT id, id, parent_since FROM customers_customer
        UNION SELECT a.id, c.parent_id, p.parent_since
        FROM above a JOIN customers_customer c ON c.id = a.over_id JOIN customers_customer p ON p.id = c.parent_id
    ), documents AS (
        SELECT o.number, o.customer_id, a.id AS address, a.customer_id AS at, o.created_at FROM orders_order o
        JOIN customers_address a ON a.id IN (o.ship_to_id, o.bill_to_id)
        UNION ALL SELECT q.number, q.customer_id, a.id, a.customer_id, q.created_at FROM orders_quote q
        JOIN customers_address a ON a.id = q.ship_to_id
    )
    SELECT d.number, 'address ' || d.address || ' of another customer', 'an address of the customer or its tree'
    FROM documents d WHERE d.at <> d.customer_id
    AND NOT EXISTS (SELECT FROM above WHERE (id, over_id) IN ((d.customer_id, d.at), (d.at, d.customer_id)))
    AND NOT EXISTS (SELECT FROM above WHERE id IN (d.customer_id, d.at) AND moved_at >= d.created_at)
"""
# Whoever was merged away has nothing left, and leads to somebody who is there.
LEFT_BEHIND = """
    SELECT 'customer ' || c.code, x.what, 'with the customer it was merged into'
    FROM customers_customer c CROSS JOIN LATERAL (
        SELECT 'order ' || number AS what FROM orders_order WHERE customer_id = c.id
        UNION ALL SELECT 'quote ' || number FROM orders_quote WHERE customer_id = c.id
        UNION ALL SELECT 'agreement ' || number FROM customers_agreement WHERE customer_id = c.id
        UNION ALL SELECT 'address ' || code FROM customers_address WHERE customer_id = c.id
        UNION ALL SELECT 'contact ' || name FROM customers_contact WHERE customer_id = c.id
        UNION ALL SELECT 'part number ' || number FROM customers_customerpartnumber WHERE customer_id = c.id
        UNION ALL SELECT 'company below ' || code FROM customers_customer WHERE parent_id = c.id
        UNION ALL SELECT 'older number ' || code FROM customers_customer WHERE merged_into_id = c.id
        UNION ALL SELECT 'restricted sale ' || id FROM customers_restrictedsale WHERE customer_id = c.id
        UNION ALL SELECT 'policy of stock held by quotes' FROM orders_holdpolicy WHERE customer_id = c.id
    ) x WHERE c.merged_into_id IS NOT NULL
"""
# A document is for the customer it was made for, or for the one that this was merged into.
STRAYED = """
    SELECT d.number, 'for customer ' || d.customer_id, 'for customer ' || x.id || ', as its history begins'
    FROM (SELECT o.number, o.customer_id, e.detail FROM orders_order o
          JOIN orders_orderevent e ON e.document_id = o.id AND e.version = 1
          UNION ALL
          SELECT q.number, q.customer_id, e.detail FROM orders_quote q
          JOIN orders_quoteevent e ON e.document_id = q.id AND e.version = 1) d
    JOIN customers_customer x ON x.id = (d.detail ->> 'customer')::bigint
    WHERE d.customer_id NOT IN (x.id, coalesce(x.merged_into_id, x.id))
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
# Where all have to accept, an acceptance by link has the consent of each, and nobody consents for another version.
CONSENTS = """
    SELECT q.number || ' v' || v.number, given.n || ' consents of ' || people.n, 'the consent of each who decides'
    FROM orders_quoteanswer a JOIN orders_quoteversion v ON v.id = a.version_id JOIN orders_quote q ON q.id = v.quote_id
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders_decider d WHERE d.version_id = v.id) people
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders_consent c WHERE c.version_id = v.id) given
    WHERE v.deciding <> 'any' AND a.reply = 'accepted' AND a.link_id IS NOT NULL AND given.n <> people.n
    UNION ALL
    SELECT 'consent ' || c.id, 'of version ' || c.version_id, 'of the version and by the link of who decides'
    FROM orders_consent c JOIN orders_decider d ON d.id = c.decider_id JOIN orders_quotelink l ON l.id = c.link_id
    WHERE (c.version_id, c.decider_id) IS DISTINCT FROM (d.version_id, l.decider_id)
    UNION ALL
    SELECT 'counter-offer ' || o.id, 'about line ' || c.line_id, 'about lines of its version, by a link to it'
    FROM orders_counteroffer o JOIN orders_quotelink k ON k.id = o.link_id
    LEFT JOIN orders_counterline c ON c.offer_id = o.id LEFT JOIN orders_quoteline l ON l.id = c.line_id
    WHERE o.version_id <> k.version_id OR l.version_id <> o.version_id
    UNION ALL
    SELECT 'answer to counter-offer ' || a.offer_id, format('version %s, %s of %s wishes', v.number, met.n, wishes.n),
           format('version %s of the quote, each wish once', w.number + 1)
    FROM orders_counteranswer a JOIN orders_quoteversion v ON v.id = a.version_id
    JOIN orders_counteroffer o ON o.id = a.offer_id JOIN orders_quoteversion w ON w.id = o.version_id
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders_counterline c WHERE c.offer_id = o.id) wishes
    CROSS JOIN LATERAL (SELECT count(c.id) AS n FROM orders_counterlineanswer x
        LEFT JOIN orders_counterline c ON c.id = x.wish_id AND c.offer_id = o.id WHERE x.answer_id = a.id) met
    WHERE (v.quote_id, v.number) IS DISTINCT FROM (w.quote_id, w.number + 1) OR met.n <> wishes.n
    UNION ALL
    SELECT 'link ' || l.id, 'of version ' || l.version_id, 'of the version of who decides'
    FROM orders_quotelink l JOIN orders_decider d ON d.id = l.decider_id WHERE d.version_id <> l.version_id
"""
ACCEPTED_LATE = """
    SELECT q.number, 'accepted at ' || e.at, 'accepted until the end of ' || q.valid_until
    FROM orders_quote q JOIN orders_quoteevent e ON e.document_id = q.id AND e.kind = 'accepted'
    WHERE q.status IN ('accepted', 'ordered')
      AND (e.at AT TIME ZONE 'Etc/GMT+12')::date > q.valid_until  -- over everywhere: where they are may change
      AND NOT EXISTS (SELECT FROM orders_quoteversion v JOIN orders_quoteanswer a ON a.version_id = v.id
                      WHERE v.quote_id = q.id AND v.number = q.version_number AND a.came_on IS NOT NULL)
    UNION ALL
    SELECT v.quote_id || ' v' || v.number, 'came on ' || a.came_on, 'between sent and recorded, after ' || v.valid_until
    FROM orders_quoteanswer a JOIN orders_quoteversion v ON v.id = a.version_id
    WHERE a.came_on IS NOT NULL AND (a.came_on NOT BETWEEN v.sent_at::date - 1 AND a.at::date + 1
          OR (a.at AT TIME ZONE 'Etc/GMT-14')::date <= v.valid_until)
"""
ALTERNATIVES = """
    SELECT q.number, 'alternative to ' || coalesce(q.alternative_to_id::text, 'none'),
           coalesce(told.first::text, 'none') || ', as it was drafted'
    FROM orders_quote q
    LEFT JOIN LATERAL (
        SELECT coalesce(b.alternative_to_id, b.id) AS first
        FROM orders_quoteevent e JOIN orders_quote b ON b.number = e.note
        WHERE e.document_id = q.id AND e.kind = 'alternative' LIMIT 1) told ON true
    WHERE q.alternative_to_id IS DISTINCT FROM told.first
"""
# The last row that names a line says its days. The first one is that of the confirmation, or of the change or the split
# that made the line.
PROMISES = """
    WITH told AS (
        SELECT DISTINCT ON (x.line_id) x.line_id, p.order_id, p.ship_on, p.promised_on,
               first_value(p.cause) OVER (PARTITION BY x.line_id ORDER BY p.id) AS cause
        FROM orders_promise p, unnest(p.lines) AS x(line_id) ORDER BY x.line_id, p.id DESC),
    came_later AS (
        SELECT (x.line ->> 'line')::bigint AS line_id
        FROM orders_orderevent e, jsonb_array_elements(e.detail -> 'lines') AS x(line)
        WHERE e.kind = 'changed' AND x.line -> 'wanted' ->> 0 = ''
        UNION
        SELECT l.id FROM orders_orderevent e JOIN orders_orderline l ON l.order_id = e.document_id
        JOIN orders_orderevent s ON s.document_id = e.document_id AND s.kind = 'split' AND s.note = e.note
        WHERE e.kind = 'entered')
    SELECT coalesce(o.number || ' line ' || l.position, 'line ' || t.line_id || ' in the ledger of promises'),
           format('order %s leaves %s, is there %s, first row: %s', l.order_id, l.ship_on, l.promised_on, f.cause),
           format('order %s leaves %s, is there %s, first row: %s', t.order_id, t.ship_on, t.promised_on, t.cause)
    FROM orders_orderline l FULL JOIN told t ON t.line_id = l.id LEFT JOIN orders_order o ON o.id = l.order_id
    LEFT JOIN came_later c ON c.line_id = t.line_id
    CROSS JOIN LATERAL (SELECT CASE WHEN c.line_id IS NULL THEN 'confirmed' ELSE 'changed' END AS cause) f
    WHERE (l.ship_on, l.promised_on) IS DISTINCT FROM (t.ship_on, t.promised_on)
       OR (t.line_id IS NOT NULL AND (l.order_id IS DISTINCT FROM t.order_id OR t.cause <> f.cause))
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
def lines_wait_while_something_is_open_and_in_work() -> Iterable[Row]:
    return rows(WAITING)


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
    return [*rows(FOREIGN_PARTS), *rows(FOREIGN_ADDRESSES)]


@invariant("I20")
def documents_stay_with_the_customer_they_were_made_for() -> Iterable[Row]:
    return rows(STRAYED)


@invariant("I20")
def nothing_is_left_with_a_customer_that_was_merged() -> Iterable[Row]:
    return rows(LEFT_BEHIND)


@invariant("I7")
def a_quote_has_one_order_when_it_is_ordered() -> Iterable[Row]:
    return rows(QUOTED_ORDERS)


@invariant("I7")
def answers_stand_in_the_history_of_their_quote() -> Iterable[Row]:
    return rows(ANSWERS)


@invariant("I7")
def all_who_decide_have_consented() -> Iterable[Row]:
    return rows(CONSENTS)


@invariant("I7")
def versions_of_a_quote_are_sent_one_after_the_other() -> Iterable[Row]:
    return rows(VERSIONS)


@invariant("I7")
def no_quote_is_accepted_after_its_last_day() -> Iterable[Row]:
    return rows(ACCEPTED_LATE)


@invariant("I7")
def alternatives_point_to_the_first_of_those_they_were_drafted_beside() -> Iterable[Row]:
    return rows(ALTERNATIVES)
