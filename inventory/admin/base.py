"""The lists of the warehouse: those of the house in the warehouse's dress."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.functional import Promise
from unfold.decorators import display

from oms.admin import base
from oms.admin.base import CleanForm, ShortInline

__all__ = ["CleanForm", "LastingAdmin", "ScopedAdmin", "ShortInline", "UnchangedAdmin", "labelled"]

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


def labelled(
    description: str | Promise, colours: Mapping[str, str], *, ordering: str = "status"
) -> Callable[[Shown], Shown]:
    """Show a column's (key, word) as a word on the key's colour."""
    decorator: Callable[[Shown], Shown] = display(
        description=description, ordering=ordering, label=dict(colours)
    )
    return decorator
