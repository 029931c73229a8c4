import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from oms.machine.places import CHECKOUT
from oms.machine.postgres import Cluster

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
CHOICES = ("DATABASE_URL", "OMS_VAR", "PORT", "OMS_TEST_SESSION", "CELERY_BROKER_URL", "OMS_PRODUCTION")


@pytest.fixture
def var(monkeypatch) -> Iterator[Path]:
    """A folder of its own for all that a checkout keeps, which every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="oms-test-"))
    folder.chmod(0o755)
    monkeypatch.setenv("OMS_VAR", str(folder / "var"))
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """The data of a server that has never run, for tests to copy."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        patch.setenv("OMS_VAR", folder)
        Cluster("database").make_data()
        yield Path(folder, "database")


@pytest.fixture
def cluster(var, made) -> Iterator[Cluster]:
    """A durable server that is stopped whatever the test did to it."""
    cluster = Cluster("database")
    subprocess.run(["cp", "-a", made, cluster.data], check=True)
    yield cluster
    cluster.stop()


@pytest.fixture
def new_cluster(var) -> Iterator[Cluster]:
    """One whose data is still to be made."""
    cluster = Cluster("database")
    yield cluster
    cluster.stop()


@pytest.fixture
def tmpfs(var) -> Iterator[Path]:
    """A small disk of its own in the place of `var`; only root can make one."""
    var.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "oms-test", var], check=False)
    if made.returncode:
        pytest.skip("no small disk can be mounted here, so a full one cannot be had")
    yield var
    subprocess.run(["umount", "--lazy", var], check=True)


def start(*command: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a program of ours as from a fresh terminal, in a process group of its own."""
    inherited = {name: value for name, value in os.environ.items() if name not in CHOICES}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def refusal(*command: str, **environment: str) -> str:
    """What a program says that must refuse: one line, exit code 1."""
    program = start(*command, **environment)
    said, _ = program.communicate(timeout=60)
    assert program.returncode == 1, said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1, said
    return said


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database without a table."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"empty_{os.getpid()}"
    with psycopg.connect(urlunsplit(url), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield urlunsplit(url._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
