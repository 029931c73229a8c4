"""All rows as they stand once, put back as often as a stage is played on again: its documents are made only once."""

from django.db import connection, models, transaction

from oms.declared import columns, our_models


class Snapshot:
    """The rows of all our tables. Ids stay what they were; sequences go on, as they do after a ROLLBACK."""

    def __init__(self) -> None:
        filled = [model for model in our_models() if model._default_manager.exists()]
        _run(*(statement for model in filled for statement in _keep(model._meta.db_table)))
        self.statements = [
            "SET LOCAL session_replication_role = replica",  # no trigger looks on: the balances come back too
            *(f"DELETE FROM {model._meta.db_table}" for model in our_models()),
            *map(_bring_back, filled),
        ]

    def put_back(self) -> None:
        """Every row is again what it was when the snapshot was taken, and there is no other."""
        _run(*self.statements)


def _keep(table: str) -> list[str]:
    return [f"DROP TABLE IF EXISTS kept_{table}", f"CREATE UNLOGGED TABLE kept_{table} AS TABLE {table}"]


def _bring_back(model: type[models.Model]) -> str:
    stored = [field for field in columns(model) if not isinstance(field, models.GeneratedField)]
    names, table = ", ".join(f'"{field.column}"' for field in stored), model._meta.db_table
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}"


def _run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
