"""One migration per app makes a new database; one that was made by those it replaces goes on from where it stands."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from oms.machine.places import CHECKOUT
from oms.schema import triggers_draw_no_models

APPS = ("oms", "inventory", "customers", "orders", "fulfillment")

# As the catalogue has it, without the order of columns and the database's own numbers
SHAPE = """
    SELECT 'column', table_name, column_name, concat_ws(' ', udt_name, character_maximum_length, numeric_precision,
        numeric_scale, is_nullable, column_default, generation_expression)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid) || prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal
    UNION ALL SELECT 'sequence', sequencename, '', start_value::text FROM pg_sequences WHERE schemaname = 'public'
    UNION ALL SELECT 'storage', relname, '', reloptions::text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
"""
OLD_WAY = """
import sys, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations=False)
executor.migrate([tuple(target.split(".")) for target in sys.argv[1:]])
"""
DJANGOS_WAY = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), interactive=False, verbosity=0)
"""
HALF_WAY = [
    "oms.0003_attempts",
    "inventory.0012_counting",
    "customers.0003_export_permissions",
    "orders.0009_promises",
]


@pytest.mark.django_db
def test_each_migration_that_makes_all_tables_replaces_all_that_came_before():
    replacements = MigrationExecutor(connection).loader.replacements

    replaced = {old for migration in replacements.values() for old in migration.replaces}
    assert {app for app, _ in replacements} == set(APPS)
    assert replaced == {
        (app, path.stem)
        for (app, name), _ in replacements.items()
        for path in Path(CHECKOUT, app, "migrations").glob("0*.py")
        if path.stem <= name.removeprefix("0001_until_") and path.stem != name
    }


@pytest.mark.django_db
def test_a_database_that_went_step_by_step_has_nothing_to_catch_up():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name LIKE '0001\\_squashed%'")

    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.soak
def test_a_database_half_way_goes_on_step_by_step_and_ends_as_a_new_one(empty_database, database_url):
    run(empty_database, "-c", OLD_WAY, *HALF_WAY)
    run(empty_database, "manage.py", "migrate", "--verbosity", "0")

    assert shape(empty_database) == shape(database_url)


@pytest.mark.soak
def test_drawing_no_models_for_triggers_makes_the_same_tables(empty_database, database_url):
    run(empty_database, "-c", DJANGOS_WAY)

    assert shape(empty_database) == shape(database_url)


@pytest.mark.django_db
def test_a_trigger_is_added_to_the_state_without_drawing_its_model():
    state = MigrationExecutor(connection).loader.project_state()
    trigger = state.models["orders", "order"].options["triggers"][0]
    drawn = state.apps.get_model("orders", "order")

    with triggers_draw_no_models():
        RemoveTrigger("order", trigger.name).state_forwards("orders", state)
        AddTrigger("order", trigger).state_forwards("orders", state)
    assert state.models["orders", "order"].options["triggers"][-1] == trigger
    assert state.apps.get_model("orders", "order") is drawn

    AddTrigger("order", trigger).state_forwards("orders", state)
    assert state.apps.get_model("orders", "order") is not drawn


def run(url: str, *command: str) -> None:
    subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "oms.settings"},
        check=True,
    )


def shape(url: str) -> set[tuple[str, ...]]:
    with psycopg.connect(url) as database:
        return set(database.execute(SHAPE).fetchall())
