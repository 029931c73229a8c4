"""Warehouses with their people, and the locations in them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from inventory.admin.base import LastingAdmin
from inventory.models import Location, Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(LastingAdmin):
    """Who works where decides what people see, so only those who manage people choose them.

    What one person may adjust alone is for those who answer for the company, not for those who adjust.
    """

    list_display = ["code", "name", "city", "country", "ship_cut_off", "bins"]
    search_fields = ["^code", "name", "^city"]
    ordering = ["code"]
    fields = [
        "code", "name", ("street", "postal_code"), ("city", "country"), ("zone", "ship_cut_off", "put_away_days"),
        ("adjust_units", "adjust_value"), "members", "bins",
    ]  # fmt: skip
    autocomplete_fields = ["members"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Warehouse]:
        warehouses: QuerySet[Warehouse] = super().get_queryset(request)
        return warehouses.annotate(location_count=Count("locations"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [] if request.user.has_perm("oms.change_user") else ["members"]
        limits = [] if request.user.has_perm("oms.change_company") else ["adjust_units", "adjust_value"]
        return ["bins", *fixed, *limits]

    @display(description=_("locations"))
    def bins(self, warehouse: Warehouse) -> str:
        if not hasattr(warehouse, "location_count"):  # a new one
            return "-"
        address = reverse("admin:inventory_location_changelist")
        return format_html(
            '<a class="wh-link" href="{}?warehouse__id__exact={}">{}</a>',
            address,
            warehouse.pk,
            warehouse.location_count,
        )


@admin.register(Location)
class LocationAdmin(LastingAdmin):
    """Kind and warehouse are chosen once: balances depend on them."""

    list_display = ["code", "warehouse", "kind", "walk_order"]
    list_filter = ["warehouse", "kind"]
    list_select_related = ["warehouse"]
    search_fields = ["^code", "=warehouse__code"]
    ordering = ["warehouse__code", "walk_order", "code"]
    fields = ["warehouse", "code", "kind", "walk_order"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["warehouse", "kind"] if obj else []
