"""Orders that an outside system knows by its reference: the same reference is the same order, entered once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.address_rules import wrong_parts
from customers.models import Address
from customers.status import CustomerStatus
from inventory.errors import NotRepresentable
from inventory.status import ProductStatus
from inventory.units import misfit, to_base
from oms.errors import Refused
from oms.importing.plans import Plan, Source, State
from oms.importing.problems import Problems, refuse
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from oms.sets import insert_rows
from orders.discounts import on_line, several_of
from orders.models import Order, OrderLine
from orders.services.capturing import Header, enter_order
from orders.services.outside_there import There, Unit, WantedLine, WantedOrder, look_up
from orders.services.pricing import LineInput

LARGEST_AMOUNT = Decimal(10) ** 13
HEADER = ("customer", "customer_po", "ordered_on", "requested_on", "warehouse", "note")
PLACE = ("name", "street", "postal_code", "city", "region", "country")

Place = tuple[str, ...]  # as PLACE


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that will be entered. A ship-to that is not known yet stands by its customer and place."""

    wanted: WantedOrder
    header: dict[str, Any]
    place: Place | None
    lines: list[LineInput]


@dataclass(slots=True)
class OrdersPlan(Plan):
    """What the rows change: places to ship to, and draft orders."""

    places: dict[tuple[int, Place], str] = field(default_factory=dict)  # by customer, with their codes
    orders: list[NewOrder] = field(default_factory=list)


def check_outside_orders(wanted: Sequence[WantedOrder], problems: Problems, *, by: User | None) -> OrdersPlan:
    """Return which orders are new and which are there, noting what is wrong. Nothing is written."""
    plan, there = OrdersPlan(), look_up(wanted, by)
    for order in wanted:
        known = there.orders.get(order.reference)
        lines = [_line(line, there, problems, is_new=known is None) for line in order.lines]
        if order.customer not in there.customers:
            rule, remedy = _("is not known."), _("Import the customer first, or correct the code.")
            problems.add(order.row, "customer", order.customer, rule, remedy)
        elif known is not None:
            if all(problems.all_read(line.row) for line in order.lines):
                _require_same(order, known, lines, there, problems)
            plan.count(order.row, State.SAME, order.reference)
        else:
            _plan_new(order, [line for line in lines if line], there, plan, problems)
            plan.count(
                order.row, State.NEW, f"{order.reference} {order.customer}", {"lines": (None, len(lines))}
            )
    return plan


def _line(line: WantedLine, there: There, problems: Problems, *, is_new: bool) -> LineInput | None:
    """Return what a row orders, in base units; None, noted, when that cannot be."""
    unit = _unit_of(line, there, problems)
    good = not is_new or _require_orderable(line, unit, problems)
    if not there.may_price and (line.unit_price is not None or line.discounts):
        rule = _("needs the right to type prices.")
        problems.add(
            line.row, "unit_price", line.unit_price, rule, _("Leave it empty; the list's price is taken.")
        )
    ordered = _counted(line, unit, problems) if unit and good else None
    if unit is None or ordered is None:
        return None
    return LineInput(unit.id, ordered, line.unit_price, **on_line(line.discounts))


def _counted(line: WantedLine, unit: Unit, problems: Problems) -> int | None:
    """Return the quantity in base units; None, noted, when it is no whole number of them."""
    try:
        return to_base(line.quantity, numerator=unit.numerator, denominator=unit.denominator)
    except NotRepresentable as error:
        nearest = _("Write %(less)s or %(more)s.") % {"less": error.nearest[0], "more": error.nearest[1]}
        problems.add(line.row, "quantity", line.quantity, _("is no whole number of base units."), nearest)
        return None


def _unit_of(line: WantedLine, there: There, problems: Problems) -> Unit | None:
    unit = there.units.get((line.sku, line.unit))
    if unit is None:
        known = sorted(code for sku, code in there.units if sku == line.sku and code)
        if known:
            rule, remedy = _("is no unit of %(sku)s."), _("Write one of: %(units)s.")
            values = {"sku": line.sku, "units": ", ".join(known)}
            problems.add(line.row, "unit", line.unit, rule % values, remedy % values)
        else:
            rule, remedy = _("is not known."), _("Import the product first, or correct the SKU.")
            problems.add(line.row, "sku", line.sku, rule, remedy)
    return unit


def _require_orderable(line: WantedLine, unit: Unit | None, problems: Problems) -> bool:
    """Note what nobody can order: nothing, too much, what it is not sold in, or a product that is not sold."""
    sold = unit is not None and _require_sold(line, unit, problems)
    return _require_orderable_quantity(line, unit, problems) and sold


