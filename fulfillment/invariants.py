"""What must hold in the warehouse and on the road: work, promise and ledger tell the same story."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from fulfillment.tracking import status_after
from oms.verify import Row, invariant, rows, stream

AT_WORK = "('planned', 'picking', 'packed')"
LEFT = "('shipped', 'delivered')"

RELEASED = """
    WITH asked AS (SELECT allocation_id, sum(to_pick) AS quantity FROM fulfillment_shipmentline GROUP BY 1)
    SELECT o.number || ' line ' || l.position, 'released ' || a.released, 'released ' || coalesce(s.quantity, 0)
    FROM orders_allocation a LEFT JOIN asked s ON s.allocation_id = a.id
    LEFT JOIN orders_orderline l ON l.id = a.line_id LEFT JOIN orders_order o ON o.id = l.order_id
    WHERE a.released <> coalesce(s.quantity, 0)
"""
BUCKETS = f"""
    WITH work AS (
        SELECT l.allocation_id,
               coalesce(sum(l.picked - l.packed) FILTER (WHERE s.status IN {AT_WORK}), 0) AS picked,
               coalesce(sum(l.packed) FILTER (WHERE s.status IN {AT_WORK}), 0) AS packed,
               coalesce(sum(l.packed) FILTER (WHERE s.status IN {LEFT}), 0) AS shipped
        FROM fulfillment_shipmentline l JOIN fulfillment_shipment s ON s.id = l.shipment_id GROUP BY 1)
    SELECT o.number || ' line ' || l.position, format('picked %s, packed %s, shipped %s', a.picked, a.packed,
        a.shipped),
           format('picked %s, packed %s, shipped %s', coalesce(w.picked, 0), coalesce(w.packed, 0),
               coalesce(w.shipped, 0))
    FROM orders_allocation a LEFT JOIN work w ON w.allocation_id = a.id
    LEFT JOIN orders_orderline l ON l.id = a.line_id LEFT JOIN orders_order o ON o.id = l.order_id
    WHERE (a.picked, a.packed, a.shipped) <> (coalesce(w.picked, 0), coalesce(w.packed, 0), coalesce(w.shipped, 0))
"""  # noqa: S608
# What the lines of a shipment may hold in each state, and which moments are known.
STATES = """
    SELECT s.number, s.status || format(' with %s lines, %s to pick, %s picked, %s packed', n.lines, n.to_pick,
        n.picked, n.packed)
           || concat(', shipped ' || s.shipped_at, ', handed over ' || s.handed_over_at,
               ', delivered ' || s.delivered_at),
           'what its state allows'
    FROM fulfillment_shipment s
    LEFT JOIN LATERAL (
        SELECT count(*) AS lines, coalesce(sum(to_pick), 0) AS to_pick, coalesce(sum(picked), 0) AS picked,
               coalesce(sum(packed), 0) AS packed
        FROM fulfillment_shipmentline WHERE shipment_id = s.id) n ON true
    WHERE n.lines = 0 OR CASE s.status
        WHEN 'planned' THEN n.picked + n.packed > 0 OR n.to_pick = 0
        WHEN 'picking' THEN n.to_pick + n.picked - n.packed = 0
        WHEN 'void' THEN n.to_pick + n.picked + n.packed > 0
        ELSE n.to_pick > 0 OR n.picked <> n.packed OR n.packed = 0 END
       OR CASE WHEN s.status IN ('planned', 'picking', 'packed')
               THEN s.shipped_at IS NOT NULL OR s.handed_over_at IS NOT NULL OR s.delivered_at IS NOT NULL
               WHEN s.status = 'void' THEN s.handed_over_at IS NOT NULL OR s.delivered_at IS NOT NULL
               ELSE s.shipped_at IS NULL OR (s.status = 'delivered') <> (s.delivered_at IS NOT NULL)
                    OR (s.status = 'delivered' AND s.handed_over_at IS NULL) END
