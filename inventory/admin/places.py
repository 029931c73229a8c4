"""Warehouses with their people, and the locations in them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from inventory.admin.base import CleanForm, LastingAdmin, ShortInline
from inventory.calendars import day_in
from inventory.forms import WeekdaysField
from inventory.models import ClosingDay, Location, TransitTime, Warehouse

MOST_DAYS_OFF = 6


class WarehouseForm(CleanForm):
    working_days = WeekdaysField(label=_("Working days"), widget=UnfoldAdminCheckboxSelectMultipleWidget)


class ClosingDayInline(ShortInline):
    model = ClosingDay
    fields = ["day", "note"]


class TransitTimeInline(ShortInline):
    model = TransitTime
    fields = ["country", "region", "days"]


@admin.register(Warehouse)
class WarehouseAdmin(LastingAdmin):
    """Who works where decides what people see, so only those who manage people choose them.

    What one person may adjust alone is for those who answer for the company, not for those who adjust.
    """

    list_display = ["code", "name", "city", "country", "ship_cut_off", "bins"]
    search_fields = ["^code", "name", "^city"]
    form = WarehouseForm
    inlines = [ClosingDayInline, TransitTimeInline]
    ordering = ["code"]
    fields = [
        "code", "name", "street", ("postal_code", "city"), ("country", "subdivision"), ("zone", "ship_cut_off"),
        "working_days", "next_days_off", ("put_away_days", "transit_days"), "allocation_horizon_days",
        ("adjust_units", "adjust_value"),
        "members", "bins",
    ]  # fmt: skip
    autocomplete_fields = ["members"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Warehouse]:
        warehouses: QuerySet[Warehouse] = super().get_queryset(request)
        return warehouses.annotate(location_count=Count("locations"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [] if request.user.has_perm("oms.change_user") else ["members"]
        limits = [] if request.user.has_perm("oms.change_company") else ["adjust_units", "adjust_value"]
        return ["bins", "next_days_off", *fixed, *limits]

    @display(description=_("next days off"))
    def next_days_off(self, warehouse: Warehouse) -> str:
        """Public holidays and closing days, so that a wrong country is seen at once."""
        if not warehouse.pk:
            return "-"
        calendar = warehouse.calendar(warehouse.closing_days.values_list("day", flat=True))
        days = calendar.days_off(day_in(warehouse.zone, timezone.now()), MOST_DAYS_OFF)
        return ", ".join(date_format(day, "D j M") for day in days) or str(_("none in the next year"))

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
