"""Balances and the ledger, to be read; the pages that change stock hang on the stock levels."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from inventory.admin.base import CountedAdmin, counted
from inventory.models import BinStock, Product, ReorderPolicy, StockLevel, StockMovement
from inventory.resources import StockResource
from inventory.views.look_up import look_up
from inventory.views.putting_away import put_away_page
from inventory.views.stock_changes import move, receive
from oms.importing.admin import SheetAdmin


def product_page(product: Product) -> str:
    """Link a SKU to the page that says where the product lies."""
    address = reverse("admin:inventory_product_stock", args=[product.pk])
    return format_html('<a class="wh-link" href="{}">{}</a>', address, product.sku)


class ShortFilter(admin.SimpleListFilter):
    title = _("available")
    parameter_name = "short"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("low", _("short: at or below the reorder point")),
            ("none", _("nothing free")),
            ("some", _("some free")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockLevel]) -> QuerySet[StockLevel]:
        policy = ReorderPolicy.objects.filter(
            product=OuterRef("product"),
            warehouse=OuterRef("warehouse"),
            reorder_point__gte=OuterRef("available"),
        )
        match self.value():
            case "low":
                return queryset.filter(Exists(policy))
            case "none":
                return queryset.filter(available=0)
            case "some":
                return queryset.filter(available__gt=0)
        return queryset


@admin.register(StockLevel)
class StockLevelAdmin(SheetAdmin, CountedAdmin):
    sheet = StockResource
    list_display = [
        "sku", "name", "warehouse", "there", "promised", "free", "buffer", "for_quotes", "counted_unit",
    ]  # fmt: skip
    there = counted("on_hand", _("on hand"))
    promised = counted("allocated", _("allocated"))
    free = counted("available", _("available"))
    buffer = counted("channel_buffer", _("for other channels"))
    for_quotes = counted("held", _("held for quotes"))
    list_display_links = None
    list_filter = ["warehouse", ShortFilter]
    list_select_related = ["product", "warehouse"]
    search_fields = ["^product__sku", "product__name"]
    search_help_text = _("SKU or words of the name")
    ordering = ["product__sku", "warehouse__code"]
    list_before_template = "inventory/_stock_buttons.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(look_up), name="inventory_stocklevel_find"),
            path("move/", wrap(move), name="inventory_stocklevel_move"),
            path("put-away/", wrap(put_away_page), name="inventory_stocklevel_put_away"),
            path("receive/", wrap(receive), name="inventory_stocklevel_receive"),
            *super().get_urls(),
        ]

    @admin.display(description=_("SKU"), ordering="product__sku")
    def sku(self, level: StockLevel) -> str:
        return product_page(level.product)

    @admin.display(description=_("name"), ordering="product__name")
    def name(self, level: StockLevel) -> str:
        return level.product.name


@admin.register(BinStock)
class BinStockAdmin(CountedAdmin):
    list_display = ["location", "kind", "sku", "name", "lies", "counted_unit"]
    lies = counted("quantity", _("quantity"))
    list_display_links = None
    list_filter = ["location__warehouse", "location__kind"]
    list_select_related = ["location__warehouse", "product"]
    search_fields = ["^location__code", "^product__sku"]
    search_help_text = _("Bin or SKU")
    ordering = ["location__warehouse__code", "location__walk_order", "product__sku"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BinStock]:
        bins: QuerySet[BinStock] = super().get_queryset(request)
        return bins.filter(quantity__gt=0)

    @admin.display(description=_("kind"), ordering="location__kind")
    def kind(self, bin_: BinStock) -> str:
        return bin_.location.get_kind_display()

    @admin.display(description=_("SKU"), ordering="product__sku")
    def sku(self, bin_: BinStock) -> str:
        return product_page(bin_.product)

    @admin.display(description=_("name"))
    def name(self, bin_: BinStock) -> str:
        return bin_.product.name


@admin.register(StockMovement)
class StockMovementAdmin(CountedAdmin):
    """The ledger, newest first."""

    moved = counted("quantity", _("quantity"))

    list_display = [
        "at",
        "kind",
        "sku",
        "moved",
        "counted_unit",
        "from_location",
        "to_location",
        "document",
        "reason",
        "by",
    ]
    list_display_links = None
    list_filter = ["kind"]
    list_select_related = ["product", "from_location__warehouse", "to_location__warehouse", "by"]
    search_fields = ["document"]
    search_help_text = _("A document's whole number, or the beginning of a SKU")
    ordering = ["-pk"]
    sortable_by: list[str] = []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StockMovement], search_term: str
    ) -> tuple[QuerySet[StockMovement], bool]:
        """Both ways have an index; a search inside of texts would read the whole ledger."""
        term = search_term.strip()
        if not term:
            return queryset, False
        products = list(Product.objects.filter(sku__istartswith=term).values_list("pk", flat=True)[:200])
        return queryset.filter(Q(document=term.upper()) | Q(document=term) | Q(product__in=products)), False

    @admin.display(description=_("SKU"))
    def sku(self, movement: StockMovement) -> str:
        return product_page(movement.product)
