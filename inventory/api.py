"""Products, for machines."""

from typing import Any

import django_filters
from django.db.models import QuerySet, Subquery
from rest_framework import serializers

from inventory.models import Product
from inventory.status import ProductStatus
from oms.api.doorway import Resource, acting
from oms.api.fields import as_decimal
from oms.api.filters import Filters
from oms.models import Company

COST = "inventory.view_cost"


class UnitSerializer(serializers.Serializer[Any]):
    """A unit the product is sold in: `denominator` of it hold `numerator` base units."""

    code = serializers.CharField(help_text="UN/ECE Recommendation 20, such as C62")
    name = serializers.CharField()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    gtin = serializers.CharField(allow_null=True)
    multiple = serializers.IntegerField(help_text="sold in multiples of so many; 1 asks for nothing")
    minimum = serializers.IntegerField(help_text="sold from so many on; 1 asks for nothing")
    is_default = serializers.BooleanField(help_text="a line that names no unit means this one")


class ProductSerializer(serializers.Serializer[Any]):
    """A product. What it costs us is told to those who may see it, to nobody else."""

    sku = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(ProductStatus.choices)
    category = serializers.CharField(source="category.code", allow_null=True)
    superseded_by = serializers.CharField(source="superseded_by.sku", allow_null=True)
    weight_grams = serializers.IntegerField(help_text="of one base unit")
    backorder_allowed = serializers.BooleanField()
    units = UnitSerializer(many=True)
    cost = serializers.SerializerMethodField(required=False, help_text="of one base unit")
    cost_currency = serializers.CharField(required=False, allow_null=True)

    def get_cost(self, product: Product) -> str:
        return as_decimal(product.cost)


class ProductWithoutCost(ProductSerializer):
    cost = None  # type: ignore[assignment]  # so a serializer drops a field
    cost_currency = None  # type: ignore[assignment]


class ProductFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=ProductStatus.choices)
    category = django_filters.CharFilter(field_name="category__code", help_text="the category's code")
    sku_prefix = django_filters.CharFilter(field_name="sku", lookup_expr="startswith")
    gtin = django_filters.CharFilter(field_name="units__gtin", help_text="of one of the product's units")


class ProductResource(Resource[Product]):
    """What we sell."""

    queryset = Product.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "sku"
    lookup_value_regex = ".+"  # a SKU may hold a slash
    filterset_class = ProductFilters
    orderings = {"sku": "sku", "-sku": "sku"}
    needs = {"list": ("inventory.view_product",), "retrieve": ("inventory.view_product",)}
    summary_class = full_class = ProductSerializer

    def visible(self) -> QuerySet[Product]:
        return Product.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Product]) -> QuerySet[Product]:
        currency = Subquery(Company.objects.values("currency_id")[:1])
        named = rows.select_related("category", "superseded_by").prefetch_related("units")
        return named.annotate(cost_currency=currency)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        in_schema = getattr(self, "swagger_fake_view", False)
        if in_schema or acting(self.request).has_perm(COST):
            return ProductSerializer
        return ProductWithoutCost