"""
SAME_PLACE = """
    SELECT s.number, format('order %s, warehouse %s', l.order_id, k.warehouse_id),
           format('order %s, warehouse %s', s.order_id, s.warehouse_id)
    FROM fulfillment_shipmentline sl JOIN fulfillment_shipment s ON s.id = sl.shipment_id
    JOIN orders_allocation a ON a.id = sl.allocation_id JOIN orders_orderline l ON l.id = a.line_id
    JOIN inventory_stocklevel k ON k.id = a.stock_level_id
    WHERE l.order_id <> s.order_id OR k.warehouse_id <> s.warehouse_id
    UNION ALL
    SELECT s.number || ' task ' || t.id, format('product %s, warehouse %s', b.product_id, p.warehouse_id),
           format('product %s, warehouse %s', k.product_id, s.warehouse_id)
    FROM fulfillment_picktask t JOIN fulfillment_shipmentline sl ON sl.id = t.shipment_line_id
    JOIN fulfillment_shipment s ON s.id = sl.shipment_id JOIN orders_allocation a ON a.id = sl.allocation_id
    JOIN inventory_stocklevel k ON k.id = a.stock_level_id JOIN inventory_binstock b ON b.id = t.bin_id
    JOIN inventory_location p ON p.id = b.location_id
    WHERE b.product_id <> k.product_id OR p.warehouse_id <> s.warehouse_id
    UNION ALL
    SELECT s.number || ' carton ' || p.number, 'an item of another shipment', 'items of its shipment'
    FROM fulfillment_packageitem i JOIN fulfillment_package p ON p.id = i.package_id
    JOIN fulfillment_shipment s ON s.id = p.shipment_id JOIN fulfillment_shipmentline sl ON sl.id = i.shipment_line_id
    WHERE sl.shipment_id <> p.shipment_id
    UNION ALL
    SELECT s.number, 'its order is ' || o.status, 'a released order' FROM fulfillment_shipment s
    JOIN orders_order o ON o.id = s.order_id
    WHERE s.status IN ('planned', 'picking', 'packed') AND o.status <> 'released'
    UNION ALL
    SELECT s.number, 'its order is ' || o.status, 'an order that was released' FROM fulfillment_shipment s
    JOIN orders_order o ON o.id = s.order_id
    WHERE s.status IN ('shipped', 'delivered') AND o.status NOT IN ('released', 'completed', 'closed')
"""
# A shipment taken back keeps what its tasks asked for and picked as history; its lines hold nothing any more.
# A short task asks for what was picked; what was missing is cancelled, or asked for by another task.
TASKS = f"""
    WITH work AS (
        SELECT shipment_line_id, sum(picked) AS picked,
               coalesce(sum(quantity - picked) FILTER (WHERE status = 'open'), 0) AS to_pick,
               sum(CASE status WHEN 'short' THEN picked ELSE quantity END) AS asked,
               bool_or(status = 'short') AS short, bool_or(status = 'open') AS open
        FROM fulfillment_picktask GROUP BY 1)
    SELECT s.number || ' line ' || l.id,
           format('tasks picked %s, %s to pick, asked for %s', t.picked, t.to_pick, t.asked),
           format('picked %s, %s to pick, %s asked for', l.picked, l.to_pick, l.quantity)
    FROM fulfillment_shipmentline l JOIN fulfillment_shipment s ON s.id = l.shipment_id
    LEFT JOIN work t ON t.shipment_line_id = l.id
    WHERE t.asked IS NULL OR t.asked > l.quantity OR (t.asked < l.quantity AND NOT t.short)
       OR (s.status <> 'void' AND (t.picked, t.to_pick) <> (l.picked, l.to_pick))
       OR (s.status NOT IN {AT_WORK} AND t.open)
    UNION ALL
    SELECT s.number || ' task ' || t.id, t.status, 'cancelled only in a shipment taken back'
    FROM fulfillment_picktask t JOIN fulfillment_shipmentline l ON l.id = t.shipment_line_id
    JOIN fulfillment_shipment s ON s.id = l.shipment_id
    WHERE (t.status = 'cancelled' AND s.status <> 'void') OR (t.status = 'picked' AND s.status = 'void')
       OR (t.status = 'open' AND t.picked = t.quantity) OR (t.status <> 'short' AND t.short_reason <> '')
       OR (t.picked > 0 AND t.picked_at IS NULL)
"""  # noqa: S608
CLAIMED = """
    WITH asked AS (
        SELECT bin_id, sum(quantity - picked) AS open FROM fulfillment_picktask WHERE status = 'open' GROUP BY 1)
    SELECT concat_ws(' ', p.sku, 'in', w.code || '/' || l.code), 'claimed ' || b.claimed,
           'claimed ' || coalesce(a.open, 0)
    FROM inventory_binstock b LEFT JOIN asked a ON a.bin_id = b.id
    LEFT JOIN inventory_product p ON p.id = b.product_id LEFT JOIN inventory_location l ON l.id = b.location_id
    LEFT JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE b.claimed <> coalesce(a.open, 0)
"""
CARTONS = """
    WITH packed AS (SELECT shipment_line_id, sum(quantity) AS quantity FROM fulfillment_packageitem GROUP BY 1)
    SELECT s.number || ' line ' || l.id, 'packed ' || l.packed, coalesce(p.quantity, 0) || ' in cartons'
    FROM fulfillment_shipmentline l JOIN fulfillment_shipment s ON s.id = l.shipment_id
    LEFT JOIN packed p ON p.shipment_line_id = l.id
    WHERE s.status <> 'void' AND l.packed <> coalesce(p.quantity, 0)
    UNION ALL
    SELECT s.number || ' carton ' || p.number, 'empty', 'something in it' FROM fulfillment_package p
    JOIN fulfillment_shipment s ON s.id = p.shipment_id
    WHERE NOT EXISTS (SELECT FROM fulfillment_packageitem i WHERE i.package_id = p.id)
