"""What holds orders: whose turn it is, since when, and what is next. A list of work, the oldest first."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from oms.admin.base import ScopedAdmin, UnchangedAdmin
from oms.models import User
from orders.admin.filters import OpenFirst, WhoseTurn
from orders.deciding import who_decides
from orders.masking import reason_of_holds
from orders.models import ApprovalRequest, Hold, HoldPolicy, Order
from orders.services.holding import let_go_on
from orders.status import HoldKind, RequestStatus
from orders.views import bulk

SHOWN = ["order_link", "customer", "kind", "told", "whose", "age", "next_step", "pill"]


@admin.register(Hold)
class HoldAdmin(UnchangedAdmin):
    """Holds are placed on the order's page, and ended there or here."""

    list_display = SHOWN
    list_select_related = ["order__customer", "owner", "placed_by", "released_by"]
    list_display_links = None
    list_filter = [OpenFirst, WhoseTurn, "kind"]
    search_fields = ["^order__number", "^order__customer__name"]
    ordering = ["since", "pk"]
    actions = ["let_go_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        asked = ApprovalRequest.objects.filter(order=OuterRef("order"), status=RequestStatus.PENDING)
        reason = reason_of_holds(cast(User, request.user))
        decides = Value(request.user.has_perm("orders.decide_approval"))
        holds: QuerySet[Any] = super().get_queryset(request)
        told: QuerySet[Any] = holds.annotate(is_asked=Exists(asked), decides=decides, said=reason)
        return told

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Name who decides on the holds of this page, for who does not."""
        found = super().get_changelist_instance(request)
        asked = [hold for hold in found.result_list if hold.is_asked and not hold.decides]
        deciders = who_decides(hold.order_id for hold in asked) if asked else {}
        for hold in asked:
            hold.deciders = deciders.get(hold.order_id, "")
        return found

    def changeform_view(self, request: Any, object_id: Any = None, *_args: Any, **_more: Any) -> HttpResponse:
        """A hold's page is its order's; its own would tell the reason in its title."""
        holds = self.get_queryset(request)
        pk = int(object_id) if str(object_id).isascii() and str(object_id).isdigit() else 0
        hold = get_object_or_404(holds, pk=pk)
        return HttpResponseRedirect(page_of_order(hold))

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self.changeform_view(request, object_id)

    @display(description=_("order"), ordering="order")
    def order_link(self, hold: Hold) -> SafeString:
        return _link(
            page_of_order(hold), format_html('<span class="whitespace-nowrap">{}</span>', hold.order)
        )

    @admin.display(description=_("customer"), ordering="order__customer__name")
    def customer(self, hold: Hold) -> str:
        return str(hold.order.customer)

    @admin.display(description=_("whose turn"), ordering="owner__name")
    def whose(self, hold: Any) -> Any:
        """The group that decides; a rejected change is for who sells, and a hold by hand for who placed it."""
        if hold.owner or hold.kind == HoldKind.MANUAL:
            return hold.owner or hold.placed_by
        if hold.kind == HoldKind.CREDIT:
            return _("who grants credit")
        return _("who sells")

    @admin.display(description=_("age"), ordering="since")
    def age(self, hold: Hold) -> str:
        return timesince(hold.since, hold.released_at, depth=1)

    @admin.display(description=_("next step"))
    def next_step(self, hold: Any) -> Any:
        """What ends it, with the page on which that is done."""
        if hold.released_at:
            return format_html("{} {}", _("ended by"), hold.released_by) if hold.released_by else ""
        if hold.kind == HoldKind.MANUAL:
            return _link(page_of_order(hold), _("let it go on"))
        if hold.kind == HoldKind.CREDIT:
            return _link(page_of_order(hold), _("release it"))
        if hold.is_asked and not hold.decides:
            return _link(page_of_order(hold), _told_who_decides(getattr(hold, "deciders", "")))
        if hold.is_asked:
            return _link(reverse("admin:orders_approvalrequest_inbox"), _("approve or reject it"))
        return _link(page_of_order(hold), _("change it again, or cancel it"))

    def has_hold_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.hold_order")

    @admin.action(description=_("Let selected orders go on"), permissions=["hold"])
    def let_go_on(self, request: Any, queryset: QuerySet[Any]) -> None:
        """End holds by hand; what waits for an approval is decided in the inbox."""
        orders = Order.objects.visible_to(request.user).filter(pk__in=queryset.values("order"))
        bulk.each(request, orders, lambda pk: let_go_on(pk, by=request.user))

    @display(description=_("state"), label={"open": "danger", "ended": "success"})
    def pill(self, hold: Hold) -> tuple[str, Any]:
        return ("ended", _("ended")) if hold.released_at else ("open", _("open"))

    @display(description=_("reason"), ordering="said")
    def told(self, hold: Any) -> str:
        """The reason as this person may read it."""
        return str(hold.said)


def _told_who_decides(deciders: str) -> Any:
    return gettext("see who decides: %(who)s") % {"who": deciders} if deciders else _("see who decides")


def page_of_order(hold: Hold) -> str:
    return reverse("admin:orders_order_change", args=[hold.order_id])


def _link(url: str, text: Any) -> SafeString:
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', url, text)


@admin.register(HoldPolicy)
class HoldPolicyAdmin(ScopedAdmin):
    list_display = ["whose", "days"]
    list_select_related = ["customer"]
    autocomplete_fields = ["customer"]
    search_fields = ["^customer__name", "^customer__code"]
    fields = ["customer", "days"]

    @admin.display(description=_("customer"), ordering="customer__name")
    def whose(self, policy: HoldPolicy) -> str:
        return str(policy)
