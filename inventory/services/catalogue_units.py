"""The units of products as a file wants them. Units are added and changed, never removed; a ratio never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext as _

from inventory.models import ProductUnit
from inventory.units import written
from oms.importing.plans import Differences, State, Upsert, Values, in_batches, of_all
from oms.importing.problems import Problems
from oms.sets import set_in_rows

BASE_UNIT = "C62"
SHOWN = frozenset({"name", "gtin", "multiple", "minimum"})
FIELDS = ("product", "code", "name", "numerator", "denominator", "gtin", "multiple", "minimum")

Key = tuple[str, str]  # SKU, unit code


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """A unit of a product; None leaves what is there. `column` names the unit's column in the file.

    The base unit has no ratio. A code that is None stands for the base unit the product has.
    """

    column: str
    code: str | None
    name: str | None = None
    ratio: tuple[int, int] | None = None
    gtin: str | None = None
    multiple: int | None = None
    minimum: int | None = None


class HasUnits(Protocol):
    """A wanted product, seen from its units."""

    @property
    def row(self) -> int: ...
    @property
    def sku(self) -> str: ...
    @property
    def units(self) -> Sequence[WantedUnit]: ...
    @property
    def default_unit(self) -> str | None: ...


@dataclass(slots=True)
class UnitsPlan:
    """What changes in the units: rows, freed GTINs, and which unit is offered first."""

    upsert: Upsert = field(
        default_factory=lambda: Upsert(
            ProductUnit, (*FIELDS, "is_default"), ("", "", "", 1, 1, None, 1, 1, False)
        )
    )
    there: dict[Key, Values] = field(default_factory=dict)
    of_product: dict[str, list[Values]] = field(default_factory=dict)
    freed: list[int] = field(default_factory=list)
    offered: dict[str, str] = field(default_factory=dict)
    gtins: dict[str, tuple[Key, int]] = field(default_factory=dict)

    def look_up(self, wanted: Sequence[HasUnits], problems: Problems) -> None:
        """Read the units these products have, and check every GTIN against all others."""
        for batch in in_batches(sorted(product.sku for product in wanted)):
            rows = ProductUnit.objects.filter(product__sku__in=batch).order_by("pk")
            columns = ("pk", "product__sku", *FIELDS[1:], "is_default")
            for row in rows.values_list(*columns):
                self.there[row[1], row[2]] = row
                self.of_product.setdefault(row[1], []).append(row)
        self._require_own_gtins(wanted, problems)

    def base_of(self, sku: str) -> str:
        """Return the code of the base unit a product has, or gets."""
        return next((row[2] for row in self.of_product.get(sku, []) if row[4] == row[5] == 1), BASE_UNIT)

    def _require_own_gtins(self, wanted: Sequence[HasUnits], problems: Problems) -> None:
        new: dict[Key, str] = {}
        for product in wanted:
            for unit in product.units:
                if unit.gtin is not None:
                    key = (product.sku, unit.code or self.base_of(product.sku))
                    new[key] = unit.gtin
                    owner, row = self.gtins.setdefault(unit.gtin, (key, product.row))
                    if owner != key:
                        _taken(
                            product.row,
                            unit,
                            _("%(sku)s in row %(row)s") % {"sku": owner[0], "row": row},
                            problems,
                        )
        for gtin, owner in _owners(self.gtins):
            key, row = self.gtins[gtin]
            if owner != key and new.get(owner, gtin) == gtin:
                problems.add(
                    row,
                    "gtin",
                    gtin,
                    _("belongs to %(sku)s.") % {"sku": owner[0]},
                    _("Compare the barcodes."),
                )

    def want(self, product: HasUnits, *, is_new: bool, problems: Problems) -> tuple[State, Differences]:
        """Take in the units of a product. Return what they do together and what differs."""
        states: list[State] = []
        fields: Differences = {}
        codes = {row[2] for row in self.of_product.get(product.sku, [])}
        for unit in product.units:
            code = unit.code or self.base_of(product.sku)
            if self._require_fitting(product, unit, code, problems):
                state, differences = self._want_one(product.sku, code, unit)
                states.append(State.CHANGED if state is State.NEW and not is_new else state)
                if state is State.NEW and unit.ratio:
                    fields[f"{code} holds"] = (None, written(Fraction(*unit.ratio)))
                fields |= {f"{code} {name}": pair for name, pair in differences.items() if name in SHOWN}
            codes.add(code)
        states.append(self._offer(product, codes, problems))
        return of_all(states), fields

    def _want_one(self, sku: str, code: str, unit: WantedUnit) -> tuple[State, Differences]:
        numerator, denominator = unit.ratio or (1, 1)
        before = self.there.get((sku, code))
        name = unit.name or (None if before else code)
        wanted = (sku, code, name, numerator, denominator, unit.gtin, unit.multiple, unit.minimum, None)
        if before and unit.gtin and before[6] and before[6] != unit.gtin:
            self.freed.append(before[0])
        return self.upsert.want(wanted, before)

    def _require_fitting(self, product: HasUnits, unit: WantedUnit, code: str, problems: Problems) -> bool:
        """Note it when a unit has no ratio, another one than before, or would be a second base unit."""
        before = self.there.get((product.sku, code))
        ratio = unit.ratio or (1, 1)
        twice = [u for u in product.units if (u.code or self.base_of(product.sku)) == code]
        if twice[0] is not unit:
            problems.add(
                product.row, unit.column, code, _("stands in this row twice."), _("Keep one of them.")
            )
        elif before and (before[4], before[5]) != ratio:
            held = f"{before[4]}/{before[5]}" if before[5] != 1 else str(before[4])
            problems.add(
                product.row,
                unit.column,
                code,
                _("holds %(n)s base units of %(sku)s and keeps doing so.") % {"n": held, "sku": product.sku},
                _("Give the new packing another unit code."),
            )
        elif unit.ratio is None and before is None and self.of_product.get(product.sku):
            problems.add(
                product.row,
                unit.column,
                code,
                _("is not the base unit of %(sku)s.") % {"sku": product.sku},
                _("Write %(unit)s; the base unit never changes.") % {"unit": self.base_of(product.sku)},
            )
        else:
            return True
        return False

    def _offer(self, product: HasUnits, codes: set[str], problems: Problems) -> State:
        """Note which unit is offered first: the wanted one, for a new product else its base unit."""
        rows = self.of_product.get(product.sku, [])
        before = next((row[2] for row in rows if row[9]), None)
        wanted = product.default_unit or before or (product.units[0].code if product.units else None)
        wanted = wanted or self.base_of(product.sku)
        if wanted not in codes:
            problems.add(
                product.row,
                "default_unit",
                wanted,
                _("is no unit of %(sku)s.") % {"sku": product.sku},
                _("Write one of: %(units)s.") % {"units": ", ".join(sorted(codes))},
            )
        elif wanted != before:
            self.offered[product.sku] = wanted
            return State.CHANGED
        return State.SAME

    def skus(self) -> list[str]:
        """Return the products whose units are written."""
        return [row[0] for row in [*self.upsert.new, *self.upsert.changed]] + list(self.offered)

    def write(self, ids: Mapping[str, int]) -> None:
        """Write the units. GTINs that move and units no longer offered first give way before others take over."""
        for batch in in_batches(self.freed):
            ProductUnit.objects.filter(pk__in=batch).update(gtin=None)
        self.upsert.write(product=ids)
        for batch in in_batches(list(self.offered)):
            of_these = ProductUnit.objects.filter(product__in=[ids[sku] for sku in batch])
            of_these.filter(is_default=True).update(is_default=False)
            codes = {
                (product, code): pk
                for pk, product, code in of_these.order_by().values_list("pk", "product_id", "code")
            }
            first = [codes[ids[sku], self.offered[sku]] for sku in batch]
            set_in_rows(ProductUnit, first, is_default=[True] * len(first))


def _owners(gtins: Iterable[str]) -> Iterable[tuple[str, Key]]:
    for batch in in_batches(sorted(gtins)):
        rows = ProductUnit.objects.filter(gtin__in=batch).order_by()
        for gtin, sku, code in rows.values_list("gtin", "product__sku", "code"):
            yield str(gtin), (sku, code)


def _taken(row: int, unit: WantedUnit, owner: str, problems: Problems) -> None:
    problems.add(
        row, "gtin", unit.gtin, _("belongs to %(owner)s.") % {"owner": owner}, _("Compare the barcodes.")
    )
