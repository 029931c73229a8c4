"""Adjustments and count sheets of inventory. They hang here because what they take may be promised or being picked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from fulfillment.views import adjusting, counting, quarantining
from inventory.admin.base import UnchangedAdmin, labelled
from inventory.models import CountSheet, StockAdjustment
from inventory.status import AdjustmentStatus, SheetStatus

COLOURS: dict[str, str] = {
    AdjustmentStatus.PROPOSED: "warning",
    AdjustmentStatus.APPLIED: "success",
    AdjustmentStatus.REJECTED: "danger",
    AdjustmentStatus.WITHDRAWN: "info",
}


@admin.register(StockAdjustment)
class StockAdjustmentAdmin(UnchangedAdmin):
    """What differed from the ledger, who said so and who agreed. The value is for those who see cost."""

    list_display = [
        "number", "sku", "location", "difference", "reason", "state", "proposed_by", "proposed_at", "decided_by",
    ]  # fmt: skip
    list_filter = ["status", "kind", "reason", "location__warehouse"]
    list_select_related = ["product", "location__warehouse", "proposed_by", "decided_by"]
    search_fields = ["^number", "^product__sku", "^location__code"]
    search_help_text = _("Number, SKU or bin")
    ordering = ["-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        value = ["value"] if request.user.has_perm("inventory.view_cost") else []
        return [
            ("number", "status"), ("product", "location"), ("difference", *value), ("kind", "reason"), "note",
            ("proposed_by", "proposed_at"), ("decided_by", "decided_at"), "decision_note",
        ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("add/", adjusting.propose, "add"),
            ("inbox/", adjusting.inbox, "inbox"),
            ("<int:pk>/decide/", adjusting.decide, "decide"),
            ("quarantine/", quarantining.quarantine, "quarantine"),
            ("quarantine/put-aside/", quarantining.set_aside, "set_aside"),
            ("quarantine/release/", quarantining.set_free, "set_free"),
        ]
        return [*_paths(self, pages, "inventory_stockadjustment_"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("inventory.add_stockadjustment"))

    @admin.display(description=_("SKU"), ordering="product__sku")
    def sku(self, adjustment: StockAdjustment) -> str:
        return adjustment.product.sku

    @labelled(_("status"), COLOURS)
    def state(self, adjustment: StockAdjustment) -> tuple[str, str]:
        return adjustment.status, adjustment.get_status_display()


@admin.register(CountSheet)
class CountSheetAdmin(UnchangedAdmin):
    list_display = ["number", "warehouse", "state", "note", "created_at", "created_by", "closed_at"]
    list_filter = ["status", "warehouse"]
    list_select_related = ["warehouse", "created_by"]
    search_fields = ["^number", "note"]
    search_help_text = _("Number or note")
    ordering = ["-pk"]
    fields = [
        ("number", "status"),
        ("warehouse", "note"),
        ("created_by", "created_at"),
        ("closed_by", "closed_at"),
    ]
    change_form_template = "admin/fulfillment/countsheet/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("add/", counting.new_sheet, "add"),
            ("<int:pk>/count/", counting.count, "count"),
            ("<int:pk>/close/", counting.close, "close"),
        ]
        return [*_paths(self, pages, "inventory_countsheet_"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("inventory.add_countsheet"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        sheet = self.get_object(request, object_id)
        shown = counting.sheet_context(sheet) if sheet else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **shown}
        )
        return answer

    @labelled(_("status"), {SheetStatus.OPEN: "info", SheetStatus.CLOSED: "success"})
    def state(self, sheet: CountSheet) -> tuple[str, str]:
        return sheet.status, sheet.get_status_display()


def _paths(owner: Any, pages: list[tuple[str, Any, str]], prefix: str) -> list[URLPattern]:
    wrap = owner.admin_site.admin_view
    return [path(at, wrap(view), name=prefix + name) for at, view, name in pages]
