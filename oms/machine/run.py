"""`make run`: the database, a web server, a worker and the clock that gives it work, until Ctrl-C."""

import http.client
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from oms.machine import checks, commands, database, places
from oms.machine.checks import Address
from oms.machine.children import Child, Family
from oms.machine.errors import CannotRun
from oms.machine.kept import Kept
from oms.machine.lease import Lease
from oms.machine.only_run import only_run
from oms.machine.prepare import SAID_WHY

TICK = 0.1  # seconds
WEB = (
    (
        "gunicorn oms.wsgi --worker-class gthread --workers 2 --threads 2 --preload --no-control-socket"
        " --log-level warning --graceful-timeout 10 --timeout 60 --limit-request-line 8190"  # 200 SKUs and quantities
    ).split()
)
WORKER = (
    "celery --quiet --app oms worker --concurrency 2 --loglevel WARNING"
    " --without-gossip --without-mingle --without-heartbeat"
).split()
# By itself and not in the worker (`worker --beat`): a worker puts its pool back when it is killed, its clock never.
CLOCK = "celery --quiet --app oms beat --loglevel WARNING --pidfile=".split()
ROOT_IS_FINE_HERE = "ignore:You're running the worker with superuser"


def run() -> None:
    """Serve until told to stop; leave no process behind. Raise CannotRun when something stands in the way."""
    stopping = stop_on_signals()
    addresses = checks.local_addresses(checks.wanted_port())
    checks.require_space(places.make(places.var()))
    with only_run(stopping) as lock:
        checks.require_free(addresses)
        Run(addresses, Family(lock), stopping, database.hold()).serve()
    print("Stopped.", flush=True)


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and the usual requests to end set; nothing is interrupted halfway."""
    stopping = threading.Event()
    for number in (signal.SIGINT, *commands.ends()):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@dataclass
class Run:
    addresses: list[Address]
    family: Family
    stopping: threading.Event
    lease: Lease | None
    kept: list[Kept] = field(default_factory=list)

    def serve(self) -> None:
        try:
            self.live()
        finally:
            self.family.stop()
            if self.lease:
                self.lease.release()

    def live(self) -> None:
        logins = self.prepare()
        if self.stopping.is_set():
            return
        self.start()
        self.wait_until(self.answers)
        if not self.stopping.is_set():
            print(
                f"OMS is at http://localhost:{self.port}/ - Ctrl-C stops it.\n{logins}".rstrip(), flush=True
            )
        self.wait_until(lambda: False)

    @property
    def port(self) -> int:
        return self.addresses[0][1]

    def prepare(self) -> str:
        """Bring the database up to date and return the logins to show. Raise CannotRun when it cannot be done."""
        print("Preparing the database ...", flush=True)
        with tempfile.TemporaryFile() as said:
            child = self.family.start("preparation", ["oms.machine.prepare"], stdout=said)
            while not child.has_ended and not self.stopping.wait(TICK):
                pass
            self.require_success(child)
            said.seek(0)
            return said.read().decode().strip()

    def require_success(self, child: Child) -> None:
        if not child.has_ended:
            return
        self.family.bury(child)
        if child.process.returncode == SAID_WHY:
            sys.exit(1)
        if child.process.returncode:
            raise CannotRun("The database could not be prepared; the reason stands above.")

    def start(self) -> None:
        bind = [word for address in self.addresses for word in ("--bind", as_text(address))]
        self.family.start("web server", [*WEB, *bind])
        schedule = places.make(places.var() / "beat") / "schedule"
        self.keep("worker", WORKER)
        self.keep("clock", [*CLOCK, "--schedule", str(schedule)])

    def keep(self, name: str, command: Sequence[str]) -> None:
        """Start it, and start it again whenever it ends by itself."""

        def start() -> Child:
            return self.family.start(
                name, command, needed=False, OMS_PROCESS="worker", PYTHONWARNINGS=ROOT_IS_FINE_HERE
            )

        self.kept.append(Kept(self.family, start))
        self.kept[-1].tend()

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Return when it is so, or when told to stop. Raise CannotRun when a needed one ends meanwhile."""
        while not done() and not self.stopping.wait(TICK):
            self.require_all_alive()

    def require_all_alive(self) -> None:
        """Worker and clock are started again when they ended; the web server and the database end everything."""
        for one in self.kept:
            one.tend()
        if child := self.family.ended():
            raise CannotRun(
                f"The {child.name} ended by itself (code {child.process.returncode}), so everything is stopped;"
                " what it said stands above."
            )
        if self.lease and not self.lease.cluster.postmaster():
            raise CannotRun("PostgreSQL ended by itself, so everything is stopped: run this again.")

    def answers(self) -> bool:
        host, port = self.addresses[0]
        connection = http.client.HTTPConnection(host, port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            return bool(connection.getresponse().status)
        return False


def as_text(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
