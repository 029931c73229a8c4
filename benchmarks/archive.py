"""Years of orders, written with COPY: what lists and the search have to find their way in.

Rows are consistent as the services leave them (what is completed has shipped, what is in work waits), but nobody
entered them: triggers are off meanwhile, and indexes are made once at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from stdnum import ean

from customers.models import Address, Contact, Customer, PaymentTerms
from fulfillment.models import Package, Shipment
from inventory.models import Product, ProductUnit, Warehouse
from oms.access import setup_roles
from oms.models import Company, Currency, User
from orders.models import Order, OrderLine, Quote

LINES = 10  # of an order
QUOTED = 5  # every fifth order has a quote beside it
IN_WORK = 50  # every fiftieth order is still in work
FIRST = 1001  # number of the first document
BATCH = 5_000  # rows in one write
WORDS = ("Bolt", "Nut", "Valve", "Hose", "Seal", "Bearing", "Bracket", "Cable", "Clamp", "Filter")
STUFF = ("brass", "zinc", "steel", "nylon", "copper", "chrome", "rubber")
TRADES = ("Metallbau", "Handel", "Werkzeuge", "Logistik", "Technik", "Systeme")

Text = str
Cells = tuple[Any, ...]


@dataclass(frozen=True)
class Archive:
    """How large the house around the orders is. Keys are the numbers from 1 on."""

    products: int = 100_000
    customers: int = 10_000
    reps: int = 100

    def product(self, n: int) -> tuple[str, str, str]:
        """SKU, name and GTIN of a product."""
        name = f"{WORDS[n % 10]} M{n % 40} {STUFF[n % 7]} no. {n}"
        digits = f"{4_000_000_000_00 + n:012d}"
        return f"{WORDS[n % 10][0]}-{n}", name, digits + ean.calc_check_digit(digits)

    def words_of(self, product: int) -> str:
        return f"{STUFF[product % 7]} {WORDS[product % 10][:3].lower()}"

    def customer(self, n: int) -> tuple[str, str]:
        return f"C{n}", f"{TRADES[n % 6]} {n * 7919 % 100_003} GmbH"

    def customer_of(self, order: int) -> int:
        return 1 + order * 7919 % self.customers

    def product_of(self, order: int, line: int) -> int:
        return 1 + (order * 31 + line * 977) % self.products


def number(prefix: str, n: int) -> str:
    return f"{prefix}-{FIRST - 1 + n}"


def purchase(n: int) -> str:
    """The customer's number of an order: most look alike at first."""
    return f"PO-{2016 + n % 10}-{n}"


def mail(n: int) -> str:
    return f"person{n}@example.com"


def tracking(n: int) -> str:
    return f"00340{n:015d}"


def found(archive: Archive) -> list[User]:
    """Make the house without orders; return a superuser and a rep, who see all and a hundredth."""
    euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
    Company.objects.create(name="Bench", currency=euro)
    setup_roles()
    PaymentTerms.objects.create(pk=1, code="30", name="30 days", days=30)
    Warehouse.objects.create(pk=1, code="W1", name="Warehouse 1")
    boss = User.objects.create_superuser("bench", password=None)
    reps = User.objects.bulk_create(
        User(username=f"rep{n}", password="!", is_staff=True) for n in range(archive.reps)
    )
    Group.objects.get(name="Sales rep").user_set.set(reps)
    write(archive, [user.pk for user in reps])
    return [boss, reps[1]]


def write(archive: Archive, reps: list[int]) -> None:
    products, customers = range(1, archive.products + 1), range(1, archive.customers + 1)
    with loading(Product, ProductUnit, Customer, Address, Contact):
        copy(
            Product,
            "id sku name status cost weight_grams backorder_allowed",
            ((n, *archive.product(n)[:2], "active", 1, 0, True) for n in products),
        )
        copy(
            ProductUnit,
            "id product_id code name numerator denominator gtin multiple is_default",
            ((n, n, "C62", "piece", 1, 1, archive.product(n)[2], 1, True) for n in products),
        )
        copy(
            Customer,
            "id code name status currency_id payment_terms_id vat_number email phone po_required note rep_id",
            (
                (n, *archive.customer(n), "active", "EUR", 1, "", "", "", False, "", reps[n % len(reps)])
                for n in customers
            ),
        )
        copy(
            Address,
            "id customer_id code name street postal_code city region country is_bill_to is_ship_to",
            (
                (n, n, "MAIN", archive.customer(n)[1], "Street 1", "10115", "City", "", "DE", True, True)
                for n in customers
            ),
        )
        copy(
            Contact,
            "id customer_id name role email phone",
            ((n, n, f"Person {n * 7919 % 100_003}", "buyer", mail(n), "") for n in customers),
        )


