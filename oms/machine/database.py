"""The database a process works on: the server of `DATABASE_URL`, else our own."""

import os
from urllib.parse import urlsplit

from oms.machine.errors import CannotRun
from oms.machine.lease import Lease
from oms.machine.postgres import MAIN

SCHEMES = {"postgresql", "postgres"}
OLDEST = 15
PATIENCE = 5  # seconds for a server to answer


def hold() -> Lease | None:
    """Leave the database answering: the configured one, or our own for as long as this process lives.

    Raise CannotRun when it does not.
    """
    if url := os.environ.get("DATABASE_URL"):
        require_answer(url)
        return None
    return Lease(MAIN).take()


def require_answer(url: str) -> None:
    """Raise CannotRun unless a PostgreSQL that is new enough answers at the address."""
    if urlsplit(url).scheme not in SCHEMES:
        raise CannotRun(
            "DATABASE_URL must begin with postgresql://, for PostgreSQL is what this project speaks."
        )
    if version_of(url) < OLDEST:
        raise CannotRun(
            f"The server of DATABASE_URL ({place_of(url)}) is older than PostgreSQL {OLDEST}: upgrade it."
        )


def version_of(url: str) -> int:
    """The server's major version."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            return connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise CannotRun(
            f"The database of DATABASE_URL ({place_of(url)}) does not answer: {reason(error)}."
            " Start it, correct DATABASE_URL, or unset it to use the embedded server."
        ) from error


def place_of(url: str) -> str:
    """Where the address points, without its password."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}" or "no host"


def reason(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
