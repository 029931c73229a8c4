# ruff: noqa: E501  statements of SQL stay on one line
"""Each trigger refuses what nobody may do; with it disabled the write goes through."""

from dataclasses import dataclass

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from customers.services.versions import draft_version, put_in_force
from tests.builders import a_price, a_product, a_submitted_order, in_days
from tests.verify.conftest import behind_its_back, run, switching


@dataclass(frozen=True)
class Guard:
    """A statement that a trigger of a table refuses, with part of what it says."""

    table: str
    trigger: str
    statement: str
    says: str


KEPT = {
    "inventory_binstock": ["quantity", "claimed"],
    "inventory_stocklevel": ["on_hand", "allocated", "channel_buffer", "held"],
    "inventory_purchaseorderline": ["in_time"],
    "customers_agreementline": ["drawn", "drawn_value"],
    "orders_orderline": ["allocated", "picked", "packed", "shipped"],
    "orders_allocation": ["released"],
    "orders_order": ["shipments_made"],
}
CHANGE = {
    "quantity": "+ 1",
    "on_hand": "+ 1",
    "channel_buffer": "+ 1",
    "held": "+ 1",
}  # which no CHECK refuses; the others go down
LEDGERS = [
    "customers_agreementevent",
    "customers_creditchange",
    "customers_credittold",
    "customers_customerevent",
    "orders_agreementdraw",
    "inventory_stockmovement",
    "inventory_countstop",
    "inventory_countround",
    "inventory_countentry",
    "inventory_purchaseorderevent",
    "inventory_transferevent",
    "inventory_receipt",
    "inventory_receiptline",
    "orders_attachment",
    "orders_callofforder",
    "orders_consent",
    "orders_counteroffer",
    "orders_counterline",
    "orders_counteranswer",
    "orders_counterlineanswer",
    "orders_internalnote",
    "orders_issueddocument",
    "orders_quoteanswer",
    "orders_quoteevent",
    "orders_orderevent",
    "orders_ordermoment",
    "orders_orderbefore",
    "orders_ordermoved",
    "orders_quotemoment",
    "orders_quotebefore",
    "orders_creditrelease",
    "orders_decision",
    "orders_promise",
    "fulfillment_shipmentevent",
    "fulfillment_trackingevent",
]
# A step that no table of moves has: from which state, to which.
JUMPS = {
    "oms_importjob": ("waiting", "imported"),
    "customers_agreement": ("ended", "in_force"),
    "customers_creditproposal": ("turned_down", "in_force"),
    "inventory_purchaseorder": ("cancelled", "open"),
    "inventory_transfer": ("received", "planned"),
    "orders_quote": ("draft", "accepted"),
    "orders_order": ("draft", "released"),
    "orders_approvalrequest": ("approved", "pending"),
    "orders_approvalstep": ("approved", "rejected"),
    "fulfillment_shipment": ("planned", "shipped"),
}
OTHER_COLUMNS = {
    "orders_quote": "customer_id, ship_to_id, warehouse_id, currency_id, valid_until, version_number, accepted_by, "
    "customer_po, revision, status_since, version, created_at",
    "orders_order": "customer_id, customer_po, ship_to_id, bill_to_id, warehouse_id, ordered_on, requested_on, currency_id, "
    "payment_terms_id, total, note, revision, status_since, version, created_at",
    "fulfillment_shipment": "order_id, warehouse_id, ship_to, status_since, version, created_at",
}
BIRTHS = {
    **{
        table: f"INSERT INTO {table} (number, status, {names}) SELECT 'X-1', '{status}', {names} FROM {table} LIMIT 1"
        for (table, names), status in zip(
            OTHER_COLUMNS.items(), ("accepted", "released", "shipped"), strict=True
        )
    },
    "oms_importjob": "INSERT INTO oms_importjob SELECT (jsonb_populate_record(j, "
    'jsonb \'{"id": 987654321, "status": "imported"}\')).* FROM oms_importjob j LIMIT 1',
    "customers_agreement": "INSERT INTO customers_agreement (status, customer_id, name, currency_id, valid_from, valid_to, "
    "needs_approval, next_try_at, status_since, version, created_at) SELECT 'in_force', customer_id, '', currency_id, valid_from, "
    "valid_to, false, now(), now(), 0, now() FROM customers_agreement LIMIT 1",
    "customers_creditproposal": "INSERT INTO customers_creditproposal SELECT (jsonb_populate_record(p, jsonb "
    '\'{"id": 987654321, "status": "turned_down"}\')).* FROM customers_creditproposal p WHERE status = '
    "'turned_down' LIMIT 1",
    "inventory_purchaseorder": "INSERT INTO inventory_purchaseorder (status, supplier_id, warehouse_id, note, status_since, "
    "version, created_at) SELECT 'received', supplier_id, warehouse_id, note, now(), 0, now() FROM inventory_purchaseorder",
    "inventory_countsheet": "INSERT INTO inventory_countsheet (number, status, warehouse_id, note, created_at, closed_at) "
    "SELECT 'X-1', 'closed', warehouse_id, '', now(), now() FROM inventory_countsheet LIMIT 1",
    "inventory_stockadjustment": "INSERT INTO inventory_stockadjustment (number, kind, status, product_id, location_id, difference, "
    "reason, note, value, within_limit, proposed_by_id, proposed_at, decided_at, decision_note) SELECT 'X-1', 'adjust', 'applied', "
    "product_id, location_id, 1, 'found', '', 0, true, proposed_by_id, now(), now(), '' FROM inventory_stockadjustment LIMIT 1",
    "inventory_transfer": "INSERT INTO inventory_transfer (status, source_id, target_id, ship_on, arrive_on, note, status_since, "
    "version, created_at) SELECT 'received', source_id, target_id, ship_on, arrive_on, note, now(), 0, now() FROM inventory_transfer",
    "orders_approvalstep": "INSERT INTO orders_approvalstep (request_id, rule_id, approvers_id, reason, status) "
    "SELECT (SELECT min(id) FROM orders_approvalrequest), 0, 0, '', 'approved'",
    "orders_approvalrequest": "INSERT INTO orders_approvalrequest (order_id, status, document_hash, facts, requested_at) "
    "SELECT min(id), 'approved', '', '{}', now() FROM orders_order",
}
SENT = "version_id IN (SELECT id FROM orders_quoteversion WHERE sent_at IS NOT NULL)"
# How a link to a document is kept from opening another: the trigger, and the columns besides those of every link.
LINKS = {
    "orders_quotelink": ("a_link_opens_one_version", "version_id", "decider_id"),
    "orders_orderlink": ("a_link_follows_one_order", "order_id"),
}


