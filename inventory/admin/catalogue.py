"""Products with their units and suppliers, categories and suppliers."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from inventory.admin.base import LastingAdmin, ScopedAdmin, ShortInline, labelled
from inventory.forms import UnitForm
from inventory.models import Category, Product, ProductUnit, Substitute, Supplier, SupplierProduct
from inventory.resources import ProductResource
from inventory.status import ProductStatus
from inventory.views.product_stock import product_stock
from oms.admin.figures import figure
from oms.importing.admin import SheetAdmin
from oms.money import decimals_of, with_decimals

COST = "inventory.view_cost"


class UnitInline(ShortInline):
    model = ProductUnit
    form = UnitForm
    fields = ["code", "name", "numerator", "denominator", "gtin", "multiple", "minimum", "is_default"]


class OfferInline(ShortInline):
    """Who supplies the product; what they ask for it is shown to those who may see cost."""

    model = SupplierProduct
    fields = ["supplier", "supplier_sku", "cost", "minimum", "multiple", "lead_time_days"]
    autocomplete_fields = ["supplier"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierProduct]:
        rows: QuerySet[SupplierProduct] = super().get_queryset(request).select_related("supplier", "product")
        return rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(COST) and super().has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(COST) and super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(COST) and super().has_change_permission(request, obj))


class SubstituteInline(ShortInline):
    """What may be sold instead when the product runs short."""

    model = Substitute
    fk_name = "product"
    fields = ["substitute", "numerator", "denominator", "rank"]
    autocomplete_fields = ["substitute"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Substitute]:
        rows: QuerySet[Substitute] = super().get_queryset(request).select_related("substitute", "product")
        return rows


@admin.register(Product)
class ProductAdmin(SheetAdmin, LastingAdmin):
    sheet = ProductResource
    list_display = ["sku", "name", "category", "state", "backorder_allowed", "stock"]
    list_filter = ["status", "category", "backorder_allowed"]
    list_select_related = ["category"]
    search_fields = ["^sku", "name"]
    search_help_text = _("SKU, words of the name, or a scanned GTIN")
    ordering = ["sku"]
    fields = [
        "sku",
        "name",
        "category",
        "status",
        "superseded_by",
        "cost",
        "tax_class",
        "weight_grams",
        "backorder_allowed",
        "allocation",
    ]
    autocomplete_fields = ["category", "superseded_by"]
    inlines = [UnitInline, SubstituteInline, OfferInline]
    change_form_template = "admin/inventory/product/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/stock/", self.admin_site.admin_view(product_stock), name="inventory_product_stock"
        )
        return [own, *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [*self.list_display, "cost_written"] if request.user.has_perm(COST) else self.list_display

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.fields if name != "cost" or request.user.has_perm(COST)]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.isascii() and search_term.isdigit() and len(search_term) >= 8:
            scanned = ProductUnit.objects.filter(gtin=search_term).values("product")
            found = found | queryset.filter(pk__in=scanned)
        return found, duplicates

    @labelled(
        _("status"),
        {
            ProductStatus.ACTIVE: "success",
            ProductStatus.BLOCKED: "danger",
            ProductStatus.DISCONTINUED: "warning",
        },
    )
    def state(self, product: Product) -> tuple[str, str]:
        return product.status, product.get_status_display()

    @admin.display(description=_("cost per base unit"), ordering="cost")
    def cost_written(self, product: Product) -> str:
        number = with_decimals(product.cost, 2)
        return figure(number_format(number, decimals_of(product.cost, 2), force_grouping=True), number)

    @admin.display(description=_("stock"))
    def stock(self, product: Product) -> str:
        return format_html(
            '<a class="wh-link" href="{}">{}</a>',
            reverse("admin:inventory_product_stock", args=[product.pk]),
            _("where it lies"),
        )


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    list_display = ["name", "code", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name", "^code"]
    ordering = ["name"]
    fields = ["code", "name", "parent"]
    autocomplete_fields = ["parent"]


@admin.register(Supplier)
class SupplierAdmin(ScopedAdmin):
    list_display = ["name", "code", "email", "phone", "lead_time_days", "learned_delay_days", "kept"]
    search_fields = ["name", "^code"]
    ordering = ["name"]
    fields = ["code", "name", "email", "phone", "lead_time_days", "tolerance_percent", "learned_delay_days"]
    readonly_fields = ["learned_delay_days"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        suppliers: Any = super().get_queryset(request)
        rated: QuerySet[Supplier] = suppliers.with_kept_promises()
        return rated

    @admin.display(description=_("kept promises"), ordering="kept_promises")
    def kept(self, supplier: Any) -> str:
        rate = supplier.kept_promises
        return "" if rate is None else f"{rate:.0f} %"
