"""What the models of this project declare, as SQL that asks whether the rows keep to it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models


@cache
def our_models() -> list[type[models.Model]]:
    """Return every table of this project's apps, those between many-to-many sides too."""
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    found = (m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy)
    return [model for model in found if model._meta.app_label in ours]


@cache
def filled_sql() -> str:
    """Return the query for the place in `our_models` of each table that holds any row."""
    return " UNION ALL ".join(
        f"SELECT {n} WHERE EXISTS (SELECT FROM {_table(model)})"  # noqa: S608
        for n, model in enumerate(our_models())
    )


def columns(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_fields if field.column]


def keys(model: type[models.Model]) -> list[Any]:
    """Return the columns of a table that name a row of another."""
    return [field for field in columns(model) if field.is_relation]


def constraints(model: type[models.Model], kind: type[Any]) -> list[Any]:
    return [constraint for constraint in model._meta.constraints if isinstance(constraint, kind)]


def check_sql(model: type[models.Model], check: models.CheckConstraint) -> str:
    """Return the condition of a CHECK as the database writes it."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return str(check._get_check_sql(model, editor))  # type: ignore[attr-defined]


def condition_sql(model: type[models.Model], unique: models.UniqueConstraint) -> str:
    """Return the rows a unique constraint speaks of, as a WHERE condition."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return str(unique._get_condition_sql(model, editor) or "true")  # type: ignore[attr-defined]


@cache
def broken_row_sql(model: type[models.Model]) -> str | None:
    """Return the query for rows that break a CHECK, a choice or a NOT NULL of their table: id and what."""
    broken = dict(_broken_when(model))
    if not broken:
        return None
    told = ", ".join(f"CASE WHEN {sql} THEN {_text(name)} END" for name, sql in broken.items())
    anything = " OR ".join(f"({sql})" for sql in broken.values())
    return f"SELECT {_pk(model)}::text, concat_ws(', ', {told}) FROM {_table(model)} WHERE {anything}"  # noqa: S608


def _broken_when(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for check in constraints(model, models.CheckConstraint):
        yield check.name, f"NOT ({check_sql(model, check)})"
    for field in columns(model):
        column = connection.ops.quote_name(field.column)
        if not field.null:
            yield f"{field.column} is missing", f"{column} IS NULL"
        if isinstance(field, models.DecimalField):
            yield f"{field.column} is no number", f"{column} = 'NaN'"  # which is more than any bound
        if field.choices and not isinstance(field, models.ForeignKey):
            yield f"{field.column} is no known choice", f"{column}::text <> ALL({_choices(field)})"


def _choices(field: Any) -> str:
    known = [str(value) for value, _label in field.flatchoices] + ([""] if field.blank else [])
    return f"ARRAY[{', '.join(_text(value) for value in known)}]"


@cache
def orphan_sql(model: type[models.Model]) -> str | None:
    """Return the query for rows whose parent is gone: id, column and the value that names nothing."""
    parts = [
        f"SELECT c.{_pk(model)}::text, {_text(field.column)}, c.{_column(field)}::text FROM {_table(model)} c "  # noqa: S608
        f"LEFT JOIN {_table(field.related_model)} p ON p.{_column(field.target_field)} = c.{_column(field)} "
        f"WHERE c.{_column(field)} IS NOT NULL AND p.{_column(field.target_field)} IS NULL"
        for field in keys(model)
    ]
    return " UNION ALL ".join(parts) or None


@cache
def duplicate_sql(model: type[models.Model]) -> dict[str, str]:
    """Return, by the name of each declared uniqueness, the query for values that more than one row has."""
    return dict(_duplicates_of(model))


def _duplicates_of(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for field in columns(model):
        if field.unique and not field.primary_key:
            yield f"one {field.column}", _duplicates(model, [field], "true", nulls_distinct=True)
    for unique in constraints(model, models.UniqueConstraint):
        fields = [model._meta.get_field(name) for name in unique.fields]
        distinct = unique.nulls_distinct is not False
        yield unique.name, _duplicates(model, fields, condition_sql(model, unique), nulls_distinct=distinct)


def _duplicates(model: type[models.Model], fields: list[Any], condition: str, *, nulls_distinct: bool) -> str:
    names = [_column(field) for field in fields]
    present = "".join(f" AND {name} IS NOT NULL" for name in names) if nulls_distinct else ""
    same = ", ".join(names)
    return (
        f"SELECT concat_ws(', ', {', '.join(f'{name}::text' for name in names)}), count(*) FROM {_table(model)} "  # noqa: S608
        f"WHERE ({condition}){present} GROUP BY {same} HAVING count(*) > 1"
    )


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _pk(model: type[models.Model]) -> str:
    return _column(model._meta.pk)


def _column(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