NEVER_DELETED = {
    "customers_agreement": "true",
    "customers_creditaccount": "true",
    "customers_creditproposal": "true",
    "inventory_product": "true",
    "inventory_warehouse": "true",
    "inventory_location": "true",
    "inventory_binstock": "quantity = 0",
    "inventory_stocklevel": "on_hand = 0 AND allocated = 0 AND channel_buffer = 0 AND held = 0",
    "orders_order": "shipments_made = 0",
    "orders_allocation": "released = 0",
    "orders_stockhold": "true",
    "fulfillment_shipment": "true",
    "fulfillment_shipmentline": "true",
}
NOBODY = "+ 1000000"
LINE = "position, unit_id, ordered, discount_percent, amount, unit_cost, trace"
ORDERED_UNITS = "DELETE FROM inventory_productunit WHERE id IN (SELECT unit_id FROM orders_orderline)"
# Rows that name nobody, by table and key.
ORPHANS = {
    "orders_orderline": {
        key: f"INSERT INTO orders_orderline ({LINE}, {key}, {rest}) "
        f"SELECT position + 90, unit_id, 1, 0, 0, 0, '{{}}', {key} {NOBODY}, {rest} FROM orders_orderline LIMIT 1"
        for key, rest in {
            "order_id": "product_id, warehouse_id",
            "product_id": "order_id, warehouse_id",
            "warehouse_id": "order_id, product_id",
        }.items()
    }
    | {
        "unit_id": "INSERT INTO orders_orderline (position, unit_id, ordered, discount_percent, amount, unit_cost, trace, "
        f"order_id, product_id, warehouse_id) SELECT position + 90, unit_id {NOBODY}, 1, 0, 0, 0, '{{}}', order_id, "
        "product_id, warehouse_id FROM orders_orderline LIMIT 1",
        "agreement_line_id": f"INSERT INTO orders_orderline ({LINE}, agreement_line_id, order_id, product_id, warehouse_id) "
        "SELECT position + 90, unit_id, 1, 0, 0, 0, '{}', 1000000, order_id, product_id, warehouse_id FROM orders_orderline LIMIT 1",
    },
    "orders_allocation": {
        "line_id": "INSERT INTO orders_allocation (line_id, stock_level_id) "
        f"SELECT line_id {NOBODY}, stock_level_id FROM orders_allocation LIMIT 1",
        "stock_level_id": "INSERT INTO orders_allocation (line_id, stock_level_id) "
        f"SELECT line_id, stock_level_id {NOBODY} FROM orders_allocation LIMIT 1",
    },
    "fulfillment_shipmentline": {
        "shipment_id": "INSERT INTO fulfillment_shipmentline (shipment_id, allocation_id, quantity, cancelled) "
        f"SELECT shipment_id {NOBODY}, allocation_id, 1, 1 FROM fulfillment_shipmentline LIMIT 1",
        "allocation_id": "INSERT INTO fulfillment_shipmentline (shipment_id, allocation_id, quantity, cancelled) "
        f"SELECT shipment_id, allocation_id {NOBODY}, 1, 1 FROM fulfillment_shipmentline LIMIT 1",
    },
    "fulfillment_picktask": {
        "shipment_line_id": "INSERT INTO fulfillment_picktask (shipment_line_id, bin_id, quantity) "
        f"SELECT shipment_line_id {NOBODY}, bin_id, 1 FROM fulfillment_picktask LIMIT 1",
        "bin_id": "INSERT INTO fulfillment_picktask (shipment_line_id, bin_id, quantity) "
        f"SELECT shipment_line_id, bin_id {NOBODY}, 1 FROM fulfillment_picktask LIMIT 1",
    },
}
KEYS_THAT_CHANGE = {
    "orders_orderline": ["order_id", "product_id", "unit_id", "warehouse_id", "agreement_line_id"],
    "fulfillment_picktask": ["shipment_line_id", "bin_id"],
}


