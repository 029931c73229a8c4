"""The same request twice is done once: the answer is stored in the transaction of its effect."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from oms.contention import again_after_ties
from oms.errors import Refused
from oms.models import IdempotencyKey, User


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a JSON body."""

    status: int
    body: Any
    replayed: bool = False


class InFlight(Refused):
    """The first request with this key is still being worked on: ask again in a moment."""

    code = "in_flight"


class KeyReused(Refused):
    """The key was used for another request."""

    code = "key_reused"


def fingerprint(*parts: object) -> str:
    """Return a hash that is equal for equal requests."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(client: User, key: str, request_hash: str, act: Callable[[], Answer]) -> Answer:
    """Run `act` unless `client` has sent `key` before; then return the stored answer.

    A refusal raised by `act` leaves nothing behind, the key included. Raise InFlight or KeyReused.
    """
    return again_after_ties(lambda: _once(client, key, request_hash, act))


@transaction.atomic
def _once(client: User, key: str, request_hash: str, act: Callable[[], Answer]) -> Answer:
    _take(client, key)
    stored = IdempotencyKey.objects.filter(client=client, key=key).first()
    if stored is None:
        answer = act()
        IdempotencyKey.objects.create(
            client=client, key=key, request_hash=request_hash, status=answer.status, answer=answer.body
        )
        return answer
    if stored.request_hash != request_hash:
        raise KeyReused(_("Key %(key)s was used for another request; send a new key.") % {"key": key})
    return Answer(stored.status, stored.answer, replayed=True)


def _take(client: User, key: str) -> None:
    lock = int.from_bytes(hashlib.sha256(f"{client.pk} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise InFlight(_("Request %(key)s is still being worked on; ask again in a moment.") % {"key": key})
