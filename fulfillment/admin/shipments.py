"""Shipments: the list with its scan box, the page of one, and the pages of the floor."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from fulfillment.home import HAND_OVER
from fulfillment.models import Shipment, ShipmentDelivery
from fulfillment.status import ShipmentStatus
from fulfillment.views import finding, keeping, packing, picking, releasing, shipping
from fulfillment.views.showing import shipment_context
from inventory.admin.base import UnchangedAdmin, labelled

NAME = "fulfillment_shipment_"
STATUS_LABELS: dict[str, str] = {
    ShipmentStatus.PLANNED: "info",
    ShipmentStatus.PICKING: "warning",
    ShipmentStatus.PACKED: "primary",
    ShipmentStatus.SHIPPED: "success",
    ShipmentStatus.DELIVERED: "success",
    ShipmentStatus.VOID: "danger",
}


class HandOverFilter(admin.SimpleListFilter):
    title = _("hand-over")
    parameter_name = HAND_OVER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waits", _("shipped, to hand over"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.waiting_for_hand_over() if self.value() == "waits" else queryset


@admin.register(Shipment)
class ShipmentAdmin(UnchangedAdmin):
    list_display = [
        "number",
        "order",
        "customer",
        "warehouse",
        "state",
        "carrier",
        "created_at",
        "shipped_at",
    ]
    list_filter = ["status", HandOverFilter, "warehouse", "carrier"]
    list_select_related = ["order__customer", "warehouse", "carrier"]
    search_fields = ["^number", "^order__number", "=packages__tracking_number"]
    search_help_text = _("Shipment, order or tracking number")
    ordering = ["-pk"]
    fields = [
        ("number", "status"),
        ("warehouse", "carrier"),
        ("created_at", "shipped_at"),
        ("handed_over_at", "delivered_at"),
    ]
    list_before_template = "fulfillment/_scan_box.html"
    change_form_template = "admin/fulfillment/shipment/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("release/", releasing.release_page, "release"),
            ("find/", finding.find, "find"),
            ("kept/", keeping.kept_page, "kept"),
            ("pick/", picking.pick_list, "pick"),
            ("order/<int:pk>/cancel/", shipping.cancel_order_page, "cancel_order"),
            ("<int:pk>/pick/", picking.pick_page, "pick"),
            ("<int:pk>/pack/", packing.pack_page, "pack"),
            ("<int:pk>/ship/", shipping.ship_page, "ship"),
            ("<int:pk>/track/", shipping.track, "track"),
            ("<int:pk>/hand-over/", shipping.hand_over_page, "hand_over"),
            ("<int:pk>/deliver/", shipping.deliver_page, "deliver"),
            ("<int:pk>/void/", shipping.void_page, "void"),
        ]
        wrap = self.admin_site.admin_view
        return [*(path(at, wrap(view), name=NAME + name) for at, view, name in pages), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        shipment = self.get_object(request, object_id)
        shown = shipment_context(request, shipment) if shipment else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **shown}
        )
        return answer

    @admin.display(description=_("customer"), ordering="order__customer__name")
    def customer(self, shipment: Shipment) -> str:
        return str(shipment.order.customer)

    @labelled(_("status"), STATUS_LABELS)
    def state(self, shipment: Shipment) -> tuple[str, str]:
        return shipment.status, shipment.get_status_display()


@admin.register(ShipmentDelivery)
class ShipmentDeliveryAdmin(UnchangedAdmin):
    """What customers were told, and what could not be sent."""

    list_display = [
        "shipment",
        "what",
        "consumer",
        "attempts",
        "sent_at",
        "parked_at",
        "next_try_at",
        "error",
    ]
    list_filter = [
        "consumer",
        ("sent_at", admin.EmptyFieldListFilter),
        ("parked_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["event__document"]
    search_fields = ["^event__document__number"]
    ordering = ["-pk"]

    @admin.display(description=_("shipment"))
    def shipment(self, delivery: ShipmentDelivery) -> str:
        return str(delivery.event.document)

    @admin.display(description=_("event"))
    def what(self, delivery: ShipmentDelivery) -> str:
        return delivery.event.kind
