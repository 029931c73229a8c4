"""A migrated database for test databases to be copied from: copying takes a tenth of migrating."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from oms.machine.lease import Lease
from oms.machine.places import CHECKOUT
from oms.machine.postgres import FOR_TESTS, Cluster, open_lock

DRAFT = "template_draft"


def provide(cluster: Cluster) -> str:
    """The name of a database of this cluster with all migrations of this checkout applied, made when missing."""
    name = f"template_{fingerprint()}"
    with open_lock(f"{cluster.name}.template") as lock, connected(cluster) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in templates(connection):
            make(name, cluster, connection)
    return name


def prepare() -> None:
    """Leave the template ready before the tests start, so that it is made while something else is checked."""
    if not os.environ.get("DATABASE_URL"):
        Lease(FOR_TESTS).take()
        provide(FOR_TESTS)


def fingerprint() -> str:
    """What the tables follow from: our migrations, and the locked versions of the others'."""
    migrations = sorted(CHECKOUT.glob("*/migrations/*.py"))
    return hashlib.sha256(
        b"".join(map(Path.read_bytes, [*migrations, CHECKOUT / "requirements.lock"]))
    ).hexdigest()[:12]


@contextmanager
def connected(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        yield connection


def templates(connection: psycopg.Connection) -> list[str]:
    return [
        row[0]
        for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\__%'")
    ]


def make(name: str, cluster: Cluster, connection: psycopg.Connection) -> None:
    """Migrate under another name, so that a half-made one is never copied; older ones go."""
    for old in templates(connection):
        if old not in ("template0", "template1"):
            connection.execute(SQL("DROP DATABASE {}").format(Identifier(old)))
    connection.execute(SQL("CREATE DATABASE {}").format(Identifier(DRAFT)))
    migrate(cluster.url_of(DRAFT))
    connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(DRAFT), Identifier(name)))


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "oms.settings"},
        check=True,
    )
