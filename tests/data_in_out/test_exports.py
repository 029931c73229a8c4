"""What goes out comes in again unchanged, runs nowhere, and holds only what its reader may see."""

import csv
import io

import pytest
from openpyxl import load_workbook

from customers.models import Customer, PriceListAssignment, PriceRule, SalesChannel
from inventory.models import Product, StockLevel, Supplier
from oms.importing.resource import kinds
from oms.importing.writing import write_csv, write_xlsx
from orders.models import Order
from tests.builders import a_price, a_price_list, a_user
from tests.data_in_out.files import KINDS, a_small_house, everything, import_bytes, table

pytestmark = pytest.mark.django_db


def csv_bytes(header, rows) -> bytes:
    write_csv(file := io.BytesIO(), header, rows)
    return file.getvalue()


def xlsx_bytes(header, rows) -> bytes:
    write_xlsx(file := io.BytesIO(), header, rows)
    return file.getvalue()


@pytest.fixture
def full_house(tmp_path):
    """A house with something of every kind, odd text included."""
    _warehouse, bolt, _nut, customer = a_small_house()
    Supplier.objects.create(code="S1", name="Smith")
    a_price(bolt, "9.5", price_list=a_price_list("KERN", customer=customer), min_quantity=5)
    import_bytes(
        "products",
        table("sku|name|cost|supplier|unit_2|unit_2_holds", "-X|=1+1|2.50|S1|KGM|1/1000"),
        tmp_path,
    )
    import_bytes("part-numbers", table("customer|number|sku|unit", "ACME|=47|BOLT|CT"), tmp_path)
    import_bytes("customers", table("code|name|payment_terms|phone", "X|@home|30|+49 40 1"), tmp_path)
    agreed = ["ACME|=1|2026-01-01|2027-01-01|BOLT|9.125||12|no", "ACME|=1|2026-01-01|2027-01-01|||2.5||"]
    header = "customer|name|valid_from|valid_to|sku|price|percent|maximum|needs_approval"
    import_bytes("agreements", table(header, *agreed), tmp_path)
    rows = ["BOLT|MAIN|A-1|pick|10|5|7|2026-12-01|S1", "BOLT|MAIN|B-1|pick|3||||"]
    header = "sku|warehouse|location|location_kind|quantity|reorder_point|on_order|expected_on|supplier"
    import_bytes("stock", table(header, *rows), tmp_path)
    import_bytes(
        "orders", table("reference|customer|sku|unit|quantity|unit_price", "R1|ACME|BOLT|CT|2|90"), tmp_path
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_what_is_exported_is_imported_as_the_same(full_house, tmp_path, kind, write):
    resource = kinds()[kind]()
    content = write(resource.header(), resource.table(resource.model.objects.all()))
    before = everything()

    outcome = import_bytes(kind, content, tmp_path, again=True, dry_run=kind == "stock")

    assert (outcome.new, outcome.changed) == (0, 0)
    assert outcome.same
    assert everything() == before


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_text_that_looks_like_a_formula_is_escaped(full_house, write):
    resource = kinds()["products"]()
    content = write(resource.header(), resource.table(Product.objects.filter(sku="-X")))

    if write is csv_bytes:
        cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1]
    else:
        cells = [cell.value for cell in load_workbook(io.BytesIO(content)).active[2]]

    assert cells[:2] == ["'-X", "'=1+1"]


def test_cost_leaves_the_house_only_with_those_who_may_see_it(full_house):
    rep = a_user("inventory.view_product")
    columns = kinds()["products"].header()

    shown, hidden = [
        dict(
            zip(
                columns,
                next(iter(kinds()["products"](by=by).table(Product.objects.filter(sku="-X")))),
                strict=True,
            )
        )
        for by in (None, rep)
    ]

    assert (shown["cost"], shown["supplier_cost"]) != (None, None)
    assert (hidden["cost"], hidden["supplier_cost"]) == (None, None)


def test_for_whom_a_list_is_names_only_customers_one_may_see(full_house):
    clerk = a_user("customers.view_pricerule")

    rows = list(
        kinds()["price-rules"](by=clerk).table(PriceRule.objects.filter(version__price_list__code="KERN"))
    )

    assert [row[2] for row in rows] == [None]


@pytest.mark.parametrize("party", ["ship_to", "channel"])
def test_a_list_for_an_address_or_a_channel_is_not_exported_as_for_everyone(full_house, tmp_path, party):
    """A file names neither; read in again it must not open contract prices to all."""
    kern = PriceListAssignment.objects.get(price_list__code="KERN")
    address, channel = kern.customer.addresses.first(), SalesChannel.objects.create(code="SHOP", name="Shop")
    PriceListAssignment.objects.filter(pk=kern.pk).update(
        customer=None, **{party: address if party == "ship_to" else channel}
    )
    prices = kinds()["price-rules"]()
    rules = PriceRule.objects.filter(version__price_list__code="KERN")

    assert [row[2] for row in prices.table(rules)] == [None]
    import_bytes("price-rules", prices.export(rules).csv.encode(), tmp_path)

    assert not PriceListAssignment.objects.filter(
        price_list__code="KERN", customer=None, group=None, ship_to=None, channel=None
    ).exists()


def test_an_export_costs_the_same_statements_for_many_rows(
    full_house, tmp_path, django_assert_max_num_queries
):
    import_bytes("products", table("sku|name", *[f"P{n}|Product {n}" for n in range(300)]), tmp_path)
    for kind, model in [
        ("products", Product),
        ("customers", Customer),
        ("stock", StockLevel),
        ("orders", Order),
    ]:
        with django_assert_max_num_queries(5):
            assert list(kinds()[kind]().table(model.objects.all()))


def test_a_data_set_of_the_library_has_the_columns_of_the_template(full_house):
    data = kinds()["orders"]().export()

    assert data.headers == kinds()["orders"].header()
    assert data.height == 1
