"""What is there of products in warehouses, and what is on its way: one question each, for any number of rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from inventory.models import PurchaseOrderLine, ReorderPolicy, StockLevel, SupplierProduct
from inventory.status import ProductStatus, PurchaseStatus

Place = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Level:
    """Sellable stock of a product in a warehouse, and how much of it is promised."""

    on_hand: int = 0
    allocated: int = 0


@dataclass(frozen=True, slots=True)
class Inbound:
    """So many base units should reach the dock of the warehouse on a day, which may have passed."""

    place: Place
    on: date
    quantity: int
    document: str


def levels_of(products: Collection[int], warehouses: Collection[int]) -> dict[Place, Level]:
    """Return the stock levels there are."""
    rows = StockLevel.objects.filter(product__any_of=products, warehouse__any_of=warehouses).order_by()
    columns = rows.values_list("product_id", "warehouse_id", "on_hand", "allocated")
    return {(product, warehouse): Level(on_hand, held) for product, warehouse, on_hand, held in columns}


def supply_rows(products: Collection[int], warehouses: Collection[int]) -> list[Inbound]:
    """Return what is on its way to the docks, soonest first: the rest of open purchase orders."""
    lines = PurchaseOrderLine.objects.filter(
        product__any_of=products,
        purchase_order__warehouse__any_of=warehouses,
        purchase_order__status=PurchaseStatus.OPEN,
        due__gt=0,
    ).order_by("expected_on", "pk")
    columns = ("product_id", "purchase_order__warehouse_id", "expected_on", "due", "purchase_order__number")
    return [
        Inbound((product, warehouse), on, due, document)
        for product, warehouse, on, due, document in lines.values_list(*columns)
    ]


def protected_stock(products: Collection[int], warehouses: Collection[int]) -> dict[Place, int]:
    """Return the safety stock that no promise may touch, where there is any."""
    kept = ReorderPolicy.objects.filter(
        product__any_of=products, warehouse__any_of=warehouses, protected__gt=0
    ).order_by()
    columns = kept.values_list("product_id", "warehouse_id", "protected")
    return {(product, warehouse): protected for product, warehouse, protected in columns}


def lead_times(products: Collection[int]) -> dict[int, int]:
    """Return the days until active products can be bought anew, from the supplier whom restocking asks first."""
    offers = SupplierProduct.objects.filter(product__any_of=products, product__status=ProductStatus.ACTIVE)
    first = offers.order_by("product_id", "cost", "pk").distinct("product_id")
    return dict(first.values_list("product_id", "lead_time_days"))
