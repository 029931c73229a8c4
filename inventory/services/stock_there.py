"""What there is now of products in warehouses, read in a few statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.models import (
    BinStock,
    Location,
    Product,
    PurchaseOrderLine,
    ReorderPolicy,
    StockLevel,
    Supplier,
    SupplierProduct,
    Warehouse,
)
from inventory.services.levels import Row
from inventory.status import LocationKind, PurchaseStatus
from oms.importing.plans import in_batches
from oms.models import User

RECEIVING = ""  # stands for the warehouse's receiving location

Place = tuple[int, str]  # warehouse, code of the location


@dataclass(slots=True)
class There:
    """What is in the database of what the rows name. Warehouses are those in which the user works."""

    products: Mapping[str, int]
    warehouses: Mapping[str, int]
    suppliers: Mapping[str, int]
    places: Mapping[Place, tuple[int, str]]
    may_buy: bool
    usual: dict[int, int] = field(default_factory=dict)
    bins: dict[tuple[int, int], int] = field(default_factory=dict)
    policies: dict[Row, tuple[int, int, int]] = field(default_factory=dict)
    due: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    available: dict[Row, int] = field(default_factory=dict)


def look_up(skus: Iterable[str], codes: Iterable[str], by: User | None) -> There:
    """Read everything these rows name; without a user, as the operator."""
    products: dict[str, int] = {}
    for batch in in_batches(sorted(skus)):
        products.update(Product.objects.filter(sku__in=batch).order_by().values_list("sku", "pk"))
    worked = Warehouse.objects.all() if by is None else Warehouse.objects.worked_by(by)
    warehouses = dict(worked.order_by().values_list("code", "pk"))
    ids = sorted(warehouses[code] for code in codes if code in warehouses)
    there = There(
        products,
        warehouses,
        dict(Supplier.objects.order_by().values_list("code", "pk")),
        places_in(ids),
        by is None or by.has_perm("inventory.add_purchaseorder"),
    )
    for batch in in_batches(sorted(products.values())):
        _add_terms(there, batch, ids)
        _add_stock(there, batch, ids)
    return there


def places_in(warehouses: Iterable[int]) -> dict[Place, tuple[int, str]]:
    """Return id and kind of every location, the receiving one under its own name too."""
    rows = Location.objects.filter(warehouse__in=list(warehouses)).order_by()
    places: dict[Place, tuple[int, str]] = {}
    for pk, warehouse, code, kind in rows.values_list("pk", "warehouse_id", "code", "kind"):
        places[warehouse, code] = (pk, kind)
        if kind == LocationKind.RECEIVING:
            places[warehouse, RECEIVING] = (pk, kind)
    return places


def _add_terms(there: There, products: Sequence[int], warehouses: Sequence[int]) -> None:
    """Add who usually supplies, when to buy again, and what is due."""
    supplies = SupplierProduct.objects.filter(product__in=products).order_by("-cost", "-pk")
    there.usual.update(supplies.values_list("product_id", "supplier_id"))
    policies = ReorderPolicy.objects.filter(product__in=products, warehouse__in=warehouses).order_by()
    columns = ("product_id", "warehouse_id", "pk", "reorder_point", "order_up_to")
    for product, warehouse, pk, point, up_to in policies.values_list(*columns):
        there.policies[product, warehouse] = (pk, point, up_to)
    lines = PurchaseOrderLine.objects.filter(
        product__in=products, due__gt=0, purchase_order__status=PurchaseStatus.OPEN
    )
    for product, warehouse, supplier, due in lines.order_by().values_list(
        "product_id", "purchase_order__warehouse_id", "purchase_order__supplier_id", "due"
    ):
        there.due[product, warehouse, supplier] += due


def _add_stock(there: There, products: Sequence[int], warehouses: Sequence[int]) -> None:
    """Add what lies in bins, and what of it is not promised."""
    there.bins.update(bins_of(products))
    levels = StockLevel.objects.filter(product__in=products, warehouse__in=warehouses).order_by()
    for product, warehouse, available in levels.values_list("product_id", "warehouse_id", "available"):
        there.available[product, warehouse] = available


def bins_of(products: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return what lies where, by product and location."""
    bins: dict[tuple[int, int], int] = {}
    for batch in in_batches(sorted(set(products))):
        rows = BinStock.objects.filter(product__in=batch).order_by()
        for product, location, quantity in rows.values_list("product_id", "location_id", "quantity"):
            bins[product, location] = quantity
    return bins
