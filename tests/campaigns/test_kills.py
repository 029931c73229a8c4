"""T4: the server is killed, whole, in the middle of work. Nothing acknowledged is lost, nothing is done twice."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from oms.machine import template
from oms.machine.postgres import FOR_TESTS, Cluster
from tests.campaigns import trials
from tests.campaigns.clients import ask_once, open_shop, prove, read_down, work
from tests.races.players import forked_from_one

pytestmark = pytest.mark.race

KILLS, MANY_KILLS, CLIENTS = 20, 200, 3
LEAST, MOST = 0.1, 0.5  # seconds of work between two kills
DATABASE, SHOP = "killed", "shop"
ALL_MOVEMENTS = "SELECT document, count(*) FROM inventory_stockmovement GROUP BY 1"
ALL_ANSWERS = "SELECT key FROM oms_idempotencykey"


class Victim:
    """A durable server of its own, and the processes that work on a database of it."""

    logs: Path

    def __init__(self) -> None:
        self.cluster = Cluster("killed-database")
        self.cluster.start()
        self.sync_quickly()
        self.url = self.cluster.url_of(SHOP)
        self.context = forked_from_one()
        self.make_tables()
        self.do(open_shop)

    def sync_quickly(self) -> None:
        """Have recovery ask the kernel once to write all down, not file by file: as durable, in a tenth of the time."""
        if sys.platform == "linux":
            with template.connected(self.cluster) as connection:
                connection.execute("ALTER SYSTEM SET recovery_init_sync_method = syncfs")

    def make_tables(self) -> None:
        """Copy the tables from the server for tests, when there is one: migrating takes a minute."""
        if os.environ["DATABASE_URL"] == FOR_TESTS.url:
            self.copy("template0", SHOP)
            self.pour(FOR_TESTS.url_of(template.provide(FOR_TESTS)), self.url)
        else:
            self.copy(template.provide(self.cluster), SHOP)

    def pour(self, source: str, target: str) -> None:
        programs = self.cluster.programs
        dump = subprocess.run(
            [programs / "pg_dump", "--no-owner", "--dbname", source], capture_output=True, check=True
        )
        strict = ["--quiet", "--no-psqlrc", "--single-transaction", "--set", "ON_ERROR_STOP=1"]
        subprocess.run(
            [programs / "psql", *strict, "--dbname", target],
            input=dump.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def copy(self, source: str, name: str) -> None:
        with template.connected(self.cluster) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")

    def begin(self, logs: Path) -> None:
        """Let nothing have happened yet in a shop; the clients will write down here what they do."""
        self.url, self.logs = self.cluster.url_of(DATABASE), logs
        self.copy(SHOP, DATABASE)

    def do(self, act: Callable[..., None], *arguments: object) -> None:
        """Have it done on the database by a process of its own."""
        process = self.context.Process(target=act, args=(self.url, *arguments))
        process.start()
        process.join(120)
        assert process.exitcode == 0, f"{act.__name__} ended with {process.exitcode}"

    def breaches(self) -> list[str]:
        ours, theirs = self.context.Pipe()
        self.do(prove, theirs)
        return list(ours.recv())

    def files(self) -> list[Path]:
        return [self.logs / f"client-{n}" for n in range(CLIENTS)]

    def acknowledged(self) -> int:
        return sum(file.read_text().count("acked") for file in self.files() if file.exists())

    def kill(self) -> None:
        """End the postmaster and all its children at once, as a power cut would end them."""
        postmaster = self.cluster.postmaster()
        assert postmaster
        for pid in [postmaster, *children_of(postmaster)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def live_through(self, kills: int, seed: int, *, synchronous: bool = True) -> None:
        """Let clients work while the server is killed so many times."""
        dice, stop = random.Random(seed), self.context.Event()
        clients = [
            self.context.Process(
                target=work, args=(self.url, file, f"K{n}", seed + n, synchronous, stop), daemon=True
            )
            for n, file in enumerate(self.files())
        ]
        for client in clients:
            client.start()
        for _kill in range(kills):
            self.await_progress()
            time.sleep(dice.uniform(LEAST, MOST))  # the moment of the kill is what is random here
            self.kill()
            self.cluster.start()
        self.await_progress()
        stop.set()
        for client in clients:
            client.join(20)

    def await_progress(self) -> None:
        """Wait until somebody has been answered again."""
        before, deadline = self.acknowledged(), time.monotonic() + 60
        while self.acknowledged() <= before:
            assert time.monotonic() < deadline, "no client is answered any more"
            time.sleep(0.05)

    def stored(self) -> tuple[dict[str, int], set[str]]:
        with psycopg.connect(self.url) as connection:
            movements = dict(connection.execute(ALL_MOVEMENTS).fetchall())
            return movements, {key for (key,) in connection.execute(ALL_ANSWERS).fetchall()}


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False)
    return [int(word) for word in listed.stdout.split()]


@pytest.fixture(scope="module")
def server():
    server = Victim()
    yield server
    server.cluster.stop()


@pytest.fixture
def victim(server, tmp_path):
    server.begin(tmp_path)
    return server


def require_all_there(victim: Victim) -> tuple[int, int]:
    sent, acknowledged = read_down(victim.files())
    movements, answers = victim.stored()
    assert acknowledged <= movements.keys(), f"lost: {sorted(acknowledged - movements.keys())[:10]}"
    assert movements.keys() <= sent
    assert set(movements.values()) == {1}, "done twice"
    assert answers == movements.keys()
    return len(sent), len(acknowledged)


def lives_through(victim: Victim, request: pytest.FixtureRequest, kills: int) -> None:
    chosen, kills = trials.seed(request), trials.trials(kills)

    victim.live_through(kills, chosen)

    sent, acknowledged = require_all_there(victim)
    trials.told(request, "T4", kills=kills, sent=sent, acknowledged=acknowledged)
    assert victim.breaches() == []


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(victim, request):
    lives_through(victim, request, KILLS)


@pytest.mark.soak
def test_nothing_is_lost_in_many_kills(victim, request):
    lives_through(victim, request, MANY_KILLS)


def test_without_waiting_for_the_disk_acknowledged_work_is_lost(victim):
    victim.live_through(3, 1, synchronous=False)

    with pytest.raises(AssertionError, match="lost"):
        require_all_there(victim)


def test_a_house_that_a_kill_left_wrong_is_found_out(victim):
    victim.do(ask_once, "K-1", 3)
    assert victim.breaches() == []
    with psycopg.connect(victim.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE inventory_binstock SET quantity = quantity + 1")

    assert victim.breaches()
