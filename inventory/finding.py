"""From codes that people and files write to the units we sell."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from inventory.errors import UnknownCodes
from inventory.models import ProductUnit

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


COLUMNS = (
    "product_id", "id", "product__sku", "code", "numerator", "denominator", "multiple",
    "minimum", "product__cost", "product__status", "product__backorder_allowed",
)  # fmt: skip


def units_by_id(ids: Iterable[int]) -> dict[int, SalesUnit]:
    """Return the sales units with these ids."""
    rows = ProductUnit.objects.filter(pk__any_of=set(ids)).order_by().values_list(*COLUMNS)
    return {row[1]: SalesUnit(*row) for row in rows}


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
