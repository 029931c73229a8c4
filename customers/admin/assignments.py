"""For whom a price list is: chosen on the list's page, shown on the customer's."""

from typing import Any, cast

from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Customer, PriceListAssignment
from oms.admin.base import ReadInline, ShortInline, ShortRows
from oms.models import User


class AssignedListsInline(ReadInline):
    """The lists that name this customer, to read."""

    model = PriceListAssignment
    fk_name = "customer"
    fields = ["price_list"]
    readonly_fields = ["price_list"]
    verbose_name_plural = _("price lists of their own")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceListAssignment]:
        rows: QuerySet[PriceListAssignment] = super().get_queryset(request)
        return rows.select_related("price_list", "customer", "group")


class KnownLabels(ShortRows):
    """A formset that writes the chosen rows from what it has read already, not by one query per row."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name in {"customer", "group", "ship_to", "channel"} & form.fields.keys():
            widget = form.fields[name].widget
            widget = getattr(widget, "widget", widget)
            chosen = getattr(form.instance, name) if form.instance.pk else None
            widget.optgroups = _only(widget, chosen)


def _only(widget: Any, chosen: Model | None) -> Any:
    """Return the option groups of a widget that offers just the row chosen, as the script fetches the others."""
    usual = widget.optgroups

    def optgroups(name: str, value: list[Any], attrs: Any = None) -> Any:
        asked = {str(pk) for pk in value if pk}
        if chosen is not None and asked == {str(chosen.pk)}:
            options = [widget.create_option(name, chosen.pk, str(chosen), True, 1)]
        elif asked:
            return usual(name, value, attrs)
        else:
            options = []
        nothing = [] if widget.is_required else [widget.create_option(name, "", "", False, 0)]
        return [(None, nothing + options, 0)]

    return optgroups


class AssignmentInline(ShortInline):
    """For whom the list is: a customer and its children, a group and so on, or everyone when nobody is named."""

    model = PriceListAssignment
    formset = KnownLabels
    autocomplete_fields = ["customer", "group", "ship_to", "channel"]
    verbose_name_plural = _("for whom")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        wide = ["group", "channel"]
        return ["customer", "ship_to", *wide] if request.user.has_perm("customers.view_customer") else wide

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceListAssignment]:
        """Rows about a customer are for those who see the customer."""
        seen = Customer.objects.visible_to(cast(User, request.user))
        rows: QuerySet[PriceListAssignment] = super().get_queryset(request)
        own = Q(customer=None) | Q(customer__in=seen), Q(ship_to=None) | Q(ship_to__customer__in=seen)
        return rows.filter(*own).select_related("price_list", "customer", "group", "ship_to", "channel")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "customer":
            kwargs["queryset"] = Customer.objects.visible_to(cast(User, request.user))
        if db_field.name == "ship_to":
            seen = Customer.objects.visible_to(cast(User, request.user))
            kwargs["queryset"] = Address.objects.filter(customer__in=seen)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
