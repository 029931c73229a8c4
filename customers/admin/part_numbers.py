"""What customers call our products: found, changed, imported and exported."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers.forms import PartNumberForm
from customers.models import Customer, CustomerPartNumber
from customers.resources import PartNumberResource
from oms.admin.base import ScopedAdmin
from oms.importing.admin import SheetAdmin
from oms.models import User


@admin.register(CustomerPartNumber)
class CustomerPartNumberAdmin(SheetAdmin, ScopedAdmin):
    sheet = PartNumberResource
    form = PartNumberForm
    list_display = ["number", "customer", "sku", "unit", "learned"]
    list_filter = ["learned"]
    list_select_related = ["customer", "unit__product"]
    search_fields = ["^number", "^unit__product__sku", "^customer__code"]
    search_help_text = _("how their number, our SKU or the customer's code begins")
    ordering = ["customer__name", "number", "pk"]
    autocomplete_fields = ["customer"]
    readonly_fields = ["unit", "learned", "created_at", "created_by"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Who may only look sees the unit itself; SKU and code are for typing."""
        if obj is None:
            return ["customer", "number", ("sku", "unit_code")]
        if self.has_change_permission(request, obj):
            return ["customer", "number", ("sku", "unit_code"), ("learned", "created_at", "created_by")]
        return ["customer", "number", "unit", ("learned", "created_at", "created_by")]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*self.readonly_fields, "customer"] if obj else list(self.readonly_fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = ["number"] if obj else ["customer", "number"]
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "customer":
            kwargs["queryset"] = Customer.objects.visible_to(cast(User, request.user)).filter(
                merged_into=None
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: CustomerPartNumber, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("SKU"), ordering="unit__product__sku")
    def sku(self, one: CustomerPartNumber) -> str:
        return one.unit.product.sku
