"""How orders are written for machines and what may be sent of one."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.models import Customer
from inventory.errors import NotOrderable, UnknownCodes
from inventory.finding import Code, SalesUnit, units_by_code
from inventory.units import as_ordered, from_base, written
from oms.api.doorway import acting
from oms.api.fields import DayField, NumberField, Strict, TextField, as_decimal, as_money
from oms.api.problems import Unprocessable
from oms.errors import NotAllowed, Problem
from oms.models import User
from oms.money import HUNDRED
from oms.numbers import LARGEST_QUANTITY
from orders.discounts import MOST_DISCOUNTS, NO_DISCOUNT, DocumentDiscount, on_line
from orders.masking import hold_reason_for
from orders.models import Hold, Order, OrderCharge, OrderLine, OrderTax
from orders.services.capturing import MOST_LINES, PERCENT_DECIMALS, PRICE_DECIMALS, Header
from orders.services.charging import offered_kinds
from orders.services.pricing import LineInput
from orders.status import HoldKind, OrderStatus

BUCKETS = ("ordered", "open", "allocated", "picked", "packed", "shipped", "cancelled")
SHOWN_OF_LINES = (
    "order_id", "position", *BUCKETS, "list_price", "unit_price", "discount_percent", "amount", "document_discount",
    "tax_percent", "trace", "product__sku", "product__name", "ship_on", "promised_on", "unit__code", "unit__numerator",
    "unit__denominator", "warehouse__code",
)  # fmt: skip
HIGHEST_PRICE = Decimal(LARGEST_QUANTITY) - 1
TYPE_PRICES = "orders.override_price"


class PartySerializer(serializers.Serializer[Any]):
    """Who it is: code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class BaseQuantities(serializers.Serializer[Any]):
    """Whole numbers of the product's base unit."""

    ordered = serializers.IntegerField()
    open = serializers.IntegerField(help_text="neither promised from stock, nor on its way, nor cancelled")
    allocated = serializers.IntegerField()
    picked = serializers.IntegerField()
    packed = serializers.IntegerField()
    shipped = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class SalesQuantities(serializers.Serializer[Any]):
    """The same in the line's unit: a decimal, or a fraction such as 1/3 where no decimal is exact."""

    ordered = serializers.CharField()
    open = serializers.CharField()
    allocated = serializers.CharField()
    picked = serializers.CharField()
    packed = serializers.CharField()
    shipped = serializers.CharField()
    cancelled = serializers.CharField()


class LineSerializer(serializers.Serializer[Any]):
    """A line. Each ordered unit is in exactly one of the other quantities. Prices are per `unit`."""

    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(help_text="UN/ECE Recommendation 20")
    warehouse = serializers.CharField()
    ship_on = serializers.DateField(
        allow_null=True,
        help_text="when all of it is promised to leave; null: not confirmed, or nobody knows a day",
    )
    promised_on = serializers.DateField(allow_null=True, help_text="when it is promised to be there")
    base_quantities = BaseQuantities()
    quantities = SalesQuantities()
    list_price = serializers.CharField(allow_null=True)
    unit_price = serializers.CharField(allow_null=True, help_text="null while nothing prices the line")
    discount_percent = serializers.CharField(help_text="what its discounts come to")
    discounts = serializers.ListField(
        child=serializers.CharField(), help_text="each of them, taken one after the other"
    )
    amount = serializers.CharField(
        help_text="of what is not cancelled, net of its discounts, in the order's currency"
    )
    document_discount = serializers.CharField(help_text="its part of the discount on all lines")
    tax_percent = serializers.CharField(allow_null=True, help_text="null where nothing is taxed")

    def to_representation(self, line: OrderLine) -> dict[str, Any]:
        decimals = line.order.currency.exponent
        base = {bucket: getattr(line, bucket) for bucket in BUCKETS}
        return {
            "position": line.position,
            "sku": line.product.sku,
            "name": line.product.name,
            "unit": line.unit.code,
            "warehouse": line.warehouse.code,
            "ship_on": line.ship_on and line.ship_on.isoformat(),
            "promised_on": line.promised_on and line.promised_on.isoformat(),
            "base_quantities": base,
            "quantities": {bucket: _in_unit(line, quantity) for bucket, quantity in base.items()},
            "list_price": _price(line.list_price, decimals),
            "unit_price": _price(line.unit_price, decimals),
            "discount_percent": as_decimal(line.discount_percent),
            "discounts": [as_decimal(discount) for discount in line.discounts],
            "amount": as_money(line.amount, decimals),
            "document_discount": as_money(line.document_discount, decimals),
            "tax_percent": None if line.tax_percent is None else as_decimal(line.tax_percent),
        }


