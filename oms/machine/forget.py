"""`make forget`: as if this checkout had never run."""

import fcntl
import shutil

from oms.machine import homes, places
from oms.machine.errors import CannotRun, in_plain_words
from oms.machine.postgres import FOR_TESTS, MAIN, Cluster, open_lock


def forget() -> None:
    """Remove all data of this checkout. Raise CannotRun while anything uses it; then nothing is removed."""
    with open_lock(MAIN.name) as main, open_lock(FOR_TESTS.name) as tests:
        for lock in (main, tests):
            require_alone(lock.fileno())
        for cluster in (MAIN, FOR_TESTS):
            remove(cluster)
        with in_plain_words(places.var()):
            shutil.rmtree(places.var())
    print("All data of this checkout is gone.", flush=True)


def require_alone(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun("Something still uses the database of this checkout: stop it first.") from None


def remove(cluster: Cluster) -> None:
    cluster.stop()
    shutil.rmtree(cluster.data, ignore_errors=True)
    if cluster.home != places.var():
        shutil.rmtree(cluster.home, ignore_errors=True)
    homes.remove_socket_folder(cluster.name)
