"""Random corruptions, one after the other: all are noticed.

A run prints its seed, and `CAMPAIGN_SEED` replays it. Columns which nobody could prove are listed with the reason.
"""

import random
from collections import Counter, defaultdict
from typing import Any

import pytest
from django.db import models

from oms.declared import columns, our_models
from oms.verify import Breach, breaches, breaches_of, invariants, rows
from tests.campaigns import trials
from tests.verify.conftest import NOBODY_LOOKS, for_a_moment, run

FEW, MANY = 60, 1_000

# Whether such a value is right cannot be seen from any other: a name, a note, a moment, a wish, a choice somebody made.
DOCUMENT = "number created_at created_by_id status_since"
DRAFT = "revision edited_at edited_by_id"
EVENT = "by_id at note detail kind"
SAID_ONCE = {
    "inventory_stocklevel": "",
    "inventory_binstock": "",
    "inventory_stockmovement": "reason by_id at kind document",
    "inventory_stockcount": "opened_at opened_by_id done_at done_by_id",
    "inventory_countsheet": "number note created_at created_by_id closed_at closed_by_id",
    "inventory_countstop": "product_id",
    "inventory_countround": "by_id at",
    "inventory_countentry": "product_id",
    "inventory_stockadjustment": "number reason note value within_limit proposed_by_id proposed_at decided_by_id "
    "decided_at decision_note",
    "inventory_purchaseorder": f"{DOCUMENT} supplier_id warehouse_id note",
    "inventory_purchaseorderline": "product_id expected_on ordered purchase_order_id tolerated confirmed "
    "confirmed_on promised_on",
    "inventory_receipt": "delivery_note received_on reason by_id at",
    "inventory_receiptline": "receipt_id promised_on told_on",
    "inventory_transfer": f"{DOCUMENT} source_id target_id ship_on arrive_on note",
    "inventory_transferline": "product_id ordered transfer_id",
    "inventory_restockalert": "opened_at updated_at announced_at closed_at product_id warehouse_id on_hand inbound "
    "demand reorder_point suggested",
    "customers_agreement": f"{DOCUMENT} customer_id name currency_id valid_from valid_to remind_on needs_approval "
    "proposed_by_id approved_by_id reminded_at next_try_at",
    "customers_agreementline": "agreement_id product_id category_id unit_id price percent "
    "committed maximum committed_value maximum_value",
    "customers_agreementevent": EVENT,
    "orders_agreementdraw": "by_id at",
    "orders_calloffschedule": "lead_days customer_po",
    "orders_calloff": "ship_to_id requested_on quantity refusal skipped_at planned_by_id",
    "customers_creditaccount": "currency_id told_at told_by_id",
    "customers_creditchange": "by_id at note proposal_id",
    "customers_creditproposal": "credit_limit tolerance_percent horizon_days overdue_amount overdue_days insured_limit "
    "insured_until note proposed_by_id proposed_at decided_by_id decided_at decision_note account_id",
    "customers_credittold": "by_id at",
    "customers_pricerule": "price min_quantity version_id valid_from valid_to category_id kind "
    "percent floor basis mix_group incremental priority free_of_charge",
    "customers_pricelistversion": "number note created_at proposed_by_id approved_by_id put_in_force_by_id "
    "price_list_id in_force_from",
    "orders_quote": f"{DOCUMENT} {DRAFT} customer_po accepted_by valid_until warehouse_id follow_up_on outcome",
    "orders_quoteversion": "valid_until deciding tax_zone_id tax_note tax_rounding",
    "orders_quotecharge": "kind_id",
    "orders_quotetax": "",
    "orders_stockhold": "line_id",
    "orders_ordercharge": "kind_id",
    "orders_ordertax": "",
    "orders_quoteline": "position product_id unit_id list_price unit_cost trace note",
    "orders_order": f"{DOCUMENT} {DRAFT} customer_po reference warehouse_id ordered_on requested_on payment_terms_id "
    "note submitted_by_id confirmed_at quote_version_id shipping_policy minimum_percent minimum_value most_shipments "
    "sourcing priority tax_zone_id tax_note tax_rounding",
    "orders_orderline": "position unit_id list_price unit_cost trace warehouse_id product_id note",
    "orders_promise": "lines quantities expected_on brought_by document note by_id at",
    "orders_allocation": "ship_on promised_on",
    "orders_approvalrequest": "facts requested_at submitted_by_id",
    "orders_approvalstep": "rule_id approvers_id reason",
    "orders_creditrelease": "account_id amount revision until submitted_by_id at",
    "orders_decision": "reason at by_id",
    "orders_issueddocument": "number created_at created_by_id order_id quote_version_id source",
    "orders_quoteanswer": "name customer_po reason at link_id ip by_id evidence version_id",
    "orders_orderevent": EVENT,
    "orders_quoteevent": EVENT,
    "orders_orderdelivery": "next_try_at attempts sent_at parked_at error",
    "fulfillment_shipment": f"{DOCUMENT} ship_to carrier_id next_poll_at shipped_at handed_over_at delivered_at",
    "fulfillment_shipmentline": "",
    "fulfillment_picktask": "bin_id picked_at short_reason",
    "fulfillment_package": "number weight_grams tracking_number",
    "fulfillment_packageitem": "package_id",
    "fulfillment_trackingevent": "carrier_id tracking_number code happened_at received_at place",
    "fulfillment_shipmentevent": EVENT,
}
# Rows of which each stands alone: whether one is missing only they could say.
LONERS = {
    "inventory_countentry", "inventory_restockalert", "inventory_purchaseorderline", "inventory_transferline",
    "customers_pricerule", "orders_issueddocument", "orders_quoteanswer", "customers_agreementline",
    "orders_calloff",
}  # fmt: skip
# A row of nothing is as good as none, a request that came to nothing is named by nobody, so is a carton that was
# taken back or a hold that ended, and of a carton's news only the last decides. Of promises the first and the last
# decide, and one of no day says as much as none. Of what was granted the last change decides; what was proposed and
# not granted changed nothing.
TOLD_ELSEWHERE = {
    "inventory_binstock": "quantity > 0",
    "inventory_stocklevel": "on_hand > 0",
    "orders_stockhold": "ended_on IS NULL",
    "customers_creditproposal": "status = 'in_force'",
    "customers_creditchange": "id IN (SELECT max(id) FROM customers_creditchange GROUP BY account_id)",
    "customers_credittold": "id IN (SELECT max(id) FROM customers_credittold GROUP BY account_id)",
    "orders_allocation": "allocated + picked + packed + shipped > 0",
    "inventory_countstop": "id IN (SELECT stop_id FROM inventory_countround)",
    "inventory_countround": "id IN (SELECT round_id FROM inventory_countentry)",
    "inventory_stockadjustment": "status = 'applied' OR kind = 'count'",
    "fulfillment_packageitem": "shipment_line_id IN (SELECT id FROM fulfillment_shipmentline WHERE packed > 0)",
    "orders_promise": "cause = 'confirmed' AND ship_on IS NOT NULL",
    "orders_approvalrequest": "status IN ('pending', 'approved')",
    "orders_approvalstep": "request_id IN (SELECT id FROM orders_approvalrequest WHERE status <> 'withdrawn')",
    "fulfillment_trackingevent": "id IN (SELECT max(id) FROM fulfillment_trackingevent GROUP BY package_id)",
}


