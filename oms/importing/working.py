"""What a worker does for imports. Safe twice and at once: each holds its job by a lease, and only the last one's word
counts."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.importing.cells import unescaped
from oms.importing.jobs import FRESH, resource_of
from oms.importing.keeping import fetched, forget
from oms.importing.matching import known_columns
from oms.importing.plans import Change, State
from oms.importing.problems import FileBusy, FileRefused
from oms.importing.progress import heard_by
from oms.importing.resource import Expected, Outcome, Upload
from oms.importing.returning import with_errors
from oms.importing.sheets import Sheet
from oms.importing.writing import cell_text
from oms.models import ImportJob, ImportStatus

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than a statement of a worker may take
AGAIN = timedelta(seconds=5)  # when somebody else holds what it needs
OFTEN = 0.5  # seconds between two words about how far it is
SAMPLE = 50  # changes, and problems, that the page shows

# Told over a connection of its own, so that it is seen while the import's transaction is open.
TELL = """
    UPDATE oms_importjob SET step = %s, done = %s, total = %s, leased_until = now() + %s * interval '1 second'
    WHERE id = %s AND status = %s AND attempts = %s
"""


class Cancelled(Exception):
    """The job is no longer this worker's: given up by its owner, or taken by another worker."""


def work_on_one() -> bool:
    """Take the oldest import that waits and do what it waits for; return whether there was one."""
    tell_broken()
    job = claim()
    if job is None:
        return False
    try:
        _work(job)
    except Cancelled:
        logger.info("Import %s was given up meanwhile", job.pk)
    except FileBusy:
        _put_back(job, AGAIN, attempts=F("attempts") - 1)
    except FileRefused as refusal:
        _refuse(job, refusal)
    except Refused as refusal:
        _settle(job, ImportStatus.REFUSED, said=str(refusal)[:500])
    except Exception as error:  # one file that breaks the reader must not stop the others
        logger.exception("Import %s broke off; it is tried again", job.pk, exc_info=error)
        _put_back(job, AGAIN)
    return True


@transaction.atomic
def claim() -> ImportJob | None:
    """Lease the oldest import that waits to this worker, so that nobody else takes it meanwhile."""
    due = ImportJob.objects.due().filter(attempts__lt=ImportJob.MOST_ATTEMPTS)
    job = due.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if job is not None:
        job.attempts, job.leased_until = job.attempts + 1, timezone.now() + LEASE
        job.save(update_fields=["attempts", "leased_until"])
    return job


def tell_broken() -> None:
    """Say of imports that no worker has survived that they broke off; nothing of them is there."""
    used_up = ImportJob.objects.due().filter(attempts__gte=ImportJob.MOST_ATTEMPTS)
    said = _("Three workers broke off at this file; nothing was imported. Check it again, or split it.")
    values = {**FRESH, "status": ImportStatus.BROKEN, "status_since": timezone.now(), "said": said}
    used_up.order_by().update(**values)


def _work(job: ImportJob) -> None:
    kept = {"stored": job.stored, "sha256": job.sha256, "name": job.name, "encoding": job.encoding}
    with watched(job), fetched(kept) as upload:
        sheet = None if job.columns else _match(job, upload)
        if job.columns:
            work = _import if job.status == ImportStatus.CONFIRMED else _check
            work(job, replace(upload, columns=job.columns, opened=sheet))


@contextmanager
def watched(job: ImportJob) -> Iterator[None]:
    """Write down how far the work of this block is. It ends with Cancelled once the job is no longer this worker's."""
    own = connection.copy()
    try:
        with heard_by(_writing_down(job, own)):
            yield
    finally:
        own.close()


