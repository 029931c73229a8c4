# ruff: noqa: E501  statements of SQL stay on one line
"""Each constraint of the database refuses, even when no trigger looks on; with it taken away the write goes through."""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, models, transaction

from customers.models import PriceRule
from customers.status import PriceKind, VersionStatus
from oms.declared import condition_sql, constraints, our_models
from oms.verify import rows
from tests.builders import a_price, a_product, a_tax_rate, a_version, in_days
from tests.verify.conftest import behind_its_back, run

# A line of an agreement that counts the quantity of a product.
OF_A_QUANTITY = "product_id = 1, unit_id = 1, category_id = NULL, percent = NULL, committed_value = 0, maximum_value = NULL"
# What an UPDATE of every row would have to say to break the CHECK.
BREAKS = {
    "a_call_off_is_of_something": "quantity = 0",
    "call_off_at_most_a_year_ahead": "lead_days = 366",
    "a_note_is_of_one_document": "order_id = NULL, quote_id = NULL",
    "a_paper_has_the_hash_of_its_bytes": "sha256 = ''",
    "a_paper_is_of_a_quote_or_an_order": "order_id = NULL, quote_version_id = NULL",
    "a_rejection_says_why": "verdict = 'reject', reason = ''",
    "a_counter_line_is_possible": "price = -1",
    "a_counter_line_wants_something": "quantity = NULL, price = NULL, comment = ''",
    "above_the_limit_a_second_person_agrees": "status = 'applied', within_limit = false, decided_by_id = NULL, decided_at = now()",
    "adjustment_changes_something": "difference = 0",
    "adjustment_is_decided_at_some_time": "status = 'withdrawn', decided_at = NULL",
    "adjustment_value_is_never_negative": "value = -1",
    "a_draw_is_of_something": "quantity = 0, value = 0",
    "agreed_by_quantity_or_by_value": "committed = 1, committed_value = 1",
    "agreed_for_a_product_or_a_category": "product_id = 1, category_id = 1",
    "agreed_is_a_price_or_a_percentage": "percent = 5, price = 1",
    "agreed_maximum_covers_the_commitment": f"maximum = 5, committed = 6, drawn = 0, {OF_A_QUANTITY}",
    "agreed_price_is_never_negative": f"price = -1, {OF_A_QUANTITY}",
    "agreement_ends_after_it_began": "valid_to = valid_from - 1",
    "agreement_in_force_has_its_second_person": "status = 'in_force', needs_approval = true, approved_by_id = NULL",
    "commitment_is_never_negative": f"committed = -1, {OF_A_QUANTITY}",
    "never_draw_more_than_agreed": f"maximum = 50, committed = 0, drawn = 51, {OF_A_QUANTITY}",
    "nobody_approves_an_agreement_they_proposed": "proposed_by_id = 1, approved_by_id = 1",
    "an_answer_comes_by_link_or_is_recorded": "link_id = 1, by_id = 1",
    "an_answer_has_quantity_and_days": "confirmed = 1, confirmed_on = NULL",
    "a_promise_has_both_days_or_none": "promised_on = NULL, ship_on = now()",
    "promise_is_about_so_much_of_each_line": "quantities = '{}'",
    "an_attachment_is_of_one_document": "order_id = NULL, quote_id = NULL",
    "approval_is_for_one_document": "order_id = NULL, quote_version_id = NULL",
    "assignment_names_one_party_at_most": "customer_id = 1, group_id = 1",
    "break_starts_at_one_or_more": "min_quantity = 0",
    "carton_item_holds_something": "quantity = 0",
    "category_is_not_its_own_parent": "parent_id = id",
    "company_is_one_row": "id = 2",
    "contract_class_is_one_to_nine": "contract_class = 10",
    "contract_guarantees_a_percentage": "contract_minimum_percent = 101",
    "cost_is_never_negative": "cost = -0.01",
    "count_differences_name_their_count": "kind = 'count', entry_id = NULL",
    "count_is_done_at_some_time": "done_at = NULL, found = 0, status = 'done'",
    "count_is_done_when_found_is_known": "found = NULL, status = 'done'",
    "count_looks_for_something": "missing = 0",
    "country_is_two_letters": "country = 'de'",
    "a_credit_release_says_why": "reason = ''",
    "credit_figures_are_never_negative": "unapplied = -1",
    "credit_limit_is_never_negative": "credit_limit = -1",
    "credit_terms_are_told_whole": "overdue_days = NULL",
    "credit_tolerance_is_a_percentage": "tolerance_percent = 101",
    "credit_is_insured_until_a_day_up_to_an_amount": "insured_until = now()",
    "proposed_credit_limit_is_never_negative": "insured_limit = -1",
    "proposed_credit_terms_are_told_whole": "horizon_days = NULL",
    "proposed_credit_tolerance_is_a_percentage": "tolerance_percent = -1",
    "proposed_credit_is_insured_until_a_day_up_to_an_amount": "insured_until = now()",
    "nobody_puts_credit_in_force_they_asked_for": "status = 'in_force', decided_by_id = proposed_by_id, decided_at = now()",
    "proposed_credit_is_decided_by_somebody": "status = 'waiting', decided_at = now()",
    "nobody_releases_what_they_submitted": "by_id = 1, submitted_by_id = 1",
    "what_is_overdue_is_receivable": "receivables = 1, overdue = 2, overdue_since = as_of",
    "what_is_overdue_was_due_some_day": "receivables = 5, overdue = 1, overdue_since = NULL",
    "currency_has_at_most_four_decimals": "exponent = 5",
    "customer_is_not_its_own_parent": "parent_id = id",
    "customer_ships_at_least_once": "most_shipments = 0",
    "customer_ships_from_a_percentage": "minimum_percent = 101",
    "customer_ships_from_a_value": "minimum_value = -0.01",
    "each_ordered_unit_is_in_one_bucket": "cancelled = ordered + 1",
    "in_time_is_part_of_received": "in_time = received + 1",
    "limit_of_adjustments_is_never_negative": "adjust_value = -1",
    "merged_customer_is_blocked": "merged_into_id = 1, status = 'active'",
    "movement_goes_somewhere_else": "kind = 'transfer', from_location_id = 1, to_location_id = 1",
    "movement_goes_where_its_kind_says": "from_location_id = NULL, to_location_id = NULL",
    "movement_moves_something": "quantity = 0",
    "never_allocate_less_than_nothing": "allocated = -1",
    "never_cancel_what_came": "received = ordered, cancelled = 1",
    "never_dispatch_more_than_planned": "cancelled = ordered + 1",
    "never_find_more_than_was_missing": "found = missing + 1, status = 'done', done_at = now()",
    "never_less_than_nothing_in_a_bin": "quantity = -1, claimed = -1",
    "never_promise_more_than_on_hand": "allocated = on_hand + 1",
    "never_receive_more_than_dispatched": "received = dispatched + 1, lost = 0",
    "never_receive_more_than_tolerated": "received = ordered + tolerated + 1, cancelled = 0",
    "never_release_more_than_allocated": "released = allocated + 1",
    "never_take_what_a_picker_comes_for": "claimed = quantity + 1",
    "no_bucket_of_a_line_is_negative": "cancelled = -1",
    "no_bucket_of_an_allocation_is_negative": "shipped = -1",
    "nobody_closed_an_open_sheet": "status = 'open', closed_at = NULL, closed_by_id = 1",
    "nobody_counts_less_than_nothing": "found = -1",
    "nobody_decides_on_an_own_adjustment": "status = 'applied', decided_by_id = proposed_by_id, decided_at = now()",
    "nobody_decides_on_what_they_submitted": "submitted_by_id = by_id",
    "order_line_amount_is_never_negative": "amount = -0.01",
    "order_charge_charges_something": "amount = 0",
    "order_charges_and_tax_are_never_negative": "tax = -1",
    "order_discount_is_a_percentage": "discount_percent = 101",
    "order_discount_is_part_of_goods": "discount = -1",
    "order_discount_is_percent_or_amount": "discount_percent = 1, discount_amount = 1",
    "order_line_has_a_part_of_the_discount": "document_discount = amount + 1",
    "order_line_discount_is_a_percentage": "discount_percent = 100.01",
    "order_line_price_is_never_negative": "unit_price = -0.01",
    "order_ships_at_least_once": "most_shipments = 0",
    "order_ships_from_a_percentage": "minimum_percent = 101",
    "order_ships_from_a_value": "minimum_value = -0.01",
    "order_up_to_is_not_below_the_point": "order_up_to = reorder_point - 1",
    "pack_only_what_was_picked": "packed = picked + 1",
    "pick_no_more_than_the_shipment_needs": "picked = quantity + 1",
    "pick_no_more_than_the_task_says": "picked = quantity + 1, status = 'open'",
    "picked_means_all_of_it": "status = 'picked', picked = 0",
    "restricted_is_a_product_or_a_category": "product_id = NULL, category_id = NULL",
    "restricted_to_a_customer_or_a_group": "customer_id = NULL, group_id = NULL",
    "price_is_for_a_product_or_a_category": "category_id = 1",
    "price_is_never_negative": "price = -0.01",
    "price_is_of_its_kind": "percent = 5",
    "price_list_is_not_based_on_itself": "based_on_id = id",
    "price_priority_is_one_to_nine": "priority = 10",
    "unit_of_a_price_needs_its_product": "product_id = NULL",
    "mix_group_is_named_where_it_counts": "mix_group = 'X'",
    "floor_is_of_a_fixed_price": "floor = -1",
    "what_costs_nothing_says_so": "price = 0",
    "version_in_force_has_a_first_day": "in_force_from = NULL",
    "version_ends_after_it_began": "status = 'withdrawn', in_force_to = in_force_from - 1",
    "nobody_approves_prices_they_proposed": "proposed_by_id = 1, approved_by_id = 1",
    "exchange_rate_is_positive": "rate = 0",
    "a_currency_has_no_rate_to_itself": "target_id = source_id",
    "price_is_valid_for_a_while": "valid_to = valid_from",
    "priority_is_one_to_nine": "priority = 10",
    "product_does_not_supersede_itself": "superseded_by_id = id",
    "product_has_a_sku": "sku = ''",
    "product_is_not_its_own_substitute": "substitute_id = product_id",
    "protected_stock_is_not_negative": "protected = -1",
    "channel_buffer_is_not_negative": "channel_buffer = -1",
    "never_hold_less_than_nothing": "held = -1",
    "a_hold_is_of_something": "quantity = 0",
    "a_hold_has_a_day": "until = held_on - 1",
    "a_hold_that_ended_says_why": "ended_on = held_on, ended_by = ''",
    "stock_is_held_a_year_at_most": "days = 366",
    "never_keep_less_than_nothing": "channel_buffer = -1",
    "stock_is_set_aside_two_years_ahead_at_most": "allocation_horizon_days = 731",
    "purchase_orders_something": "ordered = 0, received = 0, in_time = 0, cancelled = 0, confirmed = NULL, confirmed_on = NULL, promised_on = NULL",
    "purchase_quantities_are_positive": "cancelled = -1",
    "quote_line_amount_is_never_negative": "amount = -0.01",
    "quote_line_has_a_part_of_the_discount": "document_discount = -0.01",
    "quote_line_discount_is_a_percentage": "discount_percent = -0.01",
    "quote_line_orders_something": "ordered = 0",
    "quote_line_price_is_never_negative": "unit_price = -0.01",
    "quote_charge_charges_something": "amount = -1",
    "quote_version_charges_and_tax_are_never_negative": "charges = -1",
    "tax_country_is_two_letters": "country = 'de'",
    "tax_rate_is_a_percentage": "percent = 100.01",
    "tax_rate_is_valid_for_a_while": "valid_to = valid_from",
    "usual_charge_is_never_negative": "amount = -0.01",
    "quote_version_discount_is_a_percentage": "discount_percent = -0.01",
    "quote_version_discount_is_part_of_goods": "discount = -1",
    "quote_version_discount_is_percent_or_amount": "discount_amount = -0.01",
    "receipt_does_not_take_itself_back": "takes_back_id = id",
    "receipt_receives_something": "quantity = 0",
    "rounds_begin_with_one": "number = 0",
    "sheet_is_closed_at_some_time": "status = 'open', closed_at = now()",
    "shipment_line_ships_something": "quantity = 0, picked = 0, packed = 0, cancelled = 0",
    "short_says_why": "status = 'short', short_reason = ''",
    "substitute_ratio_is_positive": "numerator = 0",
    "supplier_terms_are_positive": "minimum = 0",
    "task_picks_something": "quantity = 0, picked = 0, status = 'open'",
    "tolerance_is_at_most_the_same_again": "tolerance_percent = 101",
    "tracking_news_has_a_code": "code = ''",
    "transfer_arrives_after_it_leaves": "arrive_on = ship_on - 1",
    "transfer_goes_somewhere_else": "target_id = source_id",
    "transfer_moves_something": "ordered = 0, cancelled = 0, dispatched = 0, received = 0, lost = 0",
    "transfer_quantities_are_positive": "cancelled = -1",
    "transit_country_is_two_letters": "country = 'de'",
    "transit_takes_at_most_ninety_days": "days = 91",
    "gtin_is_kept_one_way": "gtin = '04006381333931'",
    "unit_minimum_is_positive": "minimum = 0",
    "unit_ratio_is_positive": "denominator = 0",
    "warehouse_takes_at_most_ninety_days": "transit_days = 91",
    "only_totals_have_a_tolerance": "fact = 'discount_above', tolerance_percent = 2",
    "warehouse_works_some_weekday": "working_days = ''",
    "who_accepts_has_a_name": "reply = 'accepted', name = ''",
    "who_counters_has_a_name": "name = ''",
    "who_decides_has_a_name": "name = ''",
    "who_rejects_an_adjustment_says_why": "status = 'rejected', decision_note = '', decided_at = now()",
}
# Tables that the busy house leaves empty get their row here.
ROWS = (
    "INSERT INTO inventory_category (code, name) VALUES ('C', 'C')",
    "INSERT INTO inventory_supplierproduct (supplier_id, product_id, supplier_sku, cost, minimum, multiple, lead_time_days) VALUES (1, 1, '', 1, 1, 1, 1)",
    "INSERT INTO customers_contact (customer_id, name, role, email, phone) VALUES (1, 'M. Kern', 'buyer', '', '')",
    "INSERT INTO oms_exchangerate (source_id, target_id, rate, valid_from) VALUES ('USD', 'EUR', 0.9, '2026-01-01')",
    "INSERT INTO customers_saleschannel (code, name) VALUES ('WEB', 'Web shop')",
    "INSERT INTO orders_pastecolumns (customer_id, shape, roles, has_header, decimal, taken_at) VALUES (1, '2|', 'code,quantity', false, '.', now())",
    "INSERT INTO oms_attempts (who, what, minute, count) VALUES ('w', 'w', now(), 1)",
    "INSERT INTO oms_idempotencykey (client_id, key, request_hash, status, answer, created_at) VALUES (1, 'k', 'h', 200, '{}', now())",
)


