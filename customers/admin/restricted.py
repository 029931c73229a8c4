"""Products that are sold to some customers only: what, and to whom."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, RestrictedSale
from customers.restricted_sheets import RestrictedSaleResource
from oms.admin.base import ScopedAdmin
from oms.importing.admin import SheetAdmin
from oms.models import User


@admin.register(RestrictedSale)
class RestrictedSaleAdmin(SheetAdmin, ScopedAdmin):
    sheet = RestrictedSaleResource
    list_display = ["what", "whom"]
    list_select_related = ["product", "category", "customer", "group"]
    search_fields = ["^product__sku", "^category__code", "^customer__code", "^group__code"]
    search_help_text = _("how the SKU, or the code of the category, customer or group begins")
    ordering = ["product__sku", "category__name", "pk"]
    autocomplete_fields = ["product", "category", "customer", "group"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Who sees no customers restricts to groups."""
        whom = ["customer"] if request.user.has_perm("customers.view_customer") else []
        return ["product", "category", *whom, "group"]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "customer":
            seen = Customer.objects.visible_to(cast(User, request.user))
            kwargs["queryset"] = seen.filter(merged_into=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("product or category"), ordering="product__sku")
    def what(self, one: RestrictedSale) -> str:
        if one.product:
            return f"{one.product.sku} {one.product.name}"
        return _("all of %(category)s") % {"category": one.category}

    @admin.display(description=_("sold only to"))
    def whom(self, one: RestrictedSale) -> str:
        return str(one.customer or one.group)
