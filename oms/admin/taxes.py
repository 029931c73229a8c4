"""Taxes and charges: zones, classes, dated rates, and what documents may charge besides their lines."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oms.admin.base import CleanForm, ScopedAdmin, ShortInline
from oms.models import ChargeKind, TaxClass, TaxRate, TaxZone, TaxZoneCountry


@admin.register(TaxClass)
class TaxClassAdmin(ScopedAdmin):
    list_display = ["name", "is_usual"]
    search_fields = ["name"]
    ordering = ["name"]


class CountryForm(CleanForm):
    """A country in capital letters."""

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()


class CountryInline(ShortInline):
    model = TaxZoneCountry
    form = CountryForm
    fields = ["country"]


@admin.register(TaxZone)
class TaxZoneAdmin(ScopedAdmin):
    list_display = ["name", "is_exempt", "is_rest", "note"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", ("is_exempt", "is_rest"), "note"]
    inlines = [CountryInline]


@admin.register(TaxRate)
class TaxRateAdmin(ScopedAdmin):
    list_display = ["zone", "tax_class", "percent", "valid_from", "valid_to"]
    list_filter = ["zone", "tax_class"]
    list_select_related = ["zone", "tax_class"]
    ordering = ["zone__name", "tax_class__name", "-valid_from"]
    fields = [("zone", "tax_class"), "percent", ("valid_from", "valid_to")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Documents were taxed by it: it may end, and another begins."""
        return ["zone", "tax_class", "percent", "valid_from"] if obj else []


@admin.register(ChargeKind)
class ChargeKindAdmin(ScopedAdmin):
    list_display = ["code", "name", "amount", "tax_class", "active"]
    list_filter = ["active"]
    list_select_related = ["tax_class"]
    search_fields = ["^code", "name"]
    search_help_text = _("how the code begins, or words of the name")
    ordering = ["code"]
    fields = [("code", "name"), ("amount", "tax_class"), "active"]
