"""Purchase orders: a list, a page with lines and history, and pages that place, receive and cancel them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from inventory.admin.base import ScopedAdmin, labelled
from inventory.models import PurchaseOrder
from inventory.status import PurchaseStatus
from inventory.views.purchases import cancel_purchase, lines_and_steps, place_purchase, receive_purchase


class DueFilter(admin.SimpleListFilter):
    title = _("expected")
    parameter_name = "expected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue() if self.value() == "late" else queryset


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ScopedAdmin):
    list_display = ["number", "supplier", "warehouse", "state", "due", "next_on", "created_at", "note"]
    list_filter = ["status", DueFilter, "warehouse", "supplier"]
    list_select_related = ["supplier", "warehouse"]
    search_fields = ["^number", "supplier__name"]
    search_help_text = _("Number or supplier")
    ordering = ["-pk"]
    fields = [("number", "status"), ("supplier", "warehouse"), ("created_at", "created_by"), "note"]
    change_form_template = "admin/inventory/purchaseorder/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        orders: Any = super().get_queryset(request)
        return orders.with_due()

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("add/", wrap(place_purchase), name="inventory_purchaseorder_add"),
            path("<int:pk>/receive/", wrap(receive_purchase), name="inventory_purchaseorder_receive"),
            path("<int:pk>/cancel/", wrap(cancel_purchase), name="inventory_purchaseorder_cancel"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        shown = lines_and_steps(request, order) if order else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **shown}
        )
        return answer

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Its pages change it; the form shows it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @labelled(
        _("status"),
        {
            PurchaseStatus.OPEN: "info",
            PurchaseStatus.RECEIVED: "success",
            PurchaseStatus.CANCELLED: "danger",
        },
    )
    def state(self, order: PurchaseOrder) -> tuple[str, str]:
        return order.status, order.get_status_display()

    @admin.display(description=_("due"), ordering="total_due")
    def due(self, order: Any) -> int:
        return int(order.total_due or 0)

    @admin.display(description=_("next expected"), ordering="next_expected_on")
    def next_on(self, order: Any) -> Any:
        return order.next_expected_on
