"""Transfers: a list, a page with lines and history, and pages that plan, dispatch, receive and end them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from inventory.admin.base import ScopedAdmin, labelled
from inventory.models import Transfer
from inventory.status import TransferStatus
from inventory.views import transfer_work, transfers
from inventory.views.transfer_work import lines_and_steps


class UnderWayFilter(admin.SimpleListFilter):
    title = _("days")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("overdue")), ("open", _("under way"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return {"late": queryset.overdue, "open": queryset.under_way}.get(self.value() or "", queryset.all)()


@admin.register(Transfer)
class TransferAdmin(ScopedAdmin):
    list_display = ["number", "source", "target", "state", "left", "away", "ship_on", "arrive_on", "note"]
    list_filter = ["status", UnderWayFilter, "source", "target"]
    list_select_related = ["source", "target"]
    search_fields = ["^number", "=source__code", "=target__code", "^lines__product__sku"]
    search_help_text = _("Number, warehouse or SKU")
    ordering = ["-pk"]
    fields = [
        ("number", "status"), ("source", "target"), ("ship_on", "arrive_on"), ("created_at", "created_by"), "note",
    ]  # fmt: skip
    change_form_template = "admin/inventory/transfer/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        transfers: Any = super().get_queryset(request)
        return transfers.with_left()

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages = {
            "dispatch": transfer_work.dispatch,
            "receive": transfer_work.receive,
            "take_back": transfer_work.take_back,
            "lose": transfer_work.lose,
            "redate": transfers.redate,
            "cancel": transfers.cancel,
        }
        return [
            path("add/", wrap(transfers.plan), name="inventory_transfer_add"),
            *(
                path(f"<int:pk>/{name.replace('_', '-')}/", wrap(view), name=f"inventory_transfer_{name}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        transfer = self.get_object(request, object_id)
        shown = lines_and_steps(request, transfer) if transfer else {}
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
            TransferStatus.PLANNED: "info",
            TransferStatus.DISPATCHED: "warning",
            TransferStatus.RECEIVED: "success",
            TransferStatus.CANCELLED: "danger",
        },
    )
    def state(self, transfer: Transfer) -> tuple[str, str]:
        return transfer.status, transfer.get_status_display()

    @admin.display(description=_("lines to dispatch"), ordering="lines_to_dispatch")
    def left(self, transfer: Any) -> int:
        return int(transfer.lines_to_dispatch)

    @admin.display(description=_("lines on the way"), ordering="lines_in_transit")
    def away(self, transfer: Any) -> int:
        return int(transfer.lines_in_transit)
