"""The tokens of the links that customers get: random, and known to our tables by their hash only. No database here."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

RANDOM_BYTES = 24


@dataclass(frozen=True, slots=True)
class Invited:
    """Who gets a letter with a link of their own, and who accepts `before` them, nobody when it is their turn."""

    email: str
    token: str
    before: str = ""


def new_token() -> str:
    return token_urlsafe(RANDOM_BYTES)


def hashed(token: str, purpose: str) -> str:
    """Return what is kept of a token; what one purpose opens no other one does."""
    return sha256(f"{purpose}: {token}".encode("utf-8", "replace")).hexdigest()
