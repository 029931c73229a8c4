"""Many rows in one statement. Law 3: the number of statements does not grow with the lines.

Each column travels as one array literal, which PostgreSQL takes apart: several times faster than lists
whose every element the driver adapts by itself, and faster than one JSON document for all columns. A column
of JSON is one JSON array.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, models

from oms.rows import prepared, quoted, type_of

Columns = Mapping[str, Sequence[Any]]


def insert_rows(model: type[models.Model], columns: Columns, **same: Any) -> list[int]:
    """Insert one row per position of `columns` and return their ids, in that order.

    `columns` maps field names to equally long lists; `same` holds values that all rows share.
    """
    fields = [_field(model, name) for name in columns]
    shared = {_field(model, name): value for name, value in same.items()}
    names = ", ".join(quoted(f.column) for f in [*fields, *shared])
    picked = ", ".join(
        [f"v.c{i}::{type_of(f)}" for i, f in enumerate(fields)] + [f"%s::{type_of(f)}" for f in shared]
    )
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({names}) "  # noqa: S608
        f"SELECT {picked} FROM {_rows(fields)} ORDER BY v.position RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(prepared(f, value) for f, value in shared.items()), *_arrays(fields, columns)])
        return [row[0] for row in cursor.fetchall()]


def add_to_rows(model: type[models.Model], ids: Sequence[int], **amounts: Sequence[int]) -> int:
    """Add each list of `amounts` to its column, row by row of `ids`; return how many rows changed."""
    names = [quoted(_field(model, name).column) for name in amounts]
    changes = ", ".join(f"{name} = t.{name} + v.c{i}" for i, name in enumerate(names, start=1))
    return _update(model, changes, {"id": ids, **amounts})


def set_in_rows(model: type[models.Model], ids: Sequence[int], **values: Sequence[Any]) -> int:
    """Set each column to its list of `values`, row by row of `ids`; return how many rows changed."""
    fields = [_field(model, name) for name in values]
    changes = ", ".join(f"{quoted(f.column)} = v.c{i}::{type_of(f)}" for i, f in enumerate(fields, start=1))
    return _update(model, changes, {"id": ids, **values})


def _update(model: type[models.Model], changes: str, columns: Columns) -> int:
    if not columns["id"]:
        return 0
    fields = [_field(model, name) for name in columns]
    table = quoted(model._meta.db_table)
    sql = f"UPDATE {table} t SET {changes} FROM {_rows(fields)} WHERE t.id = v.c0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, _arrays(fields, columns))
        return int(cursor.rowcount)


def _rows(fields: list[Any]) -> str:
    """The columns as a table: c0, c1, …, position, with the types of `fields`."""
    names = [f"c{i}" for i in _in_turn(fields)]
    arrays = ", ".join(f"%s::{type_of(f)}[]" for f in fields if not _is_json(f))
    documents = ["json_array_elements(%s::json)" for f in fields if _is_json(f)]
    return (
        f"ROWS FROM ({', '.join([f'unnest({arrays})', *documents])}) "
        f"WITH ORDINALITY AS v({', '.join(names)}, position)"
    )


def _arrays(fields: list[Any], columns: Columns) -> list[str]:
    values = list(columns.values())
    if len({len(column) for column in values}) > 1:
        raise ValueError("columns of different lengths are no rows")
    return [_documents(values[i]) if _is_json(fields[i]) else array(values[i]) for i in _in_turn(fields)]


def _documents(values: Sequence[Any]) -> str:
    if None in values:
        raise TypeError("None has no place in a set of documents")  # JSON's null is not SQL's
    return orjson.dumps(values).decode()


def _in_turn(fields: list[Any]) -> list[int]:
    """The places of `fields`, plain columns first: documents travel as one JSON array per column."""
    return sorted(range(len(fields)), key=lambda i: _is_json(fields[i]))


def _is_json(field: Any) -> bool:
    return isinstance(field, models.JSONField)


PLAIN = ({int}, {Decimal}, {int, Decimal}, {date})


def array(values: Iterable[Any]) -> str:
    """Return the literal of a PostgreSQL array that holds `values`; TypeError for what has no place in one."""
    known = list(values)
    plain = set(map(type, known)) in PLAIN  # their text needs no quotes
    return "{" + ",".join(map(str if plain else _element, known)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return _quoted_element(str(value))
    if isinstance(value, int | Decimal):  # True and False are ints, and PostgreSQL reads their names
        return str(value)
    if isinstance(value, date):
        return _quoted_element(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no place in a set of rows")


def _quoted_element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name.removesuffix("_id"))
