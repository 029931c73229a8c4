"""Many rows in one statement keep every value exactly."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DataError
from django.utils import timezone

from inventory.models import Product, RestockAlert
from oms.sets import add_to_rows, insert_rows, set_in_rows
from orders.models import ApprovalRule, OrderEvent
from tests.builders import a_customer, a_group, a_product, a_warehouse, an_order

pytestmark = pytest.mark.django_db

BORING = {"status": "active", "cost": Decimal("0.000001"), "weight_grams": 0, "backorder_allowed": True}


def test_rows_are_inserted_in_their_order_with_what_they_share(django_assert_num_queries):
    skus = [f"S{n}" for n in range(300)]

    with django_assert_num_queries(1):
        ids = insert_rows(
            Product,
            {"sku": skus, "name": skus},
            status="active",
            cost=Decimal("0.000001"),
            weight_grams=0,
            backorder_allowed=True,
        )

    assert list(Product.objects.filter(pk__any_of=ids).order_by("pk").values_list("sku", flat=True)) == skus
    assert Product.objects.get(sku="S7").cost == BORING["cost"]


@pytest.mark.parametrize("text", ["'; DROP TABLE x; --", "naïve “quotes” \\ and %s", "{}", "日本", "a\nb"])
def test_text_arrives_as_it_was_written(text):
    (pk,) = insert_rows(
        Product,
        {"sku": ["S"], "name": [text]},
        status="active",
        cost=0,
        weight_grams=0,
        backorder_allowed=True,
    )

    assert Product.objects.get(pk=pk).name == text


def test_documents_arrive_beside_plain_columns_whatever_their_order():
    order = an_order({a_product("BOLT"): 1}, customer=a_customer(warehouse=a_warehouse()))
    details = [{"a": 'quotes " and \\ and \u00fc'}, {"b": [1, None, "x"]}, {}]

    ids = insert_rows(
        OrderEvent,
        {"detail": details, "version": [90, 91, 92], "note": ["first", "se'cond", ""]},
        document=order, kind="told", old_status="", new_status="", at=timezone.now(),
    )  # fmt: skip

    kept = OrderEvent.objects.filter(pk__in=ids).order_by("pk").values_list("version", "detail", "note")
    assert list(kept) == [(90, details[0], "first"), (91, details[1], "se'cond"), (92, details[2], "")]


def test_a_document_that_is_none_is_refused():
    with pytest.raises(TypeError, match="None"):
        set_in_rows(OrderEvent, [1], detail=[None])


def test_columns_of_different_lengths_are_no_rows():
    with pytest.raises(ValueError, match="lengths"):
        set_in_rows(Product, [1, 2], name=["one"])


def test_a_decimal_keeps_all_its_digits():
    rule = ApprovalRule.objects.create(name="r", fact="total_above", threshold=0, approvers=a_group())
    set_in_rows(ApprovalRule, [rule.pk], threshold=[Decimal("12345678901234.5678")])

    rule.refresh_from_db()
    assert rule.threshold == Decimal("12345678901234.5678")


def test_text_that_is_too_long_is_refused_and_not_cut():
    with pytest.raises(DataError):
        insert_rows(
            Product,
            {"sku": ["S" * 61], "name": ["n"]},
            status="active",
            cost=0,
            weight_grams=0,
            backorder_allowed=True,
        )


def test_amounts_are_added_row_by_row():
    first, second = a_product(weight_grams=1), a_product(weight_grams=10)

    assert add_to_rows(Product, [first.pk, second.pk], weight_grams=[5, -3]) == 2

    assert [Product.objects.get(pk=p.pk).weight_grams for p in (first, second)] == [6, 7]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert add_to_rows(Product, [], weight_grams=[]) == 0


def test_a_value_without_a_place_in_a_set_is_refused():
    with pytest.raises(TypeError, match="object"):
        set_in_rows(Product, [1], name=[object()])


def test_a_moment_arrives_with_its_zone():
    product = a_product()

    (pk,) = insert_rows(
        RestockAlert,
        {"opened_at": [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]},
        product=product, warehouse=a_warehouse(), kind="reorder", on_hand=0, inbound=0, demand=0, reorder_point=1,
        suggested=1, updated_at=datetime(2026, 3, 29, tzinfo=UTC),
    )  # fmt: skip

    assert RestockAlert.objects.get(pk=pk).opened_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
