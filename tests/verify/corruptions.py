# ruff: noqa: E501  statements of SQL stay on one line
"""Per invariant, something done behind the back of the house that only this invariant can see."""

from dataclasses import dataclass

# Where a constraint stands in the way it is dropped first, which the proof of the structure tells too.
ALWAYS_WITH_IT = {
    "I0 every declared constraint is in force",
    "I0 every column is filled and computed as declared",
}


@dataclass(frozen=True)
class Corruption:
    """Statements while no trigger looks on, or `openly`: then triggers keep the balances meanwhile."""

    hidden: tuple[str, ...] = ()
    openly: tuple[str, ...] = ()


def hidden(*statements: str) -> Corruption:
    return Corruption(hidden=statements)


def openly(*statements: str) -> Corruption:
    return Corruption(openly=statements)


def one(table: str, condition: str = "true") -> str:
    """The first row that answers a condition."""
    return f"id = (SELECT min(id) FROM {table} WHERE {condition})"


PENDING_ORDER = (
    "(SELECT order_id FROM orders_approvalrequest WHERE status = 'pending' AND order_id IS NOT NULL LIMIT 1)"
)
APPROVED = "(SELECT min(id) FROM orders_approvalrequest WHERE status = 'approved' AND order_id IS NOT NULL)"
PICKED_TO_STAGING = "to_location_id IN (SELECT id FROM inventory_location WHERE kind = 'staging')"
PACKED = "(SELECT a.id FROM orders_allocation a WHERE a.picked > 0 ORDER BY a.id LIMIT 1)"
MOVE = "INSERT INTO inventory_stockmovement (kind, product_id, from_location_id, to_location_id, quantity, document, reason) "

