import gc
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.template.response import SimpleTemplateResponse
from django.test import TransactionTestCase, override_settings

from oms.access import setup_roles
from oms.machine.postgres import FOR_TESTS
from tests.emptying import empty_tables

pytest_plugins = ["oms.machine.pytest_plugin", "tests.races.company", "tests.campaigns.trials"]


@pytest.fixture(scope="session", autouse=True)
def quick_starts() -> Iterator[None]:
    """Hash passwords in no time, and look for static files when one is asked for.

    The real hash takes a good part of a second each; and each new client would list all static files first.
    """
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the roles, written once: most need one, and few what was before them."""
    with django_db_blocker.unblock():
        setup_roles()


@pytest.fixture(scope="session", autouse=True)
def quick_ends() -> Iterator[None]:
    """Empty the tables our way after a test that commits; only on a server of ours, where we are its master."""
    emptied = TransactionTestCase._fixture_teardown

    def empty_and_set_up(case: TransactionTestCase) -> None:
        emptied(case)
        setup_roles()

    with pytest.MonkeyPatch.context() as patch:
        ours = os.environ["DATABASE_URL"] == FOR_TESTS.url
        patch.setattr(
            TransactionTestCase,
            "_fixture_teardown",
            (lambda _case: empty_tables()) if ours else empty_and_set_up,
        )
        yield


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Who gets in is decided before a page is painted; painting, and finding the session again, is most of the work."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


class Rendering(threading.local):
    is_inside = False


@pytest.fixture(scope="session", autouse=True)
def one_context_per_page(django_test_environment: None) -> Iterator[None]:
    """Keep what a page was drawn from for `answer.context`, not also what each of its hundreds of widgets was."""
    kept, rendering = Template._render, Rendering()

    def render(template: Template, context: Context) -> str:
        if rendering.is_inside:
            return template.nodelist.render(context)
        rendering.is_inside = True
        try:
            return kept(template, context)
        finally:
            rendering.is_inside = False

    Template._render = render
    yield
    Template._render = kept


LONGEST = (
    "tests/test_northwind.py", "tests/campaigns/", "tests/machine/test_run.py", "tests/demo/", "tests/verify/",
)  # fmt: skip


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was loaded: half a million things that stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process still works when the other has nothing left."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
