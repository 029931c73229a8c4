"""Agreements with their lines and what is left of them, for machines to read."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from customers.models import Agreement
from customers.services.pacing import with_lines
from customers.status import AgreementStatus
from oms.api.doorway import Resource, acting
from oms.api.filters import Filters


class AgreementLineSerializer(serializers.Serializer[Any]):
    """The frozen price of one unit, or a percentage; quantities are base units, values in the agreement's currency."""

    sku = serializers.CharField(source="product.sku", allow_null=True)
    category = serializers.CharField(
        source="category.code",
        allow_null=True,
        help_text="without a SKU; null with neither is for everything",
    )
    unit = serializers.CharField(source="unit.code", allow_null=True, help_text="UN/ECE Recommendation 20")
    price = serializers.CharField(help_text="per unit; 0 beside a percentage")
    percent = serializers.CharField(
        allow_null=True, help_text="off the price for everyone, instead of a price"
    )
    committed = serializers.IntegerField()
    maximum = serializers.IntegerField(allow_null=True, help_text="null where it does not run out")
    drawn = serializers.IntegerField(help_text="by confirmed orders, less what they gave back")
    left = serializers.IntegerField(allow_null=True)
    committed_value = serializers.CharField(
        help_text="what is paid after line discounts; 0 where quantities count"
    )
    maximum_value = serializers.CharField(
        allow_null=True, help_text="null where it does not run out by value"
    )
    drawn_value = serializers.CharField()
    left_value = serializers.CharField(allow_null=True)


class AgreementSummary(serializers.Serializer[Any]):
    """Prices frozen for a customer and the companies below it."""

    number = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(AgreementStatus.choices)
    customer = serializers.CharField(source="customer.code")
    currency = serializers.CharField(source="currency_id")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(help_text="the first day on which it does not hold any more")


class AgreementSerializer(AgreementSummary):
    """Prices frozen for a customer and the companies below it, with its lines."""

    lines = AgreementLineSerializer(many=True)


class AgreementFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=AgreementStatus.choices)
    customer = django_filters.CharFilter(field_name="customer__code", help_text="the customer's code")


class AgreementResource(Resource[Agreement]):
    """What customers have committed to take, and at which prices."""

    queryset = Agreement.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "number"
    filterset_class = AgreementFilters
    orderings = {"number": "pk", "-number": "-pk"}
    needs = {
        "list": ("customers.view_agreement",),
        "retrieve": ("customers.view_agreement",),
    }
    summary_class = AgreementSummary
    full_class = AgreementSerializer

    def visible(self) -> QuerySet[Agreement]:
        return Agreement.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
        return rows.select_related("customer")

    def for_page(self, rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
        return self.for_list(rows).prefetch_related(with_lines())
