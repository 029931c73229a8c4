"""Keys by which machines sign in: random, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oms.models import ApiClient, User

LIFE_DAYS = 365
BYTES = 32
SEEN_EVERY = timedelta(minutes=1)


def issue_key(user: User, name: str, *, days: int = LIFE_DAYS) -> str:
    """Make a key by which a machine acts as `user` for so many days, and return it: nobody can read it again."""
    key = secrets.token_urlsafe(BYTES)
    expires_at = timezone.now() + timedelta(days=days)
    ApiClient.objects.create(user=user, name=name, key_hash=hash_of(key), expires_at=expires_at)
    return key


def hash_of(key: str) -> str:
    """Return what is kept of a key. It is random and long, so a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def client_with(key: str) -> ApiClient | None:
    """Return the client of a key that is in force for an active user; note that it was used."""
    now = timezone.now()
    found = (
        ApiClient.objects.select_related("user")
        .filter(key_hash=hash_of(key), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if found and (found.last_used_at is None or found.last_used_at < now - SEEN_EVERY):
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
        ApiClient.objects.filter(stale, pk=found.pk).update(last_used_at=now)
    return found


def revoke_keys(clients: list[int]) -> int:
    """End the keys of these clients now, for good; return how many were in force."""
    return ApiClient.objects.filter(pk__in=clients, revoked_at=None).update(revoked_at=timezone.now())
