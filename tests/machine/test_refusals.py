"""What stands in the way is one sentence, exit code 1, and nothing left behind."""

import os
import socket
import subprocess
import sys
from pathlib import Path

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


def python_found(*folders: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What `python.sh` says where these folders are all of PATH."""
    return subprocess.run(
        ["/bin/sh", CHECKOUT / "oms/machine/python.sh"],
        env={"PATH": os.pathsep.join(map(str, folders)), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def a_python(folder: Path, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("found", ["echo Python 3.9.2; exit 1", "exit 127"])
def test_a_python_that_is_too_old_or_missing(tmp_path, found):
    a_python(tmp_path, found)

    done = python_found(tmp_path)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Python 3.11 or newer is needed")
    assert len(done.stderr.splitlines()) == 1


SLOW = 'case "$2" in *optimised*) exit 1;; esac'  # new enough, and no more


def test_a_python_compiled_without_optimising_comes_last_unless_it_is_named(tmp_path):
    slow, quick = a_python(tmp_path / "slow", SLOW), a_python(tmp_path / "quick", "exit 0")

    assert python_found(slow.parent, quick.parent).stdout == f"{quick}\n"
    assert python_found(slow.parent).stdout == f"{slow}\n"
    assert python_found(slow.parent, quick.parent, PYTHON=str(slow)).stdout == f"{slow}\n"


@pytest.mark.parametrize(
    ("prefix", "options", "answer"),
    [("/usr", "", 0), ("/opt/built", "'--enable-optimizations'", 0), ("/opt/built", "'--enable-shared'", 1)],
)
def test_who_optimises_is_asked_of_the_python_itself(prefix, options, answer):
    """The question of `python.sh`, put to this Python as if it had been built so."""
    question = (CHECKOUT / "oms/machine/python.sh").read_text().split("ready_and_quick='")[1].split("'\n")[0]
    as_built = f"import sys, sysconfig; sys.base_prefix = {prefix!r}; sysconfig.get_config_var = lambda _: {options!r}"

    done = subprocess.run([sys.executable, "-c", f"{as_built}\n{question}"], check=False)

    assert done.returncode == answer
