"""When a waiting line is due, as SQL: what is due now waits for stock, the rest for its day."""

# The day on which a line is due, when that is beyond the horizon within which its warehouse sets stock aside. What
# may not wait (of products never backordered, of orders that cancel the rest) is set aside as soon as it is confirmed.
LATER = """CASE WHEN p.backorder_allowed AND o.shipping_policy <> 'cancel_rest'
                 AND least(l.ship_on, o.requested_on) > (now() AT TIME ZONE w.zone)::date + w.allocation_horizon_days
           THEN coalesce(l.ship_on, o.requested_on) END"""
WAITING_LINES = """
    SELECT l.order_id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_product p ON p.id = l.product_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE l.waits
"""
BACKORDERED = f"{WAITING_LINES} AND {LATER} IS NULL"
DUE_LATER = f"{WAITING_LINES} AND {LATER} IS NOT NULL"
