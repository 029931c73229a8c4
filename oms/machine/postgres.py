"""Our own PostgreSQL server: made, started and stopped without asking anyone."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

from oms.machine import accounts, binaries, homes, places
from oms.machine.accounts import Account
from oms.machine.errors import CannotRun, disk_is_full, in_plain_words

NAME = "oms"  # of the owner and of the database
PATIENCE = 120.0  # seconds for a start, crash recovery included, and for a stop
RETRIES = 20
RETRY_AFTER = 0.5  # seconds
LONGEST_LOG = 10 * 2**20  # bytes
CLASHES = ("is still in use", "already exists", "already in use")  # what a killed server leaves for a moment

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "250",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
# Without autovacuum no table is taken for empty because an earlier test was rolled back: plans stay sane.
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Cluster:
    """One server with its data below `var`; a durable one survives a power cut, the other is for tests."""

    name: str
    durable: bool = True

    @cached_property
    def home(self) -> Path:
        return homes.home_for(accounts.owner_of(places.var() / self.name) or accounts.for_server())

    @cached_property
    def account(self) -> Account:
        return accounts.owner_of(self.data) or accounts.for_server()

    @cached_property
    def programs(self) -> Path:
        return binaries.for_account(self.account, self.home)

    @property
    def data(self) -> Path:
        return self.home / self.name

    @property
    def socket(self) -> Path:
        return homes.socket_of(self.name)

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        return f"postgresql://{NAME}@/{database}?host={quote(str(self.socket), safe='/')}"

    def start(self) -> None:
        """Leave the server answering, its data made when there was none. Raise CannotRun when it will not."""
        with self.alone(), in_plain_words(self.home):
            if self.answers():
                return
            self.clear()
            if not self.data.exists():
                self.make_data()
            self.configure(homes.make_socket_folder(self.name, self.home, self.account))
            self.launch()

    def stop(self) -> None:
        """Leave no process and no socket of the server; the data stays."""
        with self.alone():
            self.end_postmaster()
            homes.remove_socket_folder(self.name)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        with open_lock(f"{self.name}.starting") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def answers(self) -> bool:
        ready: list[str | Path] = [self.programs / "pg_isready", "--quiet", "--host", self.socket]
        return self.socket.exists() and subprocess.run(ready, check=False).returncode == 0

    def clear(self) -> None:
        """Remove what a killed server left: a process without its socket, a process number now another's."""
        self.end_postmaster()
        self.pid_file.unlink(missing_ok=True)

    def distrust(self) -> None:
        """Throw a cluster for tests away that nobody uses and nobody stopped; without fsync it may be broken."""
        if not self.durable and self.pid_file.exists():
            self.stop()
            shutil.rmtree(self.data)

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def make_data(self) -> None:
        """Make the cluster and its database under another name first, so that a half-made one is never started."""
        draft = self.data.with_name(f"{self.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.own(draft)
        self.demand(self.initdb(draft), draft)
        self.demand(self.create_database(draft), draft)
        with open(draft / "postgresql.conf", "a") as settings:
            settings.write("include_if_exists = 'oms.conf'\n")
        draft.rename(self.data)

    def initdb(self, data: Path) -> "subprocess.CompletedProcess[str]":
        return self.account.run(
            self.programs / "initdb", "--pgdata", data, "--username", NAME, "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", accounts.LOCALE,
            "--no-instructions", *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip

    def create_database(self, data: Path) -> "subprocess.CompletedProcess[str]":
        return self.account.run(
            self.programs / "postgres",
            "--single",
            "-j",
            "-D",
            data,
            "postgres",
            input=f"CREATE DATABASE {NAME};\n\n",
        )

    def demand(self, outcome: "subprocess.CompletedProcess[str]", path: Path) -> None:
        if outcome.returncode:
            raise self.failure(outcome.stdout + outcome.stderr, f"making {path}")

    def failure(self, said: str, doing: str) -> CannotRun:
        if "No space left on device" in said:
            return disk_is_full(self.home)
        return CannotRun(f"PostgreSQL failed at {doing}: {last_words(said)}")

    def configure(self, socket: Path) -> None:
        wanted = (
            SETTINGS
            | ({} if self.durable else THROWN_AWAY)
            | {"unix_socket_directories": quoted(str(socket), '"')}
        )
        lines = [f"{key} = {quoted(value)}\n" for key, value in wanted.items()]
        homes.write_whole(self.data / "oms.conf", "".join(lines))
        self.account.own(self.data / "oms.conf")

    def launch(self) -> None:
        """Start the postmaster and wait until it answers; a killed one may linger, so try again for a while."""
        for _ in range(RETRIES):
            said = self.try_launch()
            if said is None:
                return
            if not any(clash in said for clash in CLASHES):
                break
            time.sleep(RETRY_AFTER)
        raise self.failure(said or "", f"starting; its log is {self.log}")

    def try_launch(self) -> str | None:
        """Return what the server said when it ended instead of answering."""
        with open_log(self.log) as log:
            before = log.tell()
            server = self.account.start(self.programs / "postgres", "-D", self.data, stdout=log, stderr=log)
        if waited(lambda: self.answers() or server.poll() is not None) and server.poll() is None:
            server.returncode = 0  # it lives on without this object; reap() collects it
            return None
        end_process(server.pid)
        return self.log.read_bytes()[before:].decode(errors="replace")

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    def end_postmaster(self) -> None:
        if pid := self.postmaster():
            os.kill(pid, signal.SIGINT)  # its word for: end sessions, write everything down, stop
            if not waited(lambda: not self.is_run_by(pid)):  # it takes its file away before it ends
                end_process(pid)

    def postmaster(self) -> int | None:
        """The server's process, when the number in its file is really a server on this data."""
        try:
            pid = int(self.pid_file.read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if self.is_run_by(pid) else None

    def is_run_by(self, pid: int) -> bool:
        """Whether this process lives and is a server on this data."""
        reap(pid)
        return b" -D %b " % os.fsencode(self.data) in command_of(pid)


def open_lock(name: str) -> IO[str]:
    """A file for processes of this checkout to lock. Appending, so that opening it changes nothing."""
    path = places.make(places.var()) / f"{name}.lock"
    with in_plain_words(path):
        return open(path, "a+")


def open_log(path: Path) -> IO[bytes]:
    """The log to go on writing; a long one begins anew."""
    too_long = path.exists() and path.stat().st_size > LONGEST_LOG
    return open(path, "wb" if too_long else "ab")


def quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace(mark, mark * 2) + mark


def last_words(said: str) -> str:
    """The last line that says what was wrong."""
    lines = [line for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (telling or lines or ["it said nothing"])[-1].strip()


def waited(until: Callable[[], bool]) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if until():
            return True
        time.sleep(0.02)
    return False


def command_of(pid: int) -> bytes:
    """The words a live process was started with, a space around each; none for one that is dead or not reaped yet."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return b" " + Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        return b""
    listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return b" " + listed.stdout.replace(b"\n", b" ")


def reap(pid: int) -> None:
    """Let a dead child of ours go; other processes are not ours to wait for."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def end_process(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)
    reap(pid)


MAIN = Cluster("database")
FOR_TESTS = Cluster("test-database", durable=False)
