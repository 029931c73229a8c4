"""What has to be counted and what has to be bought."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.base import CountedAdmin, ScopedAdmin, UnchangedAdmin, counted, labelled
from inventory.admin.stock import product_page
from inventory.models import ReorderPolicy, RestockAlert, StockCount
from inventory.services.purchasing import Suggested, order_suggested
from inventory.status import AlertKind, CountStatus
from inventory.templatetags.quantities import as_sold, in_unit, number_in, offered_first
from inventory.views.counts import finish
from inventory.views.pages import actor, refused_when_busy
from oms.admin.figures import figure, measured_in
from oms.contention import again_after_ties
from oms.errors import Refused


@admin.register(StockCount)
class StockCountAdmin(CountedAdmin):
    list_display = [
        "place",
        "product",
        "short",
        "counted_unit",
        "state",
        "cause",
        "opened_at",
        "back",
        "done_by",
    ]
    short = counted("missing", gettext_lazy("missing"))
    back = counted("found", gettext_lazy("found"))
    list_filter = ["status", "location__warehouse"]
    list_select_related = ["product", "location__warehouse", "done_by"]
    search_fields = ["^location__code", "^product__sku", "^cause"]
    search_help_text = gettext_lazy("Bin, SKU or shipment")
    ordering = ["-status", "pk"]
    fields = [
        "product", "location", "missing", "status", "found", "cause", "opened_at", "opened_by", "done_at", "done_by",
    ]  # fmt: skip
    change_form_template = "admin/inventory/stockcount/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(finish)
        return [path("<int:pk>/finish/", page, name="inventory_stockcount_finish"), *super().get_urls()]

    @admin.display(description=gettext_lazy("location"), ordering="location__code")
    def place(self, count: StockCount) -> str:
        return str(count.location)

    @labelled(gettext_lazy("status"), {CountStatus.OPEN: "warning", CountStatus.DONE: "success"})
    def state(self, count: StockCount) -> tuple[str, str]:
        return count.status, count.get_status_display()


@admin.register(ReorderPolicy)
class ReorderPolicyAdmin(ScopedAdmin):
    list_display = ["product", "warehouse", "reorder_point", "order_up_to", "protected", "channel_buffer"]
    list_filter = ["warehouse"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["^product__sku", "product__name"]
    ordering = ["product__sku", "warehouse__code"]
    fields = ["product", "warehouse", "reorder_point", "order_up_to", "protected", "channel_buffer"]
    autocomplete_fields = ["product"]


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", gettext_lazy("well again")), ("all", gettext_lazy("all"))]

    def choices(self, changelist: Any) -> Any:
        """Open alerts are what people come for."""
        everything = super().choices(changelist)
        first = next(iter(everything))
        return iter([{**first, "display": _("open")}, *everything])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "closed":
                return queryset.exclude(closed_at=None)
            case "all":
                return queryset
        return queryset.open()


def _as_sold(column: str, words: Any) -> Any:
    """Show a column of base units in the unit in which the product is sold."""

    @admin.display(description=words, ordering=column)
    def shown(_admin: Any, alert: RestockAlert) -> str:
        unit, base = offered_first(alert.product), getattr(alert, column)
        return figure(in_unit(base, unit) if unit else base, number_in(base, unit))

    return shown


@admin.register(RestockAlert)
class RestockAlertAdmin(UnchangedAdmin):
    list_display = [
        "sku", "name", "warehouse", "trouble", "buy", "here", "wanted", "coming", "point", "since",
    ]  # fmt: skip
    list_display_links = None
    list_filter = [OpenFilter, "kind", "warehouse"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["^product__sku", "product__name"]
    ordering = ["-opened_at", "-pk"]
    actions = ["order_what_is_suggested"]

    here = _as_sold("on_hand", gettext_lazy("on hand"))
    wanted = _as_sold("demand", gettext_lazy("open demand"))
    coming = _as_sold("inbound", gettext_lazy("on its way"))
    point = _as_sold("reorder_point", gettext_lazy("reorder point"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[RestockAlert]:
        alerts: QuerySet[RestockAlert] = super().get_queryset(request)
        return alerts.prefetch_related("product__units")

    def has_buy_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("inventory.add_purchaseorder"))

    @admin.action(description=gettext_lazy("Order what is suggested"), permissions=["buy"])
    def order_what_is_suggested(self, request: HttpRequest, queryset: QuerySet[RestockAlert]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        try:
            with refused_when_busy():
                placed = again_after_ties(lambda: order_suggested(ids, by=actor(request)))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            self._tell(request, placed)

    def _tell(self, request: HttpRequest, placed: Suggested) -> None:
        links = format_html_join(
            ", ",
            '<a class="wh-link" href="{}">{} {}</a>',
            (
                (reverse("admin:inventory_purchaseorder_change", args=[o.pk]), o.number, o.supplier)
                for o in placed.orders
            ),
        )
        messages.success(request, format_html("{} {}", _("Ordered:"), links))
        if placed.unsupplied:
            messages.warning(
                request,
                _("Nobody supplies %(skus)s. Add a supplier on the product's page.")
                % {"skus": ", ".join(placed.unsupplied[:20])},
            )

    @measured_in(gettext_lazy("unit"))
    @admin.display(description=gettext_lazy("buy"), ordering="suggested")
    def buy(self, alert: RestockAlert) -> str:
        unit = offered_first(alert.product)
        told, number = as_sold(alert.suggested, alert.product), number_in(alert.suggested, unit)
        return figure(told, number, unit.name if unit and number is not None else "")

    @admin.display(description=gettext_lazy("SKU"), ordering="product__sku")
    def sku(self, alert: RestockAlert) -> str:
        return product_page(alert.product)

    @admin.display(description=gettext_lazy("since"), ordering="opened_at")
    def since(self, alert: RestockAlert) -> str:
        return timesince(alert.opened_at, depth=1)

    @admin.display(description=gettext_lazy("name"))
    def name(self, alert: RestockAlert) -> str:
        return alert.product.name

    @labelled(
        gettext_lazy("what"), {AlertKind.REORDER: "danger", AlertKind.EXPEDITE: "warning"}, ordering="kind"
    )
    def trouble(self, alert: RestockAlert) -> tuple[str, str]:
        return alert.kind, _("reorder") if alert.kind == AlertKind.REORDER else _("expedite")
