"""Who imports reaches only what they may see and change."""

import pytest

from inventory.models import BinStock, StockAdjustment
from oms.verify import breaches
from tests.builders import a_confirmed_order, a_customer, a_team, a_user
from tests.data_in_out.files import a_small_house, import_bytes, problems_of, table

pytestmark = pytest.mark.django_db

CUSTOMERS, ORDERS = "code|name|payment_terms", "reference|customer|sku|quantity"
STOCK = "sku|warehouse|location|quantity"


def test_customers_of_others_are_neither_read_nor_changed_nor_ordered_for(tmp_path):
    a_small_house()
    mine = a_customer("Mine Ltd")
    rights = ["customers.view_customer", "customers.change_customer", "customers.view_team_customers"]
    manager = a_user(*rights, "orders.import_order", username="manager")
    team = a_team(manager)
    mine.team = team
    mine.save()

    theirs = problems_of("customers", table("code|name", "ACME|Mine now"), tmp_path, by=manager)
    away = problems_of(
        "customers", table(f"{CUSTOMERS}|team", f"{mine.code}|Mine|30|{a_team().name}"), tmp_path, by=manager
    )
    order = problems_of("orders", table(ORDERS, "R1|ACME|BOLT|1"), tmp_path, by=manager)

    assert [(p.row, p.column) for p in theirs.problems] == [(2, "code")]
    assert [(p.row, p.column) for p in away.problems] == [(2, "team")]
    assert [(p.row, p.column) for p in order.problems] == [(2, "customer")]
    assert import_bytes(
        "customers", table("code|name", f"{mine.code}|Mine AG"), tmp_path, by=manager
    ).counts == (0, 1, 0)


def test_prices_in_a_file_of_orders_need_the_right_to_type_prices(tmp_path):
    _warehouse, _bolt, _nut, customer = a_small_house()
    rep = a_user("customers.view_customer", "orders.import_order")
    customer.rep = rep
    customer.save()

    refusal = problems_of("orders", table(f"{ORDERS}|unit_price", "R1|ACME|BOLT|1|5"), tmp_path, by=rep)

    assert [(p.row, p.column) for p in refusal.problems] == [(2, "unit_price")]
    assert import_bytes("orders", table(ORDERS, "R1|ACME|BOLT|1"), tmp_path, by=rep).counts == (1, 0, 0)


def test_stock_is_stated_only_where_one_works_and_bought_only_by_right(tmp_path):
    warehouse, *_rest = a_small_house()
    lead = a_user("inventory.adjust_stock")

    elsewhere = problems_of("stock", table(STOCK, "BOLT|MAIN|A-1|5"), tmp_path, by=lead)
    warehouse.members.add(lead)
    buying = problems_of("stock", table("sku|warehouse|on_order", "BOLT|MAIN|5"), tmp_path, by=lead)

    assert [(p.row, p.column) for p in elsewhere.problems] == [(2, "warehouse")]
    assert [(p.row, p.column) for p in buying.problems] == [(2, "on_order")]
    assert import_bytes("stock", table(STOCK, "BOLT|MAIN|A-1|5"), tmp_path, by=lead).counts == (1, 0, 0)


def test_a_person_changes_by_file_no_more_than_they_may_adjust_alone(tmp_path):
    warehouse, bolt, *_rest = a_small_house()
    warehouse.adjust_units, warehouse.adjust_value = 10, 1000
    warehouse.save()
    lead = a_user("inventory.adjust_stock")
    warehouse.members.add(lead)
    import_bytes(
        "stock", table(STOCK, "BOLT|MAIN|A-1|500"), tmp_path, by=lead
    )  # never stated before: opening stock

    more = problems_of("stock", table(STOCK, "BOLT|MAIN|A-1|511"), tmp_path, by=lead)
    import_bytes("stock", table(STOCK, "BOLT|MAIN|A-1|494"), tmp_path, by=lead)
    in_two_halves = problems_of("stock", table(STOCK, "BOLT|MAIN|A-1|489"), tmp_path, by=lead)

    assert [(p.row, p.column) for p in (*more.problems, *in_two_halves.problems)] == [(2, "quantity")] * 2
    assert "by 11 " in more.problems[0].rule
    assert BinStock.objects.get(product=bolt).quantity == 494
    (adjustment,) = StockAdjustment.objects.all()
    assert (adjustment.difference, adjustment.status, adjustment.proposed_by) == (-6, "applied", lead)
    import_bytes("stock", table(STOCK, "BOLT|MAIN|A-1|300"), tmp_path)  # the operator, at the command line
    assert BinStock.objects.get(product=bolt).quantity == 300
    assert list(breaches()) == []


def test_a_file_moves_what_is_promised_from_one_bin_to_a_new_one(tmp_path):
    warehouse, bolt, *_rest = a_small_house()
    warehouse.adjust_units, warehouse.adjust_value = 10, 1000
    warehouse.save()
    lead = a_user("inventory.adjust_stock")
    warehouse.members.add(lead)
    import_bytes("stock", table(STOCK, "BOLT|MAIN|A-1|8"), tmp_path, by=lead)
    a_confirmed_order({bolt: 8}, warehouse_id=warehouse.pk)

    rows = ["BOLT|MAIN|A-1||0", "BOLT|MAIN|B-9|pick|8"]
    import_bytes("stock", table("sku|warehouse|location|location_kind|quantity", *rows), tmp_path, by=lead)

    assert dict(BinStock.objects.values_list("location__code", "quantity")) == {"A-1": 0, "B-9": 8}
    assert list(breaches()) == []