def _require_sold(line: WantedLine, unit: Unit, problems: Problems) -> bool:
    if unit.status == ProductStatus.ACTIVE:
        return True
    rule = _("is %(status)s and not sold.") % {"status": ProductStatus(unit.status).label}
    problems.add(line.row, "sku", line.sku, rule, _("Take the line out, or take its successor."))
    return False


def _require_orderable_quantity(line: WantedLine, unit: Unit | None, problems: Problems) -> bool:
    amount = line.quantity * (line.unit_price or 0)
    largest = Fraction(LARGEST_QUANTITY * unit.denominator, unit.numerator) if unit else LARGEST_QUANTITY
    if not 0 < line.quantity <= largest or amount >= LARGEST_AMOUNT:
        rule, remedy = _("is not a quantity one can order."), _("Write a number from 1 on.")
        problems.add(line.row, "quantity", line.quantity, rule, remedy)
    elif unit and (problem := misfit(line.quantity, unit)):
        rule = _("cannot be ordered of %(sku)s: %(rule)s.") % {"sku": line.sku, "rule": problem.rule}
        remedy = _("Write %(nearest)s.") % {"nearest": problem.choice}
        problems.add(line.row, "quantity", line.quantity, rule, remedy)
    else:
        return True
    return False


def _plan_new(
    order: WantedOrder, lines: list[LineInput], there: There, plan: OrdersPlan, problems: Problems
) -> None:
    """Take in an order that is not there yet."""
    pk, _name, status = there.customers[order.customer]
    if status != CustomerStatus.ACTIVE:
        rule, remedy = _("is blocked."), _("Ask finance to let the customer buy again.")
        problems.add(order.row, "customer", order.customer, rule, remedy)
    if order.warehouse and order.warehouse not in there.warehouses:
        remedy = _("Write one of: %(codes)s.") % {"codes": ", ".join(sorted(there.warehouses)[:10])}
        problems.add(order.row, "warehouse", order.warehouse, _("is not known."), remedy)
    address, place = _ship_to(order, there, plan, problems)
    if not any(a.is_bill_to for a in there.addresses.get(pk, [])):
        rule, remedy = _("has no address for bills."), _("Import one with the customers.")
        problems.add(order.row, "customer", order.customer, rule, remedy)
    header = {
        "customer_id": pk,
        "ship_to_id": address,
        "warehouse_id": there.warehouses.get(order.warehouse or ""),
        "customer_po": order.customer_po or "",
        "ordered_on": order.ordered_on,
        "requested_on": order.requested_on,
        "reference": order.reference,
        "note": order.note or "",
    }
    plan.orders.append(NewOrder(order, header, place, lines))


def _ship_to(
    order: WantedOrder, there: There, plan: OrdersPlan, problems: Problems
) -> tuple[int | None, Place | None]:
    """Return where the order goes: the id of an address, or a place that will be one."""
    pk, name, _status = there.customers[order.customer]
    usable = [address for address in there.addresses.get(pk, []) if address.is_ship_to]
    if order.ship_to is not None:
        if order.address:
            rule, remedy = (
                _("stands beside a ship-to of its own."),
                _("Give the code or the place, not both."),
            )
            problems.add(order.row, "address", order.address, rule, remedy)
        place = _place_of(order, name, problems)
        found = next((address.pk for address in usable if place_of(address) == place), None)
        if found is None:
            plan.places.setdefault((pk, place), _next_code(pk, there, plan))
        return found, None if found else place
    if order.address:
        found = next((address.pk for address in usable if address.code == order.address), None)
        if found is None:
            codes = ", ".join(address.code for address in usable[:10])
            rule = _("is no address of %(customer)s for goods.") % {"customer": order.customer}
            problems.add(
                order.row, "address", order.address, rule, _("Write one of: %(codes)s.") % {"codes": codes}
            )
        return found, None
    if not usable:
        rule, remedy = (
            _("has no address for goods."),
            _("Import one with the customers, or fill in the ship-to."),
        )
        problems.add(order.row, "customer", order.customer, rule, remedy)
    return None, None


