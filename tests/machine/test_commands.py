"""A command on a database that was never migrated says so; any other missing table is a fault of ours and stays one."""

import os
import subprocess
import sys

import pytest
from django.db import ProgrammingError, connection, transaction

from oms.machine.commands import missing_tables_in_words
from oms.machine.places import CHECKOUT


@pytest.mark.parametrize("command", [["demo"], ["setup_roles"]])
def test_without_tables_a_command_ends_with_one_sentence(empty_database, command):
    ended = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": empty_database},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("The database lacks ")
    assert ended.stderr.endswith("migrations of this version. Run `make run`, or manage.py migrate, first.\n")
    assert ended.stderr.count("\n") == 1


@pytest.mark.django_db
def test_with_all_tables_a_missing_one_is_told_as_it_is():
    with pytest.raises(ProgrammingError, match="nowhere"), missing_tables_in_words(), transaction.atomic():
        connection.cursor().execute("SELECT * FROM nowhere")
