"""What the clock starts in the kernel."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from oms.models import Attempts, IdempotencyKey

KEPT = timedelta(days=30)


@shared_task
def forget_old_answers() -> int:
    """Delete the stored answers that nobody asks for again, and old counts of attempts; return how many answers."""
    Attempts.objects.filter(minute__lt=timezone.now() - timedelta(days=1)).delete()
    deleted, _by_model = IdempotencyKey.objects.older_than(timezone.now() - KEPT).delete()
    return deleted
