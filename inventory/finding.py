"""From codes that people and files write to the units we sell."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from inventory.errors import UnknownCodes
from inventory.models import Product, ProductUnit
from inventory.units import in_counted
from oms.barcodes import ways_of

MOST_WORDS = 8
NEIGHBOURS = 40
SAME_END = 3
ALIKE = 0.4  # below that nobody meant it

SAID_FOR = {"MMT": "MTR", "MLT": "LTR", "GRM": "KGM"}  # what a thousand of them are called

Code = tuple[str, str]  # SKU, unit code; an empty unit code means the unit offered first


class SalesUnit(NamedTuple):
    """All that a line needs to know about a product in one of its units."""

    product_id: int
    unit_id: int
    sku: str
    unit: str
    numerator: int
    denominator: int
    multiple: int
    minimum: int
    cost: Decimal
    status: str
    backorder_allowed: bool
    tax_class_id: int | None


COLUMNS = (
    "product_id", "id", "product__sku", "code", "numerator", "denominator", "multiple",
    "minimum", "product__cost", "product__status", "product__backorder_allowed",
    "product__tax_class_id",
)  # fmt: skip


class Counted(NamedTuple):
    """The unit in which people count a product, and how many base units one of it is."""

    name: str
    each: int


def counted_in(products: Iterable[int]) -> dict[int, Counted]:
    """Return in what each product is counted: pieces as pieces, but metres, not millimetres."""
    units = _counted(ProductUnit.objects.filter(product__in=list(products)))
    return {unit.product_id: Counted(unit.name, unit.numerator) for unit in units.reverse()}


def as_counted(product: int, *quantities: int) -> list[str]:
    """Return base units of a product as people count them: 20 for 20,000 millimetres. For sentences of a refusal."""
    each = counted_in([product]).get(product, Counted("", 1)).each
    return [in_counted(quantity, each) for quantity in quantities]


def counted_unit(product: str) -> dict[str, Coalesce]:
    """Return annotations for the product at the path `product`: `unit` it is counted in, `each` in base units."""
    units = _counted(ProductUnit.objects.filter(product=OuterRef(product)))
    return {
        "unit": Coalesce(Subquery(units.values("name")[:1]), Value("")),
        "each": Coalesce(Subquery(units.values("numerator")[:1]), Value(1)),
    }


def _counted(units: QuerySet[ProductUnit]) -> QuerySet[ProductUnit]:
    """Keep base units, and before them what people say for a thousand of a measure that nobody counts."""
    small = Q(numerator=1000, code__in=SAID_FOR.values(), product__units__code__in=SAID_FOR)
    return units.filter(Q(numerator=1) | small, denominator=1).order_by("-numerator", "pk").distinct()


def base_unit(product: str) -> Coalesce:
    """The name of the base unit of the product at the path `product`, to annotate quantities with; "" without one."""
    units = ProductUnit.objects.filter(product=OuterRef(product), numerator=1, denominator=1)
    return Coalesce(Subquery(units.order_by("pk").values("name")[:1]), Value(""))


def units_by_id(ids: Iterable[int]) -> dict[int, SalesUnit]:
    """Return the sales units with these ids."""
    rows = ProductUnit.objects.filter(pk__any_of=set(ids)).order_by().values_list(*COLUMNS)
    return {row[1]: SalesUnit._make(row) for row in rows}


def units_by_code(codes: Iterable[Code]) -> dict[Code, SalesUnit]:
    """Return the unit of each (SKU, unit code); raise UnknownCodes naming every one that there is not."""
    wanted = set(codes)
    skus = {sku for sku, _unit in wanted}
    rows = (
        ProductUnit.objects.filter(product__sku__any_of=skus).order_by().values_list(*COLUMNS, "is_default")
    )
    found: dict[Code, SalesUnit] = {}
    for *columns, is_default in rows:
        unit = SalesUnit(*columns)
        found[unit.sku, unit.unit] = unit
        if is_default:
            found[unit.sku, ""] = unit
    missing = wanted - found.keys()
    if missing:
        raise UnknownCodes(f"{sku} {unit}".strip() for sku, unit in missing)
    return found


def codes_of(
    skus: Mapping[int, str], counted: Mapping[int, Counted] | None = None
) -> dict[int, dict[str, int]]:
    """Return, per product id, what a scanner may read and how many base units each scan stands for.

    A SKU stands for one of the unit that the product is counted in, for one base unit where that is not told.
    """
    each = {pk: unit.each for pk, unit in (counted or {}).items()}
    found = {pk: {sku: each.get(pk, 1)} for pk, sku in skus.items()}
    for unit in ProductUnit.objects.filter(product__in=found, gtin__isnull=False).order_by():
        base, rest = divmod(unit.numerator, unit.denominator)
        if not rest:
            found[unit.product_id] |= dict.fromkeys(ways_of(str(unit.gtin)), base)
    return found


def matching(text: str, *, limit: int = 10) -> list[ProductUnit]:
    """Return the units a person may mean by `text`: exact SKU or GTIN first, then by prefix of SKU and word."""
    offered = ProductUnit.objects.select_related("product").filter(is_default=True)
    exact = list(ProductUnit.objects.select_related("product").filter(gtin=text)[:1]) or list(
        offered.filter(product__sku=text)[:1]
    )
    near = offered.filter(Q(product__sku__istartswith=text) | Q(product__name__icontains=text))
    return (
        exact
        + [unit for unit in near.order_by("product__sku")[:limit] if unit not in exact][: limit - len(exact)]
    )


def called(code: str, products: QuerySet[Product]) -> Product | None:
    """Return the product with this SKU, in any case, or with this GTIN on one of its units."""
    exact = products.filter(sku=code).first() or products.filter(units__gtin=code).first()
    return exact or products.filter(sku__iexact=code).order_by("sku").first()


def named_like(text: str, products: QuerySet[Product], *, limit: int) -> list[Product]:
    """Return products whose SKU begins with the text or whose name has all its words, by SKU."""
    words = Q()
    for word in text.split()[:MOST_WORDS]:
        words &= Q(name__icontains=word)
    return list(products.filter(Q(sku__istartswith=text) | words).order_by("sku")[:limit])


def nearest(code: str, products: QuerySet[Product], *, limit: int) -> list[Product]:
    """Return the products whose SKUs look most like the code, among its neighbours in the alphabet.

    A slip in the first characters leads away from the neighbours, so those with the same end are looked at too.
    """
    upper = code.upper()
    beside = [
        products.filter(sku__gte=upper).order_by("sku")[:NEIGHBOURS],
        products.filter(sku__lt=upper).order_by("-sku")[:NEIGHBOURS],
        products.filter(sku__iendswith=upper[-SAME_END:]).order_by("sku")[:NEIGHBOURS],
    ]
    near = {product.sku: product for rows in beside for product in rows}
    alike = {sku: SequenceMatcher(None, upper, sku.upper()).ratio() for sku in near}
    best = sorted(near, key=lambda sku: (-alike[sku], sku))[:limit]
    return [near[sku] for sku in best if alike[sku] >= ALIKE]
