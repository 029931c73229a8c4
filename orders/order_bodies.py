"""What machines may send of an order, and what its codes mean."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.models import Customer
from inventory.errors import NotOrderable, UnknownCodes
from inventory.finding import Code, SalesUnit, units_by_code
from inventory.units import as_ordered
from oms.api.fields import DayField, NumberField, Strict, TextField
from oms.api.problems import Unprocessable
from oms.company import business_day
from oms.errors import NotAllowed, Problem
from oms.models import User
from oms.money import HUNDRED
from oms.numbers import LARGEST_QUANTITY
from orders.discounts import MOST_DISCOUNTS, NO_DISCOUNT, DocumentDiscount, on_line
from orders.models.lines import LONGEST_NOTE
from orders.services.capturing import MOST_LINES, PERCENT_DECIMALS, PRICE_DECIMALS, Header
from orders.services.charging import offered_kinds
from orders.services.checking import wrong_day
from orders.services.pricing import LineInput

HIGHEST_PRICE = Decimal(LARGEST_QUANTITY) - 1
TYPE_PRICES = "orders.override_price"


class LineBody(Strict):
    """A line to order. A price or discount stands in place of the customer's; typing one needs its own right."""

    sku = TextField(most=60, code=True)
    unit = TextField(most=3, code=True, required=False, help_text="the product's default unit when left out")
    quantity = NumberField(
        decimals=12, most=Decimal(LARGEST_QUANTITY), positive=True, help_text="in the unit"
    )
    unit_price = NumberField(decimals=PRICE_DECIMALS, most=HIGHEST_PRICE, required=False, allow_null=True)
    discount_percent = NumberField(decimals=PERCENT_DECIMALS, most=HUNDRED, required=False)
    discounts = serializers.ListField(
        child=NumberField(decimals=PERCENT_DECIMALS, most=HUNDRED),
        max_length=MOST_DISCOUNTS,
        required=False,
        help_text="several, taken one after the other, in place of discount_percent",
    )
    note = TextField(
        most=LONGEST_NOTE, blank=True, required=False, help_text="printed with the line for the customer"
    )


class ChargeBody(Strict):
    """Something to charge besides the lines; without an amount it costs what it usually does."""

    kind = TextField(most=20, code=True, help_text="the code of a kind of charge")
    amount = NumberField(decimals=4, most=HIGHEST_PRICE, required=False)


