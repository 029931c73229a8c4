"""`make run` as a person meets it: up, killed, up again with its data, and gone at Ctrl-C."""

import http.client
import os
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest

from oms.machine.errors import CannotRun
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
