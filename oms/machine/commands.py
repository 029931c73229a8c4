"""What a management command needs of the machine before it starts."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from oms.machine import database
from oms.machine.errors import CannotRun

WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "spectacular",
    "startapp", "version",
}  # fmt: skip
MISSING = {"42P01", "42703"}  # undefined_table, undefined_column


def make_ready(arguments: list[str]) -> None:
    """Leave the database answering when the command reads it; end with one sentence when that cannot be."""
    if not needs_database(arguments):
        return
    for number in ends():
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        database.hold()
    except CannotRun as obstacle:
        sys.exit(str(obstacle))


@contextmanager
def missing_tables_in_words() -> Iterator[None]:
    """End with one sentence, instead of a traceback, when a table or column is missing that a migration brings."""
    from django.db import ProgrammingError

    try:
        yield
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") not in MISSING or not (waiting := unapplied()):
            raise
        sys.exit(
            f"The database lacks {waiting} migrations of this version. Run `make run`, or manage.py migrate, first."
        )


def unapplied() -> int:
    """Return how many migrations of this version the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def ends() -> list[signal.Signals]:
    """The requests to end; under nohup the closing of the terminal is none."""
    return [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is not signal.SIG_IGN]


def needs_database(arguments: list[str]) -> bool:
    asks_for_help = not arguments or not {"-h", "--help", "--version"}.isdisjoint(arguments)
    return not asks_for_help and (arguments[0] not in WITHOUT_DATABASE or "--database" in arguments)
