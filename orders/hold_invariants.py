"""What must hold between quotes and the stock that they hold."""

from collections.abc import Iterable

from oms.verify import Row, invariant, rows

HELD = """
    SELECT concat_ws(' ', p.sku, 'in', w.code), s.held, coalesce(h.quantity, 0)
    FROM inventory_stocklevel s
    LEFT JOIN (SELECT stock_level_id, sum(quantity) AS quantity FROM orders_stockhold
               WHERE ended_on IS NULL GROUP BY 1) h ON h.stock_level_id = s.id
    LEFT JOIN inventory_product p ON p.id = s.product_id LEFT JOIN inventory_warehouse w ON w.id = s.warehouse_id
    WHERE s.held <> coalesce(h.quantity, 0)
"""
# Stock is held for the version in force of a quote that still stands, or whose order is not confirmed yet.
OPEN = """
    SELECT q.number || ' v' || v.number || ' line ' || l.position,
           format('holds %s of stock level %s until %s, %s', h.quantity, h.stock_level_id, h.until,
                  concat_ws(', ', q.status, 'order ' || o.status)),
           format('%s of its product at most, where it goes out, while the version is in force, until %s at the latest',
                  l.ordered, q.valid_until)
    FROM orders_stockhold h JOIN orders_quoteline l ON l.id = h.line_id
    JOIN orders_quoteversion v ON v.id = l.version_id JOIN orders_quote q ON q.id = v.quote_id
    JOIN inventory_stocklevel s ON s.id = h.stock_level_id LEFT JOIN orders_order o ON o.quote_version_id = v.id
    WHERE h.ended_on IS NULL
      AND (v.number <> q.version_number OR q.status NOT IN ('sent', 'accepted', 'ordered')
           OR o.status NOT IN ('draft', 'submitted') OR h.until > q.valid_until OR h.quantity > l.ordered
           OR (s.product_id, s.warehouse_id) <> (l.product_id, coalesce(o.warehouse_id, q.warehouse_id)))
"""
# Whatever a hold was, it was of its line's product, made and ended when the history says so.
ENDED = """
    SELECT q.number || ' v' || v.number || ' line ' || l.position,
           format('held %s of product %s, ended by %s', h.quantity, s.product_id, h.ended_by),
           format('%s of product %s at most, ended by what happened', l.ordered, l.product_id)
    FROM orders_stockhold h JOIN orders_quoteline l ON l.id = h.line_id
    JOIN orders_quoteversion v ON v.id = l.version_id JOIN orders_quote q ON q.id = v.quote_id
    JOIN inventory_stocklevel s ON s.id = h.stock_level_id LEFT JOIN orders_order o ON o.quote_version_id = v.id
    WHERE s.product_id <> l.product_id OR h.quantity > l.ordered OR h.until < h.held_on OR h.ended_on < h.held_on
       OR NOT EXISTS (SELECT FROM orders_quoteevent e
                      WHERE e.document_id = q.id AND e.kind IN ('stock held', 'stock moved')
                      AND h.held_on BETWEEN e.at::date - 1 AND e.at::date + 1)
       OR NOT CASE h.ended_by
           WHEN '' THEN h.ended_on IS NULL
           WHEN 'left_out' THEN EXISTS (SELECT FROM orders_quoteevent e
                                        WHERE e.document_id = q.id AND e.new_status = 'ordered')
           WHEN 'lapsed' THEN h.ended_on > h.until
           WHEN 'let_go' THEN EXISTS (SELECT FROM orders_quoteevent e
                                      WHERE e.document_id = q.id AND e.kind = 'stock let go')
           WHEN 'moved' THEN EXISTS (SELECT FROM orders_quoteevent e
                                     WHERE e.document_id = q.id AND e.kind = 'stock moved')
           WHEN 'replaced' THEN v.number < q.version_number
           ELSE EXISTS (SELECT FROM orders_quoteevent e WHERE e.document_id = q.id AND e.new_status = h.ended_by)
               OR (h.ended_by = 'cancelled' AND o.status = 'cancelled') END
"""


@invariant("I3")
def held_is_the_sum_of_what_quotes_hold() -> Iterable[Row]:
    return rows(HELD)


@invariant("I7")
def stock_is_held_for_quotes_that_stand() -> Iterable[Row]:
    return rows(OPEN)


@invariant("I7")
def holds_are_of_their_line_and_ended_as_told() -> Iterable[Row]:
    return rows(ENDED)