def guards():
    for table, where in NEVER_DELETED.items():
        yield Guard(table, "never_deleted", f"DELETE FROM {table} WHERE {where}", "Cannot delete")
    yield Guard("inventory_productunit", "stays_while_ordered", ORDERED_UNITS, "is ordered")
    for table, orphans in ORPHANS.items():
        for key, insert in orphans.items():
            yield Guard(table, "keys_name_rows", insert, f"{key} of {table} names no row")
    for table, keys in KEYS_THAT_CHANGE.items():
        for key in keys:
            change = f"UPDATE {table} SET {key} = {key} {NOBODY}"
            yield Guard(table, "changed_keys_name_rows", change, f"{key} of {table} names no row")
    yield Guard(
        "orders_orderline",
        "only_drafts_lose_lines",
        "DELETE FROM orders_orderline WHERE open = ordered - cancelled "
        "AND order_id IN (SELECT id FROM orders_order WHERE status <> 'draft')",
        "no draft",
    )
    for table, kept in KEPT.items():
        for column in kept:
            change = f"UPDATE {table} SET {column} = {column} {CHANGE.get(column, '- 1')} WHERE {column} > 0"
            yield Guard(table, "balance_update", change, "kept by its ledger")
        filled = " OR ".join(f"{column} <> 0" for column in kept)
        yield Guard(table, "balance_delete", f"DELETE FROM {table} WHERE {filled}", "kept by its ledger")
    for table in LEDGERS:
        yield Guard(table, "append_only", f"UPDATE {table} SET id = id + 1000000", "Cannot update")
        yield Guard(table, "append_only", f"DELETE FROM {table}", "delete rows")
    for table, (old, new) in JUMPS.items():
        jump = f"UPDATE {table} SET status = '{new}' WHERE status = '{old}'"
        yield Guard(table, "moves_along_its_table", jump, f"cannot go from {old} to {new}")
    for table, birth in BIRTHS.items():
        yield Guard(table, "begins_at_its_start", birth, "cannot go from nothing to")
    yield from FROZEN