def _in_unit(line: OrderLine, quantity: int) -> str:
    unit = line.unit
    if unit.numerator == unit.denominator == 1:
        return str(quantity)
    return written(from_base(quantity, numerator=unit.numerator, denominator=unit.denominator))


def _price(price: Decimal | None, decimals: int) -> str | None:
    return None if price is None else as_money(price, decimals)


class HoldSerializer(serializers.Serializer[Any]):
    """Why an order may not go on, and whose turn it is."""

    kind = serializers.ChoiceField(HoldKind.choices)
    reason = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.name", allow_null=True)
    since = serializers.DateTimeField()

    def get_reason(self, hold: Hold) -> str:
        return hold_reason_for(acting(self.context["request"]), hold)


class ChargeSerializer(serializers.Serializer[Any]):
    """Something charged besides the lines."""

    kind = serializers.CharField(source="kind.code")
    name = serializers.CharField(source="kind.name")
    amount = serializers.CharField()
    tax_percent = serializers.CharField(allow_null=True)

    def to_representation(self, charge: OrderCharge) -> dict[str, Any]:
        decimals = charge.order.currency.exponent
        percent = None if charge.tax_percent is None else as_decimal(charge.tax_percent)
        return {
            "kind": charge.kind.code,
            "name": charge.kind.name,
            "amount": as_money(charge.amount, decimals),
            "tax_percent": percent,
        }


class TaxSerializer(serializers.Serializer[Any]):
    """What is taxed at one rate, without the tax, and the tax on it."""

    percent = serializers.CharField()
    base = serializers.CharField()
    tax = serializers.CharField()

    def to_representation(self, taxed: OrderTax) -> dict[str, Any]:
        decimals = taxed.order.currency.exponent
        return {
            "percent": as_decimal(taxed.percent),
            "base": as_money(taxed.base, decimals),
            "tax": as_money(taxed.tax, decimals),
        }


class OrderSummary(serializers.Serializer[Any]):
    """What a customer buys from us."""

    number = serializers.CharField()
    status = serializers.ChoiceField(OrderStatus.choices)
    customer = PartySerializer()
    customer_po = serializers.CharField()
    reference = serializers.CharField(allow_null=True)
    ordered_on = serializers.DateField()
    requested_on = serializers.DateField()
    warehouse = serializers.CharField(source="warehouse.code")
    currency = serializers.CharField(source="currency_id")
    goods = serializers.SerializerMethodField(help_text="the sum of the lines' amounts")
    discount = serializers.SerializerMethodField(help_text="what the discount on all lines takes off that")
    charges = serializers.SerializerMethodField(help_text="what is charged besides the lines")
    tax = serializers.SerializerMethodField()
    prices_include_tax = serializers.BooleanField()
    total = serializers.SerializerMethodField(
        help_text="goods less discount, plus charges, plus tax unless prices include it"
    )
    status_since = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    def get_goods(self, order: Order) -> str:
        return as_money(order.goods, order.currency.exponent)

    def get_discount(self, order: Order) -> str:
        return as_money(order.discount, order.currency.exponent)

    def get_charges(self, order: Order) -> str:
        return as_money(order.charges, order.currency.exponent)

    def get_tax(self, order: Order) -> str:
        return as_money(order.tax, order.currency.exponent)

    def get_total(self, order: Order) -> str:
        return as_money(order.total, order.currency.exponent)


class OrderSerializer(OrderSummary):
    """What a customer buys from us, with its lines and what holds it."""

    ship_to = serializers.CharField(source="ship_to.code", help_text="the code of the customer's address")
    bill_to = serializers.CharField(source="bill_to.code", help_text="the code of the customer's address")
    payment_terms = serializers.CharField(source="payment_terms.code")
    note = serializers.CharField()
    revision = serializers.IntegerField(help_text="counts edits and changes; send it with a change")
    holds = HoldSerializer(many=True, help_text="the open ones")
    charged = ChargeSerializer(many=True, help_text="each charge")
    taxes = TaxSerializer(many=True, help_text="the tax of each rate")
    tax_note = serializers.CharField(help_text="why there is no tax, where that is said on papers")
    lines = LineSerializer(many=True)


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
    return Header(
        customer.pk,
        ship_to_id=read_address(customer, body.get("ship_to"), problems),
        customer_po=body.get("customer_po", ""),
        requested_on=body.get("requested_on"),
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
    return LineInput(unit.unit_id, ordered, line.get("unit_price"), **given)