"""
STAGING = f"""
    WITH wanted AS (
        SELECT k.product_id, s.warehouse_id, sum(l.picked) AS quantity FROM fulfillment_shipmentline l
        JOIN fulfillment_shipment s ON s.id = l.shipment_id AND s.status IN {AT_WORK}
        JOIN orders_allocation a ON a.id = l.allocation_id JOIN inventory_stocklevel k ON k.id = a.stock_level_id
        GROUP BY 1, 2
    ), there AS (
        SELECT b.product_id, l.warehouse_id, sum(b.quantity) AS quantity FROM inventory_binstock b
        JOIN inventory_location l ON l.id = b.location_id AND l.kind = 'staging' GROUP BY 1, 2)
    SELECT concat_ws(' ', p.sku, 'in staging of', w.code), coalesce(t.quantity, 0), coalesce(n.quantity, 0)
    FROM wanted n FULL JOIN there t USING (product_id, warehouse_id)
    LEFT JOIN inventory_product p ON p.id = product_id LEFT JOIN inventory_warehouse w ON w.id = warehouse_id
    WHERE coalesce(t.quantity, 0) <> coalesce(n.quantity, 0)
"""  # noqa: S608
ISSUED = f"""
    WITH told AS (
        SELECT s.number, k.product_id, sum(l.packed) FILTER (WHERE s.status IN {LEFT}) AS quantity
        FROM fulfillment_shipmentline l JOIN fulfillment_shipment s ON s.id = l.shipment_id
        JOIN orders_allocation a ON a.id = l.allocation_id JOIN inventory_stocklevel k ON k.id = a.stock_level_id
        GROUP BY 1, 2
    ), left_house AS (
        SELECT document AS number, product_id, sum(CASE kind WHEN 'issue' THEN quantity
            ELSE -quantity END) AS quantity
        FROM inventory_stockmovement WHERE kind IN ('issue', 'return') GROUP BY 1, 2)
    SELECT concat_ws(' ', number, p.sku), 'left the house: ' || coalesce(m.quantity, 0),
        'shipped: ' || coalesce(t.quantity, 0)
    FROM told t FULL JOIN left_house m USING (number, product_id)
    LEFT JOIN inventory_product p ON p.id = product_id
    WHERE coalesce(t.quantity, 0) <> coalesce(m.quantity, 0)
"""  # noqa: S608
# From each bin went to staging what the tasks say was picked there, and came back what was taken back.
PICKED = """
    WITH told AS (
        SELECT s.number, b.product_id, b.location_id, sum(t.picked) AS picked,
               coalesce(sum(t.picked) FILTER (WHERE s.status = 'void'), 0) AS returned
        FROM fulfillment_picktask t JOIN fulfillment_shipmentline l ON l.id = t.shipment_line_id
        JOIN fulfillment_shipment s ON s.id = l.shipment_id JOIN inventory_binstock b ON b.id = t.bin_id
        GROUP BY 1, 2, 3
    ), staging AS (SELECT id FROM inventory_location WHERE kind = 'staging'
    ), moved AS (
        SELECT document AS number, product_id, from_location_id AS location_id, quantity AS picked, 0 AS returned
        FROM inventory_stockmovement WHERE kind = 'transfer' AND to_location_id IN (SELECT id FROM staging)
        UNION ALL
        SELECT document, product_id, to_location_id, 0, quantity
        FROM inventory_stockmovement WHERE kind = 'transfer' AND from_location_id IN (SELECT id FROM staging)
    ), ledger AS (
        SELECT number, product_id, location_id, sum(picked) AS picked, sum(returned) AS returned
        FROM moved GROUP BY 1, 2, 3)
    SELECT concat_ws(' ', number, p.sku, 'from', l.code),
           format('picked %s, taken back %s', coalesce(t.picked, 0), coalesce(t.returned, 0)),
           format('%s moved to staging, %s moved back', coalesce(m.picked, 0), coalesce(m.returned, 0))
    FROM told t FULL JOIN ledger m USING (number, product_id, location_id)
    LEFT JOIN inventory_product p ON p.id = product_id LEFT JOIN inventory_location l ON l.id = location_id
    WHERE (coalesce(t.picked, 0), coalesce(t.returned, 0)) <> (coalesce(m.picked, 0), coalesce(m.returned, 0))
