"""One `make run` per checkout: the lock is held by the supervisor and by all it started."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from oms.machine.errors import CannotRun
from oms.machine.postgres import command_of, open_lock

TICK = 0.1  # seconds
PATIENCE = 20.0  # seconds, for what a killed run left to end by itself


@contextmanager
def only_run(stopping: threading.Event) -> Iterator[IO[str]]:
    """Be the only run of this checkout. Raise CannotRun when there is another that does not end."""
    with open_lock("run") as lock:
        lock.seek(0)
        before = lock.read().strip()
        if not gets_free(lock, before, stopping):
            raise CannotRun(refusal(before))
        write_pid(lock)
        yield lock


def refusal(pid: str) -> str:
    if not is_alive(pid):
        return "What a killed run left behind is still ending: run this again in a minute."
    return f"This checkout runs already (process {pid}): stop it with Ctrl-C where it runs, or with `kill {pid}`."


def gets_free(lock: IO[str], before: str, stopping: threading.Event) -> bool:
    """Whether the lock became ours; while its supervisor lives there is no use in waiting."""
    waited = 0.0
    while not is_ours(lock):
        if is_alive(before) or waited > PATIENCE or stopping.wait(TICK):
            return False
        waited += TICK
    return True


def is_ours(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_pid(lock: IO[str]) -> None:
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def is_alive(pid: str) -> bool:
    """Whether the number is a supervisor's; one that was killed may still wait to be reaped."""
    return pid.isdigit() and b" oms.machine " in command_of(int(pid))
