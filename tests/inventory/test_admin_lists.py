"""The lists of inventory: what they show, to whom, in how many statements."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import (
    BinStock,
    Category,
    Product,
    ReorderPolicy,
    RestockAlert,
    StockCount,
    StockLevel,
    StockMovement,
    Supplier,
    SupplierProduct,
)
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.status import AlertKind
from tests.builders import (
    a_boss,
    a_cable,
    a_product,
    a_stock,
    a_transfer,
    a_unit,
    a_user,
    a_warehouse,
    first_bin,
    in_days,
)

pytestmark = pytest.mark.django_db

READ = ["stocklevel", "binstock", "stockmovement", "purchaseorder", "stockcount", "restockalert", "transfer"]
KEPT = ["product", "category", "supplier", "warehouse", "location", "reorderpolicy"]
NEVER_BY_FORM = ["stocklevel", "binstock", "stockmovement", "stockcount", "restockalert"]
ODD = ["\ufffd", "%", "_", "\\", "'", "x" * 3000, "\u0663", "\u202e", '"', "40012345678901234567"]


def a_reader(*permissions):
    client = Client()
    client.force_login(a_user(*permissions, is_staff=True))
    return client


def a_boss_client():
    client = Client()
    client.force_login(a_boss())
    return client


def rows_of_everything(n):
    """One more row in each list, `n` times."""
    warehouse, other = a_warehouse(), a_warehouse()
    for _ in range(n):
        product = a_product(on_hand=5, at=warehouse, price=None)
        supplier = Supplier.objects.create(code=product.sku, name=product.sku)
        Category.objects.create(code=product.sku, name=product.sku)
        SupplierProduct.objects.create(supplier=supplier, product=product, cost=Decimal(1))
        ReorderPolicy.objects.create(product=product, warehouse=warehouse, reorder_point=5, order_up_to=9)
        StockCount.objects.create(product=product, location=first_bin(warehouse), missing=1, cause="test")
        RestockAlert.objects.create(
            product=product, warehouse=warehouse, kind=AlertKind.REORDER, on_hand=5, inbound=0, demand=0,
            reorder_point=5, suggested=4,
        )  # fmt: skip
        place_purchase_order(supplier, warehouse, [Expected(product.pk, 5, in_days(3))], by=None)
        a_transfer({product: 5}, warehouse, other)


def list_of(model):
    return reverse(f"admin:inventory_{model}_changelist")


def test_each_list_opens_and_its_statements_do_not_grow_with_its_rows():
    client = a_boss_client()

    def statements(model):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_of(model)).status_code == 200
        return len(queries)

    rows_of_everything(2)
    few = {model: statements(model) for model in READ + KEPT}
    rows_of_everything(12)
    assert {model: statements(model) for model in READ + KEPT} == few


@pytest.mark.parametrize("model", READ + KEPT)
def test_a_list_is_for_those_who_may_see_it(model):
    assert a_reader().get(list_of(model)).status_code == 403
    assert a_reader(f"inventory.view_{model}").get(list_of(model)).status_code == 200


@pytest.mark.parametrize("model", READ + KEPT)
def test_odd_searches_break_nothing(model):
    rows_of_everything(1)
    client = a_boss_client()

    for odd in ODD:
        assert client.get(list_of(model), {"q": odd}).status_code == 200, odd


@pytest.mark.parametrize("model", NEVER_BY_FORM)
def test_balances_ledgers_and_findings_are_written_by_nobody_here(model):
    rows_of_everything(1)
    client = a_boss_client()
    classes = {m._meta.model_name: m for m in (StockLevel, BinStock, StockMovement, StockCount, RestockAlert)}
    row = classes[model].objects.first()

    assert client.post(reverse(f"admin:inventory_{model}_add"), {}).status_code == 403
    assert client.post(reverse(f"admin:inventory_{model}_change", args=[row.pk]), {}).status_code == 403
    assert (
        client.post(reverse(f"admin:inventory_{model}_delete", args=[row.pk]), {"post": "1"}).status_code
        == 403
    )
    client.post(list_of(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert classes[model].objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", READ + KEPT)
def test_a_row_that_is_not_there_is_not_found(model):
    client = a_boss_client()

    for pk in ("0", "99999999999999999999999", "x"):
        assert client.get(f"/admin/inventory/{model}/{pk}/change/").status_code == 404


def test_a_product_is_found_by_the_beginning_of_its_sku_its_name_and_a_scanned_gtin():
    product, other = a_product("BOLT-M8"), a_product("NUT-M8")
    a_unit(product, "BX", 10, gtin="4001234567890")
    client = a_boss_client()

    for wanted in ("bolt", "Product BOLT", "4001234567890"):
        text = client.get(list_of("product"), {"q": wanted}).content.decode()
        assert product.sku in text
        assert other.sku not in text


def test_a_cost_has_two_decimals_and_more_only_where_it_needs_them():
    for sku, cost in (("A", "1.5"), ("B", "0.00125"), ("C", "1200")):
        a_product(sku, cost=Decimal(cost))
    buyer = a_reader("inventory.view_product", "inventory.view_cost")

    page = buyer.get(reverse("admin:inventory_product_changelist")).content.decode()

    told = [f'<span class="oms-amount">{cost}</span>' in page for cost in ("1.50", "0.00125", "1,200.00")]
    assert told == [True, True, True]


def test_cost_is_for_those_who_may_see_it():
    product = a_product("BOLT", cost=Decimal("1234.56"))
    supplier = Supplier.objects.create(code="HYDRA", name="Hydra")
    SupplierProduct.objects.create(supplier=supplier, product=product, cost=Decimal("987.65"))
    rep = a_reader("inventory.view_product", "inventory.view_supplierproduct")
    buyer = a_reader("inventory.view_product", "inventory.view_supplierproduct", "inventory.view_cost")
    pages = [list_of("product"), reverse("admin:inventory_product_change", args=[product.pk])]

    for page in pages:
        assert "234.56" not in rep.get(page).content.decode()
        assert "987" not in rep.get(page).content.decode()
        assert "234.56" in buyer.get(page).content.decode()
    assert "987" in buyer.get(pages[1]).content.decode()


@pytest.mark.parametrize("lookup", ["cost__gt=5", "cost=1", "suppliers__cost__gt=5", "bins__quantity__gt=1"])
def test_a_hidden_column_is_not_read_by_filtering_on_it(lookup):
    a_product("BOLT", cost=Decimal(9))

    assert a_reader("inventory.view_product").get(f"{list_of('product')}?{lookup}").status_code == 400


def test_a_saved_product_has_a_clean_sku():
    boss, product = a_boss_client(), a_product("BOLT")
    page = reverse("admin:inventory_product_change", args=[product.pk])
    rows = {
        "units-TOTAL_FORMS": 0,
        "units-INITIAL_FORMS": 0,
        "substitutes-TOTAL_FORMS": 0,
        "substitutes-INITIAL_FORMS": 0,
        "suppliers-TOTAL_FORMS": 0,
        "suppliers-INITIAL_FORMS": 0,
    }
    values = {
        "name": "Bolt",
        "status": "active",
        "cost": "1",
        "weight_grams": "1",
        "allocation": "rank",
        **rows,
    }

    assert boss.post(page, {**values, "sku": "\u200bBOLT\u202e-M8 "}).status_code == 302
    product.refresh_from_db()
    assert product.sku == "BOLT-M8"
    assert boss.post(page, {**values, "sku": "\u200b\u200b"}).status_code == 200
    assert Product.objects.get().sku == "BOLT-M8"


def test_the_people_of_a_warehouse_are_chosen_by_those_who_manage_people():
    warehouse = a_warehouse("MAIN")
    supervisor = a_user("inventory.view_warehouse", "inventory.change_warehouse", is_staff=True)
    client = Client()
    client.force_login(supervisor)
    page = reverse("admin:inventory_warehouse_change", args=[warehouse.pk])
    values = {
        "code": "MAIN", "name": "Main", "zone": "Europe/Berlin", "ship_cut_off": "15:00",
        "working_days": ["1"], "put_away_days": "0", "transit_days": "1",
    }  # fmt: skip

    assert client.post(page, {**values, "members": [supervisor.pk]}).status_code == 302

    warehouse.refresh_from_db()
    assert (warehouse.name, warehouse.members.count()) == ("Main", 0)


def test_kind_and_warehouse_of_a_location_are_chosen_once():
    location, other = first_bin(a_warehouse("MAIN")), a_warehouse("EAST")
    page = reverse("admin:inventory_location_change", args=[location.pk])

    sent = {"code": "B-7", "walk_order": "4", "kind": "quarantine", "warehouse": other.pk}
    assert a_boss_client().post(page, sent).status_code == 302

    location.refresh_from_db()
    assert (location.code, location.kind, location.warehouse.code) == ("B-7", "pick", "MAIN")


def test_stock_that_is_short_is_filtered_out_of_the_rest():
    warehouse = a_warehouse()
    low, well = a_product("LOW", on_hand=5, at=warehouse), a_product("WELL", on_hand=50, at=warehouse)
    for product in (low, well):
        ReorderPolicy.objects.create(product=product, warehouse=warehouse, reorder_point=5, order_up_to=9)

    text = a_boss_client().get(list_of("stocklevel"), {"short": "low"}).content.decode()

    assert ("LOW" in text, "WELL" in text) == (True, False)


def test_the_ledger_is_searched_by_document_and_by_product():
    warehouse = a_warehouse()
    a_product("BOLT", on_hand=5, at=warehouse)
    client = a_boss_client()

    assert "BOLT" in client.get(list_of("stockmovement"), {"q": "opening"}).content.decode()
    assert "BOLT" in client.get(list_of("stockmovement"), {"q": "bo"}).content.decode()
    assert "A-1" not in client.get(list_of("stockmovement"), {"q": "PENING"}).content.decode()


def test_a_products_page_says_where_it_lies_in_a_fixed_number_of_statements():
    warehouse = a_warehouse("MAIN", bins=30)
    product = a_product("BOLT", on_hand=5, at=warehouse)
    page = reverse("admin:inventory_product_stock", args=[product.pk])
    client = a_boss_client()

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert "MAIN/A-1" in client.get(page).content.decode()
        return len(queries)

    few = statements()
    for location in warehouse.locations.all():
        a_stock(product, 3, location)
    assert statements() == few
    assert a_reader().get(page).status_code == 404
    assert a_reader("inventory.view_product").get(page).status_code == 403


def test_the_card_of_a_cable_counts_metres():
    cable = a_cable("NYM", metres=250, at=a_warehouse("MAIN"))

    page = a_boss_client().get(reverse("admin:inventory_product_stock", args=[cable.pk])).content.decode()

    assert "Quantities: metre." in page
    assert "250000" not in page
    assert "250 can be promised today" in page


@pytest.mark.parametrize("model", READ + KEPT)
def test_no_list_offers_to_delete_many_at_once(model):
    rows_of_everything(1)

    assert "delete_selected" not in a_boss_client().get(list_of(model)).content.decode()


def test_lists_of_stock_speak_the_unit_that_people_count_in():
    warehouse = a_warehouse()
    a_cable("NYM", metres=1500, at=warehouse)
    office = Client()
    office.force_login(a_boss())

    for name in ("stocklevel", "binstock", "stockmovement"):
        text = office.get(reverse(f"admin:inventory_{name}_changelist")).content.decode()
        assert "1,500" in text, name
        assert "metre" in text, name
        assert "1500000" not in text.replace(",", ""), name
