"""Statements that take longer to plan than to run are planned once per connection (decision 39)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def planned_once() -> Iterator[Any]:
    """Return a cursor that lets the server keep the plans of what it executes again and again.

    Its parameters travel beside the statement, so a NULL or a number needs a type where the statement gives it none.
    Django counts, wraps and translates errors as on its own cursors.
    """
    with connection.cursor() as cursor:
        cursor.cursor = psycopg.Cursor(
            connection.connection
        )  # Django's own writes parameters into the statement
        yield cursor