def frozen(table: str, trigger: str, change: str, says: str, where: str = "true") -> Guard:
    return Guard(table, trigger, f"UPDATE {table} SET {change} WHERE {where}", says)


FROZEN = [
    Guard(
        "customers_customer",
        "never_above_itself",
        "UPDATE customers_customer p SET parent_id = c.id FROM customers_customer c WHERE c.parent_id = p.id",
        "stand above itself",
    ),
    frozen("customers_creditaccount", "terms_update", "credit_limit = 987", "kept by its ledger"),
    Guard(
        "customers_creditaccount",
        "terms_insert",
        "INSERT INTO customers_creditaccount SELECT (jsonb_populate_record(a, jsonb_build_object('id', 987654321, "
        "'customer_id', (SELECT max(id) FROM customers_customer WHERE credit_account_id IS NULL)))).* "
        "FROM customers_creditaccount a LIMIT 1",
        "kept by its ledger",
    ),
    Guard(
        "customers_creditchange",
        "two_people_ease_credit",
        "INSERT INTO customers_creditchange (account_id, by_id, credit_limit, tolerance_percent, horizon_days, "
        "overdue_amount, overdue_days, note) SELECT account_id, by_id, 987, 0, 30, 0, 30, '' "
        "FROM customers_creditchange WHERE by_id IS NOT NULL LIMIT 1",
        "is eased by two",
    ),
    *(
        frozen(
            "customers_creditproposal",
            "what_was_asked_for_and_decided_stays",
            change,
            "stays as it was",
            where,
        )
        for change, where in (
            ("credit_limit = 987", "status = 'waiting'"),
            ("decision_note = 'x'", "status = 'turned_down'"),
        )
    ),
    Guard(
        "orders_creditrelease",
        "no_hand_in_limit_and_release",
        "INSERT INTO orders_creditrelease (hold_id, account_id, amount, revision, until, reason, by_id) SELECT "
        "(SELECT max(id) FROM orders_hold WHERE id NOT IN (SELECT hold_id FROM orders_creditrelease)), account_id, 1, 1, "
        "now(), 'x', by_id FROM customers_creditchange WHERE by_id IS NOT NULL LIMIT 1",
        "does not release its holds",
    ),
    *(
        Guard("customers_agreementline", "lines_change_in_drafts", statement, "do not change any more")
        for statement in (
            "UPDATE customers_agreementline SET price = price + 1 WHERE unit_id IS NOT NULL",
            "DELETE FROM customers_agreementline WHERE drawn = 0",
            "INSERT INTO customers_agreementline (agreement_id, product_id, unit_id, price) SELECT g.agreement_id, u.product_id, u.id, 1 FROM customers_agreementline g, inventory_productunit u WHERE g.drawn > 0 AND u.product_id NOT IN (SELECT product_id FROM customers_agreementline WHERE product_id IS NOT NULL) LIMIT 1",
        )
    ),
    *(
        frozen("customers_agreement", "what_is_agreed_stays", change, "stays", "status = 'in_force'")
        for change in ("valid_to = valid_to + 1", "valid_from = valid_from - 1", "needs_approval = false")
    ),
    frozen("inventory_productunit", "ratio_never_changes", "numerator = numerator + 1", "never change"),
    frozen("inventory_productunit", "ratio_never_changes", "denominator = denominator + 1", "never change"),
    frozen(
        "inventory_productunit", "ratio_never_changes", "product_id = product_id + 1000000", "never change"
    ),
    frozen(
        "inventory_purchaseorderline",
        "balance_update",
        "received = received - 1, in_time = in_time - 1",
        "kept by its ledger",
        "in_time > 0",
    ),
    Guard(
        "inventory_countsheet",
        "moves_along_its_table",
        "UPDATE inventory_countsheet SET status = 'open', closed_at = NULL, closed_by_id = NULL WHERE status = 'closed'",
        "cannot go from closed to open",
    ),
    Guard(
        "inventory_stockadjustment",
        "moves_along_its_table",
        "UPDATE inventory_stockadjustment SET status = 'proposed', decided_at = NULL, decided_by_id = NULL "
        "WHERE status = 'rejected'",
        "cannot go from rejected to proposed",
    ),
    frozen(
        "inventory_stockadjustment", "what_was_proposed_and_decided_stays", "note = 'x'", "stays as it was"
    ),
    Guard(
        "inventory_stockadjustment",
        "adjustments_are_kept",
        "DELETE FROM inventory_stockadjustment",
        "Cannot delete",
    ),
    frozen("inventory_location", "kind_and_place_never_change", "kind = 'quarantine'", "never change"),
    frozen(
        "inventory_location",
        "kind_and_place_never_change",
        "warehouse_id = warehouse_id + 1000000",
        "never change",
    ),
    frozen(
        "orders_allocation", "line_and_level_never_change", "line_id = line_id + 1000000", "keeps its line"
    ),
    frozen(
        "orders_allocation",
        "line_and_level_never_change",
        "stock_level_id = stock_level_id + 1000000",
        "keeps its line",
    ),
    frozen(
        "fulfillment_shipmentline",
        "shipment_and_allocation_never_change",
        "shipment_id = shipment_id + 1000000",
        "keeps its",
    ),
    frozen(
        "fulfillment_shipmentline",
        "shipment_and_allocation_never_change",
        "allocation_id = allocation_id + 1000000",
        "keeps",
    ),
    frozen(
        "orders_quoteversion",
        "sent_version_is_frozen",
        "total = total + 1",
        "Cannot update",
        "sent_at IS NOT NULL",
    ),
    Guard("orders_quoteversion", "sent_version_is_frozen", "DELETE FROM orders_quoteversion", "Cannot"),
    frozen("orders_stockhold", "a_hold_only_ends", "quantity = quantity + 1", "Cannot update"),
    *(Guard(table, "a_link_is_kept", f"DELETE FROM {table}", "Cannot delete") for table in LINKS),
    *(
        frozen(
            table, "a_revoked_link_stays_so", "revoked_at = NULL", "Cannot update", "revoked_at IS NOT NULL"
        )
        for table in LINKS
    ),
    *(
        frozen(table, trigger, change, "Cannot update", "revoked_at IS NULL")
        for table, (trigger, *columns) in LINKS.items()
        for change in (
            "token_hash = 'x' || id",
            "expires_at = now() + interval '9 years'",
            *(f"{column} = coalesce({column}, 0) + 1000000" for column in columns),
        )
    ),
    frozen("orders_decider", "sent_deciders_are_frozen", "name = 'x'", "makers of a sent quote", SENT),
    Guard(
        "orders_decider",
        "sent_deciders_are_frozen",
        f"DELETE FROM orders_decider WHERE {SENT}",
        "makers of a sent quote",
    ),
    Guard(
        "orders_decider",
        "sent_deciders_are_frozen",
        "INSERT INTO orders_decider (version_id, position, name, email) "
        f"SELECT version_id, 99, 'x', '' FROM orders_decider WHERE {SENT} LIMIT 1",
        "makers of a sent quote",
    ),
    frozen(
        "orders_orderline",
        "only_confirmed_orders_take_lines_out",
        "ordered = 0",
        "orders nothing",
        "order_id IN (SELECT id FROM orders_order WHERE status IN ('draft', 'submitted'))",
    ),
    frozen("orders_quoteline", "sent_lines_are_frozen", "unit_price = 0", "lines of a sent quote", SENT),
    Guard(
        "orders_quoteline",
        "sent_lines_are_frozen",
        f"DELETE FROM orders_quoteline WHERE {SENT}",
        "lines of a sent quote",
    ),
    Guard(
        "orders_quoteline",
        "sent_lines_are_frozen",
        "INSERT INTO orders_quoteline (version_id, position, product_id, unit_id, ordered, discount_percent, amount, unit_cost, "
        f"trace) SELECT version_id, 99, product_id, unit_id, 1, 0, 0, 0, '{{}}' FROM orders_quoteline WHERE {SENT} LIMIT 1",
        "lines of a sent quote",
    ),
    frozen("orders_quotecharge", "sent_charges_are_frozen", "amount = 1", "charges of a sent quote", SENT),
    Guard(
        "orders_quotecharge",
        "sent_charges_are_frozen",
        f"DELETE FROM orders_quotecharge WHERE {SENT}",
        "charges of a sent quote",
    ),
    frozen("orders_quotetax", "sent_taxes_are_frozen", "tax = 1", "taxes of a sent quote", SENT),
    Guard(
        "orders_quotetax",
        "sent_taxes_are_frozen",
        f"INSERT INTO orders_quotetax (version_id, percent, base, tax) SELECT version_id, 1, 1, 1 FROM orders_quotetax WHERE {SENT} LIMIT 1",
        "taxes of a sent quote",
    ),
    Guard(
        "orders_order",
        "balance_insert",
        f"INSERT INTO orders_order (number, status, shipments_made, {OTHER_COLUMNS['orders_order']}) "
        f"SELECT 'X-1', 'draft', 1, {OTHER_COLUMNS['orders_order']} FROM orders_order LIMIT 1",
        "kept by its ledger",
    ),
    *(
        frozen(
            "orders_orderline",
            "dates_update",
            f"{column} = {column} + 1",
            "kept by its ledger",
            f"{column} IS NOT NULL",
        )
        for column in ("ship_on", "promised_on")
    ),
    Guard(
        "orders_orderline",
        "dates_insert",
        f"INSERT INTO orders_orderline ({LINE}, order_id, product_id, warehouse_id, ship_on) SELECT position + 90, unit_id, 1, "
        "0, 0, 0, '{}', order_id, product_id, warehouse_id, now() FROM orders_orderline LIMIT 1",
        "kept by its ledger",
    ),
    frozen("orders_orderline", "flags_update", "waits = NOT waits", "kept by its ledger"),
    Guard(
        "orders_orderline",
        "flags_insert",
        f"INSERT INTO orders_orderline ({LINE}, order_id, product_id, warehouse_id, waits) SELECT position + 90, unit_id, 1, "
        "0, 0, 0, '{}', order_id, product_id, warehouse_id, true FROM orders_orderline LIMIT 1",
        "kept by its ledger",
    ),
    frozen(
        "orders_order", "dates_update", "ship_on = ship_on + 1", "kept by its ledger", "ship_on IS NOT NULL"
    ),
    Guard(
        "orders_order",
        "dates_insert",
        f"INSERT INTO orders_order (number, status, ship_on, {OTHER_COLUMNS['orders_order']}) "
        f"SELECT 'X-1', 'draft', now(), {OTHER_COLUMNS['orders_order']} FROM orders_order LIMIT 1",
        "kept by its ledger",
    ),
    frozen("orders_approvalrequest", "what_was_approved_is_frozen", "facts = '{}'", "never changes"),
    frozen("orders_approvalrequest", "what_was_approved_is_frozen", "document_hash = 'x'", "never changes"),
    frozen(
        "orders_approvalrequest", "what_was_approved_is_frozen", "submitted_by_id = NULL", "never changes"
    ),
]
# These keep or owe something; what they do is proven by every test of the flow and by verify.
DO_THE_WORK = ("keep_", "owed_to_", "past_of_")
# Tried in a test of their own, below.
TRIED_APART = {(table, "balance_insert") for table in KEPT} | {
    ("customers_pricerule", "prices_change_where_they_may"),
    ("orders_order", "no_line_waits_unseen"),
}


