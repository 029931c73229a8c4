"""Any list as a file: its rows as filtered, its columns as shown, seen by who asks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from oms.admin.figures import Figure
from oms.importing.writing import TO_LOOK_AT, Formats, table_file

MOST_EXPORTED = 20_000
CHUNK = 2_000


class ExportForm(forms.Form):
    """The format wanted."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("xlsx", "XLSX"), ("csv", "CSV (UTF-8)")],
        widget=UnfoldAdminSelectWidget,
    )


class ExportsList:
    """Adds the export to a list's admin. `may_export` is a right it takes beside the one to see the rows."""

    may_export: ClassVar[str] = ""
    most_exported: ClassVar[int] = MOST_EXPORTED
    export_form: ClassVar[type[ExportForm]] = ExportForm

    @property
    def export_name(self) -> str:
        return str(self.opts.model_name)

    admin_site: Any
    model: Any
    opts: Any

    def has_export_permission(self, request: HttpRequest) -> bool:
        allowed = not self.may_export or request.user.has_perm(self.may_export)
        return bool(allowed and self.has_view_permission(request))  # type: ignore[attr-defined]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the format, then answer with the rows of the list as a file; refuse more than may be asked for."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        form = self.export_form(request.POST or None)
        if not form.is_valid():
            return self._export_page(request, form)
        try:
            rows = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self.list_url())
        if rows.result_count > self.most_exported:
            messages.error(request, self._too_many())
            return HttpResponseRedirect(f"{self.list_url()}?{request.GET.urlencode()}")
        header, table = self.export_table(request, form, rows)
        formats = self.export_formats(form)
        return table_file(self.export_name, form.cleaned_data["format"], header, table, formats)

    def export_formats(self, form: forms.Form) -> Formats:
        """Return how the file is written: a list is to be sorted, filtered and added up."""
        return TO_LOOK_AT

    def export_table(
        self, request: HttpRequest, form: forms.Form, rows: Any
    ) -> tuple[list[str], Iterator[Sequence[Any]]]:
        """Return the header and the rows of the list's own columns, each currency and unit in a column of its own."""
        names = [name for name in rows.list_display if name != "action_checkbox"]
        wide = [(name, getattr(getattr(self, str(name), None), "measured_in", "")) for name in names]
        header = [title for name, measure in wide for title in self._titles(name, measure)]
        return header, (
            [cell for name, measure in wide for cell in self._cells(name, row, bool(measure))]
            for row in in_chunks(rows.queryset)
        )

    def _titles(self, name: str, measure: object) -> list[str]:
        title = str(label_for_field(name, self.model, _admin(self)))
        return [title, f"{title} ({measure})"] if measure else [title]

    def _cells(self, name: str, row: Model, is_measured: bool) -> list[Any]:
        value = self._cell(name, row)
        shown = value if isinstance(value, Figure) else None
        cell = plain(value) if shown is None or shown.number is None else shown.number
        return [cell, shown.measure if shown else ""] if is_measured else [cell]

    def list_url(self) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return reverse(name, current_app=self.admin_site.name)

    def _cell(self, name: str, row: Model) -> Any:
        try:
            field, attribute, value = lookup_field(name, row, _admin(self))
        except ObjectDoesNotExist:
            return ""
        if field is not None and getattr(field, "flatchoices", None):
            return str(dict(field.flatchoices).get(value, value))
        if field is not None and field.is_relation:
            return str(getattr(row, field.name) or "")
        return _word(value) if getattr(attribute, "label", None) else value

    def _too_many(self) -> str:
        told = {"most": self.most_exported}
        return (
            _("A file takes %(most)s rows, and the list has more. Filter or search it, then export again.")
            % told
        )

    def _export_page(self, request: HttpRequest, form: forms.Form) -> TemplateResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Export")}
        back = f"{self.list_url()}?{urlencode(list(request.GET.items()))}"
        return TemplateResponse(
            request, "admin/importing/export.html", {**around, "form": form, "back": back}
        )


def _admin(own: ExportsList) -> "ModelAdmin[Any]":
    return cast("ModelAdmin[Any]", own)


def in_chunks(rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield rows a chunk at a time; all at once where each chunk would cost a statement for what belongs to it."""
    belonging = getattr(rows, "_prefetch_related_lookups", ())
    return rows.iterator(chunk_size=MOST_EXPORTED if belonging else CHUNK)


def _word(value: Any) -> Any:
    """Return the words of a coloured label."""
    return value[-1] if isinstance(value, tuple | list) else value


def plain(value: Any) -> Any:
    """Return what a list shows as what a cell holds: no markup, the moment of the clock on the wall."""
    match value:
        case tuple() | list():
            return " ".join(str(plain(part)) for part in value)
        case SafeString():
            return unescape(strip_tags(value)).strip()
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return local.replace(microsecond=0, tzinfo=None)
        case Decimal():
            return value.normalize()
        case _:
            return value
