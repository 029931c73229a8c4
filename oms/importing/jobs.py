"""An import from the upload to its undoing: what people decide. What a worker does is in `working`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.errors import IllegalMove
from oms.importing.keeping import JOBS, forget, keep
from oms.importing.matching import require_fits
from oms.importing.resource import SheetResource, kinds
from oms.models import ImportJob, ImportStatus, User
from oms.text import clean
from oms.wakeup import wake

WORK = "oms.tasks.work_on_imports"
# What begins anew with every step.
FRESH: dict[str, Any] = {"attempts": 0, "leased_until": None, "step": "", "done": 0, "total": 0}


@transaction.atomic
def begin_import(kind: str, file: "File[Any]", encoding: str, *, by: User) -> ImportJob:
    """Keep a file and let a worker check it."""
    kept = keep(file, encoding, JOBS)
    name = clean(kept["name"])[:200] or _("a file")
    job = ImportJob.objects.create(
        kind=kind, name=name, stored=kept["stored"], sha256=kept["sha256"], encoding=encoding, by=by
    )
    wake(WORK)
    return job


@transaction.atomic
def choose_columns(job_id: int, columns: Mapping[str, str]) -> ImportJob:
    """Let a file be checked with these columns. Raise Refused when they do not fit, or IllegalMove."""
    job = _locked(job_id)
    wanted = {name: columns.get(name, "") for name in job.header}
    require_fits(resource_of(job), wanted)
    return _wait(job, columns=wanted)


@transaction.atomic
def check_again(job_id: int) -> ImportJob:
    """Let a file be checked once more, against what is there by now. Raise IllegalMove."""
    return _wait(_locked(job_id))


@transaction.atomic
def ask_for_columns(job_id: int) -> ImportJob:
    """Go back to the choice of columns. Raise IllegalMove."""
    return _step(_locked(job_id), ImportStatus.COLUMNS)


@transaction.atomic
def confirm_import(job_id: int) -> ImportJob:
    """Let a worker do what the check has shown. Raise IllegalMove."""
    job = _step(_locked(job_id), ImportStatus.CONFIRMED)
    wake(WORK)
    return job


@transaction.atomic
def cancel_import(job_id: int) -> ImportJob:
    """Give an import up; a worker that is at it stops, and nothing of it stays. Raise IllegalMove when it is done."""
    job = _locked(job_id)
    stored = [job.stored, job.errors]
    job = _step(job, ImportStatus.CANCELLED, errors="")
    for one in stored:
        transaction.on_commit(partial(forget, one))
    return job


@transaction.atomic
def undo_import(job_id: int) -> str:
    """Take back what an import made; return what is so again. Raise Refused when it cannot be, or IllegalMove."""
    job = _locked(job_id)
    job.require_can_become(ImportStatus.UNDONE)
    said = resource_of(job)(by=job.by).undo(job.made)
    _step(job, ImportStatus.UNDONE, said=said[:500])
    return said


def resource_of(job: ImportJob) -> type[SheetResource]:
    return kinds()[job.kind]


def _locked(job_id: int) -> ImportJob:
    return ImportJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job_id)


def _wait(job: ImportJob, **values: Any) -> ImportJob:
    old = job.errors
    job = _step(job, ImportStatus.WAITING, errors="", said="", problems=0, found={}, **values)
    transaction.on_commit(partial(forget, old))
    wake(WORK)
    return job


def _step(job: ImportJob, status: ImportStatus, **values: Any) -> ImportJob:
    if job.status == status:
        raise IllegalMove(job.name, str(job.get_status_display()), str(status.label))
    job.require_can_become(status)
    values = {**FRESH, **values, "status": status, "status_since": timezone.now()}
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))
    return job
