"""A hint to the workers that there is something to do. The database is the queue: a lost hint costs seconds."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Ask for `task` once the present transaction has committed; a broker that is down changes nothing."""
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    try:
        current_app.send_task(task, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("%s was not woken up; its next turn comes by the clock: %s", task, error)
