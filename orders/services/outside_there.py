"""Orders as a file wants them, and what there is now of what they name, read in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models.functions import Coalesce

from customers.models import Address, Customer
from inventory.models import ProductUnit, Warehouse
from oms.importing.plans import in_batches
from oms.models import User
from orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as a row wants it: a quantity in a unit, at a price of its own or at the list's."""

    row: int
    sku: str
    quantity: Decimal
    unit: str | None = None
    unit_price: Decimal | None = None
    discounts: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """An order as the rows of one reference want it; None is the customer's usual."""

    row: int
    reference: str
    customer: str
    customer_po: str | None = None
    ordered_on: date | None = None
    requested_on: date | None = None
    warehouse: str | None = None
    note: str | None = None
    address: str | None = None
    ship_to: tuple[str | None, ...] | None = None  # as PLACE
    lines: list[WantedLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unit:
    """All that reading a line needs to know about a unit."""

    id: int
    numerator: int
    denominator: int
    multiple: int
    minimum: int
    status: str


@dataclass(frozen=True, slots=True)
class There:
    """What is in the database of what the rows name."""

    customers: Mapping[str, tuple[int, str, str]]  # id, name, status
    addresses: Mapping[int, list[Address]]
    warehouses: Mapping[str, int]
    units: Mapping[tuple[str, str | None], Unit]
    orders: Mapping[str, Order]
    lines: Mapping[int, list[OrderLine]]
    may_price: bool


# An old number stands for the customer that its own was merged into.
STANDS_FOR = (
    Coalesce("merged_into_id", "pk"),
    Coalesce("merged_into__name", "name"),
    Coalesce("merged_into__status", "status"),
)


def look_up(wanted: Sequence[WantedOrder], by: User | None) -> There:
    """Read everything the rows name, in a few statements."""
    seen = Customer.objects.all() if by is None else Customer.objects.visible_to(by)
    codes = {order.customer for order in wanted}
    customers = {
        code: (pk, name, status)
        for batch in in_batches(sorted(codes))
        for code, pk, name, status in seen.filter(code__in=batch).order_by().values_list("code", *STANDS_FOR)
    }
    addresses: dict[int, list[Address]] = {}
    for batch in in_batches(sorted(pk for pk, _name, _status in customers.values())):
        for address in Address.objects.filter(customer__in=batch).order_by("pk"):
            addresses.setdefault(address.customer_id, []).append(address)
    orders = {
        str(order.reference): order
        for batch in in_batches(sorted(order.reference for order in wanted))
        for order in Order.objects.filter(reference__in=batch).select_related(
            "customer", "ship_to", "warehouse"
        )
    }
    return There(
        customers,
        addresses,
        dict(Warehouse.objects.order_by().values_list("code", "pk")),
        _units({line.sku for order in wanted for line in order.lines}),
        orders,
        _lines_of([order.pk for order in orders.values()]),
        by is None or by.has_perm("orders.override_price"),
    )


def _units(skus: Iterable[str]) -> dict[tuple[str, str | None], Unit]:
    units: dict[tuple[str, str | None], Unit] = {}
    for batch in in_batches(sorted(skus)):
        rows = ProductUnit.objects.filter(product__sku__in=batch).order_by()
        columns = ("pk", "numerator", "denominator", "multiple", "minimum", "product__status")
        for sku, code, first, *values in rows.values_list("product__sku", "code", "is_default", *columns):
            units[sku, code] = Unit(*values)
            if first:
                units[sku, None] = units[sku, code]
    return units


def _lines_of(orders: Sequence[int]) -> dict[int, list[OrderLine]]:
    lines: dict[int, list[OrderLine]] = {}
    for batch in in_batches(orders):
        for line in OrderLine.objects.filter(order__in=batch).order_by("order_id", "position"):
            lines.setdefault(line.order_id, []).append(line)
    return lines
