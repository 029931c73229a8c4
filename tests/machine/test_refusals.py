"""What stands in the way is one sentence, exit code 1, and nothing left behind."""

import os
import socket
import subprocess

import pytest

from oms.machine import checks
from oms.machine.errors import CannotRun
from oms.machine.places import CHECKOUT

from .conftest import refusal, start

RUN = ("-m", "oms.machine", "run")
NOWHERE = "postgresql://oms:secret@127.0.0.1:1/oms"


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port(var, taken):
    said = refusal(*RUN, OMS_VAR=str(var), PORT=str(taken))

    assert f"Port {taken} is taken" in said
    assert f"PORT={taken + 1} make run" in said


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(CannotRun, match="is no port: give a number"):
        checks.wanted_port()


def test_a_database_that_does_not_answer(var):
    said = refusal(*RUN, OMS_VAR=str(var), PORT="8799", DATABASE_URL=NOWHERE)

    assert "127.0.0.1:1/oms) does not answer" in said
    assert "secret" not in said


def test_a_database_that_is_not_postgresql(var):
    said = refusal(*RUN, OMS_VAR=str(var), PORT="8799", DATABASE_URL="mysql://root@localhost/oms")

    assert "must begin with postgresql://" in said


def test_a_command_on_a_database_that_does_not_answer(var):
    said = refusal("manage.py", "migrate", OMS_VAR=str(var), DATABASE_URL=NOWHERE)

    assert "does not answer" in said


def test_a_command_that_reads_no_database_needs_none(var):
    program = start("manage.py", "version", OMS_VAR=str(var), DATABASE_URL=NOWHERE)

    said, _ = program.communicate(timeout=60)

    assert program.returncode == 0, said


def test_a_checkout_that_cannot_be_written(tmpfs):
    subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)

    said = refusal(*RUN, OMS_VAR=str(tmpfs), PORT="8799")

    assert f"{tmpfs} cannot be written" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; the test above is root's")
def test_a_folder_closed_to_us(var):
    var.mkdir(mode=0o500)

    assert f"{var} cannot be written" in refusal(*RUN, OMS_VAR=str(var), PORT="8799")


def test_a_full_disk(tmpfs):
    said = refusal(*RUN, OMS_VAR=str(tmpfs), PORT="8799")

    assert f"The disk that holds {tmpfs} is full" in said


@pytest.mark.parametrize("found", ["echo Python 3.9.2; exit 1", "exit 127"])
def test_a_python_that_is_too_old_or_missing(tmp_path, found):
    (tmp_path / "python3").write_text(f"#!/bin/sh\n{found}\n")
    (tmp_path / "python3").chmod(0o755)

    done = subprocess.run(
        ["/bin/sh", CHECKOUT / "oms/machine/python.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Python 3.11 or newer is needed")
    assert len(done.stderr.splitlines()) == 1
