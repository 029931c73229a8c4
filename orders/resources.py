"""Files of orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.units import written
from oms.importing import cells
from oms.importing.columns import UNKNOWN, WITHOUT_IT_NOTHING, Row, column
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.importing.resource import SheetResource
from oms.models import User
from orders.discounts import read_discounts
from orders.discounts import written as several_as_typed
from orders.masking import may_see_prices
from orders.models import Order, OrderLine
from orders.services.outside import (
    HEADER,
    PLACE,
    OrdersPlan,
    check_outside_orders,
    save_outside_orders,
)
from orders.services.outside_there import WantedLine, WantedOrder

OF_THE_ORDER = (*HEADER, "address", *(f"ship_to_{part}" for part in PLACE))

unit_code = cells.pattern(
    r"[A-Z0-9]{2,3}",
    gettext_lazy("is not a unit code."),
    gettext_lazy("Write a code of UN/ECE Recommendation 20, such as C62, CT or KGM."),
)
country = cells.pattern(
    r"[A-Z]{2}",
    gettext_lazy("is not a country code."),
    gettext_lazy("Write two letters (ISO 3166), such as DE."),
)
Discounts = tuple[Decimal, ...]


def discounts(cell: str) -> Discounts:
    """Read the discounts of a line: `10`, or `10+10` for two that are taken one after the other."""
    try:
        return read_discounts(cell)
    except ValueError as error:
        raise cells.Unreadable(str(error), _("Write it like 10, or like 10+5.")) from error


@dataclass(slots=True, kw_only=True)
class OrderRow(Row):
    """One line of an order. Rows with the same reference are one order; its head stands in the first of them."""

    reference: str = column(
        cells.code(60),
        gettext_lazy("the outside number; the same number is entered once"),
        required=True,
        instead=WITHOUT_IT_NOTHING,
    )
    customer: str = column(
        cells.code(40), gettext_lazy("the customer's code"), required=True, instead=UNKNOWN
    )
    customer_po: str | None = column(cells.text(60), gettext_lazy("the customer's own number"))
    ordered_on: date | None = column(cells.day, gettext_lazy("empty: today"))
    requested_on: date | None = column(cells.day, gettext_lazy("empty: the day it was ordered"))
    warehouse: str | None = column(cells.code(20), gettext_lazy("its code; empty: the customer's usual one"))
    address: str | None = column(
        cells.code(40), gettext_lazy("code of the address; empty: the first for goods")
    )
    ship_to_name: str | None = column(
        cells.text(200), gettext_lazy("a place instead of a code; empty: the customer")
    )
    ship_to_street: str | None = column(cells.text(200))
    ship_to_postal_code: str | None = column(cells.text(20))
    ship_to_city: str | None = column(cells.text(80))
    ship_to_region: str | None = column(cells.text(80))
    ship_to_country: str | None = column(country, gettext_lazy("two letters (ISO 3166)"))
    note: str | None = column(cells.text(500))
    sku: str = column(cells.code(60), gettext_lazy("names the product"), required=True, instead=UNKNOWN)
    unit: str | None = column(unit_code, gettext_lazy("empty: the unit offered first"), instead=UNKNOWN)
    quantity: Decimal = column(
        cells.decimal(places=12), gettext_lazy("in that unit, more than 0"), required=True, instead=Decimal(1)
    )
    unit_price: Decimal | None = column(
        cells.decimal(places=6), gettext_lazy("per unit; empty: the list's price")
    )
    discount_percent: Discounts | None = column(
        discounts, gettext_lazy("of the line, 0 to 100; one after the other: 10+10; empty: 0")
    )


class OrderResource(SheetResource):
    """Orders, one line per row, entered as drafts."""

    kind = "orders"
    row = OrderRow
    model = Order
    may_import = ("orders.import_order",)

    def check(self, rows: Sequence[OrderRow], problems: Problems, *, by: User | None) -> OrdersPlan:
        return check_outside_orders(wanted_orders(rows, problems), problems, by=by)

    def save(self, plan: OrdersPlan, source: Source) -> None:
        save_outside_orders(plan, source)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        orders = list(
            queryset.order_by("pk").values_list(
                "pk", "number", "reference", "customer__code", "customer_po", "ordered_on", "requested_on",
                "warehouse__code", "ship_to__code", "note",
            )
        )  # fmt: skip
        lines, prices = _lines_of([order[0] for order in orders]), self.by is None or may_see_prices(self.by)
        for pk, number, reference, *head, note in orders:
            for sku, unit, ordered, numerator, denominator, *price in lines.get(pk, []):
                quantity = written(Fraction(ordered * denominator, numerator))
                yield [
                    reference or number,
                    *head,
                    *[None] * len(PLACE),
                    note,
                    sku,
                    unit,
                    quantity,
                    *(price if prices else (None, None)),
                ]


def _lines_of(orders: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = OrderLine.objects.filter(order__in=orders).order_by("order_id", "position")
    columns = (
        "product__sku", "unit__code", "ordered", "unit__numerator", "unit__denominator", "unit_price",
        "discount_percent", "trace__discounts",
    )  # fmt: skip
    for pk, *values, percent, several in rows.values_list("order_id", *columns):
        found.setdefault(pk, []).append([*values, several_as_typed(several) if several else percent])
    return found


def wanted_orders(rows: Sequence[OrderRow], problems: Problems) -> list[WantedOrder]:
    """Return one order per reference, in the order of the file; what its rows say differently is noted."""
    first: dict[str, OrderRow] = {}
    found: dict[str, WantedOrder] = {}
    for row in rows:
        head = first.setdefault(row.reference, row)
        if head is row:
            found[row.reference] = _wanted_order(row)
        else:
            _require_same_head(row, head, problems)
        found[row.reference].lines.append(
            WantedLine(row.row, row.sku, row.quantity, row.unit, row.unit_price, row.discount_percent or ())
        )
    return list(found.values())


def _wanted_order(row: OrderRow) -> WantedOrder:
    place = tuple(getattr(row, f"ship_to_{part}") for part in PLACE)
    order = WantedOrder(
        row.row,
        row.reference,
        row.customer,
        row.customer_po,
        row.ordered_on,
        row.requested_on,
        row.warehouse,
        row.note,
        row.address,
    )
    return replace(order, ship_to=place) if any(place) else order


def _require_same_head(row: OrderRow, head: OrderRow, problems: Problems) -> None:
    for name in OF_THE_ORDER:
        value = getattr(row, name)
        if value is not None and value != getattr(head, name) and problems.was_read(head.row, name):
            rule = _("differs from row %(row)s of the same order, which says “%(value)s”.")
            said = getattr(head, name)
            values = {"row": head.row, "value": "" if said is None else said}
            remedy = _("Say it once, in the first row of the order, or give this one another reference.")
            problems.add(row.row, name, value, rule % values, remedy)
