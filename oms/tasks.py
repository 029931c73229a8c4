"""What the clock starts in the kernel."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from oms.models import IdempotencyKey

KEPT = timedelta(days=30)


@shared_task
def forget_old_answers() -> int:
    """Delete the stored answers that nobody asks for again; return how many."""
    deleted, _by_model = IdempotencyKey.objects.older_than(timezone.now() - KEPT).delete()
    return deleted
