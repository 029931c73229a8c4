"""Import and export on the pages of a list: what a file would do is shown first, then done as it was shown."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin, ImportExportMixinBase
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from oms.admin.exporting import ExportForm
from oms.errors import Refused
from oms.importing.columns import columns_of
from oms.importing.csv_sheets import DECLARABLE
from oms.importing.jobs import begin_import
from oms.importing.keeping import CONFIRM_WITHIN, fetched, forget, keep
from oms.importing.problems import FileRefused, refuse
from oms.importing.resource import Expected, Outcome, SheetResource
from oms.importing.sheets import MOST_BYTES
from oms.importing.working import as_shown
from oms.importing.writing import CSV_TYPE, FORMATS, TO_LOOK_AT, Formats, csv_header
from oms.models import ImportJob, User

LARGE = 256 * 1024  # bytes; what is larger is no matter of a request
LAST_ONES = 10  # imports of one's own that the page leads back to
MOST_EXPORTED = 100_000  # a catalogue
SALT = "oms.importing"


class ImportForm(forms.Form):
    """The file to look through."""

    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"), widget=UnfoldAdminFileFieldWidget, max_length=200
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding of a CSV file"),
        choices=list(DECLARABLE.items()),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than %(n)s MB.") % {"n": MOST_BYTES // 1024**2})
        return file


class SheetExportForm(ExportForm):
    """The format wanted, and which columns."""

    columns = forms.ChoiceField(
        label=gettext_lazy("Columns"),
        choices=[
            ("", gettext_lazy("as the import reads them")),
            ("list", gettext_lazy("as the list shows them")),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


class SheetAdmin(ExportMixin, ImportExportMixinBase):  # type: ignore[misc]
    """Adds import and export of one kind of file to the list of its model. Mix in before the admin class.

    Export holds the rows of the list as filtered, seen by who asks; import asks for the rights of the kind.
    """

    sheet: ClassVar[type[SheetResource]]
    export_form: ClassVar[type[ExportForm]] = SheetExportForm
    most_exported = MOST_EXPORTED
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def get_urls(self) -> list[URLPattern]:
        app, model = self.get_model_info()
        pages = {
            "import/": ("import", self.import_view),
            "import/confirm/": ("import_confirm", self.confirm_view),
            "import/template/": ("import_template", self.template_view),
        }
        own = [
            path(place, self.admin_site.admin_view(view), name=f"{app}_{model}_{name}")
            for place, (name, view) in pages.items()
        ]
        return [*own, *super(ExportMixin, self).get_urls()]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(cast(User, request.user).has_perms(self.sheet.may_import))

    def has_export_permission(self, request: HttpRequest) -> bool:
        wanted = self.sheet.may_export
        allowed = not wanted or request.user.has_perm(wanted)
        return bool(allowed and self.has_view_permission(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = {"has_import_permission": self.has_import_permission(request)}
        answer: HttpResponse = super().changelist_view(request, {**may, **(extra_context or {})})
        return answer

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do, or what is wrong with it. Nothing is written."""
        require(self.has_import_permission(request))
        form = ImportForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._page(request, form)
        file, encoding = form.cleaned_data["file"], form.cleaned_data["encoding"]
        if self.sheet.in_background or file.size > LARGE:
            return redirect("import_job", begin_import(self.sheet.kind, file, encoding, by=_by(request)).pk)
        kept = keep(file, encoding)
        return self._preview(request, form, kept)

    def _preview(self, request: HttpRequest, form: ImportForm, kept: dict[str, Any]) -> HttpResponse:
        resource = self.sheet(by=cast(User, request.user))
        try:
            with fetched(kept) as upload:
                outcome = resource.preview(upload, by=resource.by)
        except Refused as refusal:
            forget(kept["stored"])
            return self._page(request, form, refusal=refusal)
        token = sign(request, self.sheet.kind, {**kept, "counts": list(outcome.counts)})
        return self._page(request, form, outcome=outcome, token=token, name=kept["name"])

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Do what the preview showed; show it again when the file or the data have changed since."""
        require(self.has_import_permission(request))
        if request.method != "POST":
            return HttpResponseRedirect(self._url("import"))
        try:
            kept = unsign(request, self.sheet.kind)
            outcome = self._do(request, kept)
        except Refused as refusal:
            return self._page(request, ImportForm(), refusal=refusal)
        forget(kept["stored"])
        counts = {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}
        messages.success(request, _("Imported: %(new)s new, %(changed)s changed, %(same)s same.") % counts)
        return HttpResponseRedirect(self._url("changelist"))

    def _do(self, request: HttpRequest, kept: dict[str, Any]) -> Outcome:
        resource = self.sheet(by=cast(User, request.user))
        with fetched(kept) as upload:
            return resource.import_file(upload, by=resource.by, expected=Expected(tuple(kept["counts"])))

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """The header row as a file."""
        require(self.has_import_permission(request))
        return attachment(
            f"{self.sheet.kind}.csv", CSV_TYPE, csv_header(self.sheet.header()).encode() + b"\r\n"
        )

    @property
    def export_name(self) -> str:
        return self.sheet.kind

    def export_table(self, request: HttpRequest, form: forms.Form, rows: Any) -> tuple[list[str], Any]:
        """The rows as the import reads them, or as the list shows them."""
        if form.cleaned_data["columns"]:
            return cast(tuple[list[str], Any], super().export_table(request, form, rows))
        resource = self.sheet(by=cast(User, request.user))
        return resource.header(), resource.table(rows.queryset)

    def export_formats(self, form: forms.Form) -> Formats:
        return TO_LOOK_AT if form.cleaned_data["columns"] else FORMATS

    def _page(self, request: HttpRequest, form: ImportForm, **found: Any) -> HttpResponse:
        outcome, refusal = found.get("outcome"), found.pop("refusal", None)
        changes = [as_shown(change) for change in outcome.changes] if outcome else []
        context = self._around(request, _("Import"), form=form, changes=changes, **told(refusal), **found)
        return TemplateResponse(request, "admin/importing/import.html", context)

    def _around(self, request: HttpRequest, title: str, **context: Any) -> dict[str, Any]:
        urls = {name: self._url(name) for name in ("changelist", "import_confirm", "import_template")}
        columns = columns_of(self.sheet.row)
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        own = ImportJob.objects.visible_to(_by(request)).filter(kind=self.sheet.kind)[:LAST_ONES]
        return {**around, "urls": urls, "columns": columns, "jobs": own, **context}

    def _url(self, name: str) -> str:
        app, model = self.get_model_info()
        return reverse(f"admin:{app}_{model}_{name}", current_app=self.admin_site.name)


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def told(refusal: Refused | None) -> dict[str, Any]:
    """Return a refusal as a page shows it: a sentence, and a table of problems when it is about a file."""
    if refusal is None:
        return {}
    if isinstance(refusal, FileRefused):
        return {"summary": refusal.summary(), "problems": refusal.problems}
    return {"summary": str(refusal), "problems": []}


def attachment(name: str, content_type: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def sign(request: HttpRequest, kind: str, kept: dict[str, Any]) -> str:
    """Return a preview as a token that only its own reader can confirm, for the same kind."""
    return signing.dumps([cast(User, request.user).pk, kind, kept], salt=SALT, compress=True)


def unsign(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Return the preview that a token stands for; raise FileRefused for any other token."""
    try:
        found: Sequence[Any] = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError) as error:
        raise refuse(_("The preview is too old."), _("Choose the file again.")) from error
    if list(found[:2]) != [cast(User, request.user).pk, kind]:
        raise refuse(_("The preview is somebody else's."), _("Choose the file again."))
    return cast("dict[str, Any]", found[2])
