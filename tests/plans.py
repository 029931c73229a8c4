"""Plans that outlive a rollback, for campaigns that ask the same hundred questions hundreds of times."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

QUESTION = re.compile(r"\s*(SELECT|WITH)\b")


@contextmanager
def plans_kept() -> Iterator[None]:
    """Let the server keep its plan of a question that is asked again, however often it is rolled back meanwhile.

    psycopg forgets at each rollback what it prepared, and has the server forget it; so it prepares nothing here.
    """
    asked: set[str] = set()
    names: dict[str, str] = {}

    def ask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        in_batches = isinstance(context["cursor"].cursor, psycopg.ServerCursor)
        if params or many or in_batches or not QUESTION.match(sql):
            return execute(sql, params, many, context)
        if sql not in asked:
            asked.add(sql)
            return execute(sql, params, many, context)
        if connection.connection is not met[0]:  # the old one was too old, or broke
            met[0] = _unprepared()
            names.clear()
        if sql not in names:
            execute(f"PREPARE kept_{len(names)} AS {sql}", None, many, context)
            names[sql] = f"kept_{len(names)}"
        return execute(f"EXECUTE {names[sql]}", None, many, context)

    connection.ensure_connection()
    usual = connection.connection.prepare_threshold
    met = [_unprepared()]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    try:
        with connection.execute_wrapper(ask):
            yield
    finally:
        connection.ensure_connection()
        connection.connection.prepare_threshold = usual
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


def _unprepared() -> Any:
    session: Any = connection.connection
    session.prepare_threshold = None
    return session
