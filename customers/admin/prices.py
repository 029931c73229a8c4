"""Price lists, whom they are for, and their prices."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from customers.admin.assignments import AssignmentInline
from customers.forms import PriceRuleForm, stated
from customers.masking import may_see_cost
from customers.models import PriceList, PriceListAssignment, PriceRule, SalesChannel
from customers.resources import PriceRuleResource
from customers.services.restricting import priced_but_closed
from customers.services.versions import begin_lists
from customers.status import PriceKind
from customers.views.price_versions import addresses
from oms.admin.base import ScopedAdmin
from oms.admin.figures import figure, measured_in
from oms.importing.admin import SheetAdmin
from oms.models import User
from oms.money import with_decimals
from oms.templatetags.amounts import unit_price


def count_of(of_lists: QuerySet[Any], path: str) -> Subquery:
    """Return the number of a list's rows, counted on their own so that two counts do not multiply."""
    rows = of_lists.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Subquery(rows.annotate(count=Count("pk")).values("count"))


@admin.register(PriceList)
class PriceListAdmin(ScopedAdmin):
    may_export = "customers.export_prices"
    list_display = ["code", "name", "currency", "prices", "versions", "assignments"]
    search_fields = ["^code", "name"]
    ordering = ["code"]
    fields = [
        "code", "name", ("currency", "based_on"), ("best_of", "needs_approval"), "floor_margin_percent",
    ]  # fmt: skip
    autocomplete_fields = ["based_on"]
    inlines = [AssignmentInline]

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows: QuerySet[PriceList] = super().get_queryset(request)
        return rows.annotate(
            with_prices=count_of(PriceRule.objects.current(), "version__price_list"),
            with_assignments=count_of(PriceListAssignment.objects.all(), "price_list"),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Prices are in the list's currency, so it stays once there are any."""
        return ["currency"] if obj and PriceRule.objects.filter(version__price_list=obj.pk).exists() else []

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            begin_lists([obj.pk])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Point out what the list prices for a customer just named who may not buy it."""
        super().save_related(request, form, formsets, change)
        for saved in formsets:
            for row in [*saved.new_objects, *(row for row, _fields in saved.changed_objects)]:
                for sentence in priced_but_closed(row):
                    messages.warning(request, sentence)

    @admin.display(description=_("prices"), ordering="with_prices")
    def prices(self, price_list: Any) -> SafeString:
        address = reverse("admin:customers_pricerule_changelist")
        return format_html(
            '<a href="{}?version__price_list__id__exact={}">{}</a>',
            address,
            price_list.pk,
            price_list.with_prices or 0,
        )

    @admin.display(description=_("versions"))
    def versions(self, price_list: Any) -> SafeString:
        address = reverse("admin:customers_pricelist_versions", args=[price_list.pk])
        return format_html('<a href="{}">{}</a>', address, _("Versions"))

    @admin.display(description=_("for so many"), ordering="with_assignments")
    def assignments(self, price_list: Any) -> int:
        return int(price_list.with_assignments or 0)


@admin.register(SalesChannel)
class SalesChannelAdmin(ScopedAdmin):
    list_display = ["name", "code"]
    search_fields = ["^code", "name"]
    ordering = ["name"]
    fields = ["code", "name"]


def _hides_percent(request: HttpRequest, rule: Any) -> bool:
    """Whether the rule adds a percentage to a cost which this person must not reckon back."""
    from_cost = rule is not None and rule.kind == PriceKind.COST_PLUS
    return from_cost and not may_see_cost(cast(User, request.user))


def _takes_changes(rule: Any) -> bool:
    return rule is None or rule.version.takes_changes


class SeenLists(RelatedDropdownFilter):  # type: ignore[misc]
    """The lists whose prices this person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        lists = PriceList.objects.seen_by(cast(User, request.user)).order_by("code")
        return list(lists.values_list("pk", "code"))


@admin.register(PriceRule)
class PriceRuleAdmin(SheetAdmin, ScopedAdmin):
    sheet = PriceRuleResource
    form = PriceRuleForm
    list_display = ["sku", "version", "unit", "min_quantity", "price_written", "valid_from", "valid_to"]
    list_filter = [("version__price_list", SeenLists), "kind", "valid_to"]
    list_select_related = ["product", "category", "version__price_list__currency", "unit"]
    search_fields = ["^product__sku"]
    search_help_text = _("how the SKU begins")
    ordering = ["product__sku", "version__price_list__code", "version", "min_quantity", "valid_from", "pk"]
    autocomplete_fields = ["product", "category"]
    fields = [
        "price_list", ("product", "category"), "unit_code", ("kind", "priority"), ("price", "percent"),
        "free_of_charge", "floor", "min_quantity", ("basis", "mix_group"), "incremental", ("valid_from", "valid_to"),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceRule]:
        rows: QuerySet[PriceRule] = super().get_queryset(request)
        return rows.current()  # type: ignore[attr-defined,no-any-return]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PriceRule | None:
        """A rule of an old version is still there to read: traces lead to it."""
        old = PriceRule.objects.visible_to(cast(User, request.user)).filter(
            pk=object_id if object_id.isdigit() else 0
        )
        return super().get_object(request, object_id, from_field) or old.first()

    def get_list_display(self, request: HttpRequest) -> list[str]:
        hidden = not may_see_cost(cast(User, request.user))
        return ["careful_price" if hidden and name == "price_written" else name for name in self.list_display]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        may = super().has_change_permission(request, obj) and _takes_changes(obj)
        return bool(may and not _hides_percent(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _takes_changes(obj)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Who may only look sees the unit itself; the code is for typing."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return list(self.fields)
        shown = [{"unit_code": "unit", "price_list": "version"}.get(str(name), name) for name in self.fields]
        return [
            "price" if name == ("price", "percent") and _hides_percent(request, obj) else name
            for name in shown
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = [*PriceRuleForm.Meta.fields]
        return super().get_form(request, obj, change=change, **kwargs)

    @admin.display(description=_("SKU"), ordering="product__sku")
    def sku(self, rule: PriceRule) -> str:
        return rule.reach

    @measured_in(_("currency"))
    @admin.display(description=_("price per unit"))
    def careful_price(self, rule: PriceRule) -> Any:
        """The price for those who must not see cost, nor what is added to it."""
        return _("counted from the cost") if rule.kind == PriceKind.COST_PLUS else self.price_written(rule)

    @measured_in(_("currency"))
    @admin.display(description=_("price per unit"), ordering="price")
    def price_written(self, rule: PriceRule) -> SafeString:
        currency = rule.price_list.currency
        if rule.kind != PriceKind.FIXED:
            return figure(stated(rule))
        number = with_decimals(rule.price, currency.exponent)
        return figure(f"{unit_price(rule.price, currency)} {currency}", number, currency)
