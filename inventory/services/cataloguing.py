"""The catalogue as a file wants it: products, their units, categories and suppliers, checked and written in sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.models import Category, Product, Supplier, SupplierProduct
from inventory.services.catalogue_units import UnitsPlan, WantedUnit
from inventory.status import ProductStatus
from oms.importing.cells import one_of
from oms.importing.plans import Plan, State, Upsert, Values, in_batches, of_all
from oms.importing.problems import Problems
from oms.models import TaxClass
from oms.sets import insert_rows, set_in_rows

PRODUCT_FIELDS = (
    "sku", "name", "category", "status", "cost", "weight_grams", "backorder_allowed", "tax_class",
)  # fmt: skip
SUPPLY_FIELDS = ("supplier", "product", "supplier_sku", "cost", "minimum", "multiple", "lead_time_days")
LEAD_TIME_DAYS = 7


@dataclass(frozen=True, slots=True)
class WantedSupply:
    """Who supplies a product, and how. The name makes a supplier that is not known yet."""

    supplier: str
    supplier_name: str | None = None
    supplier_sku: str | None = None
    cost: Decimal | None = None
    minimum: int | None = None
    multiple: int | None = None
    lead_time_days: int | None = None


@dataclass(frozen=True, slots=True)
class WantedProduct:
    """A product as a row wants it; None leaves what is there. The category's name makes one that is not known."""

    row: int
    sku: str
    name: str
    category: str | None = None
    category_name: str | None = None
    status: str | None = None
    superseded_by: str | None = None
    cost: Decimal | None = None
    weight_grams: int | None = None
    backorder_allowed: bool | None = None
    tax_class: str | None = None
    units: Sequence[WantedUnit] = ()
    default_unit: str | None = None
    supply: WantedSupply | None = None


@dataclass(slots=True)
class CataloguePlan(Plan):
    """What the rows change, table by table. Rows of other tables stand by their codes until they are written."""

    categories: dict[str, str] = field(default_factory=dict)
    suppliers: dict[str, str] = field(default_factory=dict)
    tax_classes: Mapping[str, int] = field(default_factory=dict)  # those there are, by name
    products: Upsert = field(
        default_factory=lambda: Upsert(
            Product, PRODUCT_FIELDS, ("", "", None, ProductStatus.ACTIVE, Decimal(0), 0, True, None)
        )
    )
    superseded: dict[str, str] = field(default_factory=dict)
    units: UnitsPlan = field(default_factory=UnitsPlan)
    supplies: Upsert = field(
        default_factory=lambda: Upsert(
            SupplierProduct, SUPPLY_FIELDS, ("", "", "", Decimal(0), 1, 1, LEAD_TIME_DAYS)
        )
    )

    def supplied(self) -> list[str]:
        """Return the products whose supply is written."""
        return [row[1] for row in [*self.supplies.new, *self.supplies.changed]]


@dataclass(frozen=True, slots=True)
class _There:
    """What is in the database of what the rows name."""

    products: Mapping[str, Values]
    successors: Mapping[str, str | None]
    supplies: Mapping[tuple[str, str], Values]
    categories: frozenset[str]
    suppliers: frozenset[str]
    tax_classes: Mapping[str, int]


def check_products(wanted: Sequence[WantedProduct], problems: Problems) -> CataloguePlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    unique = _unique(wanted, problems)
    there = _look_up(unique)
    plan = CataloguePlan(tax_classes=there.tax_classes)
    skus = {product.sku for product in unique} | there.products.keys()
    plan.units.look_up(unique, problems)
    for product in unique:
        _require_known_codes(product, there, skus, plan, problems)
        _plan_product(product, there, plan, problems)
    plan.notes += _near_duplicates([product.sku for product in unique if product.sku not in there.products])
    return plan


def _unique(wanted: Sequence[WantedProduct], problems: Problems) -> list[WantedProduct]:
    first: dict[str, WantedProduct] = {}
    for product in wanted:
        earlier = first.setdefault(product.sku, product)
        if earlier is not product:
            problems.add(
                product.row,
                "sku",
                product.sku,
                _("stands in row %(row)s already.") % {"row": earlier.row},
                _("Keep one of the two rows."),
            )
    return list(first.values())


def _look_up(wanted: Sequence[WantedProduct]) -> _There:
    products: dict[str, Values] = {}
    successors: dict[str, str | None] = {}
    supplies: dict[tuple[str, str], Values] = {}
    skus = {product.sku for product in wanted}
    successor_skus = {product.superseded_by for product in wanted if product.superseded_by}
    for batch in in_batches(sorted(skus | successor_skus)):
        columns = (
            "pk",
            "sku",
            "name",
            "category__code",
            "status",
            "cost",
            "weight_grams",
            "backorder_allowed",
            "tax_class__name",
        )
        rows = Product.objects.filter(sku__in=batch).order_by().values_list(*columns, "superseded_by__sku")
        for *values, successor in rows:
            products[values[1]], successors[values[1]] = tuple(values), successor
        for row in (
            SupplierProduct.objects.filter(product__sku__in=batch)
            .order_by()
            .values_list("pk", "supplier__code", "product__sku", *SUPPLY_FIELDS[2:])
        ):
            supplies[row[1], row[2]] = row
    return _There(
        products,
        successors,
        supplies,
        frozenset(Category.objects.order_by().values_list("code", flat=True)),
        frozenset(Supplier.objects.order_by().values_list("code", flat=True)),
        dict(TaxClass.objects.values_list("name", "pk")),
    )


