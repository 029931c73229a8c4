"""The company that our services work in, as large as the limit's house: made by the services or by sets of rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection

from benchmarks import work
from benchmarks.work import Scale
from customers.models import Address, Customer, PaymentTerms, PriceList, PriceListAssignment, PriceRule
from customers.services.versions import begin_lists
from inventory.models import BinStock, Location, Product, ProductUnit, Supplier, Warehouse
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, write_movements
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from inventory.status import LocationKind, MovementKind
from oms.models import Company, Currency, User
from oms.sets import insert_rows
from orders.models import ApprovalRule
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from orders.status import RuleFact


@dataclass(frozen=True)
class House:
    """The ids of what the steps name, by number from 1 on."""

    products: list[int]
    units: list[int]
    warehouses: list[int]
    customer: int
    user: User

    def lines(self, lines: work.Lines) -> list[LineInput]:
        return [
            LineInput(self.units[p - 1], q) for p, q in zip(lines.products, lines.quantities, strict=True)
        ]

    def header(self, lines: work.Lines, requested_on: date | None = None) -> Header:
        warehouse = self.warehouses[lines.warehouse - 1]
        return Header(self.customer, warehouse_id=warehouse, requested_on=requested_on)


def house(first: int | None = None) -> House:
    """Return the house that is there; only so many of its products when a number is given."""
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True)[:first])
    units = ProductUnit.objects.order_by("product_id").values_list("pk", flat=True)[:first]
    warehouses = list(Warehouse.objects.order_by("pk").values_list("pk", flat=True))
    return House(products, list(units), warehouses, Customer.objects.get().pk, User.objects.get())


def fill(scale: Scale) -> None:
    """Leave the company at its size, with the orders that wait for what is scarce."""
    euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
    Company.objects.create(name="Bench", currency=euro)
    products = _catalogue(scale, euro)
    warehouses = [
        Warehouse.objects.create(code=f"W{n}", name=f"Warehouse {n}") for n in range(1, work.WAREHOUSES + 1)
    ]
    for warehouse in warehouses:
        _stock(warehouse, products, scale)
        _purchase(warehouse, products[scale.plenty :])
    _people(euro, warehouses[0])
    _wait(house(), scale)


def settle() -> None:
    """Let the planner know the tables, for plans made on empty ones cost ten times more."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def pieces(many: int) -> tuple[list[int], list[int]]:
    """Make the products P1, P2, and so on, each sold by the piece; return their ids and those of their units."""
    skus = [f"P{n}" for n in range(1, many + 1)]
    common = {"status": "active", "cost": 1, "weight_grams": 0, "backorder_allowed": True}
    products = insert_rows(Product, {"sku": skus, "name": skus}, **common)
    piece = {
        "code": "C62",
        "name": "piece",
        "numerator": 1,
        "denominator": 1,
        "multiple": 1,
        "is_default": True,
    }
    return products, insert_rows(ProductUnit, {"product_id": products}, **piece)


def _catalogue(scale: Scale, euro: Currency) -> list[int]:
    products, units = pieces(scale.products)
    _prices(PriceList.objects.create(code="BASE", name="Base", currency=euro), products, units)
    return products


def _prices(prices: PriceList, products: list[int], units: list[int]) -> None:
    """Price everything; that no two prices overlap is checked once and not 300,000 times."""
    PriceListAssignment.objects.create(price_list=prices)
    (version,) = begin_lists([prices.pk])
    with unchecked_overlaps():
        for quantity, part in work.BREAKS:
            at = [work.list_price(number) * Decimal(part) for number in range(1, len(products) + 1)]
            columns: dict[str, Sequence[Any]] = {"product_id": products, "unit_id": units, "price": at}
            insert_rows(
                PriceRule, columns, version_id=version, min_quantity=quantity, valid_from=date(2020, 1, 1)
            )


@contextmanager
def unchecked_overlaps() -> Iterator[None]:
    """Check that no two prices overlap once, after all that this block writes."""
    overlap = next(c for c in PriceRule._meta.constraints if c.name == "one_price_per_break_and_day")
    with connection.schema_editor() as editor:
        editor.remove_constraint(PriceRule, overlap)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")  # the check sorts in memory
    connection.check_constraints()  # ALTER TABLE waits for no foreign key that is still to be checked
    with connection.schema_editor() as editor:
        editor.add_constraint(PriceRule, overlap)


def _stock(warehouse: Warehouse, products: list[int], scale: Scale) -> None:
    """Receive the opening stock into its bins; staging has seen every product."""
    staging = Location.objects.create(warehouse=warehouse, code="STAGING", kind=LocationKind.STAGING)
    codes = [f"A-{n}" for n in range(1, work.BINS + 1)]
    bins = insert_rows(Location, {"code": codes}, warehouse=warehouse, kind=LocationKind.PICK, walk_order=0)
    insert_rows(BinStock, {"product_id": products}, location=staging, quantity=0)
    moves = [
        Move(
            pk, work.ON_HAND if n <= scale.plenty else work.SCARCE_ON_HAND, None, bins[work.bin_number(n) - 1]
        )
        for n, pk in enumerate(products, start=1)
    ]
    lock_levels((pk, warehouse.pk) for pk in products)
    write_movements(MovementKind.RECEIVE, moves, Cause("OPENING", None))


def _purchase(warehouse: Warehouse, scarce: list[int]) -> None:
    supplier, _made = Supplier.objects.get_or_create(code="S1", defaults={"name": "Supplier"})
    expected = [
        Expected(pk, quantity, work.in_days(days)) for days, quantity in work.PURCHASED for pk in scarce
    ]
    order = place_purchase_order(supplier, warehouse, expected, by=None)
    asked = order.lines.values_list("pk", "ordered", "expected_on")
    confirm_purchase_order(order.pk, {pk: Answer(quantity, on) for pk, quantity, on in asked}, by=None)


def _people(euro: Currency, warehouse: Warehouse) -> None:
    """A customer who may buy, a user who may do all, and a rule that does not ask."""
    terms = PaymentTerms.objects.create(code="30", name="30 days", days=30)
    customer = Customer.objects.create(
        code="C1", name="Customer", currency=euro, payment_terms=terms, warehouse=warehouse
    )
    Address.objects.create(
        customer=customer, name="Customer", street="Street 1", postal_code="10115", city="City", country="DE"
    )
    User.objects.create_superuser("bench", password=None)
    managers = Group.objects.create(name="managers")
    ApprovalRule.objects.create(
        name="very large", fact=RuleFact.TOTAL_ABOVE, threshold=10**12, approvers=managers
    )


def _wait(house: House, scale: Scale) -> None:
    """Confirm orders for more than is there of everything scarce."""
    for warehouse in range(1, work.WAREHOUSES + 1):
        for days, quantity in work.WAITED_FOR:
            lines = work.scarce_lines(scale, quantity, warehouse)
            header = house.header(lines, requested_on=work.in_days(days))
            order = enter_order(header, house.lines(lines), by=house.user)
            submit_order(order.pk, by=house.user)
            confirm_order(order.pk, by=house.user)