ONLY_ITS_OWN = {
    "I0 every declared constraint is in force": hidden(
        "ALTER TABLE inventory_product DROP CONSTRAINT cost_is_never_negative"
    ),
    "I0 every column is filled and computed as declared": hidden(
        "ALTER TABLE orders_order ALTER COLUMN total DROP NOT NULL"
    ),
    "I0 every declared trigger is in force": hidden(
        "ALTER TABLE inventory_stockmovement DISABLE TRIGGER USER"
    ),
    "I1 bins hold what movements brought": hidden(
        "UPDATE inventory_binstock SET quantity = quantity + 1 WHERE location_id = "
        "(SELECT min(id) FROM inventory_location WHERE kind = 'pick')"
    ),
    "I1 on hand is the sum of sellable movements": hidden(
        f"UPDATE inventory_stocklevel SET on_hand = on_hand + 1 WHERE {one('inventory_stocklevel')}"
    ),
    "I1 suspect stock is what open counts look for": openly(
        MOVE
        + "SELECT 'transfer', b.product_id, b.location_id, (SELECT min(id) FROM inventory_location WHERE "
        "kind = 'pick'), 1, 'BY-HAND', '' FROM inventory_binstock b JOIN inventory_location l ON l.id = b.location_id "
        "WHERE l.kind = 'suspect' AND b.quantity > 0 LIMIT 1"
    ),
    "I1 finished counts put back what was found": hidden(
        "UPDATE inventory_stockcount SET found = found + 1 WHERE status = 'done'"
    ),
    "I1 applied adjustments are in the ledger once": hidden(
        "UPDATE inventory_stockadjustment SET status = 'proposed', decided_at = NULL, decided_by_id = NULL "
        "WHERE kind = 'adjust' AND status = 'applied'"
    ),
    "I1 a recount takes back what still waited": hidden(
        "UPDATE inventory_countentry SET round_id = (SELECT max(id) FROM inventory_countround) "
        "WHERE id = (SELECT entry_id FROM inventory_stockadjustment WHERE status = 'withdrawn')"
    ),
    "I1 differences found by counts are adjustments": hidden(
        f"UPDATE inventory_countentry SET ledger = ledger + 1 WHERE {one('inventory_countentry', 'variance = 0')}"
    ),
    "I1 bins are counted round after round": hidden(
        f"UPDATE inventory_countround SET number = number + 5 WHERE {one('inventory_countround')}"
    ),
    "I1 purchases received what movements brought": hidden(
        "UPDATE inventory_receiptline SET quantity = quantity + 1 WHERE line_id IN (SELECT id FROM inventory_purchaseorderline WHERE received > 0 AND due > 1)",
        "UPDATE inventory_purchaseorderline SET received = received + 1, in_time = in_time + 1 WHERE received > 0 AND due > 1",
    ),
    "I1 purchase lines received what their receipts say": hidden(
        f"UPDATE inventory_receiptline SET quantity = quantity + 1 WHERE {one('inventory_receiptline')}"
    ),
    "I1 receipts are of the order of their lines": hidden(
        f"UPDATE inventory_receipt SET purchase_order_id = (SELECT max(id) FROM inventory_purchaseorder) WHERE {one('inventory_receipt')}"
    ),
    "I1 what takes a receipt back is its opposite": hidden(
        "UPDATE inventory_receipt SET received_on = received_on - 1 WHERE takes_back_id IS NOT NULL"
    ),
    "I1 transfers moved what their lines tell": hidden(
        "UPDATE inventory_transferline SET received = received + 1, lost = lost - 1 WHERE lost > 0"
    ),
    "I1 transit holds what transfers have on the way": openly(
        MOVE
        + "SELECT 'adjust', b.product_id, b.location_id, NULL::bigint, 1, 'BY-HAND', '' FROM inventory_binstock b "
        "JOIN inventory_location l ON l.id = b.location_id WHERE l.kind = 'transit' AND b.quantity > 0 LIMIT 1"
    ),
    "I2 every row passes its checks": hidden(
        "ALTER TABLE inventory_product DROP CONSTRAINT cost_is_never_negative",
        f"UPDATE inventory_product SET cost = -1 WHERE {one('inventory_product')}",
    ),
    "I3 allocated is the sum of allocations": hidden(
        f"UPDATE inventory_stocklevel SET allocated = allocated + 1 WHERE {one('inventory_stocklevel', 'available > 0')}"
    ),
    "I3 stock levels keep what policies say for other channels": hidden(
        f"UPDATE inventory_stocklevel SET channel_buffer = channel_buffer + 1 WHERE {one('inventory_stocklevel')}"
    ),
    "I3 allocations are of the product ordered": hidden(
        "UPDATE orders_orderline SET product_id = p.id, unit_id = u.id FROM inventory_product p "
        "JOIN inventory_productunit u ON u.product_id = p.id WHERE p.sku = 'NUT-M8' AND orders_orderline.id = "
        "(SELECT min(l.id) FROM orders_orderline l JOIN inventory_product x ON x.id = l.product_id "
        "WHERE l.allocated > 0 AND x.sku = 'BOLT-M8')"
    ),
    "I3 counters of lines are the sums of allocations": hidden(
        "UPDATE orders_orderline SET allocated = allocated + 1 WHERE open > 1 AND allocated > 0"
    ),
    "I3 orders know how many shipments they have": hidden(
        "UPDATE orders_order SET shipments_made = shipments_made + 1 WHERE status = 'released'"
    ),
    "I3 released is what shipments have to pick": hidden(
        f"UPDATE orders_allocation SET released = released - 1 WHERE {one('orders_allocation', 'released > 1')}"
    ),
    "I4 an order first leaves with its first line": hidden(
        f"UPDATE orders_order SET ship_on = ship_on + 1 WHERE {one('orders_order', 'ship_on IS NOT NULL')}"
    ),
    "I4 days of lines are those last promised": hidden(
        f"UPDATE orders_orderline SET promised_on = promised_on + 1 WHERE {one('orders_orderline', 'ship_on IS NOT NULL')}"
    ),
    "I4 each ordered unit is in one bucket": hidden(
        "ALTER TABLE orders_orderline ALTER COLUMN open DROP EXPRESSION",
        "UPDATE orders_orderline SET open = open + 1 WHERE open > 1 AND allocated > 0",
    ),
    "I4 lines wait while something is open and in work": hidden(
        f"UPDATE orders_orderline SET waits = NOT waits WHERE {one('orders_orderline', 'waits')}"
    ),
    "I4 lines hold what the state of their order allows": hidden(
        "UPDATE orders_order SET confirmed_at = NULL WHERE status = 'confirmed'"
    ),
    "I5 allocations stand where their shipments do": hidden(
        f"UPDATE orders_orderline SET picked = picked - 1, packed = packed + 1 WHERE id = "
        f"(SELECT line_id FROM orders_allocation WHERE id = {PACKED})",
        f"UPDATE orders_allocation SET picked = picked - 1, packed = packed + 1 WHERE id = {PACKED}",
    ),
    "I5 bins know what pickers come for": hidden(
        f"UPDATE inventory_binstock SET claimed = claimed - 1 WHERE {one('inventory_binstock', 'claimed > 0')}"
    ),
    "I5 cartons hold what was packed": hidden(
        "UPDATE fulfillment_packageitem SET quantity = quantity + 1 WHERE id = (SELECT min(i.id) FROM "
        "fulfillment_packageitem i JOIN fulfillment_package p ON p.id = i.package_id JOIN fulfillment_shipment s "
        "ON s.id = p.shipment_id WHERE s.status = 'shipped')"
    ),
    "I5 pick tasks add up to their shipment line": hidden(
        "UPDATE fulfillment_picktask SET quantity = quantity + 1 WHERE status = 'cancelled'"
    ),
    "I5 shipments hold what their state allows": hidden(
        "UPDATE fulfillment_shipment SET shipped_at = NULL WHERE status = 'shipped'"
    ),
    "I5 staging holds what shipments have picked": openly(
        MOVE
        + "SELECT 'adjust', b.product_id, NULL::bigint, b.location_id, 1, 'BY-HAND', '' FROM inventory_binstock b "
        "JOIN inventory_location l ON l.id = b.location_id WHERE l.kind = 'staging' AND b.quantity > 0 LIMIT 1"
    ),
    "I5 what left the house was shipped": openly(
        MOVE
        + "SELECT 'return', product_id, NULL::bigint, (SELECT min(id) FROM inventory_location WHERE kind = 'pick'), "
        "1, document, '' FROM inventory_stockmovement WHERE kind = 'issue' LIMIT 1"
    ),
    "I5 what pickers missed is counted": hidden(
        "UPDATE inventory_stockcount SET cause = 'SH-0: not found' WHERE status = 'open'"
    ),
    "I5 what was picked came from its bin": hidden(
        f"UPDATE inventory_stockmovement SET document = 'SH-0' WHERE {one('inventory_stockmovement', PICKED_TO_STAGING)}"
    ),
    "I3 held is the sum of what quotes hold": hidden(
        f"UPDATE inventory_stocklevel SET held = held + 1 WHERE {one('inventory_stocklevel')}"
    ),
    "I7 stock is held for quotes that stand": hidden(
        "UPDATE orders_stockhold SET until = until + 1000 WHERE ended_on IS NULL"
    ),
    "I7 holds are of their line and ended as told": hidden(
        "UPDATE orders_stockhold SET ended_by = 'lapsed' WHERE ended_by = 'declined'"
    ),
    "I7 all who decide have consented": hidden("DELETE FROM orders_consent"),
    "I7 alternatives point to the first of those they were drafted beside": hidden(
        f"UPDATE orders_quote SET alternative_to_id = (SELECT max(id) FROM orders_quote) WHERE {one('orders_quote')}"
    ),
    "I7 answers stand in the history of their quote": hidden(
        "UPDATE orders_quoteanswer SET reply = 'accepted' WHERE reply = 'declined' AND name <> ''"
    ),
    "I7 a quote has one order when it is ordered": hidden(
        f"UPDATE orders_order SET quote_version_id = NULL WHERE {one('orders_order', 'quote_version_id IS NOT NULL')}"
    ),
    "I7 no quote is accepted after its last day": hidden(
        "UPDATE orders_quote SET valid_until = valid_until - 60 WHERE status = 'accepted'"
    ),
    "I7 versions of a quote are sent one after the other": hidden(
        "UPDATE orders_quoteversion v SET sent_at = NULL FROM orders_quote q WHERE q.id = v.quote_id AND q.status = 'declined'"
    ),
    "I8 approvals stand in the history": hidden(
        f"DELETE FROM orders_decision WHERE step_id IN (SELECT id FROM orders_approvalstep WHERE request_id = {APPROVED})",
        f"DELETE FROM orders_approvalstep WHERE request_id = {APPROVED}",
        f"DELETE FROM orders_approvalrequest WHERE id = {APPROVED}",
    ),
    "I8 decided steps have their decision": hidden("DELETE FROM orders_decision"),
    "I8 decisions are bound to what was asked and never ones own": hidden(
        "UPDATE orders_decision SET document_hash = repeat('0', 64)"
    ),
    "I8 documents do not change while somebody is asked": hidden(
        f"UPDATE orders_orderline SET list_price = list_price + 1 WHERE order_id = {PENDING_ORDER}"
    ),
    "I8 documents wait exactly while somebody is asked": hidden(
        "UPDATE orders_hold SET released_at = now() WHERE kind = 'approval'"
    ),
    "I8 requests are decided as their steps are": hidden(
        f"UPDATE orders_approvalrequest SET decided_at = NULL WHERE id = {APPROVED}"
    ),
    "I9 price rules of one thing never overlap": hidden(
        "ALTER TABLE customers_pricerule DROP CONSTRAINT one_price_per_break_and_day",
        f"UPDATE customers_pricerule SET valid_to = NULL WHERE {one('customers_pricerule', 'valid_to IS NOT NULL')}",
        "INSERT INTO customers_pricerule (version_id, product_id, unit_id, min_quantity, price, valid_from) "
        "SELECT version_id, product_id, unit_id, min_quantity, price + 1, valid_from + 10 FROM customers_pricerule LIMIT 1",
    ),
    "I9 prices are per unit of their product": hidden(
        "UPDATE customers_pricerule r SET unit_id = (SELECT min(id) FROM inventory_productunit u WHERE "
        "u.product_id <> r.product_id) WHERE " + one("customers_pricerule").replace("id =", "r.id =", 1)
    ),
    "I9 versions of a list follow each other": hidden(
        "UPDATE customers_pricelistversion SET status = 'withdrawn' WHERE "
        + one("customers_pricelistversion")
    ),
    "I9 agreements have given what the ledger says": hidden(
        f"UPDATE customers_agreementline SET drawn = drawn - 1 WHERE {one('customers_agreementline', 'drawn > 1')}"
    ),
    "I9 confirmed lines have drawn what they ask for": hidden(
        "INSERT INTO orders_agreementdraw (agreement_line_id, line_id, quantity) SELECT agreement_line_id, line_id, v.q "
        f"FROM orders_agreementdraw d, (VALUES (1), (-1)) v(q) WHERE {one('orders_agreementdraw').replace('id =', 'd.id =', 1)}",
        "UPDATE orders_agreementdraw SET line_id = (SELECT min(l.id) FROM orders_orderline l JOIN orders_order o ON "
        "o.id = l.order_id WHERE o.status = 'draft' AND l.agreement_line_id IS NOT NULL) WHERE quantity = 1",
    ),
    "I9 call offs are of their agreement": hidden(
        "UPDATE orders_calloff SET unit_id = (SELECT min(u.id) FROM inventory_productunit u WHERE u.product_id <> "
        "(SELECT product_id FROM customers_agreementline g WHERE g.id = agreement_line_id))"
    ),
    "I9 orders of call offs are for the customer of the agreement": hidden(
        "UPDATE orders_callofforder SET order_id = (SELECT min(o.id) FROM orders_order o WHERE o.customer_id <> "
        "(SELECT customer_id FROM orders_order m WHERE m.id = orders_callofforder.order_id)) "
        f"WHERE {one('orders_callofforder')}"
    ),
    "I9 lines name the agreement of their price": hidden(
        "UPDATE orders_orderline SET trace = trace || '{\"rule\": 1000000}' WHERE agreement_line_id IS NOT NULL"
    ),
    "I10 amounts of order lines are quantity times price": hidden(
        f"UPDATE orders_order SET total = total + 0.01 WHERE {one('orders_order')}",
        "UPDATE orders_orderline SET amount = amount + 0.01 WHERE id = "
        "(SELECT min(id) FROM orders_orderline WHERE order_id = (SELECT min(id) FROM orders_order))",
    ),
    "I10 amounts of quote lines are quantity times price": hidden(
        f"UPDATE orders_quoteversion SET total = total - 0.001 WHERE {one('orders_quoteversion')}",
        "UPDATE orders_quoteline SET amount = amount - 0.001 WHERE version_id = (SELECT min(id) FROM orders_quoteversion)",
    ),
    "I10 discounts on orders are cut over their lines": hidden(
        "UPDATE orders_order SET discount_percent = discount_percent + 5 "
        "WHERE id = (SELECT min(id) FROM orders_order WHERE discount > 0)"
    ),
    "I10 discounts on quotes are cut over their lines": hidden(
        "UPDATE orders_quoteversion SET discount_amount = discount_amount - 1 "
        "WHERE id = (SELECT min(id) FROM orders_quoteversion WHERE discount > 0)"
    ),
    "I10 taxes of orders are those of their rates": hidden(
        f"UPDATE orders_ordertax SET base = base + 1 WHERE {one('orders_ordertax')}"
    ),
    "I10 taxes of quotes are those of their rates": hidden(
        f"UPDATE orders_quotetax SET base = base - 1 WHERE {one('orders_quotetax')}"
    ),
    "I10 totals are the sums of their lines": hidden(
        f"UPDATE orders_order SET total = total + 0.01 WHERE {one('orders_order')}"
    ),
    "I8 credit is granted as its last change says": hidden(
        "UPDATE customers_creditaccount SET credit_limit = coalesce(credit_limit, 0) + 1"
    ),
    "I8 credit is eased by two": hidden(
        "UPDATE customers_creditproposal SET credit_limit = credit_limit + 1 WHERE status = 'in_force'"
    ),
    "I8 credit that was agreed to is granted": hidden(
        "UPDATE customers_creditproposal SET status = 'in_force' WHERE status = 'turned_down'"
    ),
    "I17 accounts know what accounting told last": hidden(
        "UPDATE customers_creditaccount SET unapplied = unapplied + 1"
    ),
    "I8 credit releases ended their hold": hidden("UPDATE orders_creditrelease SET reason = 'because'"),
    "I8 nobody releases a limit they have changed": hidden(
        "UPDATE customers_creditchange c SET by_id = r.by_id FROM orders_creditrelease r "
        "WHERE r.account_id = c.account_id AND c.by_id IS NOT NULL AND c.proposal_id IS NULL"
    ),
    "I11 neither drafts nor what is cancelled wait for credit": hidden(
        "UPDATE orders_hold SET released_at = NULL WHERE id = (SELECT min(h.id) FROM orders_hold h JOIN orders_order o "
        "ON o.id = h.order_id WHERE h.kind = 'credit' AND o.status = 'cancelled')"
    ),
    "I20 companies have the credit account of the nearest above": hidden(
        "UPDATE customers_customer SET credit_account_id = NULL WHERE credit_account_id IS NOT NULL"
    ),
    "I11 every document stands where its history ends": hidden(
        "UPDATE orders_order SET version = version + 1"
    ),
    "I11 every history follows its table of moves": hidden(
        "UPDATE orders_orderevent SET kind = 'hocus pocus' WHERE old_status <> new_status AND version > 1"
    ),
    "I11 purchases are open while something is due": hidden(
        "UPDATE inventory_purchaseorderline SET cancelled = ordered - received WHERE due > 0"
    ),
    "I11 transfers stand where their lines do": hidden(
        "UPDATE inventory_transferline SET ordered = ordered + 1 WHERE transfer_id = "
        "(SELECT min(id) FROM inventory_transfer WHERE status = 'received' AND id NOT IN "
        "(SELECT transfer_id FROM inventory_transferline WHERE cancelled > 0))"
    ),
    "I13 every event is owed to its consumers": hidden(
        f"DELETE FROM orders_orderdelivery WHERE {one('orders_orderdelivery')}"
    ),
    "I15 cartons stand where their news put them": hidden(
        "UPDATE fulfillment_package SET status = 'in_transit' WHERE status = 'out_for_delivery'"
    ),
    "I15 shipments arrive with their last carton": hidden(
        "INSERT INTO fulfillment_trackingevent (package_id, tracking_number, code, status, happened_at, received_at, place) "
        "SELECT id, '', 'DEL', 'delivered', now(), now(), '' FROM fulfillment_package WHERE status = 'out_for_delivery'",
        "UPDATE fulfillment_package SET status = 'delivered' WHERE status = 'out_for_delivery'",
    ),
    "I16 alerts say what their numbers say": hidden(
        f"UPDATE inventory_restockalert SET suggested = 0, kind = 'expedite' WHERE {one('inventory_restockalert')}"
    ),
    "I17 the past has every step of the history": hidden(
        "UPDATE orders_orderbefore SET was = '{}' WHERE id = "
        "(SELECT max(id) FROM orders_orderbefore WHERE what = 'order' AND was::text LIKE '%version%')"
    ),
    "I17 moments of the past stand in turn": hidden(
        "UPDATE orders_ordermoment SET at = at - interval '9 days' WHERE id = (SELECT max(id) FROM orders_ordermoment)"
    ),
    "I17 buckets of the past hold nothing below zero": hidden(
        f"UPDATE orders_ordermoved SET allocated[1] = allocated[1] + 1000000 WHERE {one('orders_ordermoved')}"
    ),
    "I20 every row has its parents": hidden("UPDATE inventory_product SET category_id = 987654321"),
    "I20 lines and headers name parts of their own": hidden(
        "UPDATE orders_order o SET bill_to_id = (SELECT min(id) FROM customers_address a WHERE a.customer_id <> o.customer_id)"
    ),
    "I20 documents stay with the customer they were made for": hidden(
        "UPDATE orders_quote q SET customer_id = c.parent_id FROM customers_customer c "
        "WHERE c.id = q.customer_id AND c.parent_id IS NOT NULL AND q.status = 'draft'",
    ),
    "I20 nothing is left with a customer that was merged": hidden(
        "UPDATE customers_customer SET status = 'blocked', merged_into_id = (SELECT max(id) FROM customers_customer "
        f"WHERE merged_into_id IS NULL) WHERE {one('customers_customer', 'merged_into_id IS NULL')}"
    ),
    "I20 no company is its own ancestor": hidden(
        "UPDATE customers_customer p SET parent_id = c.id FROM customers_customer c WHERE c.parent_id = p.id"
    ),
    "I20 what is unique is there once": hidden(
        "ALTER TABLE orders_order DROP CONSTRAINT orders_order_number_key",
        "UPDATE orders_order SET number = (SELECT min(number) FROM orders_order) WHERE id = (SELECT max(id) FROM orders_order)",
    ),
    "I20 work belongs to one order and one warehouse": hidden(
        "UPDATE orders_order SET shipments_made = shipments_made - 1 WHERE id = (SELECT order_id FROM fulfillment_shipment "
        "WHERE " + one("fulfillment_shipment", "status = 'planned'") + ")",
        "UPDATE orders_order SET shipments_made = shipments_made + 1 WHERE id = "
        "(SELECT max(order_id) FROM fulfillment_shipment WHERE status = 'planned')",
        "UPDATE fulfillment_shipment SET order_id = (SELECT max(order_id) FROM fulfillment_shipment WHERE status = 'planned') "
        "WHERE " + one("fulfillment_shipment", "status = 'planned'"),
    ),
}
