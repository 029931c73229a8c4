"""Many rows in one statement. Law 3: the number of statements does not grow with the lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

Columns = Mapping[str, Sequence[Any]]


def insert_rows(model: type[models.Model], columns: Columns, **same: Any) -> list[int]:
    """Insert one row per position of `columns` and return their ids, in that order.

    `columns` maps field names to equally long lists; `same` holds values that all rows share.
    """
    fields = [_field(model, name) for name in columns]
    shared = [_field(model, name) for name in same]
    names = ", ".join(_quoted(f.column) for f in [*fields, *shared])
    picked = ", ".join([f"v.c{i}" for i in range(len(fields))] + [f"%s::{_type(f)}" for f in shared])
    sql = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) "  # noqa: S608
        f"SELECT {picked} FROM {_unnest(fields)} ORDER BY v.position RETURNING id"
    )
    shared_values = [_prepared(f, same[f.name if f.name in same else f.attname]) for f in shared]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*shared_values, *_arrays(fields, columns)])
        return [row[0] for row in cursor.fetchall()]


def add_to_rows(model: type[models.Model], ids: Sequence[int], **amounts: Sequence[int]) -> int:
    """Add each list of `amounts` to its column, row by row of `ids`; return how many rows changed."""
    fields = [_field(model, name) for name in amounts]
    changes = ", ".join(
        f"{_quoted(f.column)} = t.{_quoted(f.column)} + v.c{i + 1}" for i, f in enumerate(fields)
    )
    return _update(model, changes, fields, {"id": ids, **amounts})


def set_in_rows(model: type[models.Model], ids: Sequence[int], **values: Sequence[Any]) -> int:
    """Set each column to its list of `values`, row by row of `ids`; return how many rows changed."""
    fields = [_field(model, name) for name in values]
    changes = ", ".join(f"{_quoted(f.column)} = v.c{i + 1}" for i, f in enumerate(fields))
    return _update(model, changes, fields, {"id": ids, **values})


def _update(model: type[models.Model], changes: str, fields: list[Any], columns: Columns) -> int:
    key = _field(model, "id")
    sql = (
        f"UPDATE {_quoted(model._meta.db_table)} t SET {changes} "  # noqa: S608
        f"FROM {_unnest([key, *fields])} WHERE t.id = v.c0"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _arrays([key, *fields], columns))
        return int(cursor.rowcount)


def _unnest(fields: list[Any]) -> str:
    arrays = ", ".join(f"%s::{_type(f)}[]" for f in fields)
    names = ", ".join(f"c{i}" for i in range(len(fields)))
    return f"unnest({arrays}) WITH ORDINALITY AS v({names}, position)"


def _arrays(fields: list[Any], columns: Columns) -> list[list[Any]]:
    return [
        [_prepared(f, value) for value in values] if f.get_internal_type() == "JSONField" else list(values)
        for f, values in zip(fields, columns.values(), strict=True)
    ]


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
