"""`make run` as a person meets it: up, killed, up again with its data, and gone at Ctrl-C."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest

from oms.machine.children import Child, Family
from oms.machine.errors import CannotRun
from oms.machine.kept import Kept
from oms.machine.run import Run

from .conftest import refusal, start

RUN = ("-m", "oms.machine", "run")


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def run(new_cluster, var, port):
    """Start runs of one checkout; none outlives the test."""
    started = []

    def run(**environment):
        process = start(*RUN, OMS_VAR=str(var), PORT=str(port), OMS_DEMO="0", **environment)
        started.append(process)
        return process

    yield run
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate()


def answers(port) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    return False


def read_until(process, text: str) -> str:
    said = ""
    while text not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def left_of(var) -> list[str]:
    """The processes that still belong to this checkout."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True, check=True)
    return [command for command in listed.stdout.splitlines() if str(var) in command]


def test_it_serves_survives_a_kill_and_leaves_nothing_behind(run, new_cluster, var, port):
    first = run()
    read_until(first, f"OMS is at http://localhost:{port}/")
    assert answers(port)
    assert f"runs already (process {first.pid})" in refusal(*RUN, OMS_VAR=str(var), PORT=str(port))
    server = new_cluster.postmaster()

    first.kill()
    second = run()
    read_until(second, f"OMS is at http://localhost:{port}/")
    assert new_cluster.postmaster() == server

    os.killpg(second.pid, signal.SIGINT)
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 0
    assert "Traceback" not in said
    assert said.endswith("Stopped.\n")
    assert left_of(var) == []
    assert new_cluster.postmaster() is None


def test_what_is_killed_comes_again_while_the_site_goes_on(run, var, port, database_url):
    """First the clock and all of the worker's pool at once, then the worker itself."""
    process = run(DATABASE_URL=database_url)
    read_until(process, "OMS is at")
    worker, clock = worker_of(process), clock_of(process)
    wait_until(lambda: len(pool_of(worker)) == 2)
    killed = {clock, *pool_of(worker)}

    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert "The clock ended by itself (code -9); it starts again in 1 s." in read_until(
        process, "starts again"
    )
    wait_until(lambda: clock_of(process) not in (None, clock))
    wait_until(lambda: len(pool_of(worker) - killed) == 2)
    assert worker_of(process) == worker
    assert answers(port)

    os.kill(worker, signal.SIGKILL)
    assert "The worker ended by itself (code -9); it starts again in 1 s." in read_until(
        process, "starts again"
    )
    wait_until(lambda: worker_of(process) not in (None, worker))
    assert answers(port)
    wait_until_none(worker)

    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert left_of(var) == []


def started_by(parent: int) -> dict[int, str]:
    """The commands of the living children of a process."""
    asked = ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return {int(pid): args for pid, above, stat, args in rows if int(above) == parent and stat[0] != "Z"}


def worker_of(run) -> int | None:
    """The main process of the worker of a run."""
    return next((pid for pid, args in started_by(run.pid).items() if " worker " in args), None)


def clock_of(run) -> int | None:
    return next((pid for pid, args in started_by(run.pid).items() if " beat " in args), None)


def pool_of(worker: int) -> set[int]:
    """The processes of a worker that do its work."""
    return set(started_by(worker))


def wait_until(so) -> None:
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        time.sleep(0.2)


def members(group: int) -> list[str]:
    """The living processes of a group."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [pid for pid, state in pairs if int(pid) == group and not state.startswith("Z")]


def test_what_a_dead_child_started_does_not_outlive_the_family(tmp_path):
    with (tmp_path / "lock").open("w") as lock:
        family = Family(lock)
        leaves_one = "import subprocess; subprocess.Popen(['sleep', '300'])"
        dead = subprocess.Popen([sys.executable, "-c", leaves_one], process_group=0)
        family.children.append(Child("worker", dead))
        dead.wait()
        assert members(dead.pid)

        family.stop()

    wait_until_none(dead.pid)


def wait_until_none(group: int) -> None:
    until = time.monotonic() + 10
    while members(group) and time.monotonic() < until:
        time.sleep(0.05)
    assert members(group) == []


def test_the_pause_grows_while_the_worker_keeps_ending_and_has_an_end(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr("oms.machine.kept.time.monotonic", lambda: clock[0])
    child = SimpleNamespace(name="worker", has_ended=True, process=SimpleNamespace(returncode=1))
    kept = Kept(SimpleNamespace(bury=lambda child: None), lambda: child)
    pauses = []
    for _again in range(8):
        kept.tend()
        kept.tend()
        pauses.append(kept.start_at - clock[0])
        clock[0] = kept.start_at

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    kept.tend()
    clock[0] += 60
    kept.tend()
    assert kept.start_at - clock[0] == 1
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_when_the_database_dies_everything_stops_and_says_so():
    lease = SimpleNamespace(cluster=SimpleNamespace(postmaster=lambda: None))
    family = SimpleNamespace(ended=lambda: None)

    with pytest.raises(CannotRun, match="PostgreSQL ended by itself, so everything is stopped"):
        Run([("127.0.0.1", 8000)], family, threading.Event(), lease).wait_until(lambda: False)


def test_when_a_program_dies_everything_stops_and_says_so(run, var, port, database_url):
    process = run(DATABASE_URL=database_url, GUNICORN_CMD_ARGS="--no-such-option")

    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "The web server ended by itself (code 2), so everything is stopped" in said
    assert not (var / "database").exists()
    assert left_of(var) == []
