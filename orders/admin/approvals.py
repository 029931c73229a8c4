"""Who must agree, what was asked, and the inbox in which it is decided."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from oms.admin.base import ScopedAdmin, UnchangedAdmin
from orders.admin.filters import SubmittedByMe
from orders.masking import may_see_cost
from orders.models import ApprovalRequest, ApprovalRule
from orders.status import RequestStatus
from orders.views import inbox

SHOWN = ["document_link", "pill", "reasons", "submitted_by", "requested_at", "decided_at"]


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(ScopedAdmin):
    list_display = ["name", "fact", "threshold", "tolerance_percent", "approvers", "active"]
    list_select_related = ["approvers"]
    list_filter = ["active", "fact"]
    search_fields = ["name"]
    fields = ["name", ("fact", "threshold"), "tolerance_percent", "approvers", "active"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule that asked is part of the history; it is switched off."""
        return False


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(UnchangedAdmin):
    """Requests are read here and decided in the inbox or on the document's page."""

    list_display = SHOWN
    list_display_links = ["requested_at"]
    list_filter = ["status", SubmittedByMe]
    search_fields = ["^order__number", "^quote_version__quote__number"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("order", "quote_version__quote", "submitted_by").prefetch_related(
            "steps__rule"
        )

    def get_list_display(self, request: Any) -> list[str]:
        return _for(request)

    def get_fields(self, request: Any, obj: Any = None) -> list[str]:
        return _for(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return _for(request)

    def get_urls(self) -> list[URLPattern]:
        def mine(request: Any) -> Any:
            context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("My approvals")}
            return inbox.inbox(request, context)

        view = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("inbox/", view(require_safe(mine)), name="orders_approvalrequest_inbox"),
            path("<int:pk>/decide/", view(require_POST(inbox.answer)), name="orders_approvalrequest_decide"),
            *urls,
        ]

    @display(description=_("document"))
    def document_link(self, request: ApprovalRequest) -> SafeString:
        kind = "order" if request.order_id else "quote"
        url = reverse(f"admin:orders_{kind}_change", args=[request.document.pk])
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', url, request.document
        )

    @display(
        description=_("status"),
        ordering="status",
        label={
            RequestStatus.PENDING: "warning",
            RequestStatus.APPROVED: "success",
            RequestStatus.REJECTED: "danger",
        },
    )
    def pill(self, request: ApprovalRequest) -> tuple[str, str]:
        return request.status, request.get_status_display()

    @display(description=_("why"))
    def reasons(self, request: ApprovalRequest) -> str:
        return "; ".join(step.reason for step in request.steps.all())

    @display(description=_("why"))
    def rules(self, request: ApprovalRequest) -> str:
        """The names of the rules, for those who must not see a margin."""
        return "; ".join(step.rule.name for step in request.steps.all())


def _for(request: Any) -> list[str]:
    hidden = not may_see_cost(request.user)
    return ["rules" if hidden and name == "reasons" else name for name in SHOWN]
