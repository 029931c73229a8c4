"""Customers and their addresses, for machines."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from customers.models import Customer
from customers.status import CustomerStatus
from oms.api.doorway import Resource, acting
from oms.api.filters import Filters


class AddressSerializer(serializers.Serializer[Any]):
    """Where a customer gets goods or bills; `code` names it within the customer."""

    code = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166, two letters")
    is_ship_to = serializers.BooleanField()
    is_bill_to = serializers.BooleanField()


class CustomerSummary(serializers.Serializer[Any]):
    """A company that buys from us."""

    code = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(CustomerStatus.choices)
    merged_into = serializers.CharField(
        source="merged_into.code",
        allow_null=True,
        help_text="the customer this one was merged into: orders for either are that one's; else null",
    )
    parent = serializers.CharField(source="parent.code", allow_null=True)  # type: ignore[assignment]
    group = serializers.CharField(source="group.code", allow_null=True)
    currency = serializers.CharField(source="currency_id")
    payment_terms = serializers.CharField(source="payment_terms.code")
    warehouse = serializers.CharField(
        source="warehouse.code", allow_null=True, help_text="where goods usually come from"
    )
    vat_number = serializers.CharField()
    zone = serializers.CharField(
        help_text="time zone by whose days quotes end, such as Europe/Berlin; empty: ours"
    )
    language = serializers.CharField(
        help_text="of their letters, papers and pages, such as de; empty: the company's for customers"
    )
    email = serializers.CharField()
    phone = serializers.CharField()
    po_required = serializers.BooleanField(help_text="orders need a customer_po")


class CustomerSerializer(CustomerSummary):
    """A company that buys from us, with its addresses."""

    addresses = AddressSerializer(many=True)


class CustomerFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=CustomerStatus.choices)
    group = django_filters.CharFilter(field_name="group__code", help_text="the group's code")
    code_prefix = django_filters.CharFilter(field_name="code", lookup_expr="startswith")


class CustomerResource(Resource[Customer]):
    """Who buys from us."""

    queryset = Customer.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "code"
    lookup_value_regex = ".+"  # a code may hold a slash
    filterset_class = CustomerFilters
    orderings = {"code": "code", "-code": "code"}
    needs = {
        "list": ("customers.view_customer",),
        "retrieve": ("customers.view_customer", "customers.view_address"),
    }
    summary_class = CustomerSummary
    full_class = CustomerSerializer

    def visible(self) -> QuerySet[Customer]:
        return Customer.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        return rows.select_related("parent", "merged_into", "group", "payment_terms", "warehouse")

    def for_page(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        return self.for_list(rows).prefetch_related("addresses")