def checks() -> Iterator[tuple[str, str]]:
    for model in our_models():
        for check in constraints(model, models.CheckConstraint):
            yield model._meta.db_table, check.name


def refused(table: str, name: str, change: str) -> bool:
    """Whether changing one row of the table so is refused by this constraint."""
    try:
        with transaction.atomic():
            # Only one row, as no second one may stand in the way with the same values.
            run(f"UPDATE {table} SET {change} WHERE ctid = (SELECT max(ctid) FROM {table})")
    except IntegrityError as refusal:
        return f'"{name}"' in str(refusal)
    return False


def test_each_check_refuses_and_without_it_the_write_goes_through(world, subtests):
    with behind_its_back(*ROWS):
        run("SET LOCAL session_replication_role = replica")
        for table, name in checks():
            with subtests.test(name):
                assert refused(table, name, BREAKS[name])
                with behind_its_back(
                    *(f"ALTER TABLE {table} DROP CONSTRAINT {n}" for t, n in checks() if t == table)
                ):
                    run("SET LOCAL session_replication_role = replica")
                    assert not refused(table, name, BREAKS[name])
                run("SET LOCAL session_replication_role = replica")


def test_each_check_is_tried():
    assert set(BREAKS) == {name for _table, name in checks()}


@pytest.mark.django_db
def test_two_prices_for_the_same_thing_never_overlap():
    bolts = a_product("BOLT-M8", price=None)
    a_price(bolts, 1, valid_from=in_days(0), valid_to=in_days(10))

    with pytest.raises(IntegrityError, match="one_price_per_break_and_day"), transaction.atomic():
        a_price(bolts, 2, valid_from=in_days(9))

    a_price(bolts, 2, valid_from=in_days(10))  # one begins where the other ends
    with behind_its_back("ALTER TABLE customers_pricerule DROP CONSTRAINT one_price_per_break_and_day"):
        a_price(bolts, 3, valid_from=in_days(3))


