from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pgtrigger
import pytest
from django.db import connection, transaction

from tests.plans import plans_kept
from tests.verify.world import World, a_busy_house

NOBODY_LOOKS = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The busy house. It takes a second to build, so a test corrupts it many times over."""
    house = a_busy_house()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with plans_kept():
        yield house


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def behind_its_back(*hidden: str, openly: Iterable[str] = ()) -> Iterator[None]:
    """What these statements do, the hidden ones while no trigger and no key looks on, is true for a moment."""
    point = transaction.savepoint()
    try:
        run(*openly, "SET CONSTRAINTS ALL IMMEDIATE", NOBODY_LOOKS, *hidden)
        run("SET LOCAL session_replication_role = origin")
        yield
    finally:
        transaction.savepoint_rollback(point)


@contextmanager
def for_a_moment(*hidden: str) -> Iterator[None]:
    """The same where nobody looks anyway: the server keeps its plans, which it drops when that changes."""
    point = transaction.savepoint()
    try:
        run(*hidden)
        yield
    finally:
        transaction.savepoint_rollback(point)


def switching(trigger: str, how: str = "DISABLE") -> str:
    """Return the statement that switches off one trigger, `table.name`, or on again with `ENABLE`."""
    table, name = trigger.split(".")
    (known,) = [
        one.get_pgid(model)
        for model, one in pgtrigger.registered()
        if (model._meta.db_table, one.name) == (table, name)
    ]
    return f"ALTER TABLE {table} {how} TRIGGER {known}"


@contextmanager
def switched_off(trigger: str) -> Iterator[None]:
    """Do without one trigger for a while; what is done meanwhile stays."""
    run(switching(trigger))
    yield
    run(switching(trigger, "ENABLE"))
