"""All rows as they stand once, put back as often as a stage is played on again: its documents are made only once."""

from django.db import connection, models, transaction

from oms.declared import columns, our_models
from tests.emptying import written_to


class Snapshot:
    """The rows of all our tables. Ids stay what they were; sequences go on, as they do after a ROLLBACK."""

    def __init__(self) -> None:
        tables = {model._meta.db_table: model for model in our_models()}
        filled = [tables[name] for name in written_to(set(tables))]
        _run(*(statement for model in filled for statement in _keep(model._meta.db_table)))
        self.tables, self.back = set(tables), list(map(_bring_back, filled))

    def put_back(self) -> None:
        """Every row is again what it was when the snapshot was taken, and there is no other.

        No trigger looks on: the balances come back too.
        """
        used = [f"DELETE FROM {table}" for table in written_to(self.tables)]
        _run("SET LOCAL session_replication_role = replica", *used, *self.back)


def _keep(table: str) -> list[str]:
    return [f"DROP TABLE IF EXISTS kept_{table}", f"CREATE UNLOGGED TABLE kept_{table} AS TABLE {table}"]


def _bring_back(model: type[models.Model]) -> str:
    stored = [field for field in columns(model) if not isinstance(field, models.GeneratedField)]
    names, table = ", ".join(f'"{field.column}"' for field in stored), model._meta.db_table
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}"


def _run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
