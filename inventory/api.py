"""Products and what of them can be promised, for machines."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.availability import availability_of
from inventory.models import Product, Warehouse
from inventory.status import ProductStatus
from oms.api.doorway import Doorway, Resource, acting
from oms.api.fields import as_decimal
from oms.api.filters import Filters
from oms.api.problems import BadParameters
from oms.errors import Problem
from oms.models import Company
from oms.text import clean_code

MOST_SKUS = 200
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


class AvailabilityRow(serializers.Serializer[Any]):
    """Base units of a product in a warehouse. `available` = `on_hand` less `allocated`."""

    sku = serializers.CharField()
    warehouse = serializers.CharField()
    on_hand = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
    on_its_way = serializers.IntegerField(help_text="from suppliers, not here yet")
    expected_on = serializers.DateField(allow_null=True, help_text="when the first of it should come")


@extend_schema_serializer(many=False)
class AvailabilityAnswer(serializers.Serializer[Any]):
    results = AvailabilityRow(many=True)


SKUS = OpenApiParameter(
    "sku", str, required=True, many=True, description=f"up to {MOST_SKUS} of them, each as its own parameter"
)
WAREHOUSES = OpenApiParameter("warehouse", str, many=True, description="warehouse codes; all when left out")


@extend_schema_view(list=extend_schema(parameters=[SKUS, WAREHOUSES], responses=AvailabilityAnswer))
class AvailabilityResource(Doorway[Product]):
    """What can be promised of each product in each warehouse, now."""

    queryset = Product.objects.none()
    pagination_class = None
    filter_backends = []
    parameters = frozenset({"sku", "warehouse"})
    needs = {"list": ("inventory.view_product", "inventory.view_stocklevel", "inventory.view_warehouse")}
    serializer_class = AvailabilityAnswer

    def list(self, request: Request) -> Response:
        user = acting(request)
        products = dict(
            Product.objects.visible_to(user).filter(sku__in=_skus(request)).values_list("sku", "pk")
        )
        places = dict(Warehouse.objects.visible_to(user).values_list("code", "pk"))
        wanted = [clean_code(code) for code in request.query_params.getlist("warehouse")] or sorted(places)
        _require_known(request, products, places)
        found = availability_of(products.values(), [places[code] for code in wanted])
        rows = [
            {"sku": sku, "warehouse": code, **_told(found[products[sku], places[code]])}
            for sku in _skus(request)
            for code in dict.fromkeys(wanted)
        ]
        return Response({"results": rows})


def _told(row: Any) -> dict[str, Any]:
    return {
        "on_hand": row.on_hand,
        "allocated": row.allocated,
        "available": row.available,
        "on_its_way": row.on_its_way,
        "expected_on": row.expected_on,
    }


def _skus(request: Request) -> list[str]:
    skus = list(dict.fromkeys(clean_code(sku) for sku in request.query_params.getlist("sku")))
    if not 0 < len(skus) <= MOST_SKUS:
        what = _("Name 1 to %(most)s SKUs, each as its own parameter.") % {"most": MOST_SKUS}
        raise BadParameters([Problem("sku", what)])
    return skus


def _require_known(request: Request, products: dict[str, int], places: dict[str, int]) -> None:
    """Raise BadParameters naming every code that there is not."""
    problems = [*_unknown(request, "sku", products), *_unknown(request, "warehouse", places)]
    if problems:
        raise BadParameters(problems)


def _unknown(request: Request, name: str, known: dict[str, int]) -> Iterator[Problem]:
    for code in request.query_params.getlist(name):
        if clean_code(code) not in known:
            yield Problem(name, _("There is no “%(code)s”.") % {"code": code})
