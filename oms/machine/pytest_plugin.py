"""The database and the browser for the tests, started with pytest and stopped after it.

Without `DATABASE_URL` the tests get a server of their own, fast because it may lose everything. Each session has
databases of its own, so that two sessions do not meet, copied from one that was migrated once.
"""

import os
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from oms.machine import browsers, template
from oms.machine.errors import CannotRun
from oms.machine.lease import Lease
from oms.machine.postgres import FOR_TESTS

LEASE = pytest.StashKey[Lease]()
SESSION = "OMS_TEST_SESSION"
QUIET = [
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside Django's code
    if not is_worker(config):
        os.environ[SESSION] = str(os.getpid())
        hold_server(config)
    configure_django(keep=config.getoption("reuse_db"))


def is_worker(config: pytest.Config) -> bool:
    """Whether xdist started this process; then its controller keeps the server."""
    return hasattr(config, "workerinput")


def hold_server(config: pytest.Config) -> None:
    """Leave a server answering at `DATABASE_URL`, where the workers will look for it."""
    if os.environ.get("DATABASE_URL"):
        return
    try:
        config.stash[LEASE] = Lease(FOR_TESTS).take()
    except CannotRun as obstacle:
        raise pytest.UsageError(str(obstacle)) from obstacle
    os.environ["DATABASE_URL"] = FOR_TESTS.url


def configure_django(*, keep: bool) -> None:
    """Point Django, whose settings are read by now, at this server and at a database name of this session."""
    from oms import settings

    default = settings.DATABASES["default"]
    default.update(settings.database())
    session = "" if keep else f"_{os.environ[SESSION]}"
    default.setdefault("TEST", {})["NAME"] = f"test_{default['NAME']}{session}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if lease := config.stash.get(LEASE, None):
        lease.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_use_migrations: bool
) -> None:
    """Copy the tables instead of migrating once more; only on a server of ours, where we may leave databases."""
    from oms import settings

    if django_db_use_migrations and os.environ["DATABASE_URL"] == FOR_TESTS.url:
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template.provide(FOR_TESTS)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of the test database, for processes that a test starts."""
    from django.db import connection

    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; without one the test is skipped and says why."""
    found = browsers.find()
    if not found:
        pytest.skip(browsers.MISSING)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*QUIET, *alone]}
