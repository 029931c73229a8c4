"""How the units of frozen traces, which hold their codes, are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.telling import units_in
from inventory.models import ProductUnit

Names = Mapping[str, str]  # by code


def units_told(priced: Sequence[tuple[ProductUnit, Sequence[Mapping[str, Any]]]]) -> list[Names]:
    """Return for the unit of each line, with its traces, the names of the units that those tell of.

    The line's own is known; others are looked up for all lines at once, where there are any.
    """
    products = {
        unit.product_id for unit, traces in priced if set().union(*map(units_in, traces)) - {unit.code, ""}
    }
    found: dict[int, dict[str, str]] = {}
    units = ProductUnit.objects.filter(product__in=products)  # of none, nothing is asked
    for product, code, name in units.values_list("product", "code", "name"):
        found.setdefault(product, {})[code] = name
    return [found.get(unit.product_id, {}) | {unit.code: unit.name} for unit, _traces in priced]
