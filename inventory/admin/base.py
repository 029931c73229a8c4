"""The lists of the warehouse: those of the house in the warehouse's dress."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from inventory.finding import counted_unit
from inventory.units import in_counted
from oms.admin import base
from oms.admin.base import CleanForm, ShortInline
from oms.admin.figures import figure

__all__ = [
    "CleanForm",
    "CountedAdmin",
    "LastingAdmin",
    "ScopedAdmin",
    "ShortInline",
    "UnchangedAdmin",
    "counted",
    "labelled",
]

Shown = TypeVar("Shown", bound=Callable[..., Any])


class ScopedAdmin(base.ScopedAdmin):
    class Media:
        css = {"all": ["inventory/work.css"]}


class LastingAdmin(base.LastingAdmin):
    class Media:
        css = {"all": ["inventory/work.css"]}


class UnchangedAdmin(base.UnchangedAdmin):
    class Media:
        css = {"all": ["inventory/work.css"]}


class CountedAdmin(UnchangedAdmin):
    """Rows about a product: their quantities stand in the unit that people count it in, with its name."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(**counted_unit("product"))

    @display(description=_("unit"))
    def counted_unit(self, row: Any) -> str:
        return str(row.unit)


def counted(column: str, description: str | Promise) -> Callable[[Any, Any], str]:
    """Return a column that shows a quantity in the unit people count in, and is sorted by it in base units."""

    @display(description=description, ordering=column)
    def shown(_admin: Any, row: Any) -> str:
        if getattr(row, column) is None:
            return ""
        number = Decimal(in_counted(getattr(row, column), row.each))
        return figure(number_format(number, force_grouping=True), number)

    return cast(Callable[[Any, Any], str], shown)


def labelled(
    description: str | Promise, colours: Mapping[str, str], *, ordering: str = "status"
) -> Callable[[Shown], Shown]:
    """Show a column's (key, word) as a word on the key's colour."""
    decorator: Callable[[Shown], Shown] = display(
        description=description, ordering=ordering, label=dict(colours)
    )
    return decorator
