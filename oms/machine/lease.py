"""Who keeps the server running: each process that needs it holds a shared lock, and the last one out stops it.

A killed process drops its lock by itself. Children that were forked or started hold nothing.
"""

import atexit
import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from oms.machine.postgres import Cluster, open_lock


class Lease:
    """One process's share in a running server."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.pid = os.getpid()
        self.lock: IO[str] | None = None

    def take(self) -> "Lease":
        """Leave the server answering for as long as this process lives or until `release`."""
        self.lock = open_lock(self.cluster.name)
        atexit.register(self.release)
        try:
            if is_alone(self.lock):
                self.cluster.distrust()
            fcntl.flock(self.lock, fcntl.LOCK_SH)
            self.cluster.start()
        except BaseException:
            self.release()
            raise
        return self

    def release(self) -> None:
        """Give the share back; stop the server when nobody else holds one."""
        if self.lock is None or self.pid != os.getpid():
            return
        atexit.unregister(self.release)
        with without_interrupts():
            if is_alone(self.lock):
                self.cluster.stop()
            self.lock.close()
        self.lock = None


def is_alone(lock: IO[str]) -> bool:
    """Whether nobody else holds the lock; then nobody can take it either until it is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def without_interrupts() -> Iterator[None]:
    """A second Ctrl-C must not leave the server half stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
