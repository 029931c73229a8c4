"""Why this machine cannot run the house. The text is one sentence for the person at the terminal."""

import errno
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


class CannotRun(Exception):
    """Something outside the code stands in the way; the text names it and the remedy."""


def disk_is_full(path: Path) -> CannotRun:
    return CannotRun(f"The disk that holds {path} is full: free some space there and run this again.")


def not_writable(path: Path) -> CannotRun:
    return CannotRun(
        f"{path} cannot be written by {who_runs()}: make it writable, or run this as the account that owns it."
    )


def who_runs() -> str:
    """The account's name, or its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "this account"


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Say what the operating system refuses below `path` as CannotRun; other errors pass unchanged."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_is_full(path) from error
        if error.errno in CLOSED:
            raise not_writable(Path(error.filename or path)) from error
        raise