@pytest.mark.django_db
def test_two_prices_for_all_products_never_overlap_either():
    everything = {"version": a_version(), "kind": PriceKind.COST_PLUS, "percent": 20}
    PriceRule.objects.create(**everything)

    with pytest.raises(IntegrityError, match="one_price_per_break_and_day"), transaction.atomic():
        PriceRule.objects.create(**everything)

    with behind_its_back("ALTER TABLE customers_pricerule DROP CONSTRAINT one_price_per_break_and_day"):
        PriceRule.objects.create(**everything)


@pytest.mark.django_db
def test_two_versions_of_a_list_are_never_in_force_on_one_day():
    first = a_version()
    second = {"number": 2, "status": VersionStatus.IN_FORCE, "in_force_from": in_days(9)}

    with pytest.raises(IntegrityError, match="one_version_in_force_per_day"), transaction.atomic():
        first.price_list.versions.create(**second)

    with behind_its_back(
        "ALTER TABLE customers_pricelistversion DROP CONSTRAINT one_version_in_force_per_day"
    ):
        first.price_list.versions.create(**second)


@pytest.mark.django_db
def test_two_rates_of_a_class_never_hold_on_one_day():
    a_tax_rate(19, valid_from=in_days(0), valid_to=in_days(10))

    with pytest.raises(IntegrityError, match="one_tax_rate_per_class_and_day"), transaction.atomic():
        a_tax_rate(20, valid_from=in_days(9))

    a_tax_rate(20, valid_from=in_days(10))  # one begins where the other ends
    with behind_its_back("ALTER TABLE oms_taxrate DROP CONSTRAINT one_tax_rate_per_class_and_day"):
        a_tax_rate(21, valid_from=in_days(3))