# Of some columns only some rows are told elsewhere: a count that found no difference set nothing in motion, one
# percent of a very small amount is less than the currency has, what is cancelled is not paid for at any price, where
# nothing is taxed no price includes a tax, and whether an order was confirmed by a paper or only calculated in advance
# the paper itself says.
TOLD_OF_COLUMN = {
    ("inventory_countentry", "round_id"): "variance <> 0",
    ("orders_issueddocument", "kind"): "quote_version_id IS NOT NULL",
    ("orders_order", "discount_percent"): "goods > 1",
    ("orders_order", "discount_amount"): "goods > 1",
    ("orders_order", "prices_include_tax"): "tax > 0",
    ("orders_quoteversion", "discount_percent"): "goods > 1",
    ("orders_quoteversion", "discount_amount"): "goods > 1",
    ("orders_quoteversion", "prices_include_tax"): "tax > 0",
    ("orders_orderline", "discount_percent"): "amount > 1",
    ("orders_orderline", "unit_price"): "ordered > cancelled",
    ("orders_quoteline", "discount_percent"): "amount > 1",
}

# Any address of the customer's own tree may be a document's: only a stranger's is wrong.
NO_STRANGERS = """
    SELECT a.id FROM customers_address a JOIN customers_customer c ON c.id = a.customer_id
    WHERE c.parent_id IS NOT NULL OR c.id IN (SELECT parent_id FROM customers_customer)
       OR c.id = (SELECT customer_id FROM customers_address WHERE id = %s)
"""


def tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in our_models() if model._meta.db_table in SAID_ONCE}


def proven(model: type[models.Model]) -> list[Any]:
    said_once = SAID_ONCE[model._meta.db_table].split()
    return [f for f in columns(model) if not (f.primary_key or f.generated or f.column in said_once)]