def _writing_down(job: ImportJob, own: Any) -> Callable[[str, int, int], None]:
    last = {"at": 0.0}

    def hear(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - last["at"] < OFTEN:
            return
        last["at"] = now
        values = [step, done, total, LEASE.total_seconds(), job.pk, job.status, job.attempts]
        with own.cursor() as cursor:
            cursor.execute(TELL, values)
            if not cursor.rowcount:
                raise Cancelled

    return hear


def _match(job: ImportJob, upload: Upload) -> Sheet:
    """Find out which column is which of ours; when only a person can say, let the job wait for one.

    Return the file as it was opened for that: opening a large workbook takes as long as checking its rows.
    """
    kind = resource_of(job)
    sheet = upload.open(frozenset(kind.header()))
    header = list(sheet.header)
    columns = known_columns(kind, header, job.by)
    if columns is None:
        _settle(job, ImportStatus.COLUMNS, header=header)
        return sheet
    mine = ImportJob.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts)
    mine.update(header=header, columns=columns)
    job.header, job.columns = header, columns
    return sheet


def _check(job: ImportJob, upload: Upload) -> None:
    outcome = resource_of(job)(by=job.by).preview(upload, by=job.by)
    _settle(job, ImportStatus.CHECKED, **_counted(outcome), found=as_found(outcome))


def _import(job: ImportJob, upload: Upload) -> None:
    """Import the file as the check has shown it. That it is imported is written in the same transaction."""
    expected = Expected(job.counts, job.found.get("basis", {}))

    def then(outcome: Outcome) -> None:
        made, notes = dict(outcome.made), list(outcome.notes)
        _settle(job, ImportStatus.IMPORTED, made=made, found={**job.found, "notes": notes})

    resource_of(job)(by=job.by).import_file(upload, by=job.by, expected=expected, then=then)
    forget(job.stored)


def _counted(outcome: Outcome) -> dict[str, int]:
    return {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}


def as_found(outcome: Outcome) -> dict[str, Any]:
    """Return what a page shows of an outcome, as data that can be kept."""
    return {
        "notes": list(outcome.notes),
        "sample": [as_shown(change) for change in outcome.changes[:SAMPLE]],
        "jumped": outcome.jumped,
        "jumps": [
            [jump.row, jump.label, _text(jump.before), _text(jump.after), f"{jump.percent:+}"]
            for jump in outcome.jumps
        ],
        "basis": dict(outcome.basis),
    }


def as_shown(change: Change) -> dict[str, Any]:
    """Return a change as a page shows it, with its values as text."""
    fields = [[name, _text(before), _text(after)] for name, (before, after) in change.fields.items()]
    is_new = change.state is State.NEW
    return {"row": change.row, "is_new": is_new, "label": change.label, "fields": fields}


def _text(value: object) -> str:
    return unescaped(cell_text(value))


def _refuse(job: ImportJob, refusal: FileRefused) -> None:
    """Say what is wrong with a file, and keep it with its errors."""
    kept = {"stored": job.stored, "sha256": job.sha256, "name": job.name, "encoding": job.encoding}
    errors = ""
    try:
        with fetched(kept) as upload:
            errors = with_errors(upload, refusal, resource_of(job).header())
    except FileRefused:
        logger.info("Import %s: its file cannot be given back", job.pk)
    problems = [list(asdict(problem).values()) for problem in refusal.problems[:SAMPLE]]
    try:
        _settle(
            job,
            ImportStatus.REFUSED,
            problems=refusal.total,
            said=refusal.summary()[:500],
            found={"problems": problems},
            errors=errors,
        )
    except Cancelled:
        forget(errors)


def _settle(job: ImportJob, status: ImportStatus, **values: Any) -> None:
    """Write how the work ended. Raise Cancelled when the job is no longer this worker's; then nothing is written."""
    mine = ImportJob.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts)
    if not mine.update(**{**FRESH, **values, "status": status, "status_since": timezone.now()}):
        raise Cancelled


def _put_back(job: ImportJob, wait: timedelta, **values: Any) -> None:
    mine = ImportJob.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts)
    mine.update(leased_until=timezone.now() + wait, **values)
