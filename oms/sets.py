"""Many rows in one statement. Law 3: the number of statements does not grow with the lines.

The rows travel as one JSON document, which PostgreSQL takes apart into typed columns: several times
faster than one array per column, whose every element the driver would adapt by itself.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models

Columns = Mapping[str, Sequence[Any]]


def insert_rows(model: type[models.Model], columns: Columns, **same: Any) -> list[int]:
    """Insert one row per position of `columns` and return their ids, in that order.

    `columns` maps field names to equally long lists; `same` holds values that all rows share.
    """
    fields = [_field(model, name) for name in columns]
    shared = {_field(model, name): value for name, value in same.items()}
    names = ", ".join(_quoted(f.column) for f in [*fields, *shared])
    picked = ", ".join([f"v.c{i}" for i in range(len(fields))] + [f"%s::{_type(f)}" for f in shared])
    sql = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) "  # noqa: S608
        f"SELECT {picked} FROM {_rows(fields)} ORDER BY v.position RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(_prepared(f, value) for f, value in shared.items()), _document(columns)])
        return [row[0] for row in cursor.fetchall()]


def add_to_rows(model: type[models.Model], ids: Sequence[int], **amounts: Sequence[int]) -> int:
    """Add each list of `amounts` to its column, row by row of `ids`; return how many rows changed."""
    names = [_quoted(_field(model, name).column) for name in amounts]
    changes = ", ".join(f"{name} = t.{name} + v.c{i}" for i, name in enumerate(names, start=1))
    return _update(model, changes, {"id": ids, **amounts})


def set_in_rows(model: type[models.Model], ids: Sequence[int], **values: Sequence[Any]) -> int:
    """Set each column to its list of `values`, row by row of `ids`; return how many rows changed."""
    names = [_quoted(_field(model, name).column) for name in values]
    changes = ", ".join(f"{name} = v.c{i}" for i, name in enumerate(names, start=1))
    return _update(model, changes, {"id": ids, **values})


def _update(model: type[models.Model], changes: str, columns: Columns) -> int:
    if not columns["id"]:
        return 0
    fields = [_field(model, name) for name in columns]
    table = _quoted(model._meta.db_table)
    sql = f"UPDATE {table} t SET {changes} FROM {_rows(fields)} WHERE t.id = v.c0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [_document(columns)])
        return int(cursor.rowcount)


def _rows(fields: list[Any]) -> str:
    """The document as a table: position, c0, c1, … with the types of `fields`."""
    typed = ", ".join(f"c{i} {_type(f)}" for i, f in enumerate(fields))
    return f"ROWS FROM (json_to_recordset(%s) AS ({typed})) WITH ORDINALITY AS v({_names(fields)}, position)"


def _names(fields: list[Any]) -> str:
    return ", ".join(f"c{i}" for i in range(len(fields)))


def _document(columns: Columns) -> str:
    keys = [f"c{i}" for i in range(len(columns))]
    rows = [dict(zip(keys, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return json.dumps(rows, default=_written, ensure_ascii=False, separators=(",", ":"))


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a set of rows")


def _prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name.removesuffix("_id"))


def _type(field: Any) -> str:
    """The column's type without its length: a cast to varchar(20) would cut what does not fit."""
    full = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return str(full).partition("(")[0]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
