"""Buying: what is ordered from suppliers and what of it has come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, OffTerms
from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    RestockAlert,
    Supplier,
    SupplierProduct,
    Warehouse,
)
from inventory.replenishment import in_suppliers_terms, is_in_terms, nearest_in_terms
from inventory.services.levels import lock_levels
from inventory.services.moving import require_quantities
from inventory.services.suppliers_answers import require_days
from inventory.status import AlertKind, PurchaseStatus
from oms.company import business_day
from oms.models import User
from oms.rows import lock_row
from oms.sets import add_to_rows, insert_rows


@dataclass(frozen=True, slots=True)
class Expected:
    """So many base units of a product, expected on a day."""

    product_id: int
    quantity: int
    on: date


@transaction.atomic
def place_purchase_order(
    supplier: Supplier, warehouse: Warehouse, expected: list[Expected], *, by: User | None, note: str = ""
) -> PurchaseOrder:
    """Order from a supplier, in quantities they sell; it counts as supply when they have confirmed it.

    Raise BadQuantity, BadDay, or OffTerms with the two nearest quantities for each line the supplier does not sell so.
    """
    _require_lines(supplier, expected)
    require_days((line.on for line in expected), str(supplier))
    _require_terms(supplier, expected)
    return _placed(supplier, warehouse, expected, by=by, note=note)


@transaction.atomic
def record_purchase_order(
    supplier: Supplier,
    warehouse: Warehouse,
    expected: list[Expected],
    *,
    by: User | None,
    note: str = "",
    is_confirmed: bool = False,
) -> PurchaseOrder:
    """Take in an order that the supplier has already: neither its days nor its quantities are ours to refuse.

    When they have confirmed it, on these days and in full, it counts as supply at once.
    """
    _require_lines(supplier, expected)
    return _placed(supplier, warehouse, expected, by=by, note=note, is_confirmed=is_confirmed)


def _require_lines(supplier: Supplier, expected: list[Expected]) -> None:
    if not expected:
        raise BadQuantity(_("A purchase order to %(supplier)s needs a line.") % {"supplier": supplier})
    require_quantities((line.quantity for line in expected), str(supplier))


def _require_terms(supplier: Supplier, expected: list[Expected]) -> None:
    offers = SupplierProduct.objects.filter(
        supplier=supplier, product__in={line.product_id for line in expected}
    ).select_related("product")
    terms = {offer.product_id: offer for offer in offers}
    wrong = [
        _off_terms(line.quantity, terms[line.product_id])
        for line in expected
        if line.product_id in terms and not _sold(line.quantity, terms[line.product_id])
    ]
    if wrong:
        raise OffTerms(str(supplier), wrong)


def _sold(quantity: int, offer: SupplierProduct) -> bool:
    return is_in_terms(quantity, offer.minimum, offer.multiple)


def _off_terms(quantity: int, offer: SupplierProduct) -> str:
    less, more = nearest_in_terms(quantity, offer.minimum, offer.multiple)
    return _("%(quantity)s of %(sku)s: order %(less)s or %(more)s.") % {
        "quantity": quantity,
        "sku": offer.product.sku,
        "less": less,
        "more": more,
    }


def _placed(
    supplier: Supplier,
    warehouse: Warehouse,
    expected: list[Expected],
    *,
    by: User | None,
    note: str,
    is_confirmed: bool = False,
) -> PurchaseOrder:
    lock_levels((line.product_id, warehouse.pk) for line in expected)
    order = PurchaseOrder.objects.create(supplier=supplier, warehouse=warehouse, created_by=by, note=note)
    insert_rows(
        PurchaseOrderLine,
        {
            "product_id": [line.product_id for line in expected],
            "ordered": [line.quantity for line in expected],
            "tolerated": [line.quantity * supplier.tolerance_percent // 100 for line in expected],
            "expected_on": [line.on for line in expected],
            "confirmed": [line.quantity if is_confirmed else None for line in expected],
            "confirmed_on": [line.on if is_confirmed else None for line in expected],
            "promised_on": [line.on if is_confirmed else None for line in expected],
        },
        purchase_order=order,
        received=0,
        in_time=0,
        cancelled=0,
    )
    order.record("placed", by=by)
    return order


@transaction.atomic
def cancel_purchase_order(purchase_order_id: int, *, by: User | None) -> PurchaseOrder:
    """Nothing more is expected from this order."""
    order = lock_row(PurchaseOrder, purchase_order_id)
    lines = list(order.lines.filter(due__gt=0))
    lock_levels((line.product_id, order.warehouse_id) for line in lines)
    order.move_to(PurchaseStatus.CANCELLED, by=by)
    add_to_rows(PurchaseOrderLine, [line.pk for line in lines], cancelled=[line.due for line in lines])
    return order


@dataclass(frozen=True, slots=True)
class Suggested:
    """The purchase orders that were placed, and the SKUs nobody supplies."""

    orders: list[PurchaseOrder]
    unsupplied: list[str]


@transaction.atomic
def order_suggested(alert_ids: Iterable[int], *, by: User | None) -> Suggested:
    """Order what open alerts suggest, each product from its cheapest supplier, one order per supplier and site.

    The alerts count it as on its way and suggest nothing any more: asking twice buys once.
    Raise BadQuantity when nothing is suggested or nobody supplies any of it.
    """
    open_ = RestockAlert.objects.open().filter(pk__in=list(alert_ids), suggested__gt=0)
    alerts = list(open_.select_related("product", "warehouse").locked())
    terms = _cheapest(alert.product_id for alert in alerts)
    supplied = [alert for alert in alerts if alert.product_id in terms]
    unsupplied = sorted({alert.product.sku for alert in alerts} - {alert.product.sku for alert in supplied})
    if not supplied:
        raise BadQuantity(_nothing_to_order(unsupplied))
    lock_levels(
        (alert.product_id, alert.warehouse_id) for alert in supplied
    )  # all at once, then order by order
    quantities = {alert.pk: _in_terms(alert, terms[alert.product_id]) for alert in supplied}
    orders = _place_per_supplier(supplied, terms, quantities, by=by)
    _count_as_inbound(quantities)
    return Suggested(orders, unsupplied)


def _cheapest(products: Iterable[int]) -> dict[int, SupplierProduct]:
    rows = SupplierProduct.objects.filter(product__in=set(products)).select_related("supplier")
    return {
        terms.product_id: terms for terms in rows.order_by("product_id", "cost", "pk").distinct("product_id")
    }


def _in_terms(alert: RestockAlert, terms: SupplierProduct) -> int:
    return in_suppliers_terms(alert.suggested, terms.minimum, terms.multiple)


def _nothing_to_order(unsupplied: list[str]) -> str:
    if not unsupplied:
        return _("Nothing is suggested: what is low is ordered already or is well again. Reload the page.")
    return _("Nobody supplies %(skus)s. Add a supplier on the product's page first.") % {
        "skus": ", ".join(unsupplied[:20])
    }


def _place_per_supplier(
    alerts: Sequence[RestockAlert],
    terms: Mapping[int, SupplierProduct],
    quantities: Mapping[int, int],
    *,
    by: User | None,
) -> list[PurchaseOrder]:
    groups: dict[tuple[Supplier, Warehouse], list[Expected]] = defaultdict(list)
    today = business_day()
    for alert in alerts:
        offer = terms[alert.product_id]
        on = today + timedelta(days=offer.lead_time_days)
        groups[offer.supplier, alert.warehouse].append(Expected(alert.product_id, quantities[alert.pk], on))
    return [
        place_purchase_order(supplier, warehouse, lines, by=by, note=_("from restock alerts"))
        for (supplier, warehouse), lines in groups.items()
    ]


def _count_as_inbound(quantities: Mapping[int, int]) -> None:
    add_to_rows(RestockAlert, list(quantities), inbound=list(quantities.values()))
    RestockAlert.objects.filter(pk__in=quantities).update(suggested=0, kind=AlertKind.EXPEDITE)
