"""Restock alerts are told once: leased, sent outside the transaction, then marked."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inventory.models import RestockAlert

LEASE = timedelta(minutes=10)
MOST_IN_ONE_LETTER = 500


@transaction.atomic
def lease_unannounced() -> list[RestockAlert]:
    """Return the open alerts nobody was told about, kept from other senders until the lease ends."""
    due = RestockAlert.objects.open().filter(announced_at=None, next_try_at__lte=timezone.now())
    rows = due.order_by("pk").select_for_update(of=("self",), skip_locked=True, no_key=True)
    alerts = list(rows.select_related("product", "warehouse")[:MOST_IN_ONE_LETTER])
    RestockAlert.objects.filter(pk__in=[a.pk for a in alerts]).update(next_try_at=timezone.now() + LEASE)
    return alerts


def mark_announced(alerts: Sequence[RestockAlert]) -> None:
    """These alerts have been told."""
    RestockAlert.objects.filter(pk__in=[a.pk for a in alerts]).update(announced_at=timezone.now())
