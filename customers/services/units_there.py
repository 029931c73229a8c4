"""The units of products that the rows of a file name, read in a few statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from inventory.models import ProductUnit
from oms.importing.plans import in_batches
from oms.importing.problems import Problems

Named = tuple[str, str | None]  # SKU and unit code; no code is the unit offered first


@dataclass
class UnitsThere:
    """Product and unit, by SKU and unit code."""

    ids: Mapping[Named, tuple[int, int]]

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """The units' codes, by SKU, for whoever wrote another one."""
        found: dict[str, list[str]] = {}
        for sku, code in self.ids:
            if code:
                found.setdefault(sku, []).append(code)
        return {sku: sorted(codes) for sku, codes in found.items()}

    def wanted(self, row: int, named: Named, problems: Problems) -> tuple[int, int] | None:
        """Return the product and unit that a row names; None, noted, when there is none."""
        found = self.ids.get(named)
        if found is None:
            self._note(row, named, problems)
        return found

    def _note(self, row: int, named: Named, problems: Problems) -> None:
        sku, unit = named
        known = self.codes.get(sku, []) if unit else []
        if known:
            rule, remedy = _("is no unit of %(sku)s.") % {"sku": sku}, _("Write one of: %(units)s.")
            problems.add(row, "unit", unit, rule, remedy % {"units": ", ".join(known)})
        else:
            rule, remedy = _("is not known."), _("Import the product first, or correct it.")
            problems.add(row, "sku", sku, rule, remedy)


def units_there(named: Iterable[Named]) -> UnitsThere:
    """Look up what these name; without a code only where one is named so, for a large file names many."""
    wanted = set(named)
    unnamed = {sku for sku, code in wanted if code is None}
    found: dict[Named, tuple[int, int]] = {}
    for batch in in_batches(sorted({sku for sku, _code in wanted})):
        rows = ProductUnit.objects.filter(product__sku__any_of=batch).order_by()
        for sku, code, product, pk, first in rows.values_list(
            "product__sku", "code", "product_id", "pk", "is_default"
        ):
            found[sku, code] = (product, pk)
            if first and sku in unnamed:
                found[sku, None] = found[sku, code]
    return UnitsThere(found)