def extend(archive: Archive, first: int, last: int) -> None:
    """Write orders of these numbers with their lines, quotes and shipments, none of which may be there yet."""
    orders = range(first, last + 1)
    document = "id number status status_since version created_at"
    shipped = [n for n in orders if n % IN_WORK]
    with loading(Order, OrderLine, Quote, Shipment, Package):
        copy(
            Order,
            f"{document} customer_id customer_po ship_to_id bill_to_id warehouse_id ordered_on requested_on "
            "currency_id payment_terms_id total note revision",
            (_order(archive, n) for n in orders),
        )
        copy(
            OrderLine,
            "order_id position product_id unit_id warehouse_id ordered shipped waits list_price unit_price "
            "discount_percent amount unit_cost trace ship_on",
            _lines(archive, orders),
        )
        copy(
            Quote,
            f"{document} customer_id customer_po ship_to_id warehouse_id currency_id valid_until version_number "
            "accepted_by revision",
            (_quote(archive, n) for n in orders if n % QUOTED == 0),
        )
        copy(
            Shipment,
            f"{document} order_id warehouse_id ship_to shipped_at handed_over_at",
            ((n, number("SH", n), "delivered", NOW, 5, NOW, n, 1, "Street 1", NOW, NOW) for n in shipped),
        )
        copy(Package, "id shipment_id number weight_grams tracking_number status",
             ((n, n, 1, 1000, tracking(n), "delivered") for n in shipped))  # fmt: skip


NOW = "2026-01-01 12:00+00"
DAY = "2026-01-01"


def _order(archive: Archive, n: int) -> Cells:
    customer = archive.customer_of(n)
    status = "completed" if n % IN_WORK else "confirmed"
    parties = (customer, purchase(n), customer, customer, 1)
    requested = f"2026-{1 + n % 12:02}-{1 + n % 28:02}"
    return (n, number("SO", n), status, NOW, 3, NOW, *parties, DAY, requested, "EUR", 1, LINES * 10, "", 0)


def _quote(archive: Archive, n: int) -> Cells:
    customer = archive.customer_of(n)
    return (
        n,
        number("Q", n),
        "ordered",
        NOW,
        3,
        NOW,
        customer,
        f"RFQ-{n}",
        customer,
        1,
        "EUR",
        DAY,
        1,
        "",
        0,
    )


def _lines(archive: Archive, orders: Iterable[int]) -> Iterator[Cells]:
    for n in orders:
        shipped = 1 if n % IN_WORK else 0
        for line in range(1, LINES + 1):
            product = archive.product_of(n, line)
            yield n, line, product, product, 1, 1, shipped, not shipped, 10, 10, 0, 10, 1, "{}", DAY


def copy(model: Any, columns: str, rows: Iterable[Cells]) -> None:
    """Write rows into a table with one COPY."""
    names, left = ", ".join(columns.split()), iter(rows)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as to,
    ):
        while batch := list(islice(left, BATCH)):
            to.write("".join("\t".join(map(str, row)) + "\n" for row in batch))


class loading:  # noqa: N801  reads as a clause: with loading(Order, OrderLine)
    """Without triggers, and without the indexes that no constraint needs, for as long as the block runs."""

    def __init__(self, *models: Any) -> None:
        self.tables = [model._meta.db_table for model in models]
        self.indexes: dict[str, str] = {}

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(INDEXES, [self.tables])
            self.indexes = dict(cursor.fetchall())
            for name in self.indexes:
                cursor.execute(f"DROP INDEX {name}")
            cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for index in self.indexes.values():
                cursor.execute(index)
            for table in self.tables:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )


INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i
WHERE i.tablename = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)
  AND i.indexdef NOT LIKE 'CREATE UNIQUE%%'
"""

Ask = Callable[[int], str]


def texts(archive: Archive) -> dict[str, Ask]:
    """Return, by kind, what somebody may type to find the order with a number, or what belongs to it."""
    return {
        "number": lambda n: number("SO", n),
        "bare number": lambda n: str(FIRST - 1 + n),
        "begun number": lambda n: number("SO", n)[:-2],
        "PO": purchase,
        "begun PO": lambda n: purchase(n)[:7],
        "quote": lambda n: number("Q", n),
        "shipment": lambda n: number("SH", n),
        "tracking": tracking,
        "SKU": lambda n: archive.product(archive.product_of(n, 1))[0].lower(),
        "barcode": lambda n: archive.product(archive.product_of(n, 1))[2],
        "product words": lambda n: archive.words_of(archive.product_of(n, 1)),
        "customer": lambda n: archive.customer(archive.customer_of(n))[1].lower(),
        "customer words": lambda n: archive.customer(archive.customer_of(n))[1][:-5].split()[1][:3],
        "contact": lambda n: mail(archive.customer_of(n)),
        "nothing": lambda n: f"XQ{n}ZZ",
    }
