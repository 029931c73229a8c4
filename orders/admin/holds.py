"""What holds orders, whose turn it is, and since when."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
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
    list_display_links = None
    list_filter = ["kind", OpenOrEnded]
    search_fields = ["^order__number", "^order__customer__name"]
    ordering = ["-since", "-pk"]

    def get_list_display(self, request: Any) -> list[str]:
        return _for(request)

    def changeform_view(self, request: Any, object_id: Any = None, *_args: Any, **_more: Any) -> HttpResponse:
        """A hold's page is its order's; its own would tell the reason in its title."""
        holds = self.get_queryset(request)
        pk = int(object_id) if str(object_id).isascii() and str(object_id).isdigit() else 0
        hold = get_object_or_404(holds, pk=pk)
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[hold.order_id]))

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self.changeform_view(request, object_id)

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
