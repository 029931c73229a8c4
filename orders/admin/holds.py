"""What holds orders, whose turn it is, and since when."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from oms.admin.base import UnchangedAdmin
from orders.admin.filters import OpenOrEnded
from orders.masking import may_see_cost
from orders.models import Hold
from orders.status import HoldKind

SHOWN = ["order_link", "pill", "kind", "reason", "owner", "since", "placed_by", "released_at", "released_by"]


@admin.register(Hold)
class HoldAdmin(UnchangedAdmin):
    """Holds are placed and ended on the order's page."""

    list_display = SHOWN
    list_select_related = ["order", "owner", "placed_by", "released_by"]
    list_display_links = ["since"]
    list_filter = ["kind", OpenOrEnded]
    search_fields = ["^order__number", "^order__customer__name"]
    ordering = ["-since", "-pk"]

    def get_list_display(self, request: Any) -> list[str]:
        return _for(request)

    def get_fields(self, request: Any, obj: Any = None) -> list[str]:
        return _for(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return _for(request)

    @display(description=_("order"), ordering="order")
    def order_link(self, hold: Hold) -> SafeString:
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            reverse("admin:orders_order_change", args=[hold.order_id]),
            hold.order,
        )

    @display(description=_("state"), label={"open": "danger", "ended": "success"})
    def pill(self, hold: Hold) -> tuple[str, Any]:
        return ("ended", _("ended")) if hold.released_at else ("open", _("open"))

    @display(description=_("reason"))
    def careful_reason(self, hold: Hold) -> Any:
        """The reason for those who must not see a margin."""
        return hold.reason if hold.kind == HoldKind.MANUAL else _("an approval rule asks; see the order")


def _for(request: Any) -> list[str]:
    hidden = not may_see_cost(request.user)
    return ["careful_reason" if hidden and name == "reason" else name for name in SHOWN]
