"""What the lists of this house share: rows the person may see, few statements, honest answers."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import Media, ModelForm
from django.forms.formsets import TOTAL_FORM_COUNT
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminBigIntegerFieldWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
)

from oms.admin.exporting import ExportsList
from oms.admin.lists import OwnList, around
from oms.admin.paging import CountsUpTo
from oms.errors import Refused
from oms.fields import StrictDecimalField, StrictWholeField
from oms.models import NamedView, User
from oms.text import clean

LONGEST_SEARCH = 100
MOST_NEW_ROWS = 100
# What may follow a filter's name. Never a way on into the related row, where its password could be guessed.
COMPARED = re.compile(r"(__(id|pk|code))?(__(exact|in|isnull|gte|gt|lte|lt))?|_(from|to)(_[01])?")
WHOLE = {"form_class": StrictWholeField, "widget": UnfoldAdminIntegerFieldWidget}
NUMBERS: dict[Any, dict[str, Any]] = {
    models.DecimalField: {"form_class": StrictDecimalField, "widget": UnfoldAdminDecimalFieldWidget},
    models.BigIntegerField: {"form_class": StrictWholeField, "widget": UnfoldAdminBigIntegerFieldWidget},
    models.IntegerField: WHOLE,
    models.PositiveIntegerField: WHOLE,
    models.PositiveSmallIntegerField: WHOLE,
}


class KnownKeys(AutocompleteSelect):
    """A choice by autocomplete that survives nonsense: what cannot be a key is not looked for.

    What stands in its place has the name of its field.
    """

    @property
    def media(self) -> Media:
        return super().media + Media(js=["oms/chosen.js"])

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if self._may_be_key(key)], attr)

    def _may_be_key(self, key: Any) -> bool:
        try:
            self.field.remote_field.get_related_field().to_python(key or None)
        except (ValidationError, OverflowError):
            return False
        return True


def _parameter(offered: Any) -> str:
    """Return by what name a filter's choice stands in the address."""
    if isinstance(offered, str):
        return offered
    return str(offered[0] if isinstance(offered, Sequence) else offered.parameter_name)


class CleanForm(ModelForm):  # type: ignore[type-arg]
    """Text enters the database composed, trimmed, on one line and without anything invisible."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name, value in list(values.items()):
            if isinstance(value, str):
                values[name] = self._cleaned(name, value)
        return values

    def _cleaned(self, name: str, value: str) -> str:
        text = clean(value)
        if value and not text and self.fields[name].required:
            self.add_error(name, _("Enter something that can be seen."))
        return text


class ScopedAdmin(ExportsList, ModelAdmin):  # type: ignore[misc]
    """A list and pages of the rows the person may see. What is not visible is not there: 404.

    What the database refuses at the last moment is a message, not a broken page.
    """

    form = CleanForm
    list_per_page = 50
    paginator = CountsUpTo
    sorted_by_row: ClassVar[Sequence[str]] = ()  # columns that count up with the rows
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    formfield_overrides = NUMBERS

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        export = path("export/", view, name=f"{self.opts.app_label}_{self.opts.model_name}_export")
        return [export, *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[OwnList]:
        return OwnList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; at first with the view that the person opens it with."""
        views = list(
            NamedView.objects.visible_to(cast(User, request.user)).filter(about=self.opts.label_lower)
        )
        first = next((view.query for view in views if view.is_first), "")
        if first and request.method == "GET" and not request.META.get("QUERY_STRING"):
            return HttpResponseRedirect(f"{request.path}?{first}")
        own = {"title": capfirst(self.opts.verbose_name_plural), **around(request, self, views)}
        answer: HttpResponse = super().changelist_view(request, {**own, **(extra_context or {})})
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        visible = getattr(self.model._default_manager, "visible_to", None)
        return rows if visible is None else visible(request.user).order_by(*rows.query.order_by)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, clean(search_term)[:LONGEST_SEARCH]
        )
        return found

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is deleted by the list: its cascade would go where no service went."""
        actions: dict[str, Any] = super().get_actions(request)
        return {name: action for name, action in actions.items() if name != "delete_selected"}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter, compared as a whole: nothing hidden is read by filtering on it."""
        offered = [_parameter(item) for item in self.get_list_filter(request)]
        return any(lookup.startswith(name) and COMPARED.fullmatch(lookup[len(name) :]) for name in offered)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Take an action with the rows that were ticked; what is no id ticks nothing."""
        posted = request.POST.copy()
        posted.setlist(
            ACTION_CHECKBOX_NAME, [pk for pk in posted.getlist(ACTION_CHECKBOX_NAME) if self._is_id(pk)]
        )
        request.POST = posted  # type: ignore[assignment]
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer

    def _is_id(self, pk: str) -> bool:
        try:
            self.model._meta.pk.to_python(pk)
        except ValidationError:
            return False
        return bool(pk)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownKeys(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
        except IntegrityError:
            messages.error(
                request, _("Somebody else has just saved something that this contradicts. Look again.")
            )
        else:
            return answer
        return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row; an empty name of a field, which an address may carry, is none."""
        return super().get_object(request, object_id, from_field or None)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


class LastingAdmin(ScopedAdmin):
    """Rows that the database keeps for ever: they are blocked, closed or renamed, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class UnchangedAdmin(LastingAdmin):
    """Rows that services and triggers write: people read them here and change nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ShortRows(PaginationInlineFormSet):  # type: ignore[misc]
    """Rows that are there and at most a hundred new ones, whatever a form claims to hold: the rest is never built."""

    absolute_max: int

    default_error_messages = {
        **PaginationInlineFormSet.default_error_messages,
        "too_many_forms": _("Add at most 100 rows at once."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.management_form.cleaned_data.get(TOTAL_FORM_COUNT, 0) > MOST_NEW_ROWS:
            self.absolute_max = min(self.absolute_max, len(self.get_queryset()) + MOST_NEW_ROWS)


class ShortInline(TabularInline):  # type: ignore[misc]
    """A few rows below their parent, edited in a table."""

    form = CleanForm
    formset = ShortRows
    formfield_overrides = {**TabularInline.formfield_overrides, **NUMBERS}
    extra = 0
    tab = True

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownKeys(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadInline(ShortInline):
    """A few rows below their parent, to read."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
