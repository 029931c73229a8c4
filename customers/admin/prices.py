"""Price lists, whom they are for, and their prices."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from customers.admin.assignments import AssignmentInline
from customers.forms import PriceRuleForm
from customers.models import PriceList, PriceListAssignment, PriceRule
from customers.resources import PriceRuleResource
from oms.admin.base import ScopedAdmin
from oms.importing.admin import SheetAdmin
from oms.templatetags.amounts import unit_price


def count_of(model: type[Model]) -> Subquery:
    """Return the number of a list's rows in `model`, counted on their own so that two counts do not multiply."""
    rows = model._default_manager.filter(price_list=OuterRef("pk")).order_by().values("price_list")
    return Subquery(rows.annotate(count=Count("pk")).values("count"))


@admin.register(PriceList)
class PriceListAdmin(ScopedAdmin):
    may_export = "customers.export_prices"
    list_display = ["code", "name", "currency", "prices", "assignments"]
    search_fields = ["^code", "name"]
    ordering = ["code"]
    fields = ["code", "name", "currency"]
    inlines = [AssignmentInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows: QuerySet[PriceList] = super().get_queryset(request)
        return rows.annotate(with_prices=count_of(PriceRule), with_assignments=count_of(PriceListAssignment))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Prices are in the list's currency, so it stays once there are any."""
        return ["currency"] if obj and PriceRule.objects.filter(price_list=obj.pk).exists() else []

    @admin.display(description=_("prices"), ordering="with_prices")
    def prices(self, price_list: Any) -> SafeString:
        address = reverse("admin:customers_pricerule_changelist")
        return format_html(
            '<a href="{}?price_list__id__exact={}">{}</a>',
            address,
            price_list.pk,
            price_list.with_prices or 0,
        )

    @admin.display(description=_("for so many"), ordering="with_assignments")
    def assignments(self, price_list: Any) -> int:
        return int(price_list.with_assignments or 0)


@admin.register(PriceRule)
class PriceRuleAdmin(SheetAdmin, ScopedAdmin):
    sheet = PriceRuleResource
    form = PriceRuleForm
    list_display = ["sku", "price_list", "unit", "min_quantity", "price_written", "valid_from", "valid_to"]
    list_filter = [("price_list", RelatedDropdownFilter), "valid_to"]
    list_select_related = ["product", "price_list__currency", "unit"]
    search_fields = ["^product__sku"]
    search_help_text = _("how the SKU begins")
    ordering = ["product__sku", "price_list__code", "min_quantity", "valid_from", "pk"]
    autocomplete_fields = ["price_list", "product"]
    fields = ["price_list", "product", "unit_code", "min_quantity", "price", ("valid_from", "valid_to")]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Who may only look sees the unit itself; the code is for typing."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return list(self.fields)
        return ["unit" if name == "unit_code" else name for name in self.fields]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = [*PriceRuleForm.Meta.fields]
        return super().get_form(request, obj, change=change, **kwargs)

    @admin.display(description=_("SKU"), ordering="product__sku")
    def sku(self, rule: PriceRule) -> str:
        return rule.product.sku

    @admin.display(description=_("price per unit"), ordering="price")
    def price_written(self, rule: PriceRule) -> SafeString:
        currency = rule.price_list.currency
        return format_html(
            '<span class="oms-amount">{} {}</span>', unit_price(rule.price, currency), currency
        )
