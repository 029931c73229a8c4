"""What must hold in inventory: balances are their ledger, and what work set in motion left its trace."""

from collections.abc import Iterable

from inventory.models.stock import SELLABLE_KINDS
from oms.verify import Row, invariant, rows

MOVED = """
    SELECT product_id, to_location_id AS location_id, quantity FROM inventory_stockmovement
    WHERE to_location_id IS NOT NULL
    UNION ALL
    SELECT product_id, from_location_id, -quantity FROM inventory_stockmovement WHERE from_location_id IS NOT NULL
"""
BINS = f"""
    WITH ledger AS (SELECT product_id, location_id, sum(quantity) AS quantity FROM ({MOVED}) m GROUP BY 1, 2)
    SELECT concat_ws(' ', p.sku, 'in', w.code || '/' || l.code), coalesce(b.quantity, 0), coalesce(m.quantity, 0)
    FROM ledger m FULL JOIN inventory_binstock b USING (product_id, location_id)
    LEFT JOIN inventory_product p ON p.id = product_id
    LEFT JOIN inventory_location l ON l.id = location_id
    LEFT JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE coalesce(b.quantity, 0) <> coalesce(m.quantity, 0)
"""  # noqa: S608
LEVELS = f"""
    WITH ledger AS (
        SELECT m.product_id, l.warehouse_id, sum(m.quantity) AS quantity
        FROM ({MOVED}) m JOIN inventory_location l ON l.id = m.location_id AND l.kind IN ({SELLABLE_KINDS})
        GROUP BY 1, 2)
    SELECT concat_ws(' ', p.sku, 'in', w.code), coalesce(s.on_hand, 0), coalesce(m.quantity, 0)
    FROM ledger m FULL JOIN inventory_stocklevel s USING (product_id, warehouse_id)
    LEFT JOIN inventory_product p ON p.id = product_id LEFT JOIN inventory_warehouse w ON w.id = warehouse_id
    WHERE coalesce(s.on_hand, 0) <> coalesce(m.quantity, 0)
"""  # noqa: S608
SUSPECT = """
    WITH wanted AS (
        SELECT c.product_id, l.warehouse_id, sum(c.missing) AS quantity FROM inventory_stockcount c
        JOIN inventory_location l ON l.id = c.location_id WHERE c.status = 'open' GROUP BY 1, 2
    ), there AS (
        SELECT b.product_id, l.warehouse_id, sum(b.quantity) AS quantity FROM inventory_binstock b
        JOIN inventory_location l ON l.id = b.location_id AND l.kind = 'suspect' GROUP BY 1, 2)
    SELECT concat_ws(' ', p.sku, 'suspect in', w.code), coalesce(t.quantity, 0), coalesce(c.quantity, 0)
    FROM wanted c FULL JOIN there t USING (product_id, warehouse_id)
    LEFT JOIN inventory_product p ON p.id = product_id LEFT JOIN inventory_warehouse w ON w.id = warehouse_id
    WHERE coalesce(t.quantity, 0) <> coalesce(c.quantity, 0)
"""
# A count that is done has put back what was found and written off the rest.
COUNTED = """
    SELECT 'count ' || c.id, coalesce(m.told, 'nothing'), coalesce(c.found, 0) || ' put back into location '
           || c.location_id || ', ' || c.missing - coalesce(c.found, 0) || ' written off'
    FROM inventory_stockcount c
    LEFT JOIN (
        SELECT document, string_agg(kind || ' ' || quantity, ', ' ORDER BY id) AS told, min(product_id) AS product_id,
               max(product_id) AS last_product_id, min(to_location_id) AS location_id,
               coalesce(sum(quantity) FILTER (WHERE kind = 'transfer'), 0) AS found,
               coalesce(sum(quantity) FILTER (WHERE kind = 'count'), 0) AS lost
        FROM inventory_stockmovement WHERE document LIKE 'COUNT-%' GROUP BY 1
    ) m ON m.document = 'COUNT-' || c.id
    WHERE (c.status = 'open' AND m.document IS NOT NULL)
       OR (c.status = 'done' AND (coalesce(m.found, 0), coalesce(m.lost, 0)) IS DISTINCT FROM (c.found,
           c.missing - c.found))
       OR c.product_id <> m.product_id OR c.product_id <> m.last_product_id OR c.location_id <> m.location_id
       OR c.found > c.missing OR (c.status = 'open') <> (c.done_at IS NULL)
"""
# An adjustment that is applied is one line of the ledger under its number; any other is none.
ADJUSTED = """
    SELECT coalesce(a.number, m.document),
           coalesce(a.status || ' ' || a.kind || ' of ' || a.difference || ' at location ' || a.location_id, 'nothing'),
           coalesce(m.told, 'nothing in the ledger')
    FROM inventory_stockadjustment a
    FULL JOIN (
        SELECT document, count(*) AS n, string_agg(kind || ' ' || quantity, ', ' ORDER BY id) AS told,
               min(kind) AS kind, min(product_id) AS product_id,
               min(coalesce(to_location_id, from_location_id)) AS place,
               sum(CASE WHEN to_location_id IS NULL THEN -quantity ELSE quantity END) AS difference
        FROM inventory_stockmovement WHERE document LIKE 'ADJ-%' AND kind IN ('adjust', 'count')
        GROUP BY 1
    ) m ON m.document = a.number
    WHERE CASE WHEN a.status = 'applied'
        THEN (m.n, m.kind, m.product_id, m.place, m.difference)
             IS DISTINCT FROM (1::bigint, a.kind::text, a.product_id, a.location_id, a.difference::numeric)
        ELSE m.document IS NOT NULL END OR a.id IS NULL
"""
# What a count found different from the ledger is an adjustment of just that, proposed by who counted.
VARIANCES = """
    SELECT concat_ws(' ', s.number, w.code || '/' || l.code, p.sku, 'round', r.number),
           'a difference of ' || e.variance || ' by ' || r.by_id,
           coalesce(a.number || ': ' || a.difference || ' by ' || a.proposed_by_id, 'no adjustment')
    FROM inventory_countentry e
    LEFT JOIN inventory_countround r ON r.id = e.round_id LEFT JOIN inventory_countstop t ON t.id = r.stop_id
    LEFT JOIN inventory_countsheet s ON s.id = t.sheet_id LEFT JOIN inventory_location l ON l.id = t.location_id
    LEFT JOIN inventory_warehouse w ON w.id = l.warehouse_id LEFT JOIN inventory_product p ON p.id = e.product_id
    FULL JOIN (SELECT * FROM inventory_stockadjustment WHERE kind = 'count') a ON a.entry_id = e.id
    WHERE e.id IS NULL OR (e.variance <> 0) <> (a.id IS NOT NULL) OR a.difference <> e.variance
       OR (a.product_id, a.location_id, a.proposed_by_id) <> (e.product_id, t.location_id, r.by_id)
       OR t.product_id <> e.product_id
"""
# A bin that is counted again takes back what its earlier count left waiting, and nothing else does.
COUNTED_AGAIN = """
    WITH told AS (
        SELECT a.number, a.status, EXISTS (
            SELECT FROM inventory_countround later JOIN inventory_countstop s ON s.id = later.stop_id
            WHERE s.location_id = a.location_id AND later.id > e.round_id
              AND (s.product_id IS NULL OR s.product_id = a.product_id)) AS again
        FROM inventory_stockadjustment a JOIN inventory_countentry e ON e.id = a.entry_id)
    SELECT number, status || CASE WHEN again THEN ', counted again' ELSE ', never counted again' END,
           CASE WHEN again THEN 'decided or withdrawn' ELSE 'waiting or decided' END
    FROM told WHERE status = CASE WHEN again THEN 'proposed' ELSE 'withdrawn' END
"""
SHEETS = """
    SELECT s.number || ' ' || l.code, 'rounds up to ' || coalesce(max(r.number), 0) || ', location of warehouse '
           || l.warehouse_id, count(r.id) || ' rounds, in warehouse ' || s.warehouse_id
    FROM inventory_countstop t JOIN inventory_countsheet s ON s.id = t.sheet_id
    JOIN inventory_location l ON l.id = t.location_id LEFT JOIN inventory_countround r ON r.stop_id = t.id
    GROUP BY t.id, s.id, l.id HAVING l.warehouse_id <> s.warehouse_id OR coalesce(max(r.number), 0) <> count(r.id)
        OR coalesce(min(r.number), 1) <> 1
"""
RECEIVED = """
    WITH came AS (
        SELECT m.document AS number, m.product_id,
               sum(CASE m.kind WHEN 'receive' THEN m.quantity ELSE -m.quantity END) AS quantity
        FROM inventory_stockmovement m JOIN inventory_purchaseorder o ON o.number = m.document
        WHERE m.kind = 'receive' OR (m.kind = 'adjust' AND m.to_location_id IS NULL) GROUP BY 1, 2
    ), told AS (
        SELECT o.number, l.product_id, sum(l.received) AS quantity FROM inventory_purchaseorderline l
        JOIN inventory_purchaseorder o ON o.id = l.purchase_order_id GROUP BY 1, 2)
    SELECT concat_ws(' ', number, p.sku), coalesce(t.quantity, 0), coalesce(c.quantity, 0)
    FROM told t FULL JOIN came c USING (number, product_id) LEFT JOIN inventory_product p ON p.id = product_id
    WHERE coalesce(t.quantity, 0) <> coalesce(c.quantity, 0)
"""
RECEIPTS = """
    SELECT concat_ws(' ', o.number, p.sku), l.received || ' received, ' || l.in_time || ' in time',
           coalesce(c.quantity, 0) || ' received, ' || coalesce(c.in_time, 0) || ' in time'
    FROM inventory_purchaseorderline l
    LEFT JOIN (SELECT x.line_id, sum(x.quantity) AS quantity,
                      coalesce(sum(x.quantity) FILTER (WHERE r.received_on <= x.promised_on), 0) AS in_time
               FROM inventory_receiptline x JOIN inventory_receipt r ON r.id = x.receipt_id GROUP BY 1) c
      ON c.line_id = l.id
    LEFT JOIN inventory_purchaseorder o ON o.id = l.purchase_order_id
    LEFT JOIN inventory_product p ON p.id = l.product_id
    WHERE (l.received, l.in_time) IS DISTINCT FROM (coalesce(c.quantity, 0), coalesce(c.in_time, 0))
"""
RECEIPTS_OF_ORDERS = """
    SELECT 'receipt R-' || r.id, coalesce(n.order_ids, 'no lines'), 'lines of purchase order ' || r.purchase_order_id
    FROM inventory_receipt r
    LEFT JOIN (SELECT x.receipt_id, string_agg(DISTINCT l.purchase_order_id::text, ', ') AS order_ids
               FROM inventory_receiptline x JOIN inventory_purchaseorderline l ON l.id = x.line_id GROUP BY 1) n
      ON n.receipt_id = r.id
    WHERE n.order_ids IS DISTINCT FROM r.purchase_order_id::text
"""
# What takes back mirrors what was wrong, line by line and on its day, and it alone is less than nothing.
OPPOSITES = """
    WITH told AS (
        SELECT r.id, r.takes_back_id, r.received_on, x.line_id, x.quantity
        FROM inventory_receipt r JOIN inventory_receiptline x ON x.receipt_id = r.id)
    SELECT 'receipt R-' || coalesce(b.id, w.id) || ' line ' || coalesce(b.line_id, w.line_id),
           coalesce(b.quantity || ' on ' || b.received_on, 'nothing'),
           coalesce(-w.quantity || ' on ' || w.received_on, 'nothing')
    FROM (SELECT * FROM told WHERE takes_back_id IS NOT NULL) b
    FULL JOIN (SELECT t.*, r.id AS back_id FROM told t JOIN inventory_receipt r ON r.takes_back_id = t.id) w
      ON w.back_id = b.id AND w.line_id = b.line_id
    WHERE (b.quantity, b.received_on) IS DISTINCT FROM (-w.quantity, w.received_on)
    UNION ALL
    SELECT 'receipt R-' || id || ' line ' || line_id, quantity::text,
           CASE WHEN takes_back_id IS NULL THEN 'more' ELSE 'less' END || ' than nothing'
    FROM told WHERE CASE WHEN takes_back_id IS NULL THEN quantity < 0 ELSE quantity > 0 END
"""
PURCHASES = """
    SELECT o.number, o.status || ' with ' || s.due || ' due of ' || s.n || ' lines, ' || s.cancelled || ' cancelled',
           'open while something is due, received or cancelled when nothing is'
    FROM inventory_purchaseorder o
    JOIN LATERAL (SELECT count(*) AS n, coalesce(sum(due), 0) AS due, coalesce(sum(cancelled), 0) AS cancelled
                  FROM inventory_purchaseorderline WHERE purchase_order_id = o.id) s ON true
    WHERE s.n = 0 OR (o.status = 'open') <> (s.due > 0) OR (o.status = 'cancelled') <> (s.cancelled > 0)
"""
# What a transfer's lines tell, and what the ledger tells under its number: out of the source, into the target, lost.
# What came back counts as never sent; what is cancelled beyond that was cancelled to the last piece.
TRANSFERRED = """
    WITH moved AS (
        SELECT m.document AS number, m.product_id, m.quantity, m.kind,
               coalesce(f.kind = 'transit', false) AS off_road, coalesce(i.kind = 'transit', false) AS on_road,
               f.warehouse_id AS source_id, i.warehouse_id AS target_id
        FROM inventory_stockmovement m
        LEFT JOIN inventory_location f ON f.id = m.from_location_id
        LEFT JOIN inventory_location i ON i.id = m.to_location_id
        WHERE f.kind = 'transit' OR i.kind = 'transit'
    ), ledger AS (
        SELECT t.number, m.product_id,
               coalesce(sum(m.quantity) FILTER (WHERE on_road AND NOT off_road AND m.source_id = t.source_id
                   AND m.target_id = t.target_id), 0) AS out,
               coalesce(sum(m.quantity) FILTER (WHERE off_road AND m.source_id = t.target_id
                   AND m.target_id = t.source_id), 0) AS back,
               coalesce(sum(m.quantity) FILTER (WHERE off_road AND m.source_id = t.target_id
                   AND m.target_id = t.target_id), 0) AS came,
               coalesce(sum(m.quantity) FILTER (WHERE off_road AND m.kind = 'adjust'), 0) AS lost
        FROM moved m JOIN inventory_transfer t ON t.number = m.number GROUP BY 1, 2
    ), told AS (
        SELECT t.number, l.product_id, l.dispatched, l.received, l.lost, l.cancelled, l.to_dispatch
        FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id)
    SELECT concat_ws(' ', number, p.sku),
           format('dispatched %s, received %s, lost %s, cancelled %s', t.dispatched, t.received, t.lost, t.cancelled),
           format('dispatched %s, received %s, lost %s, cancelled %s or all the rest', coalesce(m.out - m.back, 0),
               coalesce(m.came, 0), coalesce(m.lost, 0), coalesce(m.back, 0))
    FROM told t FULL JOIN ledger m USING (number, product_id) LEFT JOIN inventory_product p ON p.id = product_id
    WHERE (coalesce(t.dispatched, 0), coalesce(t.received, 0), coalesce(t.lost, 0))
          <> (coalesce(m.out - m.back, 0), coalesce(m.came, 0), coalesce(m.lost, 0))
       OR t.cancelled < coalesce(m.back, 0) OR (t.cancelled > coalesce(m.back, 0) AND t.to_dispatch > 0)
"""
TRANSIT = """
    WITH wanted AS (
        SELECT l.product_id, t.target_id AS warehouse_id, sum(l.in_transit) AS quantity FROM inventory_transferline l
        JOIN inventory_transfer t ON t.id = l.transfer_id GROUP BY 1, 2
    ), there AS (
        SELECT b.product_id, l.warehouse_id, sum(b.quantity) AS quantity FROM inventory_binstock b
        JOIN inventory_location l ON l.id = b.location_id AND l.kind = 'transit' GROUP BY 1, 2)
    SELECT concat_ws(' ', p.sku, 'on the way to', w.code), coalesce(t.quantity, 0), coalesce(n.quantity, 0)
    FROM wanted n FULL JOIN there t USING (product_id, warehouse_id)
    LEFT JOIN inventory_product p ON p.id = product_id LEFT JOIN inventory_warehouse w ON w.id = warehouse_id
    WHERE coalesce(t.quantity, 0) <> coalesce(n.quantity, 0)
"""
TRANSFERS = """
    SELECT t.number, t.status || format(' with %s lines, %s to dispatch, %s on the way, %s dispatched', s.n,
               s.to_dispatch, s.in_transit, s.dispatched),
           CASE t.status WHEN 'planned' THEN 'something to dispatch, nothing cancelled or dispatched'
               WHEN 'dispatched' THEN 'something to dispatch or on the way'
               WHEN 'received' THEN 'nothing left, something dispatched' ELSE 'nothing left, nothing dispatched' END
    FROM inventory_transfer t
    JOIN LATERAL (
        SELECT count(*) AS n, coalesce(sum(to_dispatch), 0) AS to_dispatch, coalesce(sum(in_transit), 0) AS in_transit,
               coalesce(sum(dispatched), 0) AS dispatched, coalesce(sum(cancelled), 0) AS cancelled
        FROM inventory_transferline WHERE transfer_id = t.id) s ON true
    WHERE s.n = 0 OR t.source_id = t.target_id OR CASE t.status
        WHEN 'planned' THEN s.to_dispatch = 0 OR s.dispatched + s.cancelled > 0
        WHEN 'dispatched' THEN s.to_dispatch + s.in_transit = 0
        WHEN 'received' THEN s.to_dispatch + s.in_transit > 0 OR s.dispatched = 0
        WHEN 'cancelled' THEN s.to_dispatch + s.in_transit + s.dispatched > 0
        ELSE true END
"""
ALERTS = """
    SELECT concat_ws(' ', p.sku, 'in', w.code), a.kind || ', buy ' || a.suggested,
           CASE WHEN a.on_hand - a.demand > a.reorder_point THEN 'no alert'
                WHEN a.on_hand - a.demand + a.inbound >= a.reorder_point THEN 'expedite, buy 0'
                ELSE 'reorder, buy 1 or more' END
    FROM inventory_restockalert a
    LEFT JOIN inventory_product p ON p.id = a.product_id LEFT JOIN inventory_warehouse w ON w.id = a.warehouse_id
    WHERE a.on_hand - a.demand > a.reorder_point
       OR (a.kind = 'reorder' AND a.on_hand - a.demand + a.inbound > a.reorder_point)
       OR (a.kind = 'expedite' AND a.on_hand - a.demand + a.inbound < a.reorder_point)
       OR (a.kind = 'reorder') <> (a.suggested > 0) OR a.inbound < 0 OR a.demand < 0 OR a.on_hand < 0
"""