def test_each_exclusion_is_tried():
    assert {c.name for m in our_models() for c in constraints(m, ExclusionConstraint)} == {
        "one_price_per_break_and_day",
        "one_tax_rate_per_class_and_day",
        "one_version_in_force_per_day",
    }


def copy_of_a_row(model: type[models.Model], condition: str) -> str:
    names = [f.column for f in model._meta.local_fields if not (f.primary_key or f.generated)]
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(names)} FROM {table} "
        f"WHERE ctid = (SELECT max(ctid) FROM {table} WHERE {condition})"
    )


def only_uniqueness_looks(model: type[models.Model], unique: models.UniqueConstraint) -> str:
    """Return what switches all other guards off. One that is looked at after the statement is a trigger of the server's."""
    if unique.deferrable:
        return f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER"
    return "SET LOCAL session_replication_role = replica"


def test_what_is_unique_cannot_be_there_twice(world, subtests):
    """The same row again is refused by a unique index of its table, whichever comes first."""
    for model in our_models():
        for unique in constraints(model, models.UniqueConstraint):
            with subtests.test(unique.name), behind_its_back(*ROWS):
                run(only_uniqueness_looks(model, unique))
                condition = condition_sql(model, unique)
                if not rows(f"SELECT FROM {model._meta.db_table} WHERE {condition}"):
                    pytest.skip(f"no row speaks for {unique.name}")
                with pytest.raises(IntegrityError, match="violates unique constraint"), transaction.atomic():
                    run(copy_of_a_row(model, condition))