def _require_known_codes(
    product: WantedProduct, there: _There, skus: set[str], plan: CataloguePlan, problems: Problems
) -> None:
    category, supply, successor = product.category, product.supply, product.superseded_by
    if category and category not in there.categories and category not in plan.categories:
        if product.category_name:
            plan.categories[category] = product.category_name
        else:
            _unknown(product.row, "category", category, "category_name", problems)
    if supply and supply.supplier not in there.suppliers and supply.supplier not in plan.suppliers:
        if supply.supplier_name:
            plan.suppliers[supply.supplier] = supply.supplier_name
        else:
            _unknown(product.row, "supplier", supply.supplier, "supplier_name", problems)
    if product.tax_class and product.tax_class not in there.tax_classes:
        remedy = _("Write one of: %(names)s.") % {"names": one_of(list(there.tax_classes)) or _("none")}
        problems.add(product.row, "tax_class", product.tax_class, _("is no tax class here."), remedy)
    if successor and (successor not in skus or successor == product.sku):
        problems.add(
            product.row,
            "superseded_by",
            successor,
            _("is not another product."),
            _("Write the SKU of the product that takes its place."),
        )


def _unknown(row: int, column: str, code: str, name_column: str, problems: Problems) -> None:
    problems.add(
        row,
        column,
        code,
        _("is not known."),
        _("Correct it, or give its name in the column %(column)s to make it.") % {"column": name_column},
    )


def _plan_product(product: WantedProduct, there: _There, plan: CataloguePlan, problems: Problems) -> None:
    found = there.products.get(product.sku)
    wanted = tuple(getattr(product, name) for name in PRODUCT_FIELDS)
    state, fields = plan.products.want(wanted, found)
    states = [state]
    for part in (
        plan.units.want(product, is_new=found is None, problems=problems),
        _plan_successor(product, there, plan),
        _plan_supply(product, found, there, plan),
    ):
        states.append(part[0])
        fields |= part[1]
    plan.count(product.row, of_all(states), product.sku, fields)


def _plan_successor(
    product: WantedProduct, there: _There, plan: CataloguePlan
) -> tuple[State, dict[str, tuple[object, object]]]:
    before = there.successors.get(product.sku)
    if not product.superseded_by or product.superseded_by == before:
        return State.SAME, {}
    plan.superseded[product.sku] = product.superseded_by
    return State.CHANGED, {"superseded_by": (before, product.superseded_by)}


def _plan_supply(
    product: WantedProduct, found: Values | None, there: _There, plan: CataloguePlan
) -> tuple[State, dict[str, tuple[object, object]]]:
    supply = product.supply
    if supply is None:
        return State.SAME, {}
    before = there.supplies.get((supply.supplier, product.sku))
    cost = supply.cost
    if before is None and cost is None:  # what the product costs, when the supplier's price is not said
        cost = product.cost if product.cost is not None else found[5] if found else None
    terms = (supply.supplier_sku, cost, supply.minimum, supply.multiple, supply.lead_time_days)
    state, fields = plan.supplies.want((supply.supplier, product.sku, *terms), before)
    return state, {f"supplier {supply.supplier} {name}": pair for name, pair in fields.items()}


def _near_duplicates(skus: Sequence[str]) -> list[str]:
    """Say which new SKUs differ from others only in capital letters or blanks: they may be meant the same."""
    if not skus:
        return []
    folded: dict[str, set[str]] = {}
    for sku in [*skus, *Product.objects.order_by().values_list("sku", flat=True)]:
        folded.setdefault("".join(sku.casefold().split()), set()).add(sku)
    near = [sorted(folded[key]) for key in {"".join(sku.casefold().split()) for sku in skus}]
    pairs = ["“" + "”, “".join(names) + "”" for names in near if len(names) > 1]
    if not pairs:
        return []
    return [_("Almost the same SKU, please check: %(pairs)s.") % {"pairs": "; ".join(sorted(pairs)[:20])}]


def save_products(plan: CataloguePlan) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    _make(Category, plan.categories)
    _make(Supplier, plan.suppliers)
    categories = dict(Category.objects.order_by().values_list("code", "pk"))
    suppliers = dict(Supplier.objects.order_by().values_list("code", "pk"))
    plan.products.write(category=categories, tax_class=plan.tax_classes)
    ids = _ids([*plan.superseded, *plan.superseded.values(), *plan.units.skus(), *plan.supplied()])
    if plan.superseded:
        successors = [ids[sku] for sku in plan.superseded.values()]
        set_in_rows(Product, [ids[sku] for sku in plan.superseded], superseded_by=successors)
    plan.units.write(ids)
    plan.supplies.write(supplier=suppliers, product=ids)


def _make(model: type[Category] | type[Supplier], names: Mapping[str, str]) -> None:
    if names:
        columns = {"code": list(names), "name": list(names.values())}
        extra = {"lead_time_days": LEAD_TIME_DAYS, "email": "", "phone": ""} if model is Supplier else {}
        insert_rows(model, columns, **extra)


def _ids(skus: Sequence[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for batch in in_batches(sorted(set(skus))):
        ids.update(Product.objects.filter(sku__in=batch).order_by().values_list("sku", "pk"))
    return ids