def test_each_trigger_refuses_and_without_it_the_write_goes_through(world, subtests):
    for guard in guards():
        with subtests.test(guard.statement):
            with pytest.raises(DatabaseError, match=guard.says), transaction.atomic():
                run(guard.statement)
            goes_through_when_nobody_looks(guard.statement)
    with subtests.test("only its own trigger disabled"):
        forge_the_ledger()


def forge_the_ledger() -> None:
    with behind_its_back(openly=[switching("inventory_stockmovement.append_only")]):
        run("UPDATE inventory_stockmovement SET reason = 'forged'")


def goes_through_when_nobody_looks(*statements: str) -> None:
    with behind_its_back(*statements):
        pass


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("inventory_binstock (product_id, location_id, quantity)", "1, 1, 5"),
        ("inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)", "1, 1, 5, 0"),
        (
            "inventory_purchaseorderline (purchase_order_id, product_id, ordered, tolerated, received, in_time, cancelled, expected_on)",
            "1, 1, 5, 0, 5, 5, 0, now()",
        ),
        ("orders_allocation (line_id, stock_level_id, allocated, released)", "1, 1, 1, 1"),
        ("customers_agreementline (agreement_id, product_id, unit_id, price, drawn)", "1, 1, 1, 1, 5"),
    ],
)
@pytest.mark.django_db
def test_no_balance_begins_with_something(table, values):
    with pytest.raises(DatabaseError, match="kept by its ledger"), transaction.atomic():
        run(f"INSERT INTO {table} VALUES ({values})")
    goes_through_when_nobody_looks(f"INSERT INTO {table} VALUES ({values})")


