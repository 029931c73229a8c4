"""The main job on a wholesaler's real books: everything in by import, 830 orders carried to where they got.

The books are not part of this project: the tests run where `OMS_SAMPLE_DATA` has them.
"""

import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F, Sum

from customers.models import PaymentTerms
from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.status import ShipmentStatus
from inventory.models import Product, RestockAlert, StockLevel
from inventory.services.moving import Cause, receive_stock
from inventory.status import AlertKind, ProductStatus
from oms.importing.resource import Upload, kinds
from orders.models import Order, OrderLine
from orders.services.confirming import confirm_order
from orders.services.restocking import raise_restock_alerts
from orders.services.submitting import submit_order
from orders.status import OrderStatus
from tests.builders import a_boss, a_company, a_currency, a_warehouse, first_bin
from tests.data_in_out.files import everything

BOOKS = Path(settings.OMS_SAMPLE_DATA) / "northwind"
COUNTRIES = {
    "Argentina": "AR", "Austria": "AT", "Belgium": "BE", "Brazil": "BR", "Canada": "CA", "Denmark": "DK",
    "Finland": "FI", "France": "FR", "Germany": "DE", "Ireland": "IE", "Italy": "IT", "Mexico": "MX", "Norway": "NO",
    "Poland": "PL", "Portugal": "PT", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "UK": "GB", "USA": "US",
    "Venezuela": "VE",
}  # fmt: skip
# The books make addresses up, or leave out what their country asks for by now.
REGIONS = {"ES": "Madrid", "IT": "Torino", "MX": "CDMX", "VE": "Distrito Federal"}
POSTAL_CODES = {
    "T2F 8M4": "T2P 8M4", "V3F 2K1": "V3R 2K1", "WX1 6LT": "W1A 6LT", "WX3 6FW": "W3 6FW", "1675": "1675-001",
    "1756": "1750-001", "8022": "08022",
}  # fmt: skip
CENT = Decimal("0.01")
CREW = 3

pytestmark = [
    pytest.mark.django_db(
        transaction=True
    ),  # as in the house: each step is a transaction, and the server tidies up
    pytest.mark.skipif(
        not BOOKS.is_dir(),
        reason=f"The sample books are not at {BOOKS}; set OMS_SAMPLE_DATA to their folder.",
    ),
]