"""
# What short picks missed stands in the counts they opened and went into suspect.
MISSED = """
    WITH short AS (
        SELECT s.number, b.product_id, b.location_id, sum(t.quantity - t.picked) AS quantity
        FROM fulfillment_picktask t JOIN fulfillment_shipmentline l ON l.id = t.shipment_line_id
        JOIN fulfillment_shipment s ON s.id = l.shipment_id JOIN inventory_binstock b ON b.id = t.bin_id
        WHERE t.status = 'short' GROUP BY 1, 2, 3
    ), counts AS (
        SELECT split_part(cause, ':', 1) AS number, product_id, location_id, sum(missing) AS quantity
        FROM inventory_stockcount GROUP BY 1, 2, 3
    ), suspect AS (
        SELECT m.document AS number, m.product_id, m.from_location_id AS location_id, sum(m.quantity) AS quantity
        FROM inventory_stockmovement m JOIN inventory_location l ON l.id = m.to_location_id AND l.kind = 'suspect'
        GROUP BY 1, 2, 3)
    SELECT concat_ws(' ', number, p.sku, 'in location', location_id),
           format('%s to be counted, %s moved to suspect', coalesce(c.quantity, 0), coalesce(m.quantity, 0)),
           coalesce(s.quantity, 0) || ' missed by pickers'
    FROM short s FULL JOIN counts c USING (number, product_id, location_id)
    FULL JOIN suspect m USING (number, product_id, location_id)
    LEFT JOIN inventory_product p ON p.id = product_id
    WHERE coalesce(s.quantity, 0) <> coalesce(c.quantity, 0) OR coalesce(s.quantity, 0) <> coalesce(m.quantity, 0)
"""
NEWS = """
    SELECT p.id, s.number || ' carton ' || p.number, p.status, e.status, e.happened_at
    FROM fulfillment_package p JOIN fulfillment_shipment s ON s.id = p.shipment_id
    LEFT JOIN fulfillment_trackingevent e ON e.package_id = p.id
    ORDER BY p.id
"""
ARRIVED = """
    SELECT s.number, format('%s, %s of %s cartons delivered', s.status, p.delivered, p.cartons),
           'delivered when all cartons are' FROM fulfillment_shipment s
    JOIN LATERAL (SELECT count(*) AS cartons, count(*) FILTER (WHERE status = 'delivered') AS delivered
                  FROM fulfillment_package WHERE shipment_id = s.id) p ON true
    WHERE s.status IN ('shipped', 'delivered') AND (s.status = 'delivered') <> (p.cartons > 0
        AND p.delivered = p.cartons)
"""

COUNTED = """
    SELECT o.number, o.shipments_made, coalesce(s.made, 0) FROM orders_order o
    LEFT JOIN (SELECT order_id, count(*) AS made FROM fulfillment_shipment WHERE status <> 'void' GROUP BY 1) s
        ON s.order_id = o.id
    WHERE o.shipments_made <> coalesce(s.made, 0)
"""


@invariant("I3")
def orders_know_how_many_shipments_they_have() -> Iterable[Row]:
    return rows(COUNTED)


@invariant("I3")
def released_is_what_shipments_have_to_pick() -> Iterable[Row]:
    return rows(RELEASED)


@invariant("I5")
def allocations_stand_where_their_shipments_do() -> Iterable[Row]:
    return rows(BUCKETS)


@invariant("I5")
def shipments_hold_what_their_state_allows() -> Iterable[Row]:
    return rows(STATES)


@invariant("I20")
def work_belongs_to_one_order_and_one_warehouse() -> Iterable[Row]:
    return rows(SAME_PLACE)


@invariant("I5")
def pick_tasks_add_up_to_their_shipment_line() -> Iterable[Row]:
    return rows(TASKS)


@invariant("I5")
def bins_know_what_pickers_come_for() -> Iterable[Row]:
    return rows(CLAIMED)


@invariant("I5")
def cartons_hold_what_was_packed() -> Iterable[Row]:
    return rows(CARTONS)


@invariant("I5")
def staging_holds_what_shipments_have_picked() -> Iterable[Row]:
    return rows(STAGING)


@invariant("I5")
def what_left_the_house_was_shipped() -> Iterable[Row]:
    return rows(ISSUED)


@invariant("I5")
def what_was_picked_came_from_its_bin() -> Iterable[Row]:
    return rows(PICKED)


@invariant("I5")
def what_pickers_missed_is_counted() -> Iterable[Row]:
    return rows(MISSED)


@invariant("I15")
def cartons_stand_where_their_news_put_them() -> Iterator[Row]:
    for (_id, name, status), news in groupby(stream(NEWS), key=itemgetter(0, 1, 2)):
        told = status_after((said, at) for _i, _n, _s, said, at in news if said is not None)
        if told != status:
            yield name, status, told.value


@invariant("I15")
def shipments_arrive_with_their_last_carton() -> Iterable[Row]:
    return rows(ARRIVED)