@pytest.mark.django_db
def test_prices_change_in_drafts_and_without_a_second_person_in_the_newest_version_in_force():
    rule = a_price(a_product(price=None), 10)
    old = rule.version
    run("UPDATE customers_pricerule SET price = 11")
    draft = draft_version(old.price_list_id, by=None)
    put_in_force(draft.pk, since=in_days(0), by=None)
    mine = f"version_id = {old.pk}"
    for statement in (
        f"UPDATE customers_pricerule SET price = 12 WHERE {mine}",
        f"DELETE FROM customers_pricerule WHERE {mine}",
        (
            "INSERT INTO customers_pricerule (version_id, product_id, unit_id, min_quantity, price, valid_from) "
            f"SELECT version_id, product_id, unit_id, 99, 5, valid_from FROM customers_pricerule WHERE {mine}"
        ),
    ):
        with pytest.raises(DatabaseError, match="do not change any more"), transaction.atomic():
            run(statement)
        goes_through_when_nobody_looks(statement)

    run(f"UPDATE customers_pricerule SET price = 12 WHERE version_id = {draft.pk}")
    run("UPDATE customers_pricelist SET needs_approval = true")
    with pytest.raises(DatabaseError, match="do not change any more"), transaction.atomic():
        run(f"UPDATE customers_pricerule SET price = 13 WHERE version_id = {draft.pk}")


@pytest.mark.django_db
def test_no_order_is_confirmed_past_the_queue():
    order = a_submitted_order({a_product(on_hand=1, price=10): 1})
    confirm = f"UPDATE orders_order SET status = 'confirmed', confirmed_at = now() WHERE id = {order.pk}"
    at_the_end = "SET CONSTRAINTS ALL IMMEDIATE"
    with pytest.raises(DatabaseError, match="nobody would see it"), transaction.atomic():
        run(confirm, at_the_end)
    goes_through_when_nobody_looks(confirm, at_the_end)


def test_each_trigger_is_tried():
    tried = {(guard.table, guard.trigger) for guard in guards()} | TRIED_APART
    declared = {(model._meta.db_table, trigger.name) for model, trigger in pgtrigger.registered()}
    assert {one for one in declared if not one[1].startswith(DO_THE_WORK)} == tried
