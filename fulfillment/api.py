"""Shipments for machines, and orders with what has left for them."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from fulfillment.models import Package, Shipment, ShipmentLine
from fulfillment.status import ShipmentStatus, TrackingStatus
from oms.api.doorway import Resource, acting
from oms.api.filters import Filters
from orders.api import OrderResource
from orders.models import Order
from orders.serializers import OrderSerializer

VIEW = "fulfillment.view_shipment"


class PackageSerializer(serializers.Serializer[Any]):
    """A carton, and where its customer can follow it."""

    number = serializers.IntegerField()
    weight_grams = serializers.IntegerField()
    tracking_number = serializers.CharField(help_text="empty until it is known")
    tracking_url = serializers.SerializerMethodField(help_text="empty when the carrier has none")
    status = serializers.ChoiceField(TrackingStatus.choices)

    def get_tracking_url(self, package: Package) -> str:
        carrier = package.shipment.carrier
        return carrier.url_for(package.tracking_number) if carrier else ""


class ShipmentSummary(serializers.Serializer[Any]):
    """What leaves one warehouse for one address together."""

    number = serializers.CharField()
    status = serializers.ChoiceField(ShipmentStatus.choices)
    order = serializers.CharField(source="order.number")
    warehouse = serializers.CharField(source="warehouse.code")
    carrier = serializers.CharField(source="carrier.name", allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    handed_over_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    packages = PackageSerializer(many=True)


class ShipmentLineSerializer(serializers.Serializer[Any]):
    """What goes of an order's line, in base units."""

    order_line = serializers.IntegerField(
        source="allocation.line.position", help_text="the position in the order"
    )
    sku = serializers.CharField(source="allocation.line.product.sku")
    quantity = serializers.IntegerField()
    picked = serializers.IntegerField()
    packed = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class ShipmentSerializer(ShipmentSummary):
    """What leaves one warehouse for one address together, with its lines."""

    ship_to = serializers.CharField(help_text="the address as it was at release, on several lines")
    lines = ShipmentLineSerializer(many=True)


class ShipmentFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=ShipmentStatus.choices)
    order = django_filters.CharFilter(field_name="order__number", help_text="the order's number")
    warehouse = django_filters.CharFilter(field_name="warehouse__code", help_text="the warehouse's code")


class ShipmentResource(Resource[Shipment]):
    """What leaves the house."""

    queryset = Shipment.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "number"
    filterset_class = ShipmentFilters
    orderings = {"-created": "pk", "created": "pk"}
    needs = {"list": (VIEW,), "retrieve": (VIEW,)}
    summary_class = ShipmentSummary
    full_class = ShipmentSerializer

    def visible(self) -> QuerySet[Shipment]:
        return Shipment.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Shipment]) -> QuerySet[Shipment]:
        return rows.select_related("order", "warehouse", "carrier").prefetch_related("packages")

    def for_page(self, rows: QuerySet[Shipment]) -> QuerySet[Shipment]:
        lines = ShipmentLine.objects.select_related("allocation__line__product").order_by("pk")
        return self.for_list(rows).prefetch_related(Prefetch("lines", lines))


class OrderWithShipments(OrderSerializer):
    """What a customer buys from us, with its lines, what holds it, and what has left."""

    shipments = ShipmentSummary(many=True, required=False, help_text="not of the past")


# Orders as `orders` serves them, with the shipments that only this app knows of.
class OrderAndShipmentResource(OrderResource):
    """What customers buy from us, with what has left. Each POST is one step, as a person takes it on a screen."""

    full_class = OrderWithShipments

    def for_page(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        visible = Shipment.objects.visible_to(acting(self.request)).order_by("pk")
        shipments = visible.select_related("order", "warehouse", "carrier").prefetch_related("packages")
        return super().for_page(rows).prefetch_related(Prefetch("shipments", shipments))
