"""What a management command needs of the machine before it starts."""

import signal
import sys

from oms.machine import database
from oms.machine.errors import CannotRun

WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "spectacular",
    "startapp", "version",
}  # fmt: skip


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


def ends() -> list[signal.Signals]:
    """The requests to end; under nohup the closing of the terminal is none."""
    return [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is not signal.SIG_IGN]


def needs_database(arguments: list[str]) -> bool:
    asks_for_help = not arguments or not {"-h", "--help", "--version"}.isdisjoint(arguments)
    return not asks_for_help and (arguments[0] not in WITHOUT_DATABASE or "--database" in arguments)