class OrderBody(Strict):
    """An order to enter. What is left out comes from the customer."""

    customer = TextField(most=40, code=True, help_text="the customer's code")
    ship_to = TextField(most=40, code=True, required=False, help_text="the code of one of its addresses")
    customer_po = TextField(most=60, blank=True, required=False, help_text="the customer's own number")
    requested_on = DayField(
        required=False, help_text="when the customer wants the goods; today when left out"
    )
    reference = TextField(most=60, code=True, required=False, help_text="your number for it, used once")
    note = TextField(most=500, blank=True, required=False)
    discount_percent = NumberField(
        decimals=PERCENT_DECIMALS, most=HUNDRED, required=False, help_text="off all lines"
    )
    discount_amount = NumberField(
        decimals=4, most=HIGHEST_PRICE, required=False, help_text="off all lines, in place of a percentage"
    )
    charges = ChargeBody(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    lines = LineBody(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]


class CancelBody(Strict):
    """Why it is cancelled, for the order's history."""

    reason = TextField(most=500, blank=True, required=False)


class NoBody(Strict):
    """Nothing: an empty object, or no body at all."""


def read_order(body: dict[str, Any], *, by: User) -> tuple[Header, list[LineInput]]:
    """Return what the codes of a body mean to this user; raise Unprocessable with every one that means nothing."""
    discount = DocumentDiscount(
        body.get("discount_percent", Decimal(0)), body.get("discount_amount", Decimal(0))
    )
    require_may_price(body["lines"], by, discount)
    problems: list[Problem] = []
    header = _header(body, discount, by, problems)
    lines = read_lines(body["lines"], problems)
    if header is None or problems:
        raise Unprocessable(problems)
    return header, lines


def require_may_price(
    lines: list[dict[str, Any]], by: User, discount: DocumentDiscount = NO_DISCOUNT
) -> None:
    """Raise NotAllowed when a price or discount is told and the user may not type one."""
    typed = any(discount) or any(
        line.get("unit_price") is not None or line.get("discount_percent") or line.get("discounts")
        for line in lines
    )
    if typed and not by.has_perm(TYPE_PRICES):
        raise NotAllowed(_("You may not type prices or discounts; leave unit_price and all discounts out."))


def _header(
    body: dict[str, Any], discount: DocumentDiscount, by: User, problems: list[Problem]
) -> Header | None:
    if all(discount):
        what = _("The discount on all is a percentage or an amount, not both.")
        problems.append(Problem("/discount_amount", what))
    customer = Customer.objects.visible_to(by).filter(code=body["customer"]).first()
    if customer is None:
        problems.append(Problem("/customer", _("There is no “%(code)s”.") % {"code": body["customer"]}))
        return None
    day = body.get("requested_on")
    if day is not None and (what := wrong_day(day, business_day())):
        problems.append(Problem("/requested_on", what))
    return Header(
        customer.pk,
        ship_to_id=read_address(customer, body.get("ship_to"), problems),
        customer_po=body.get("customer_po", ""),
        requested_on=day,
        reference=body.get("reference"),
        note=body.get("note", ""),
        discount=discount,
        charges=_read_charges(body.get("charges", []), problems),
    )


def _read_charges(charges: list[dict[str, Any]], problems: list[Problem]) -> dict[int, Decimal]:
    """Return the charges by kind; a kind that is not offered, or twice, is noted among `problems`."""
    known = {kind.code: kind for kind in offered_kinds()} if charges else {}
    found: dict[int, Decimal] = {}
    for index, charge in enumerate(charges):
        kind = known.get(charge["kind"])
        if kind is None or kind.pk in found:
            what = _("There is no “%(code)s”.") if kind is None else _("“%(code)s” stands there twice.")
            problems.append(Problem(f"/charges/{index}/kind", what % {"code": charge["kind"]}))
            continue
        found[kind.pk] = charge.get("amount", kind.amount or Decimal(0))
    return found


def read_address(customer: Customer, code: str | None, problems: list[Problem]) -> int | None:
    """Return the id of an address for goods by its code; one that is not there is noted among `problems`."""
    if code is None:
        return None
    found = customer.addresses.filter(code=code, is_ship_to=True).values_list("pk", flat=True).first()
    if found is None:
        what = _("%(customer)s has no address “%(code)s” for goods.") % {"customer": customer, "code": code}
        problems.append(Problem("/ship_to", what))
    return found


def read_lines(
    lines: list[dict[str, Any]], problems: list[Problem], *, at: str = "/lines"
) -> list[LineInput]:
    """Return the lines whose codes and quantities mean something; the others are noted among `problems`."""
    units = _units({_code(line) for line in lines})
    found = [
        _line(f"{at}/{index}", line, units.get(_code(line)), problems) for index, line in enumerate(lines)
    ]
    return [line for line in found if line is not None]


def _code(line: dict[str, Any]) -> Code:
    return line["sku"], line.get("unit", "")


def _units(codes: set[Code]) -> dict[Code, SalesUnit]:
    """Return the units of the codes that there are."""
    try:
        return units_by_code(codes)
    except UnknownCodes as unknown:
        missing = set(unknown.codes)
        return units_by_code({(sku, unit) for sku, unit in codes if f"{sku} {unit}".strip() not in missing})


def _line(at: str, line: dict[str, Any], unit: SalesUnit | None, problems: list[Problem]) -> LineInput | None:
    if unit is None:
        what = _("There is no “%(code)s”.") % {"code": " ".join(_code(line)).strip()}
        problems.append(Problem(f"{at}/sku", what))
        return None
    try:
        ordered = as_ordered(line["quantity"], unit, sku=unit.sku, name=unit.unit)
    except NotOrderable as refusal:
        problems.append(Problem(f"{at}/quantity", str(refusal)))
        return None
    discounts = line.get("discounts", [])
    if discounts and line.get("discount_percent"):
        what = _("Send discounts or discount_percent, not both.")
        problems.append(Problem(f"{at}/discounts", what))
        return None
    given = on_line(discounts or [line.get("discount_percent", Decimal(0))])
    return LineInput(unit.unit_id, ordered, line.get("unit_price"), **given, note=line.get("note", ""))
