"""The tokens of the links that customers get: random, and known to our tables by their hash only. No database here."""

from hashlib import sha256
from secrets import token_urlsafe

RANDOM_BYTES = 24


def new_token() -> str:
    return token_urlsafe(RANDOM_BYTES)


def hashed(token: str, purpose: str) -> str:
    """Return what is kept of a token; what one purpose opens no other one does."""
    return sha256(f"{purpose}: {token}".encode("utf-8", "replace")).hexdigest()
