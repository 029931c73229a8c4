"""What is owed to the outside: claimed with a lease, sent outside any transaction, then marked."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from oms.documents import Delivery

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH_SIZE = 100

# A delivery waits for earlier ones of its document, so that news arrive in order.
CLAIM = """
    UPDATE {deliveries} d SET attempts = d.attempts + 1, next_try_at = statement_timestamp() + %s * interval '1 second'
    FROM (
        SELECT x.id FROM {deliveries} x JOIN {events} e ON e.id = x.event_id
        WHERE x.consumer = %s AND x.sent_at IS NULL AND x.parked_at IS NULL AND x.next_try_at <= statement_timestamp()
          AND NOT EXISTS (
            SELECT FROM {deliveries} y JOIN {events} f ON f.id = y.event_id
            WHERE f.document_id = e.document_id AND y.consumer = x.consumer AND y.id < x.id
              AND y.sent_at IS NULL AND y.parked_at IS NULL)
        ORDER BY x.id LIMIT %s FOR UPDATE OF x SKIP LOCKED
    ) due WHERE d.id = due.id RETURNING d.id
"""


def deliver_due(model: type[Delivery], consumer: str, send: Callable[[Any], str | None]) -> int:
    """Send what is due to `consumer`; return how many arrived.

    `send` gets the event, and says why when it is settled without its letter; that stays with the delivery. What fails
    is tried again later, and parked with its error after five attempts.
    """
    sent = 0
    park_exhausted(model)
    while ids := claim(model, consumer):
        for delivery in (
            model._default_manager.filter(pk__in=ids).select_related("event__document").order_by("pk")
        ):
            sent += _deliver(delivery, send)
    return sent


def _deliver(delivery: Any, send: Callable[[Any], str | None]) -> bool:
    try:
        unsent = send(delivery.event) or ""
    except Exception as error:  # one letter that cannot be written must not stop the others
        logger.warning("%s was not delivered; it is tried again", delivery, exc_info=error)
        _put_back(delivery, str(error))
        return False
    type(delivery)._default_manager.filter(pk=delivery.pk).update(sent_at=timezone.now(), error=unsent)
    return True


def park_exhausted(model: type[Delivery]) -> None:
    """Set aside what has used up its attempts, its sender having died each time: a person has to look at it."""
    used_up = model._default_manager.filter(
        sent_at=None, parked_at=None, attempts__gte=Delivery.MOST_ATTEMPTS
    )
    used_up.filter(next_try_at__lte=timezone.now()).update(parked_at=timezone.now())


@transaction.atomic
def claim(model: type[Delivery], consumer: str) -> list[int]:
    """Lease what is due to this caller, so that nobody else sends it meanwhile; return the ids."""
    event: Any = model.event  # type: ignore[attr-defined]
    events = event.field.related_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM.format(deliveries=model._meta.db_table, events=events),
            [int(LEASE.total_seconds()), consumer, BATCH_SIZE],
        )
        return [row[0] for row in cursor.fetchall()]


def _put_back(delivery: Delivery, error: str) -> None:
    now = timezone.now()
    parked = now if delivery.attempts >= Delivery.MOST_ATTEMPTS else None
    wait = timedelta(seconds=30 * 2**delivery.attempts)
    type(delivery)._default_manager.filter(pk=delivery.pk).update(
        next_try_at=now + wait, parked_at=parked, error=error[:500]
    )
