"""What the lists of this house share: rows the person may see, few statements, and honest answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.admin import ShowFacets
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from oms.text import clean

Shown = TypeVar("Shown", bound=Callable[..., Any])


class CleanForm(ModelForm):  # type: ignore[type-arg]
    """Text enters the database composed, trimmed, on one line and without anything invisible."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        return {**values, **{name: self._cleaned(name, text) for name, text in texts.items()}}

    def _cleaned(self, name: str, value: str) -> str:
        text = clean(value)
        if value and not text and self.fields[name].required:
            self.add_error(name, _("Enter something that can be seen."))
        return text


def _parameter(offered: Any) -> str:
    """Return by what name a filter's choice stands in the address."""
    if isinstance(offered, str):
        return offered
    return str(offered[0] if isinstance(offered, Sequence) else offered.parameter_name)


class ScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """A list and pages of the rows the person may see. What is not visible is not there: 404."""

    form = CleanForm
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    class Media:
        css = {"all": ["inventory/work.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(request.user)
        return rows.order_by(*self.get_ordering(request)) if self.get_ordering(request) else rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter: a hidden column is not read by filtering on it either."""
        offered = [_parameter(item) for item in self.get_list_filter(request)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Rows are deleted one by one, if at all: each deletion shows what goes with it."""
        actions: dict[str, Any] = super().get_actions(request)
        return {name: action for name, action in actions.items() if name != "delete_selected"}

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


class UnchangedAdmin(ScopedAdmin):
    """Rows that services and triggers write: people read them here and change nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def labelled(
    description: str | Promise, colours: Mapping[str, str], *, ordering: str = "status"
) -> Callable[[Shown], Shown]:
    """Show a column's (key, word) as a word on the key's colour."""
    decorator: Callable[[Shown], Shown] = display(
        description=description, ordering=ordering, label=dict(colours)
    )
    return decorator


class ShortInline(TabularInline):  # type: ignore[misc]
    """A few rows below their parent, edited in a table."""

    form = CleanForm
    extra = 0
    tab = True
