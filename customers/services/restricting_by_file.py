"""What is sold to some only, named by a file. A file adds; what is there already stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.models import CustomerGroup, RestrictedSale
from customers.services.customers_there import customers_by_code
from inventory.models import Category, Product
from oms.importing.plans import BATCH, Plan, State, in_batches
from oms.importing.problems import Problems
from oms.models import User
from oms.sets import insert_rows

FIELDS = ("product", "category", "customer", "group")
Named = tuple[int | None, ...]  # the ids of these


class WantedSale(NamedTuple):
    """A row: a product or a category, and the customer or the group that it is sold to."""

    row: int
    sku: str | None
    category: str | None
    customer: str | None
    group: str | None

    @property
    def first(self) -> tuple[str, str | None]:
        """The column that says what is sold, and what it says."""
        return ("sku", self.sku) if self.sku or not self.category else ("category", self.category)

    def __str__(self) -> str:
        return f"{self.sku or self.category} → {self.customer or self.group}"


@dataclass(slots=True)
class SalePlan(Plan):
    """What the rows add."""

    new: list[Named] = field(default_factory=list)


There = Mapping[str, Mapping[str, int]]  # ids by code, of each column


def check_sales(wanted: Sequence[WantedSale], problems: Problems, *, by: User | None) -> SalePlan:
    """Return what these rows add, noting what is wrong with them. Nothing is written."""
    plan, there = SalePlan(), _look_up(wanted, by)
    known = _known(there)
    seen: dict[Named, int] = {}
    for one in wanted:
        named = _named(one, there, problems)
        if one.row in problems.bad_rows:
            continue
        if named in seen:
            rule = _("stands in row %(row)s already.") % {"row": seen[named]}
            problems.add(one.row, *one.first, rule, _("Keep one of the two rows."))
            continue
        seen[named] = one.row
        if named not in known:
            plan.new.append(named)
        plan.count(one.row, State.SAME if named in known else State.NEW, str(one))
    return plan


def _look_up(wanted: Sequence[WantedSale], by: User | None) -> There:
    groups = CustomerGroup.objects.order_by().values_list("code", "pk")
    return {
        "sku": _ids(Product, "sku", (one.sku for one in wanted)),
        "category": _ids(Category, "code", (one.category for one in wanted)),
        "customer": customers_by_code((one.customer for one in wanted if one.customer), by),
        "group": dict(groups),
    }


def _ids(model: Any, column: str, values: Iterable[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in in_batches(sorted({value for value in values if value})):
        rows = model.objects.filter(**{f"{column}__any_of": batch}).order_by()
        found.update(rows.values_list(column, "pk"))
    return found


def _known(there: There) -> set[Named]:
    """Return what is named already of these products and categories."""
    found: set[Named] = set()
    for batch in in_batches(sorted(there["sku"].values())):
        found.update(RestrictedSale.objects.filter(product__any_of=batch).order_by().values_list(*FIELDS))
    categories = Q(category__any_of=list(there["category"].values()))
    found.update(RestrictedSale.objects.filter(categories).order_by().values_list(*FIELDS))
    return found


def _named(one: WantedSale, there: There, problems: Problems) -> Named:
    """Return what a row names; note where it names nothing, two things, or what there is not."""
    _require_one(
        one, ("sku", "category"), _("Write the SKU of a product or the code of a category."), problems
    )
    whom = _("Write the code of a customer or of a group.")
    _require_one(one, ("customer", "group"), whom, problems)
    return tuple(
        _known_id(one, name, there[name], problems) for name in ("sku", "category", "customer", "group")
    )


def _require_one(one: WantedSale, names: tuple[str, str], remedy: str, problems: Problems) -> None:
    first, second = (getattr(one, name) for name in names)
    if first and second:
        problems.add(one.row, names[1], second, _("stands beside another one."), remedy)
    elif not (first or second):
        problems.add(one.row, names[0], first, _("is empty, and so is the other one."), remedy)


def _known_id(one: WantedSale, name: str, there: Mapping[str, int], problems: Problems) -> int | None:
    value = getattr(one, name)
    if value and value not in there:
        problems.add(one.row, name, value, _("is not known."), _("Write a code that is there."))
    return there.get(value)


def save_sales(plan: SalePlan) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    for start in range(0, len(plan.new), BATCH):
        part = plan.new[start : start + BATCH]
        insert_rows(RestrictedSale, {name: [row[i] for row in part] for i, name in enumerate(FIELDS)})
