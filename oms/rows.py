"""One row at a time, in words that are made once for each model.

Django puts a statement together anew each time, which takes longer than PostgreSQL takes to run it. Every step of a
document locks it, changes it and tells of it, so these two are said by hand; for sets of rows there is `oms.sets`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from django.db import DatabaseError, connection, models
from django.db.models.expressions import Col, DatabaseDefault

M = TypeVar("M", bound=models.Model)


def lock_row(model: type[M], pk: int, *related: str) -> M:
    """Return the row, held until the transaction ends, and with it the rows it points to in `related`, not held.

    As `select_related(*related).select_for_update(of=("self",), no_key=True)` would; only that a row to which somebody
    made it point while it was waited for is fetched when it is asked for. Raise the model's DoesNotExist.
    """
    sql, own, others = _reading(model, related)
    key = int(pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        values = cursor.fetchone()
    if values is None:
        raise cast(Any, model).DoesNotExist(f"{model._meta.object_name} {key} does not exist.")
    row = own.row(values)
    for field, part in others:
        if other := part.row(values):
            field.set_cached_value(row, other)
    return cast(M, row)


@dataclass(frozen=True, slots=True)
class Part:
    """Where the columns of one model and its key stand in an answer, the attributes they fill, and who reads which."""

    model: type[models.Model]
    begins: int
    key: int
    names: list[str]
    readers: dict[int, Any]

    @property
    def ends(self) -> int:
        return self.begins + len(self.names)

    def row(self, answer: Sequence[Any]) -> models.Model | None:
        values = list(answer[self.begins : self.ends])
        if values[self.key] is None:
            return None
        for place, (readers, expression) in self.readers.items():
            for read in readers:
                values[place] = read(values[place], expression, connection)
        return self.model.from_db(str(connection.alias), self.names, values)


@cache
def _reading(model: type[models.Model], related: tuple[str, ...]) -> tuple[str, Part, list[tuple[Any, Part]]]:
    """Return the statement that locks a row, its part of the answer, and those of the rows it points to."""
    fields: list[Any] = [model._meta.get_field(name) for name in related]
    own, others, begins = _part(model, 0), [], len(model._meta.concrete_fields)
    for field in fields:
        others.append((field, _part(field.related_model, begins)))
        begins = others[-1][1].ends
    columns = [_columns(model, "own"), *(_columns(f.related_model, f.name) for f in fields)]
    joins = "".join(
        f" LEFT JOIN {quoted(f.related_model._meta.db_table)} {quoted(f.name)}"
        f" ON {quoted(f.name)}.{quoted(f.target_field.column)} = own.{quoted(f.column)}"
        for f in fields
    )
    table = quoted(model._meta.db_table)
    sql = (
        f"SELECT {', '.join(columns)} FROM {table} own{joins} WHERE own.id = %s "  # noqa: S608
        "FOR NO KEY UPDATE OF own"
    )
    return sql, own, others


def _part(model: Any, begins: int) -> Part:
    fields = model._meta.concrete_fields
    compiler = model._default_manager.all().query.get_compiler(connection=connection)
    readers = compiler.get_converters([Col(model._meta.db_table, field) for field in fields])
    return Part(model, begins, fields.index(model._meta.pk), [field.attname for field in fields], readers)


def _columns(model: Any, alias: str) -> str:
    return ", ".join(f"{quoted(alias)}.{quoted(field.column)}" for field in model._meta.concrete_fields)


def change_and_tell(row: models.Model, names: Sequence[str], event: models.Model) -> None:
    """Save the fields of the row in `names` and insert the event, in one statement.

    What the event leaves to the database, such as its key and its moment, the database fills; the instance does not
    learn it. Raise DatabaseError, and write nothing, when the row is not there any more.
    """
    told = tuple(field.name for field in event._meta.concrete_fields if _is_told(field, event))
    sql, changed, fields = _changing(type(row), tuple(names), type(event), told)
    values = [prepared(field, field.pre_save(row, add=False)) for field in changed]
    story = [prepared(field, field.pre_save(event, add=True)) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk, *story])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.object_name} {row.pk} is not there to be changed.")


def _is_told(field: Any, event: models.Model) -> bool:
    return not field.primary_key and not isinstance(getattr(event, field.attname), DatabaseDefault)


@cache
def _changing(
    model: type[models.Model], names: tuple[str, ...], events: type[models.Model], told: tuple[str, ...]
) -> tuple[str, list[Any], list[Any]]:
    """Return the statement, the fields it changes, and the fields it tells."""
    changed: list[Any] = [model._meta.get_field(name) for name in names]
    fields: list[Any] = [events._meta.get_field(name) for name in told]
    sql = (
        f"WITH changed AS (UPDATE {quoted(model._meta.db_table)} "  # noqa: S608
        f"SET {', '.join(f'{quoted(field.column)} = %s' for field in changed)} WHERE id = %s RETURNING id) "
        f"INSERT INTO {quoted(events._meta.db_table)} ({', '.join(quoted(field.column) for field in fields)}) "
        f"SELECT {', '.join(f'%s::{type_of(field)}' for field in fields)} FROM changed"
    )
    return sql, changed, fields


def prepared(field: Any, value: Any) -> Any:
    """Return the value, or the key of the row that it is, as the column takes it."""
    return field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)


@cache
def type_of(field: Any) -> str:
    """The column's type without its length: a cast to varchar(20) would cut what does not fit."""
    full = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return str(full).partition("(")[0]


def quoted(name: Any) -> str:
    return connection.ops.quote_name(name)