@invariant("I1")
def bins_hold_what_movements_brought() -> Iterable[Row]:
    return rows(BINS)


@invariant("I1")
def on_hand_is_the_sum_of_sellable_movements() -> Iterable[Row]:
    return rows(LEVELS)


@invariant("I1")
def suspect_stock_is_what_open_counts_look_for() -> Iterable[Row]:
    return rows(SUSPECT)


@invariant("I1")
def finished_counts_put_back_what_was_found() -> Iterable[Row]:
    return rows(COUNTED)


@invariant("I1")
def applied_adjustments_are_in_the_ledger_once() -> Iterable[Row]:
    return rows(ADJUSTED)


@invariant("I1")
def differences_found_by_counts_are_adjustments() -> Iterable[Row]:
    return rows(VARIANCES)


@invariant("I1")
def a_recount_takes_back_what_still_waited() -> Iterable[Row]:
    return rows(COUNTED_AGAIN)


@invariant("I1")
def bins_are_counted_round_after_round() -> Iterable[Row]:
    return rows(SHEETS)


@invariant("I1")
def purchases_received_what_movements_brought() -> Iterable[Row]:
    return rows(RECEIVED)


@invariant("I1")
def purchase_lines_received_what_their_receipts_say() -> Iterable[Row]:
    return rows(RECEIPTS)


@invariant("I1")
def receipts_are_of_the_order_of_their_lines() -> Iterable[Row]:
    return rows(RECEIPTS_OF_ORDERS)


@invariant("I1")
def what_takes_a_receipt_back_is_its_opposite() -> Iterable[Row]:
    return rows(OPPOSITES)


@invariant("I11")
def purchases_are_open_while_something_is_due() -> Iterable[Row]:
    return rows(PURCHASES)


@invariant("I1")
def transfers_moved_what_their_lines_tell() -> Iterable[Row]:
    return rows(TRANSFERRED)


@invariant("I1")
def transit_holds_what_transfers_have_on_the_way() -> Iterable[Row]:
    return rows(TRANSIT)


@invariant("I11")
def transfers_stand_where_their_lines_do() -> Iterable[Row]:
    return rows(TRANSFERS)


@invariant("I16")
def alerts_say_what_their_numbers_say() -> Iterable[Row]:
    return rows(ALERTS)
