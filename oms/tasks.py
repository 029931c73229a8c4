"""What the clock starts in the kernel."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from oms import notices
from oms.importing.jobs import WORK
from oms.importing.keeping import JOBS, KEPT_FOR_JOBS, forget_old
from oms.importing.working import work_on_one
from oms.models import Attempts, IdempotencyKey, ImportJob
from oms.notices import tell_of_imports
from oms.wakeup import wake

KEPT = timedelta(days=30)


@shared_task
def forget_old_answers() -> int:
    """Delete the stored answers that nobody asks for again, and old counts of attempts; return how many answers."""
    Attempts.objects.filter(minute__lt=timezone.now() - timedelta(days=1)).delete()
    deleted, _by_model = IdempotencyKey.objects.older_than(timezone.now() - KEPT).delete()
    return deleted


@shared_task
def work_on_imports() -> bool:
    """Check or import the oldest file that waits; return whether there was one. Safe to run twice and at once.

    One file a task, so that each has all the time that a task may take.
    """
    worked = work_on_one()
    tell_of_imports()
    if worked and ImportJob.objects.due().exists():
        wake(WORK)
    return worked


@shared_task
def forget_old_notices() -> int:
    """Delete the notices that were read long ago; return how many. Runs every night."""
    return notices.forget_old()


@shared_task
def forget_old_imports() -> None:
    """Delete the files of imports that nobody has come back to for a month. Runs every night."""
    forget_old(JOBS, KEPT_FOR_JOBS)