def without_its_guards() -> None:
    """Take every CHECK, uniqueness, exclusion and NOT NULL away: only the proof is left."""
    for table, name in rows(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
        "WHERE contype IN ('c', 'u', 'x') AND connamespace = 'public'::regnamespace"
    ):
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for (name,) in rows(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND NOT indisprimary "
        "AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    ):
        run(f"DROP INDEX {name}")
    for table, model in tables().items():
        for field in proven(model):
            run(f"ALTER TABLE {table} ALTER COLUMN {field.column} DROP NOT NULL")


def changed(rng: random.Random, field: Any, old: Any) -> str:
    """Return another value than `old` for a column, as SQL."""
    if field.is_relation:
        target, parents = field.target_field, field.related_model._meta.db_table
        there = {value for (value,) in rows(f"SELECT {target.column} FROM {parents}")}
        if parents == "customers_address":
            there -= {value for (value,) in rows(NO_STRANGERS % (old or "NULL"))}
        stranger = 987654321 if isinstance(target, models.IntegerField) else "XXX"
        return f"'{rng.choice([*sorted(there - {old}), stranger])}'"
    if field.choices:
        return f"'{rng.choice([*sorted({str(v) for v, _l in field.flatchoices} - {str(old)}), 'nonsense'])}'"
    if isinstance(field, models.BooleanField):
        return str(not old)
    if isinstance(field, models.IntegerField):
        return str(int(old or 0) + rng.choice([-9, -1, 1, 2, 50]))
    if isinstance(field, models.DecimalField):
        return str((old or 0) + rng.choice([-1, 1, 7]))
    if isinstance(field, models.DateTimeField):
        return "now()" if old is None else "NULL"
    if isinstance(field, models.DateField):
        return rng.choice(["NULL", "'2001-02-03'"]) if old else "'2001-02-03'"
    return "'0000'"


def is_told(table: str, pk: int, field: Any) -> bool:
    """Whether anything but the row itself says what the column of this row should be."""
    condition = TOLD_OF_COLUMN.get((table, field.column), "true")
    return condition == "true" or bool(rows(f"SELECT FROM {table} WHERE id = {pk} AND ({condition})"))


def a_corruption(rng: random.Random) -> tuple[str, str]:
    """Return what is done to one random row, in words and as SQL."""
    table, model = rng.choice(sorted(tables().items()))
    told = TOLD_ELSEWHERE.get(table, "true")
    pk = rng.choice([pk for (pk,) in rows(f"SELECT id FROM {table} WHERE {told} ORDER BY id")])
    if table not in LONERS and rng.random() < 0.15:
        return f"{table} {pk} is gone", f"DELETE FROM {table} WHERE id = {pk}"
    there = [f for f in proven(model) if is_told(table, pk, f)]
    field = rng.choice(there)
    ((old,),) = rows(f"SELECT {field.column} FROM {table} WHERE id = {pk}")
    value = changed(rng, field, old)
    return (
        f"{table} {pk}: {field.column} {old} becomes {value}",
        f"UPDATE {table} SET {field.column} = {value} WHERE id = {pk}",
    )


def noticed(clean: set[Breach], caught: Counter[str]) -> bool:
    """Whether any proof sees more than before; `caught` counts which did in this table, and they are asked first.

    Otherwise those of whole tables come last, for they take longest.
    """
    run("SET LOCAL enable_nestloop = off")
    whole_tables = {name: proof.__module__ == "oms.invariants" for name, proof in invariants().items()}
    for name in sorted(whole_tables, key=lambda name: (-caught[name], whole_tables[name])):
        if not clean.issuperset(breaches_of(name, invariants()[name])):
            caught[name] += 1
            return True
    return False


@pytest.mark.parametrize("many", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
def test_random_corruptions_are_all_noticed(world, request, many):
    rng, tries = random.Random(trials.seed(request)), trials.trials(many)
    without_its_guards()
    clean = set(breaches())
    run(NOBODY_LOOKS)

    missed, caught = [], defaultdict(Counter)
    for _try in range(tries):
        told, statement = a_corruption(rng)
        with for_a_moment(statement):
            if not noticed(clean, caught[told.split()[0]]):
                missed.append(told)

    trials.told(request, "verify", corruptions=tries, missed=len(missed))
    assert not missed, f"{len(missed)} of {tries} missed\n" + "\n".join(missed)


@pytest.mark.django_db
def test_what_is_said_once_names_columns_that_exist():
    for table, model in tables().items():
        assert not set(SAID_ONCE[table].split()) - {field.column for field in columns(model)}
    assert set(tables()) == set(SAID_ONCE)
