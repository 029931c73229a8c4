"""A heavy statement is planned once per connection, and is Django's in everything else."""

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from oms.prepared import planned_once

pytestmark = pytest.mark.django_db
STATEMENT = "SELECT count(*) FROM generate_series(1, %(many)s::int)"


def kept():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%generate_series%%'"
        )
        return cursor.fetchone()[0]


def ask(times):
    found = []
    for many in range(times):
        with planned_once() as cursor:
            cursor.execute(STATEMENT, {"many": many})
            found += cursor.fetchone()
    return found


def test_what_is_asked_often_is_kept_by_the_server_and_answers_the_same():
    assert ask(9) == list(range(9))
    assert kept() == 1


def test_with_a_threshold_of_none_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)

    assert ask(9) == list(range(9))
    assert kept() == 0


def test_it_is_counted_and_its_errors_are_djangos():
    with CaptureQueriesContext(connection) as made:
        ask(2)
    assert len(made) == 2

    with pytest.raises(DataError), planned_once() as cursor:
        cursor.execute("SELECT 1 / %(none)s::int", {"none": 0})
