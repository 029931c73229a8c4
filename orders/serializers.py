"""How orders are written for machines."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from inventory.units import from_base, written
from oms.api.doorway import acting
from oms.api.fields import as_decimal, as_money
from orders.masking import hold_reason_for
from orders.models import Hold, Order, OrderCharge, OrderLine, OrderTax
from orders.status import HoldKind, OrderStatus

BUCKETS = ("ordered", "open", "allocated", "picked", "packed", "shipped", "cancelled")
SHOWN_OF_LINES = (
    "order_id", "position", *BUCKETS, "list_price", "unit_price", "discount_percent", "amount", "document_discount",
    "tax_percent", "trace", "product__sku", "product__name", "ship_on", "promised_on", "unit__code", "unit__numerator",
    "unit__denominator", "warehouse__code",
)  # fmt: skip


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
