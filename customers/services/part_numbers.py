"""What customers call our products: looked up while entering, remembered, imported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from customers.errors import NumberTaken
from customers.models import Customer, CustomerPartNumber
from customers.models.part_numbers import compared
from customers.services.customers_there import customer_wanted, customers_by_code
from customers.services.units_there import UnitsThere, units_there
from inventory.models import Product, ProductUnit
from oms.importing.plans import Plan, Upsert, in_batches
from oms.importing.problems import Problems
from oms.models import User

FIELDS = ("customer", "number", "unit", "learned", "created_by")


def units_called(customer_id: int, numbers: Iterable[str]) -> dict[str, int]:
    """Return the unit that each of these means to the customer, for those that mean something, in one query."""
    wanted = set(numbers)
    rows = CustomerPartNumber.objects.filter(customer=customer_id).called(wanted).order_by()
    meant = {compared(number): unit for number, unit in rows.values_list("number", "unit_id")}
    return {number: meant[compared(number)] for number in wanted if compared(number) in meant}


def numbers_like(customer_id: int, text: str, *, limit: int) -> list[CustomerPartNumber]:
    """Return the customer's numbers that begin with the text."""
    rows = CustomerPartNumber.objects.filter(customer=customer_id, number__istartswith=text)
    return list(rows.select_related("unit__product").order_by("number")[:limit])


@transaction.atomic
def remember_part_number(customer_id: int, number: str, unit_id: int, *, by: User) -> CustomerPartNumber:
    """From now on the number means this unit when something is entered for the customer.

    Raise NumberTaken when it means another one, or is the SKU of another product.
    """
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    customer = held.merged_into or held
    unit = ProductUnit.objects.select_related("product").get(pk=unit_id)
    require_no_sku(number, unit)
    known = CustomerPartNumber.objects.filter(customer=customer).called({number})
    found = known.select_related("unit__product").first()
    if found is None:
        return CustomerPartNumber.objects.create(
            customer=customer, number=number, unit=unit, learned=True, created_by=by
        )
    if found.unit_id != unit.pk:
        raise NumberTaken(number, found.unit.product.sku, is_sku=False)
    return found


def require_no_sku(number: str, unit: ProductUnit) -> None:
    """Raise NumberTaken when entry would take the number for the SKU of another product."""
    taken = Product.objects.filter(sku__in={number, number.upper()}).exclude(pk=unit.product_id).first()
    if taken is not None:
        raise NumberTaken(number, taken.sku, is_sku=True)


class WantedNumber(NamedTuple):
    """A part number as a row of a file wants it. No unit means the one offered first."""

    row: int
    customer: str
    number: str
    sku: str
    unit: str | None = None


@dataclass(slots=True)
class NumberPlan(Plan):
    """What the rows change."""

    numbers: Upsert = field(
        default_factory=lambda: Upsert(CustomerPartNumber, FIELDS, (None, "", None, False, None))
    )


class _There(NamedTuple):
    customers: Mapping[str, int]  # those the user may see
    units: UnitsThere
    skus: frozenset[str]
    numbers: Mapping[tuple[int, str], tuple[Any, ...]]


def check_numbers(wanted: Sequence[WantedNumber], problems: Problems, *, by: User | None) -> NumberPlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    plan, there = NumberPlan(), _look_up(wanted, by)
    seen: dict[tuple[int, str], int] = {}
    for one in wanted:
        customer = customer_wanted(one.row, one.customer, there.customers, problems)
        unit = there.units.wanted(one.row, (one.sku, one.unit), problems)
        _require_not_a_sku(one, there, problems)
        if customer is None or unit is None or one.row in problems.bad_rows:
            continue
        key = (customer, compared(one.number))
        if key in seen:
            rule = _("stands in row %(row)s already.") % {"row": seen[key]}
            problems.add(one.row, "number", one.number, rule, _("Keep one of the two rows."))
            continue
        seen[key] = one.row
        before = there.numbers.get(key)
        author = by.pk if by and not before else None
        state, fields = plan.numbers.want((customer, one.number, unit[1], None, author), before)
        shown = {"sku": (None, one.sku)} if "unit" in fields else {}
        plan.count(one.row, state, f"{one.customer} {one.number}", shown)
    return plan


def _look_up(wanted: Sequence[WantedNumber], by: User | None) -> _There:
    customers = customers_by_code((one.customer for one in wanted), by)
    units = units_there((one.sku, one.unit) for one in wanted)
    skus: set[str] = set()
    numbers: dict[tuple[int, str], tuple[Any, ...]] = {}
    for batch in in_batches(sorted({one.number for one in wanted})):
        skus.update(_skus_among(batch))
        known = CustomerPartNumber.objects.called(set(batch)).filter(customer__in=customers.values())
        for row in known.order_by().values_list(
            "pk", "customer_id", "number", "unit_id", "learned", "created_by_id"
        ):
            numbers[row[1], compared(row[2])] = row
    return _There(customers, units, frozenset(skus), numbers)


def _skus_among(numbers: Iterable[str]) -> Iterable[str]:
    either = {number for one in numbers for number in (one, one.upper())}
    return Product.objects.filter(sku__any_of=either).order_by().values_list("sku", flat=True)


def _require_not_a_sku(one: WantedNumber, there: _There, problems: Problems) -> None:
    taken = {one.number, one.number.upper()} & there.skus - {one.sku}
    if taken:
        rule = _("is our own SKU of another product, which entry would take.")
        problems.add(one.row, "number", one.number, rule, _("Leave the row out; our SKU is typed instead."))


def save_numbers(plan: NumberPlan) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    plan.numbers.write()
