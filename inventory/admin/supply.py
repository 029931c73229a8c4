"""Purchase orders: a list, a page with lines and history, and pages that place, receive and cancel them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from inventory.admin.base import ScopedAdmin, UnchangedAdmin, labelled
from inventory.models import PurchaseOrder, Receipt
from inventory.status import PurchaseStatus
from inventory.views.answers import answer_purchase, redate_purchase
from inventory.views.purchases import NOTES, cancel_purchase, lines_and_steps, place_purchase
from inventory.views.receiving import receive_purchase, receiving, take_back


class DueFilter(admin.SimpleListFilter):
    title = _("expected")
    parameter_name = "expected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue() if self.value() == "late" else queryset


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ScopedAdmin):
    list_display = [
        "number",
        "supplier",
        "warehouse",
        "state",
        "due",
        "next_on",
        "breaks",
        "created_at",
        "note",
    ]
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

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Give the rows of the page what other apps say of them, in as many statements for one as for all."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        said = [note(found.result_list) for note in NOTES]
        for order in found.result_list:
            order.said = " ".join(words[order.number] for words in said if order.number in words)
        return found

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("add/", wrap(place_purchase), name="inventory_purchaseorder_add"),
            path("receiving/", wrap(receiving), name="inventory_purchaseorder_receiving"),
            path("<int:pk>/answer/", wrap(answer_purchase), name="inventory_purchaseorder_answer"),
            path("<int:pk>/redate/", wrap(redate_purchase), name="inventory_purchaseorder_redate"),
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

    @admin.display(description=_("lines due"), ordering="lines_due")
    def due(self, order: Any) -> int:
        return int(order.lines_due)

    @labelled(_("promises it breaks"), {"breaks": "danger"}, ordering="")
    def breaks(self, order: Any) -> tuple[str, str] | str:
        said = getattr(order, "said", "")
        return ("breaks", said) if said else ""

    @admin.display(description=_("next expected"), ordering="next_expected_on")
    def next_on(self, order: Any) -> Any:
        return order.next_expected_on


@admin.register(Receipt)
class ReceiptAdmin(UnchangedAdmin):
    """What came, newest first."""

    list_display = ["number", "order", "supplier", "came", "received_on", "delivery_note", "by", "correction"]
    list_display_links = None
    list_filter = ["received_on", "purchase_order__warehouse", "purchase_order__supplier"]
    list_select_related = ["purchase_order__supplier", "by", "takes_back", "taken_back_by"]
    search_fields = ["^purchase_order__number", "^delivery_note"]
    search_help_text = _("Purchase order or delivery note")
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        receipts: Any = super().get_queryset(request)
        return receipts.with_line_count()

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/take-back/", self.admin_site.admin_view(take_back), name="inventory_receipt_take_back"
        )
        return [own, *super().get_urls()]

    @admin.display(description=_("receipt"), ordering="pk")
    def number(self, receipt: Receipt) -> str:
        return str(receipt)

    @admin.display(description=_("purchase order"))
    def order(self, receipt: Receipt) -> str:
        address = reverse("admin:inventory_purchaseorder_change", args=[receipt.purchase_order_id])
        return format_html('<a class="wh-link" href="{}">{}</a>', address, receipt.purchase_order)

    @admin.display(description=_("supplier"), ordering="purchase_order__supplier__name")
    def supplier(self, receipt: Receipt) -> str:
        return str(receipt.purchase_order.supplier)

    @admin.display(description=_("lines"))
    def came(self, receipt: Any) -> int:
        return int(receipt.line_count or 0)

    @admin.display(description=_("correction"))
    def correction(self, receipt: Any) -> str:
        if receipt.takes_back_id:
            return _("takes back %(receipt)s: %(reason)s") % {
                "receipt": receipt.takes_back,
                "reason": receipt.reason,
            }
        if hasattr(receipt, "taken_back_by"):
            return _("taken back by %(receipt)s") % {"receipt": receipt.taken_back_by}
        return ""
