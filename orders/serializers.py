"""How orders are written for machines. Who sees them for the warehouse's sake reads null for prices and amounts."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inventory.units import from_base, written
from oms.api.doorway import acting
from oms.api.fields import as_decimal, as_money
from orders.masking import hold_reason_for, may_see_prices
from orders.models import Hold, OrderCharge, OrderLine, OrderTax
from orders.status import HoldKind, OrderStatus

BUCKETS = ("ordered", "open", "allocated", "picked", "packed", "shipped", "cancelled")
SHOWN_OF_LINES = (
    "order_id", "position", *BUCKETS, "list_price", "unit_price", "discount_percent", "amount", "document_discount",
    "tax_percent", "trace", "note", "product__sku", "product__name", "ship_on", "promised_on", "unit__code",
    "unit__numerator", "unit__denominator", "warehouse__code",
)  # fmt: skip


PRICES = (
    "list_price",
    "unit_price",
    "discount_percent",
    "discounts",
    "amount",
    "document_discount",
    "tax_percent",
)
MONEY = {"type": "string", "nullable": True}


def sees_prices(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    return may_see_prices(acting(field.context["request"]))


@extend_schema_field(MONEY)
class Amount(serializers.Field[Any, Any, Any, Any]):
    """An amount that a document comes to, in its currency. Those of a quote are its version's in force."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, document: Any) -> str | None:
        totalled = getattr(document, "in_force", document)
        return as_money(getattr(totalled, self.of), document.currency.exponent) if sees_prices(self) else None


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
    note = serializers.CharField(help_text="printed with the line for the customer")
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
    discount_percent = serializers.CharField(allow_null=True, help_text="what its discounts come to")
    discounts = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="each of them, taken one after the other"
    )
    amount = serializers.CharField(
        allow_null=True, help_text="of what is not cancelled, net of its discounts, in the order's currency"
    )
    document_discount = serializers.CharField(
        allow_null=True, help_text="its part of the discount on all lines"
    )
    tax_percent = serializers.CharField(allow_null=True, help_text="null where nothing is taxed")

    def to_representation(self, line: OrderLine) -> dict[str, Any]:
        base = {bucket: getattr(line, bucket) for bucket in BUCKETS}
        return {
            "position": line.position,
            "sku": line.product.sku,
            "name": line.product.name,
            "unit": line.unit.code,
            "note": line.note,
            "warehouse": line.warehouse.code,
            "ship_on": line.ship_on and line.ship_on.isoformat(),
            "promised_on": line.promised_on and line.promised_on.isoformat(),
            "base_quantities": base,
            "quantities": {bucket: in_its_unit(line, quantity) for bucket, quantity in base.items()},
            **(prices_of(line, line.order.currency.exponent) if sees_prices(self) else dict.fromkeys(PRICES)),
        }


def prices_of(line: Any, decimals: int) -> dict[str, Any]:
    """Return what a line is sold for, with the decimals of its document's currency."""
    return {
        "list_price": _price(line.list_price, decimals),
        "unit_price": _price(line.unit_price, decimals),
        "discount_percent": as_decimal(line.discount_percent),
        "discounts": [as_decimal(discount) for discount in line.discounts],
        "amount": as_money(line.amount, decimals),
        "document_discount": as_money(line.document_discount, decimals),
        "tax_percent": None if line.tax_percent is None else as_decimal(line.tax_percent),
    }


def in_its_unit(line: Any, quantity: int) -> str:
    """Return base units as the quantity in the line's unit."""
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
    amount = serializers.CharField(allow_null=True)
    tax_percent = serializers.CharField(allow_null=True)

    def to_representation(self, charge: Any) -> dict[str, Any]:
        percent = None if charge.tax_percent is None else as_decimal(charge.tax_percent)
        amounts = {"amount": as_money(charge.amount, _decimals(charge)), "tax_percent": percent}
        told = amounts if sees_prices(self) else dict.fromkeys(amounts)
        return {"kind": charge.kind.code, "name": charge.kind.name, **told}


class TaxSerializer(serializers.Serializer[Any]):
    """What is taxed at one rate, without the tax, and the tax on it."""

    percent = serializers.CharField()
    base = serializers.CharField(allow_null=True)
    tax = serializers.CharField(allow_null=True)

    def to_representation(self, taxed: Any) -> dict[str, Any]:
        decimals = _decimals(taxed)
        amounts = {"base": as_money(taxed.base, decimals), "tax": as_money(taxed.tax, decimals)}
        told = amounts if sees_prices(self) else dict.fromkeys(amounts)
        return {"percent": as_decimal(taxed.percent), **told}


def _decimals(row: Any) -> int:
    """Return the decimals of the currency of a row of an order, or of a version of a quote."""
    document = row.order if isinstance(row, OrderCharge | OrderTax) else row.version.quote
    return int(document.currency.exponent)


class TotalsSerializer(serializers.Serializer[Any]):
    """What a document comes to."""

    currency = serializers.CharField(source="currency_id")
    goods = Amount("goods", help_text="the sum of the lines' amounts")
    discount = Amount("discount", help_text="what the discount on all lines takes off that")
    charges = Amount("charges", help_text="what is charged besides the lines")
    tax = Amount("tax")
    total = Amount("total", help_text="goods less discount, plus charges, plus tax unless prices include it")


class OrderSummary(TotalsSerializer):
    """What a customer buys from us."""

    number = serializers.CharField()
    status = serializers.ChoiceField(OrderStatus.choices)
    customer = PartySerializer()
    customer_po = serializers.CharField()
    reference = serializers.CharField(allow_null=True)
    ordered_on = serializers.DateField()
    requested_on = serializers.DateField()
    warehouse = serializers.CharField(source="warehouse.code")
    prices_include_tax = serializers.BooleanField()
    status_since = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


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
    as_of = serializers.DateTimeField(
        required=False, help_text="only of the past: since when it stood as it did at the moment asked for"
    )
