"""What is built once for all tests of a module, each of which has it as it was built."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import connection, models, transaction

T = TypeVar("T")
Row = TypeVar("Row", bound=models.Model)


def shared_by_the_module(build: Callable[[], T]) -> Any:
    """Return a fixture of what `build` returns, built in a transaction that lies around those of the module's tests.

    What a test does to the rows is undone; their objects it leaves as they are, or takes `anew`. Not for tests that
    commit.
    """

    @pytest.fixture(scope="module")
    def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[T]:
        with django_db_blocker.unblock(), transaction.atomic():
            made = build()
            connection.check_constraints()  # now, or each test does it once more at its end
            yield made
            transaction.set_rollback(True)

    return built


def anew(row: Row) -> Row:
    """Return an object of a row for one test alone."""
    return type(row)._default_manager.get(pk=row.pk)
