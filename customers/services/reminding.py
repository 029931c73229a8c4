"""Agreements that end soon are told once: leased, sent outside the transaction, then marked."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from customers.models import Agreement

LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 200


@transaction.atomic
def lease_renewals(day: date) -> list[Agreement]:
    """Return the agreements whose renewal is due and nobody was told, kept from other senders until the lease ends."""
    due = Agreement.objects.to_renew(day).filter(reminded_at=None, next_try_at__lte=timezone.now())
    rows = due.select_for_update(of=("self",), skip_locked=True, no_key=True)
    found = list(rows.select_related("customer__rep", "customer__team")[:MOST_AT_ONCE])
    Agreement.objects.filter(pk__in=[one.pk for one in found]).update(next_try_at=timezone.now() + LEASE)
    return found


@transaction.atomic
def mark_reminded(agreements: Sequence[Agreement]) -> None:
    """These agreements have been told, and their histories say so; those that were meanwhile are left alone."""
    told = Agreement.objects.filter(pk__in=[one.pk for one in agreements], reminded_at=None)
    ids = list(told.locked().values_list("pk", flat=True))
    if ids:
        Agreement.objects.filter(pk__in=ids).update(reminded_at=timezone.now())
        Agreement.record_all(ids, "renewal due", by=None)
