"""The database breaks a tie by giving up one transaction: that one is begun again, from its first statement.

A deadlock and a failed serialization leave nothing behind, so the outermost call of a service may simply be made
again. It reads everything anew, and nothing else than the database may have been touched inside.
"""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

from oms.errors import state_of

logger = logging.getLogger(__name__)

T = TypeVar("T")
TIES = frozenset({"40P01", "40001"})  # deadlock, failed serialization; waiting in vain is not tried again
MOST_RETRIES = 3
PAUSE = 0.05  # seconds at most before the first retry, twice as much before each further one


def again_after_ties(act: Callable[[], T]) -> T:
    """Return what `act` returns, made again up to three times when the database gave its transaction up.

    Inside somebody's transaction it is made once: only the whole can be begun again.
    """
    if connection.in_atomic_block:
        return act()
    for retry in range(MOST_RETRIES):
        try:
            return act()
        except OperationalError as error:
            if state_of(error) not in TIES:
                raise
            logger.warning("The database gave up a transaction; retry %s", retry + 1, exc_info=error)
        time.sleep(random.uniform(0, PAUSE * 2**retry))  # noqa: S311  jitter, no secret
    return act()
