"""The page of an import: how far it is, what it would do, and the steps one can take. Everybody sees their own."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oms.errors import Refused
from oms.importing.jobs import (
    ask_for_columns,
    cancel_import,
    check_again,
    choose_columns,
    confirm_import,
    resource_of,
    undo_import,
)
from oms.importing.matching import keep_profile, suggested
from oms.importing.writing import CSV_TYPE, XLSX_TYPE
from oms.models import ImportJob, ImportStatus, User
from oms.text import clean

LONG = 10  # seconds after which a worker should have taken it
COMPANY = "company"


def _mine(request: HttpRequest, pk: int) -> ImportJob:
    """Return an import of the person's own, as long as they may import its kind; else 404."""
    user = cast(User, request.user)
    job = get_object_or_404(ImportJob.objects.visible_to(user), pk=pk)
    if not user.has_perms(resource_of(job).may_import):
        raise Http404
    return job


@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an import as it is."""
    job = _mine(request, pk)
    kind = resource_of(job)
    context = {
        **admin.site.each_context(request),
        "title": job.name,
        "job": job,
        "about": kind.get_display_name(),
        "list_url": reverse(f"admin:{kind.model._meta.label_lower.replace('.', '_')}_changelist"),
        "import_url": reverse(f"admin:{kind.model._meta.label_lower.replace('.', '_')}_import"),
        "progress": progress_of(job),
        "may": {name: step.fits(job) for name, step in STEPS.items()},
        "undo_words": kind.undo_words,
    }
    if job.status == ImportStatus.COLUMNS:
        context |= _columns(job)
    return TemplateResponse(request, "admin/importing/job.html", context)


def _columns(job: ImportJob) -> dict[str, Any]:
    """Return what the choice of columns shows: each header of the file, and ours to choose from."""
    kind = resource_of(job)
    chosen = {**suggested(kind, job.header), **{name: to for name, to in job.columns.items() if to}}
    return {
        "headers": [(place, name, chosen.get(name, "")) for place, name in enumerate(job.header)],
        "ours": kind.columns(),
    }


@require_safe
def import_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer how far an import is."""
    return JsonResponse(progress_of(_mine(request, pk)))


def progress_of(job: ImportJob) -> dict[str, Any]:
    """Return how far an import is, with a sentence."""
    waits = job.is_worked and job.leased_until is None
    late = waits and (timezone.now() - job.status_since).total_seconds() > LONG
    return {
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "working": job.is_worked,
        "text": _late() if late else _waiting() if waits else _text(job),
    }


def _late() -> str:
    return _("No worker has taken it yet. It goes on by itself as soon as one runs (make run starts one).")


def _waiting() -> str:
    return _("Waits for a worker.")


def _text(job: ImportJob) -> str:
    steps = {
        "reading": _("Reading: row %(done)s"),
        "checking": _("Checking: %(done)s of %(total)s rows"),
        "copying": _("Copying the prices there are: %(done)s of %(total)s"),
        "writing": _("Writing: %(done)s of %(total)s rows"),
    }
    return steps.get(job.step, _("Begins.")) % {"done": f"{job.done:,}", "total": f"{job.total:,}"}


@require_safe
def import_errors(request: HttpRequest, pk: int) -> FileResponse:
    """Answer with the file as it was sent, with what is wrong in a column of its own."""
    job = _mine(request, pk)
    if not job.errors or not default_storage.exists(job.errors):
        raise Http404
    form = "xlsx" if job.errors.endswith(".xlsx") else "csv"
    answer = FileResponse(
        default_storage.open(job.errors),
        as_attachment=True,
        filename=f"{job.kind}-errors.{form}",
        content_type=XLSX_TYPE if form == "xlsx" else CSV_TYPE,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# --- steps ------------------------------------------------------------------------------------------------------------


class Step:
    """A step a person can take: to which status it leads, and what is said then."""

    def __init__(self, to: ImportStatus, act: Callable[[HttpRequest, ImportJob], str]) -> None:
        self.to, self.act = to, act

    def fits(self, job: ImportJob) -> bool:
        return job.can_become(self.to) and (
            self.to != ImportStatus.UNDONE or resource_of(job).can_undo(job.made)
        )


def _choose(request: HttpRequest, job: ImportJob) -> str:
    columns = {name: request.POST.get(f"column-{place}", "") for place, name in enumerate(job.header)}
    choose_columns(job.pk, columns)
    name = clean(request.POST.get("profile", ""))
    if not name:
        return ""
    user = None if request.POST.get("whose") == COMPANY else job.by
    profile = keep_profile(job.kind, name, columns, user=user)
    return _("Files with these columns are read so from now on: “%(name)s”.") % {"name": profile}


def _confirm(_request: HttpRequest, job: ImportJob) -> str:
    confirm_import(job.pk)
    return ""


def _cancel(_request: HttpRequest, job: ImportJob) -> str:
    cancel_import(job.pk)
    return _("Cancelled. Nothing of %(name)s was imported.") % {"name": job.name}


def _again(_request: HttpRequest, job: ImportJob) -> str:
    check_again(job.pk)
    return ""


def _other_columns(_request: HttpRequest, job: ImportJob) -> str:
    ask_for_columns(job.pk)
    return ""


def _undo(_request: HttpRequest, job: ImportJob) -> str:
    return _("Undone. %(said)s") % {"said": undo_import(job.pk)}


STEPS = {
    "choose": Step(ImportStatus.WAITING, _choose),
    "confirm": Step(ImportStatus.CONFIRMED, _confirm),
    "cancel": Step(ImportStatus.CANCELLED, _cancel),
    "again": Step(ImportStatus.WAITING, _again),
    "columns": Step(ImportStatus.COLUMNS, _other_columns),
    "undo": Step(ImportStatus.UNDONE, _undo),
}


@require_POST
def import_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step of an import and lead back to its page."""
    job = _mine(request, pk)
    try:
        said = STEPS[step].act(request, job)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("import_job", pk)


def addresses() -> list[URLPattern]:
    """Return the addresses of an import's page, its progress, its errors and its steps."""
    wrap = admin.site.admin_view
    steps = [path(f"<int:pk>/{name}/", wrap(_taking(name)), name=f"import_{name}") for name in STEPS]
    return [
        path("<int:pk>/", wrap(import_page), name="import_job"),
        path("<int:pk>/progress/", wrap(import_progress), name="import_progress"),
        path("<int:pk>/errors/", wrap(import_errors), name="import_errors"),
        *steps,
    ]


def _taking(name: str) -> Callable[..., HttpResponse]:
    def take(request: HttpRequest, pk: int) -> HttpResponse:
        return import_step(request, pk, name)

    return take