def books(name):
    with (BOOKS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def product_rows():
    categories = {row["CategoryID"]: row["CategoryName"] for row in books("categories")}
    suppliers = {row["SupplierID"]: row["CompanyName"] for row in books("suppliers")}
    return [
        {
            "sku": f"NW-{row['ProductID']}",
            "name": row["ProductName"],
            "category": row["CategoryID"],
            "category_name": categories[row["CategoryID"]],
            "unit": "C62",
            "unit_name": row["QuantityPerUnit"],
            "supplier": row["SupplierID"],
            "supplier_name": suppliers[row["SupplierID"]],
        }
        for row in books("products")
    ]


def discontinued_rows():
    """Only the products that have left the range, as they stand at the end of the books."""
    return [
        {"sku": f"NW-{row['ProductID']}", "name": row["ProductName"], "status": "discontinued"}
        for row in books("products")
        if row["Discontinued"] == "1"
    ]


def region_of(country, region):
    return REGIONS.get(country, region) if region in ("", "DF") else region


def customer_rows():
    return [
        {
            "code": row["CustomerID"],
            "name": row["CompanyName"],
            "payment_terms": "30",
            "phone": row["Phone"],
            "street": row["Address"],
            "postal_code": POSTAL_CODES.get(row["PostalCode"], row["PostalCode"]),
            "city": row["City"],
            "region": region_of(COUNTRIES[row["Country"]], row["Region"]),
            "country": COUNTRIES[row["Country"]],
            "contact": row["ContactName"],
        }
        for row in books("customers")
    ]


def price_rows():
    return [
        {
            "price_list": "BASE",
            "for_whom": "everyone",
            "sku": f"NW-{row['ProductID']}",
            "price": row["UnitPrice"],
        }
        for row in books("products")
    ]


def stock_rows():
    return [
        {
            "sku": f"NW-{row['ProductID']}",
            "warehouse": "MAIN",
            "location": "A-1",
            "quantity": row["UnitsInStock"],
            "reorder_point": row["ReorderLevel"],
            "on_order": row["UnitsOnOrder"],
            "expected_on": "1998-06-01",
        }
        for row in books("products")
    ]


def order_rows():
    heads = {row["OrderID"]: row for row in books("orders")}
    return [
        {
            "reference": f"NW-{line['OrderID']}",
            "customer": head["CustomerID"],
            "ordered_on": head["OrderDate"],
            "requested_on": head["RequiredDate"],
            "ship_to_name": head["ShipName"],
            "ship_to_street": head["ShipAddress"],
            "ship_to_postal_code": POSTAL_CODES.get(head["ShipPostalCode"], head["ShipPostalCode"]),
            "ship_to_city": head["ShipCity"],
            "ship_to_region": region_of(COUNTRIES[head["ShipCountry"]], head["ShipRegion"]),
            "ship_to_country": COUNTRIES[head["ShipCountry"]],
            "sku": f"NW-{line['ProductID']}",
            "quantity": line["Quantity"],
            "unit_price": line["UnitPrice"],
            "discount_percent": Decimal(line["Discount"]) * 100,
        }
        for line in books("order_details")
        for head in [heads[line["OrderID"]]]
    ]


@pytest.fixture
def house():
    """A company in dollars with one warehouse, ready for the books."""
    a_company(currency=a_currency("USD"))
    PaymentTerms.objects.create(code="30", name="30 days", days=30)
    return a_warehouse("MAIN")


def bring_in(kind, rows, folder, name=""):
    path = write(folder / f"{name or kind}.csv", rows)
    return kinds()[kind]().import_file(Upload(path)).counts


def carry_to_the_carrier(order_id, *, by):
    submit_order(order_id, by=by)
    confirm_order(order_id, by=by)
    for shipment in release_order(order_id, by=by):
        tasks = PickTask.objects.filter(shipment_line__shipment=shipment)
        pick(shipment.pk, dict(tasks.values_list("pk", "quantity")), by=by)
        pack(shipment.pk, None, dict(shipment.lines.values_list("pk", "quantity")), by=by)
        ship_shipment(shipment.pk, by=by)
        hand_over(shipment.pk, by=by)


def carry_all(ids, *, by):
    """Carry many orders at once, as several people do; one thread would wait for the server half of the time."""

    def some(start):
        try:
            for pk in ids[start::CREW]:
                carry_to_the_carrier(pk, by=by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CREW) as crew:
        list(crew.map(some, range(CREW)))


def receive_what_is_missing(shipped, warehouse):
    wanted = (
        OrderLine.objects.filter(order__reference__in=shipped)
        .values_list("product_id")
        .annotate(Sum("ordered"))
    )
    there = dict(StockLevel.objects.values_list("product_id", "available"))
    missing = {product: quantity - there.get(product, 0) for product, quantity in wanted}
    short = {product: quantity for product, quantity in missing.items() if quantity > 0}
    receive_stock(short, first_bin(warehouse), Cause("NORTHWIND", None))


def test_the_books_of_a_wholesaler_come_in_and_their_orders_leave_the_house(house, tmp_path):
    boss = a_boss()
    files = [
        ("products", product_rows()),
        ("customers", customer_rows()),
        ("price-rules", price_rows()),
        ("stock", stock_rows()),
        ("orders", order_rows()),
    ]

    counts = [bring_in(kind, rows, tmp_path) for kind, rows in files]

    assert counts == [(77, 0, 0), (91, 0, 0), (77, 0, 0), (77, 0, 0), (830, 0, 0)]
    assert_amounts_are_those_of_the_books()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what the server does by itself a minute after so much has come in

    shipped = [f"NW-{row['OrderID']}" for row in books("orders") if row["ShippedDate"]]
    receive_what_is_missing(shipped, house)
    leaving = Order.objects.filter(reference__in=shipped).order_by("pk")
    carry_all(list(leaving.values_list("pk", flat=True)), by=boss)
    for pk in Order.objects.exclude(reference__in=shipped).order_by("pk").values_list("pk", flat=True):
        submit_order(pk, by=boss)
        confirm_order(pk, by=boss)
    assert bring_in("products", discontinued_rows(), tmp_path, "discontinued") == (0, 10, 0)

    states = Counter(Order.objects.values_list("status", flat=True))
    assert states == {OrderStatus.COMPLETED: 809, OrderStatus.CONFIRMED: 21}
    assert Shipment.objects.filter(status=ShipmentStatus.SHIPPED, handed_over_at__isnull=False).count() == 809
    assert Product.objects.filter(status=ProductStatus.DISCONTINUED).count() == 10
    assert (
        not OrderLine.objects.filter(order__status=OrderStatus.COMPLETED)
        .exclude(shipped=F("ordered"))
        .exists()
    )
    call_command("verify")

    before = everything()
    replayed = [bring_in(kind, rows, tmp_path) for kind, rows in files]
    replayed.append(bring_in("products", discontinued_rows(), tmp_path, "discontinued"))

    assert replayed == [(0, 0, 77), (0, 0, 91), (0, 0, 77), (0, 0, 77), (0, 0, 830), (0, 0, 10)]
    assert everything() == before


def assert_amounts_are_those_of_the_books():
    """Before discount to the cent; after it, rounding each line moves the sum by a quarter, and by nothing else.

    The exact sum of the discounted lines is 1,265,793.0395, which is 1,265,793.04. We round each line half up, as
    an invoice shows it: 1,265,793.29. The difference is exactly the sum of what each line's rounding adds.
    """
    gross = OrderLine.objects.aggregate(n=Sum(F("unit_price") * F("ordered")))["n"]
    lines = [
        Decimal(line["UnitPrice"]) * int(line["Quantity"]) * (1 - Decimal(line["Discount"]))
        for line in books("order_details")
    ]
    added = [line.quantize(CENT, ROUND_HALF_UP) - line for line in lines]
    net = OrderLine.objects.aggregate(n=Sum("amount"))["n"]

    assert gross == Decimal("1354458.59")
    assert sum(lines) == Decimal("1265793.0395")
    assert sum(lines).quantize(CENT, ROUND_HALF_UP) == Decimal("1265793.04")
    assert net == Decimal("1265793.29")
    assert net - sum(lines) == sum(added) == Decimal("0.2505")
    assert all(-CENT / 2 < part <= CENT / 2 for part in added)
    assert Order.objects.aggregate(n=Sum("total"))["n"] == net


def test_opening_stock_and_inbound_alone_raise_the_alerts_that_the_books_show(house, tmp_path):
    bring_in("products", product_rows(), tmp_path)
    bring_in("products", discontinued_rows(), tmp_path, "discontinued")
    assert bring_in("stock", stock_rows(), tmp_path) == (77, 0, 0)

    sweep = raise_restock_alerts()

    low = {
        f"NW-{row['ProductID']}"
        for row in books("products")
        if row["Discontinued"] == "0" and int(row["UnitsInStock"]) <= int(row["ReorderLevel"])
    }
    alerts = RestockAlert.objects.open()
    assert sweep.opened == len(low) == 17
    assert set(alerts.values_list("product__sku", flat=True)) == low
    reorder = alerts.filter(kind=AlertKind.REORDER).values_list("product__sku", flat=True)
    assert sorted(reorder) == ["NW-30", "NW-70"]