def _place_of(order: WantedOrder, name: str, problems: Problems) -> Place:
    """Return the ship-to an order spells out; a missing street, city or country is noted."""
    values = dict(zip(PLACE, order.ship_to or (), strict=True))
    for needed in ("street", "city", "country"):
        if not values[needed]:
            rule, remedy = _("is needed for a ship-to."), _("Fill it in, or leave all of the ship-to empty.")
            problems.add(order.row, f"ship_to_{needed}", "", rule, remedy)
    if values["country"]:
        parts = {part: values[part] or "" for part in ("country", "postal_code", "region")}
        for part, wrong in wrong_parts(**parts).items():
            problems.add(order.row, f"ship_to_{part}", parts[part], wrong.rule, wrong.remedy)
    return tuple((values[part] or "") if part != "name" else (values[part] or name) for part in PLACE)


def place_of(address: Address) -> Place:
    return tuple(str(getattr(address, part)) for part in PLACE)


def _next_code(customer: int, there: There, plan: OrdersPlan) -> str:
    taken = {address.code for address in there.addresses.get(customer, [])}
    taken |= {code for (pk, _place), code in plan.places.items() if pk == customer}
    number = len(taken)
    while f"SHIP-{number}" in taken:
        number += 1
    return f"SHIP-{number}"


def _require_same(
    order: WantedOrder, known: Order, lines: Sequence[LineInput | None], there: There, problems: Problems
) -> None:
    """Note it when the order that has this reference says something else."""
    there_lines = there.lines.get(known.pk, [])
    customer, _name, _status = there.customers[order.customer]
    if known.customer_id != customer:  # whose it is is not said: it may be nobody the user may see
        rule, remedy = (
            _("is used by an order of another customer."),
            _("Give the new order another reference."),
        )
        problems.add(order.row, "reference", order.reference, rule, remedy)
    elif difference := _header_difference(order, known, there) or _line_difference(lines, there_lines):
        rule = _("is order %(number)s already, with another content: %(difference)s.")
        values = {"number": known.number, "difference": difference}
        remedy = _("Change %(number)s itself, or give the new order another reference.")
        problems.add(order.row, "reference", order.reference, rule % values, remedy % values)


def _header_difference(order: WantedOrder, known: Order, there: There) -> str:
    house = {
        "customer_po": known.customer_po,
        "ordered_on": known.ordered_on,
        "requested_on": known.requested_on,
        "warehouse": known.warehouse.code,
        "note": known.note,
    }
    for name, said in house.items():
        value = getattr(order, name)
        if value is not None and value != said:
            return _("%(column)s is %(there)s there") % {"column": name, "there": said or "-"}
    if order.address and order.address != known.ship_to.code:
        return _("%(column)s is %(there)s there") % {"column": "address", "there": known.ship_to.code}
    if order.ship_to is not None:
        place = _place_of(order, there.customers[order.customer][1], Problems())
        if place != place_of(known.ship_to):
            return _("%(column)s is %(there)s there") % {"column": "ship_to", "there": known.ship_to}
    return ""


def _line_difference(lines: Sequence[LineInput | None], house: Sequence[OrderLine]) -> str:
    if len(lines) != len(house):
        return _("it has %(n)s lines there") % {"n": len(house)}
    for position, (line, there) in enumerate(zip(lines, house, strict=True), start=1):
        if line is None:
            continue
        said = (line.unit_id, line.ordered, line.discount_percent, several_of(line.discounts))
        same = said == (there.unit_id, there.ordered, there.discount_percent, several_of(there.discounts))
        if not same or (line.unit_price is not None and line.unit_price != there.unit_price):
            return _("line %(line)s differs") % {"line": position}
    return ""


@transaction.atomic
def save_outside_orders(plan: OrdersPlan, source: Source) -> None:
    """Enter the orders as drafts. The caller holds the turn of this kind of file.

    Raise FileRefused, naming the row, when an order is refused after all; then nothing is left of any.
    """
    places = _make_places(plan)
    for order in plan.orders:
        header = dict(order.header)
        if order.place is not None:
            header["ship_to_id"] = places[header["customer_id"], order.place]
        try:
            enter_order(Header(**header), order.lines, by=source.by)
        except Refused as refusal:
            raise refuse(
                str(refusal), row=order.wanted.row, column="reference", value=order.wanted.reference
            ) from refusal


def _make_places(plan: OrdersPlan) -> dict[tuple[int, Place], int]:
    """Make an address for goods of every place that is not known yet."""
    keys = list(plan.places)
    columns: dict[str, list[Any]] = {
        "customer_id": [customer for customer, _place in keys],
        "code": list(plan.places.values()),
    }
    for position, part in enumerate(PLACE):
        columns[part] = [place[position] for _customer, place in keys]
    return dict(zip(keys, insert_rows(Address, columns, is_bill_to=False, is_ship_to=True), strict=True))
