"""How quotes are written for machines: the version in force, with its lines and what they come to."""

from typing import Any

from rest_framework import serializers

from orders.models import QuoteLine
from orders.serializers import (
    ChargeSerializer,
    PartySerializer,
    TaxSerializer,
    TotalsSerializer,
    in_its_unit,
    prices_of,
)
from orders.status import Deciding, Outcome, QuoteStatus


class QuoteLineSerializer(serializers.Serializer[Any]):
    """A line of the version in force. Prices are per `unit`."""

    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(help_text="UN/ECE Recommendation 20")
    note = serializers.CharField(help_text="printed with the line for the customer")
    base_quantity = serializers.IntegerField(help_text="in the product's base unit")
    quantity = serializers.CharField(help_text="in the line's unit")
    list_price = serializers.CharField(allow_null=True)
    unit_price = serializers.CharField(allow_null=True, help_text="null while nothing prices the line")
    discount_percent = serializers.CharField(help_text="what its discounts come to")
    discounts = serializers.ListField(
        child=serializers.CharField(), help_text="each of them, taken one after the other"
    )
    amount = serializers.CharField(help_text="net of its discounts, in the quote's currency")
    document_discount = serializers.CharField(help_text="its part of the discount on all lines")
    tax_percent = serializers.CharField(allow_null=True, help_text="null where nothing is taxed")

    def to_representation(self, line: QuoteLine) -> dict[str, Any]:
        return {
            "position": line.position,
            "sku": line.product.sku,
            "name": line.product.name,
            "unit": line.unit.code,
            "note": line.note,
            "base_quantity": line.ordered,
            "quantity": in_its_unit(line, line.ordered),
            **prices_of(line, line.version.quote.currency.exponent),
        }


class DeciderSerializer(serializers.Serializer[Any]):
    """Somebody of the customer who has to accept."""

    name = serializers.CharField()


class QuoteSummary(TotalsSerializer):
    """What was offered to a customer, by the version in force: the one drafted or sent last."""

    number = serializers.CharField()
    version = serializers.IntegerField(source="version_number")
    status = serializers.ChoiceField(QuoteStatus.choices)
    customer = PartySerializer()
    customer_po = serializers.CharField()
    valid_until = serializers.DateField(help_text="the last day, to its end in the customer's zone")
    warehouse = serializers.CharField(source="warehouse.code")
    prices_include_tax = serializers.BooleanField(source="in_force.prices_include_tax")
    outcome = serializers.ChoiceField(
        Outcome.choices, allow_blank=True, help_text="won or lost by; empty where nobody has said"
    )
    status_since = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


class QuoteSerializer(QuoteSummary):
    """What was offered to a customer, with the lines of the version in force and who has to accept it."""

    ship_to = serializers.CharField(source="ship_to.code", help_text="the code of the customer's address")
    revision = serializers.IntegerField(help_text="counts edits of the draft")
    sent_at = serializers.DateTimeField(
        source="in_force.sent_at", allow_null=True, help_text="null: the version is a draft"
    )
    accepted_by = serializers.CharField(help_text="empty until it is accepted")
    deciding = serializers.ChoiceField(Deciding.choices, source="in_force.deciding")
    deciders = DeciderSerializer(
        many=True,
        source="in_force.deciders",
        help_text="who has to accept, in their order; none: whoever has the link",
    )
    charged = ChargeSerializer(many=True, source="in_force.charged", help_text="each charge")
    taxes = TaxSerializer(many=True, source="in_force.taxes", help_text="the tax of each rate")
    tax_note = serializers.CharField(
        source="in_force.tax_note", help_text="why there is no tax, where that is said on papers"
    )
    lines = QuoteLineSerializer(many=True, source="in_force.lines")
    as_of = serializers.DateTimeField(
        required=False, help_text="only of the past: since when it stood as it did at the moment asked for"
    )
