"""The company, one row, and the currencies it trades in."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oms.admin.base import CleanForm, ScopedAdmin
from oms.legal import require_valid_bic, require_valid_iban, require_valid_vat
from oms.models import Company, Currency, ExchangeRate


class CompanyForm(CleanForm):
    """The company's data; numbers with check digits are checked where they are typed."""

    CHECKED = {"vat_number": require_valid_vat, "iban": require_valid_iban, "bic": require_valid_bic}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, check in self.CHECKED.items():
            if name in self.fields:
                self.fields[name].validators.append(check)

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValidationError(_("A country is two letters (ISO 3166), such as DE."))
        return country


@admin.register(Company)
class CompanyAdmin(ScopedAdmin):
    """One row: its list is the row itself."""

    form = CompanyForm
    fieldsets = [
        (None, {"fields": ["name", "logo"]}),
        (_("Address"), {"fields": ["street", ("postal_code", "city"), "country", ("email", "phone")]}),
        (
            _("Tax and bank"),
            {
                "fields": [
                    "vat_number",
                    ("prices_include_tax", "tax_rounding"),
                    "bank_name",
                    ("iban", "bic"),
                ]
            },
        ),
        (_("Formats"), {"fields": ["currency", ("zone", "language")]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        company = Company.objects.first()
        if company is None and self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:oms_company_add"))
        if company is None:
            answer: HttpResponse = super().changelist_view(request, extra_context)
            return answer
        return HttpResponseRedirect(reverse("admin:oms_company_change", args=[company.pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_add_permission(request)) and not Company.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Currency)
class CurrencyAdmin(ScopedAdmin):
    list_display = ["code", "name", "exponent"]
    search_fields = ["^code", "name"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Amounts are kept with the decimals of their currency, so both stay as they were made."""
        return ["code", "exponent"] if obj else []


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ScopedAdmin):
    list_display = ["source", "target", "rate", "valid_from"]
    list_filter = ["source", "target"]
    list_select_related = ["source", "target"]
    ordering = ["source", "target", "-valid_from"]
    fields = [("source", "target"), ("rate", "valid_from")]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Documents were priced by it; a new day gets a new rate."""
        return ["source", "target", "rate", "valid_from"] if obj else []
