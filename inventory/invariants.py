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
        SELECT m.document AS number, m.product_id, sum(m.quantity) AS quantity FROM inventory_stockmovement m
        JOIN inventory_purchaseorder o ON o.number = m.document WHERE m.kind = 'receive' GROUP BY 1, 2
    ), told AS (
        SELECT o.number, l.product_id, sum(l.received) AS quantity FROM inventory_purchaseorderline l
        JOIN inventory_purchaseorder o ON o.id = l.purchase_order_id GROUP BY 1, 2)
    SELECT concat_ws(' ', number, p.sku), coalesce(t.quantity, 0), coalesce(c.quantity, 0)
    FROM told t FULL JOIN came c USING (number, product_id) LEFT JOIN inventory_product p ON p.id = product_id
    WHERE coalesce(t.quantity, 0) <> coalesce(c.quantity, 0)
"""
PURCHASES = """
    SELECT o.number, o.status || ' with ' || s.due || ' due of ' || s.n || ' lines, ' || s.cancelled || ' cancelled',
           'open while something is due, received or cancelled when nothing is'
    FROM inventory_purchaseorder o
    JOIN LATERAL (SELECT count(*) AS n, coalesce(sum(due), 0) AS due, coalesce(sum(cancelled), 0) AS cancelled
                  FROM inventory_purchaseorderline WHERE purchase_order_id = o.id) s ON true
    WHERE s.n = 0 OR (o.status = 'open') <> (s.due > 0) OR (o.status = 'cancelled') <> (s.cancelled > 0)
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
def bins_are_counted_round_after_round() -> Iterable[Row]:
    return rows(SHEETS)


@invariant("I1")
def purchases_received_what_movements_brought() -> Iterable[Row]:
    return rows(RECEIVED)


@invariant("I11")
def purchases_are_open_while_something_is_due() -> Iterable[Row]:
    return rows(PURCHASES)


@invariant("I16")
def alerts_say_what_their_numbers_say() -> Iterable[Row]:
    return rows(ALERTS)
