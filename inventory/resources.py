"""Files about products and about stock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.models import (
    BinStock,
    Product,
    ProductUnit,
    PurchaseOrderLine,
    ReorderPolicy,
    StockLevel,
    SupplierProduct,
)
from inventory.services.catalogue_units import WantedUnit
from inventory.services.cataloguing import (
    CataloguePlan,
    WantedProduct,
    WantedSupply,
    check_products,
    save_products,
)
from inventory.services.stating import STATED, StockPlan, WantedStock, check_stock, save_stock
from inventory.status import LocationKind, ProductStatus, PurchaseStatus
from oms.importing import cells
from oms.importing.columns import UNKNOWN, WITHOUT_IT_NOTHING, Row, column
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.importing.resource import SheetResource
from oms.models import User

LARGEST_INTEGER = 2**31 - 1
FURTHER_UNITS = ("unit_2", "unit_3")
PARTS = ("name", "holds", "gtin", "multiple", "minimum")

unit_code = cells.pattern(
    r"[A-Z0-9]{2,3}",
    _("is not a unit code."),
    _("Write a code of UN/ECE Recommendation 20, such as C62, CT or KGM."),
)


@dataclass(slots=True, kw_only=True)
class ProductRow(Row):
    """One product with up to three units and one supplier."""

    sku: str = column(cells.code(60), _("names the product"), required=True, instead=WITHOUT_IT_NOTHING)
    name: str = column(cells.text(200), _("as on documents"), required=True, instead=UNKNOWN)
    category: str | None = column(cells.code(40), _("its code"))
    category_name: str | None = column(cells.text(120), _("makes the category when its code is new"))
    status: str | None = column(
        cells.choice(ProductStatus), _("active, blocked or discontinued; new: active")
    )
    superseded_by: str | None = column(cells.code(60), _("SKU of the product that takes its place"))
    cost: Decimal | None = column(
        cells.decimal(places=6), _("per base unit, in the company's currency; new: 0")
    )
    weight_grams: int | None = column(cells.whole(0, LARGEST_INTEGER), _("of one base unit; new: 0"))
    backorder_allowed: bool | None = column(cells.yes_or_no, _("yes or no; new: yes"))
    tax_class: str | None = column(cells.text(60), _("its name; empty for a new one: the usual"))
    unit: str | None = column(
        unit_code, _("the base unit, in which stock is counted; new: C62"), instead=WITHOUT_IT_NOTHING
    )
    unit_name: str | None = column(cells.text(30), _("such as piece"))
    gtin: str | None = column(cells.gtin, _("barcode number of the base unit"))
    multiple: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold in multiples of; new: 1"))
    minimum: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold from so many on; new: 1"))
    unit_2: str | None = column(unit_code, _("another unit it is sold in"), instead=WITHOUT_IT_NOTHING)
    unit_2_name: str | None = column(cells.text(30), _("such as carton of 12"))
    unit_2_holds: tuple[int, int] | None = column(cells.ratio, _("base units in one: 12, or 1/1000"))
    unit_2_gtin: str | None = column(cells.gtin, _("its barcode number"))
    unit_2_multiple: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold in multiples of; new: 1"))
    unit_2_minimum: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold from so many on; new: 1"))
    unit_3: str | None = column(unit_code, _("a third unit"), instead=WITHOUT_IT_NOTHING)
    unit_3_name: str | None = column(cells.text(30), _("such as pallet"))
    unit_3_holds: tuple[int, int] | None = column(cells.ratio, _("base units in one"))
    unit_3_gtin: str | None = column(cells.gtin, _("its barcode number"))
    unit_3_multiple: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold in multiples of; new: 1"))
    unit_3_minimum: int | None = column(cells.whole(1, LARGEST_INTEGER), _("sold from so many on; new: 1"))
    default_unit: str | None = column(unit_code, _("the unit offered first; new: the base unit"))
    supplier: str | None = column(cells.code(40), _("the supplier's code"))
    supplier_name: str | None = column(cells.text(120), _("makes the supplier when the code is new"))
    supplier_sku: str | None = column(cells.code(60), _("the supplier's number for it"))
    supplier_cost: Decimal | None = column(
        cells.decimal(places=6), _("the supplier's price per base unit; new: cost")
    )
    supplier_minimum: int | None = column(cells.whole(1), _("least quantity bought; new: 1"))
    supplier_multiple: int | None = column(cells.whole(1), _("bought in multiples of; new: 1"))
    supplier_lead_time_days: int | None = column(
        cells.whole(0, 32_767), _("days from order to receipt; new: 7")
    )


class ProductResource(SheetResource):
    """Products, one per row."""

    kind = "products"
    row = ProductRow
    model = Product
    may_import = ("inventory.add_product", "inventory.change_product", "inventory.view_cost")

    def check(self, rows: Sequence[ProductRow], problems: Problems, *, by: User | None) -> CataloguePlan:
        _require_ratios(rows, problems)
        return check_products([wanted_product(row) for row in rows], problems)

    def save(self, plan: CataloguePlan, source: Source) -> None:
        save_products(plan)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        products = list(
            queryset.order_by("sku").values_list(
                "pk", "sku", "name", "category__code", "category__name", "status", "superseded_by__sku", "cost",
                "weight_grams", "backorder_allowed", "tax_class__name",
            )
        )  # fmt: skip
        ids = [product[0] for product in products]
        units, supplies, costs = _units_of(ids), _supplies_of(ids), self.shows("inventory.view_cost")
        for product in products:
            rows = units.get(product[0], [])
            main = list(product[1:])
            main[6] = product[7] if costs else None
            yield [*main, *_unit_cells(rows), *_supply_cells(supplies.get(product[0]), costs=costs)]


def _require_ratios(rows: Sequence[ProductRow], problems: Problems) -> None:
    """Note the further units without a ratio, and what is said of a unit that is not named."""
    for row in rows:
        for name in FURTHER_UNITS:
            parts = {part: getattr(row, f"{name}_{part}") for part in PARTS}
            if getattr(row, name) is None:
                if any(value is not None for value in parts.values()):
                    problems.add(
                        row.row, name, "", str(_("is empty.")), str(_("Name the unit that is described."))
                    )
            elif parts["holds"] is None:
                remedy = _("Write how many base units one holds.")
                problems.add(
                    row.row, f"{name}_holds", "", str(_("is needed with a further unit.")), str(remedy)
                )


def wanted_product(row: ProductRow) -> WantedProduct:
    """Return the product that a row wants."""
    units = [WantedUnit("unit", row.unit, row.unit_name, None, row.gtin, row.multiple, row.minimum)]
    for name in FURTHER_UNITS:
        if getattr(row, name) is not None:
            parts = [getattr(row, f"{name}_{part}") for part in PARTS]
            units.append(WantedUnit(name, getattr(row, name), parts[0], parts[1] or (1, 1), *parts[2:]))
    supply = None
    if row.supplier is not None:
        supply = WantedSupply(
            row.supplier,
            row.supplier_name,
            row.supplier_sku,
            row.supplier_cost,
            row.supplier_minimum,
            row.supplier_multiple,
            row.supplier_lead_time_days,
        )
    return WantedProduct(
        row=row.row,
        sku=row.sku,
        name=row.name,
        category=row.category,
        category_name=row.category_name,
        status=row.status,
        superseded_by=row.superseded_by,
        cost=row.cost,
        weight_grams=row.weight_grams,
        backorder_allowed=row.backorder_allowed,
        tax_class=row.tax_class,
        units=units,
        default_unit=row.default_unit,
        supply=supply,
    )


def _units_of(products: Sequence[int]) -> dict[int, list[Any]]:
    """Return the units of products, the base unit first."""
    found: dict[int, list[Any]] = {}
    columns = (
        "product_id", "code", "name", "numerator", "denominator", "gtin", "multiple", "minimum", "is_default",
    )  # fmt: skip
    for row in ProductUnit.objects.filter(product__in=products).order_by("pk").values_list(*columns):
        found.setdefault(row[0], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row[3], row[4]) != (1, 1))
    return found


def _unit_cells(rows: Sequence[Any]) -> list[Any]:
    """The cells of the first three units and of the one offered first. What is left out stays as it is."""
    cells: list[Any] = []
    for position in range(3):
        row = rows[position] if position < len(rows) else (None,) * 9
        holds = None if row[3] is None else str(row[3]) if row[4] == 1 else f"{row[3]}/{row[4]}"
        cells += [row[1], row[2], *([holds] if position else []), row[5], row[6], row[7]]
    return [*cells, next((row[1] for row in rows if row[8]), None)]


def _supplies_of(products: Sequence[int]) -> dict[int, Any]:
    """Return the cheapest supply of each product."""
    columns = (
        "product_id", "supplier__code", "supplier__name", "supplier_sku", "cost", "minimum", "multiple",
        "lead_time_days",
    )  # fmt: skip
    rows = SupplierProduct.objects.filter(product__in=products).order_by("-cost", "-pk").values_list(*columns)
    return {row[0]: row for row in rows}


def _supply_cells(row: Any, *, costs: bool) -> list[Any]:
    if row is None:
        return [None] * 7
    return [*row[1:4], row[4] if costs else None, *row[5:]]


@dataclass(slots=True, kw_only=True)
class StockRow(Row):
    """What is true now of a product in a warehouse. Quantities count base units."""

    sku: str = column(cells.code(60), _("names the product"), required=True, instead=UNKNOWN)
    warehouse: str = column(cells.code(20), _("its code"), required=True, instead=UNKNOWN)
    location: str | None = column(
        cells.code(30), _("the bin; empty: the receiving location"), instead=WITHOUT_IT_NOTHING
    )
    location_kind: str | None = column(
        cells.choice(LocationKind),
        _("pick or reserve: makes the location when it is new"),
        instead=WITHOUT_IT_NOTHING,
    )
    quantity: int | None = column(cells.whole(), _("what lies there now; empty says nothing"))
    reorder_point: int | None = column(
        cells.whole(), _("buy when stock is at this or below"), instead=WITHOUT_IT_NOTHING
    )
    order_up_to: int | None = column(cells.whole(), _("buy up to this; empty: up to the reorder point"))
    on_order: int | None = column(cells.whole(), _("what is still due from the supplier"))
    expected_on: date | None = column(cells.day, _("when it comes; needed with on_order"))
    supplier: str | None = column(
        cells.code(40), _("who it comes from; empty: the cheapest one known"), instead=WITHOUT_IT_NOTHING
    )


class StockResource(SheetResource):
    """Stock on hand, reorder points and what is on its way. A file tells what was true when it was written."""

    kind = "stock"
    row = StockRow
    model = StockLevel
    may_import = ("inventory.adjust_stock", "inventory.receive_stock", "inventory.change_reorderpolicy")
    once = True

    def check(self, rows: Sequence[StockRow], problems: Problems, *, by: User | None) -> StockPlan:
        names = StockRow.__slots__
        wanted = [WantedStock(row.row, **{name: getattr(row, name) for name in names}) for row in rows]
        return check_stock(wanted, problems, by=by)

    def save(self, plan: StockPlan, source: Source) -> None:
        save_stock(plan, source)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        levels = list(
            queryset.order_by("product__sku", "warehouse__code").values_list(
                "product_id", "warehouse_id", "product__sku", "warehouse__code"
            )
        )
        products = sorted({level[0] for level in levels})
        bins, policies, due = _bins_of(products), _policies_of(products), _due_of(products)
        for product, warehouse, sku, place in levels:
            row = (product, warehouse)
            lying = bins.get(row) or [(None, None, None)]
            coming = due.get(row) or [(None, None, None)]
            policy = policies.get(row, (None, None))
            for position in range(max(len(lying), len(coming))):
                here = lying[position] if position < len(lying) else (None, None, None)
                inbound = coming[position] if position < len(coming) else (None, None, None)
                yield [sku, place, *here, *(policy if position == 0 else (None, None)), *inbound]


def _bins_of(products: Sequence[int]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = {}
    rows = BinStock.objects.filter(product__in=products, location__kind__in=STATED).order_by("location__code")
    for product, warehouse, *here in rows.values_list(
        "product_id", "location__warehouse_id", "location__code", "location__kind", "quantity"
    ):
        found.setdefault((product, warehouse), []).append(tuple(here))
    return found


def _policies_of(products: Sequence[int]) -> dict[tuple[int, int], tuple[int, int]]:
    rows = ReorderPolicy.objects.filter(product__in=products).order_by()
    return {
        (product, warehouse): (point, up_to)
        for product, warehouse, point, up_to in rows.values_list(
            "product_id", "warehouse_id", "reorder_point", "order_up_to"
        )
    }


def _due_of(products: Sequence[int]) -> dict[tuple[int, int], list[Any]]:
    """Return what is due by supplier, with the last day of it."""
    due: dict[tuple[int, int, str], tuple[int, date]] = {}
    rows = PurchaseOrderLine.objects.filter(
        product__in=products, due__gt=0, purchase_order__status=PurchaseStatus.OPEN
    )
    for product, warehouse, supplier, quantity, on in rows.order_by("pk").values_list(
        "product_id", "purchase_order__warehouse_id", "purchase_order__supplier__code", "due", "due_on"
    ):
        before = due.get((product, warehouse, supplier), (0, on))
        due[product, warehouse, supplier] = (before[0] + quantity, max(before[1], on))
    found: dict[tuple[int, int], list[Any]] = {}
    for (product, warehouse, supplier), (quantity, on) in due.items():
        found.setdefault((product, warehouse), []).append((quantity, on, supplier))
    return found
