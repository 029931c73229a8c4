"""What holds for every table and every document, whatever the app."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from oms.declared import (
    broken_row_sql,
    columns,
    constraints,
    duplicate_sql,
    filled_sql,
    keys,
    orphan_sql,
    our_models,
)
from oms.documents import Delivery, Document
from oms.verify import Row, invariant, rows

CONSTRAINTS = """
    SELECT t.relname, c.conname, c.contype::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() AND c.convalidated
"""
# Each key and unique index with its columns in order; an expression stands as column 0.
UNIQUE_INDEXES = """
    SELECT t.relname, i.relname, array(
        SELECT coalesce(a.attname, '') FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, position)
        LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.n ORDER BY position)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND x.indisunique AND x.indisvalid AND x.indisready
"""
FOREIGN_KEYS = """
    SELECT t.relname, a.attname, p.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_class p ON p.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE n.nspname = current_schema() AND c.contype = 'f' AND c.convalidated AND NOT EXISTS (
        SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled NOT IN ('O', 'A'))
"""
COLUMNS = """
    SELECT t.relname, a.attname, a.attnotnull, a.attgenerated = 's' FROM pg_attribute a
    JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
TRIGGERS = """
    SELECT t.relname, g.tgname, g.tgenabled IN ('O', 'A'), obj_description(g.oid, 'pg_trigger'), f.prosrc
    FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc f ON f.oid = g.tgfoid
    JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() AND NOT g.tgisinternal
"""


@invariant("I0")
def every_declared_constraint_is_in_force() -> Iterator[Row]:
    """Each CHECK, uniqueness, exclusion and key of the models exists, is valid and is enforced."""
    held, unique, parents = set(rows(CONSTRAINTS)), _unique_indexes(), set(rows(FOREIGN_KEYS))
    for model in our_models():
        table = model._meta.db_table
        for kind, letter in ((models.CheckConstraint, "c"), (ExclusionConstraint, "x")):
            for constraint in constraints(model, kind):
                if (table, constraint.name, letter) not in held:
                    yield f"{table}.{constraint.name}", "none", "a valid constraint"
        yield from _missing_uniqueness(model, unique)
        for field in (key for key in keys(model) if key.db_constraint):
            if (table, field.column, field.related_model._meta.db_table) not in parents:
                yield f"{table}.{field.column}", "no key", f"a key to {field.related_model._meta.db_table}"


def _unique_indexes() -> set[tuple[str, str, tuple[str, ...]]]:
    return {(table, name, tuple(names)) for table, name, names in rows(UNIQUE_INDEXES)}


def _missing_uniqueness(
    model: type[models.Model], held: set[tuple[str, str, tuple[str, ...]]]
) -> Iterator[Row]:
    table = model._meta.db_table
    of_columns = {names for where, _name, names in held if where == table}
    for field in columns(model):
        if field.unique and (field.column,) not in of_columns:
            yield f"{table}.{field.column}", "not unique", "unique"
    for unique in constraints(model, models.UniqueConstraint):
        names = tuple(str(model._meta.get_field(name).column) for name in unique.fields)  # type: ignore[union-attr]
        if (table, unique.name, names) not in held:
            yield f"{table}.{unique.name}", "none", "a unique index"


@invariant("I0")
def every_column_is_filled_and_computed_as_declared() -> Iterator[Row]:
    """No column has lost its NOT NULL, and what the database computes nobody types."""
    there = {(table, name): (filled, computed) for table, name, filled, computed in rows(COLUMNS)}
    for model in our_models():
        for field in columns(model):
            filled, computed = there.get((model._meta.db_table, field.column), (False, False))
            where = f"{model._meta.db_table}.{field.column}"
            if field.generated and not computed:
                yield where, "typed", "computed by the database"
            elif not (field.null or field.generated or filled):
                yield where, "may be missing", "NOT NULL"


@invariant("I0")
def every_declared_trigger_is_in_force() -> Iterator[Row]:
    """Each trigger of the models exists, is enabled, and does what the models say."""
    there = {(table, name): rest for table, name, *rest in rows(TRIGGERS)}
    for declared in _declared_triggers():
        found = there.get((declared.table, declared.pgid))
        if found is None:
            yield declared.where, "none", "a trigger"
            continue
        enabled, told_hash, body = found
        if not enabled:
            yield declared.where, "disabled", "enabled"
        if told_hash != declared.hash or body.split() != declared.words:
            yield declared.where, "another text", "the text of its model"


class DeclaredTrigger(NamedTuple):
    """A trigger as its model writes it."""

    where: str
    table: str
    pgid: str
    hash: str
    words: list[str]


@cache
def _declared_triggers() -> list[DeclaredTrigger]:
    found = []
    for model, trigger in pgtrigger.registered():
        table, compiled = model._meta.db_table, trigger.compile(model)
        words = _body(str(compiled.sql)).split()
        where = f"{table}.{trigger.name}"
        found.append(DeclaredTrigger(where, table, trigger.get_pgid(model), compiled.hash, words))
    return found


def _body(sql: str) -> str:
    """Return the function inside the SQL that installs a trigger."""
    return sql.partition("RETURNS TRIGGER AS $$")[2].partition("$$ LANGUAGE")[0]


def _filled() -> Iterator[type[models.Model]]:
    """Yield the tables that hold any row: an empty one breaks nothing, and there are many in a small house."""
    return (our_models()[n] for (n,) in rows(filled_sql()))


@invariant("I2")
def every_row_passes_its_checks() -> Iterator[Row]:
    """CHECKs, choices and NOT NULL hold for each row, read again as if the database did not watch."""
    for model in _filled():
        sql = broken_row_sql(model)
        for pk, broken in rows(sql) if sql else ():
            yield f"{model._meta.db_table} {pk}", broken, "what its table declares"


@invariant("I20")
def every_row_has_its_parents() -> Iterator[Row]:
    for model in _filled():
        sql = orphan_sql(model)
        for pk, column, value in rows(sql) if sql else ():
            yield (
                f"{model._meta.db_table} {pk}",
                f"{column} {value}, which does not exist",
                "a row that exists",
            )


@invariant("I20")
def what_is_unique_is_there_once() -> Iterator[Row]:
    for model in _filled():
        for name, sql in duplicate_sql(model).items():
            for values, count in rows(sql):
                yield f"{model._meta.db_table} {values}", f"{count} rows", f"one row: {name}"


def documents() -> list[Any]:
    return [model for model in our_models() if issubclass(model, Document)]


def deliveries() -> list[Any]:
    return [model for model in our_models() if issubclass(model, Delivery)]


def _events(document: Any) -> str:
    return str(document._meta.get_field("events").related_model._meta.db_table)


# A step that changes nothing may happen in any state; the first event stands at the start.
BROKEN_STEPS = """
    WITH steps AS (
        SELECT document_id, version, kind, old_status, new_status,
               lag(new_status) OVER chain AS before, row_number() OVER chain AS place
        FROM {events} WINDOW chain AS (PARTITION BY document_id ORDER BY version, id)
    ), moves(old, new) AS (SELECT * FROM unnest(%(old)s::text[], %(new)s::text[]))
    SELECT d.number, e.version, e.old_status, e.new_status, e.place, coalesce(e.before, '')
    FROM steps e JOIN {documents} d ON d.id = e.document_id
    WHERE e.version <> e.place
       OR (e.place = 1 AND (e.new_status <> %(start)s OR e.old_status NOT IN ('', %(start)s)))
       OR (e.place > 1 AND e.old_status <> e.before)
       OR (e.place > 1 AND e.old_status <> e.new_status
           AND (e.kind <> e.new_status OR NOT EXISTS (SELECT FROM moves m WHERE m.old = e.old_status
               AND m.new = e.new_status)))
"""
LAST_STEPS = """
    SELECT d.number, d.status || ' at ' || d.version, coalesce(e.new_status,
        'nothing') || ' at ' || coalesce(e.version, 0)
    FROM {documents} d
    LEFT JOIN (SELECT DISTINCT ON (document_id) document_id, version, new_status FROM {events}
               ORDER BY document_id, version DESC) e ON e.document_id = d.id
    WHERE (d.status, d.version) IS DISTINCT FROM (e.new_status, e.version)
"""


@invariant("I11")
def every_history_follows_its_table_of_moves() -> Iterator[Row]:
    """Versions count 1, 2, 3 …, each event begins where the one before ended, each move is in the table."""
    for model in documents():
        moves = [(old, new) for old, news in model.NEXT.items() for new in sorted(news)]
        sql = BROKEN_STEPS.format(events=_events(model), documents=model._meta.db_table)
        parameters = {
            "old": [str(old) for old, _new in moves],
            "new": [str(new) for _old, new in moves],
            "start": str(model._meta.get_field("status").default),
        }
        for number, version, old, new, place, before in rows(sql, parameters):  # type: ignore[arg-type]
            expected = f"event {place} and a move from {before or 'nothing'}"
            yield number, f"event {version} from {old or 'nothing'} to {new}", expected


@invariant("I11")
def every_document_stands_where_its_history_ends() -> Iterator[Row]:
    for model in documents():
        yield from rows(LAST_STEPS.format(events=_events(model), documents=model._meta.db_table))


# Every consumer that a table of events owes to has its row, and nobody else.
OWED = """
    SELECT e.id, coalesce(d.consumer, 'nobody'), o.consumer
    FROM {events} e CROSS JOIN unnest(%s::text[]) AS o(consumer)
    LEFT JOIN {deliveries} d ON d.event_id = e.id AND d.consumer = o.consumer
    WHERE d.id IS NULL
"""
NOT_OWED = "SELECT event_id, consumer, '' FROM {deliveries} WHERE consumer <> ALL(%s)"
UNSETTLED = """
    SELECT d.id, concat_ws(', ', d.attempts || ' attempts', 'sent ' || d.sent_at, 'parked ' || d.parked_at),
           'sent or parked after its last attempt, never both'
    FROM {deliveries} d
    WHERE (d.sent_at IS NOT NULL AND d.parked_at IS NOT NULL) OR (d.parked_at IS NOT NULL AND d.attempts < %s)
"""
OWES = "owed_to_"


@invariant("I13")
def every_event_is_owed_to_its_consumers() -> Iterator[Row]:
    """An event exists exactly if its delivery does; a delivery is made, parked or still owed."""
    for model in deliveries():
        events = model._meta.get_field("event").related_model
        declared = [str(trigger.name) for owner, trigger in pgtrigger.registered() if owner is events]
        consumers = [name.removeprefix(OWES) for name in declared if name.startswith(OWES)]
        names = {"events": events._meta.db_table, "deliveries": model._meta.db_table}
        for event, found, expected in rows(OWED.format(**names), [consumers]):
            yield f"{events._meta.db_table} {event}", found, expected
        for event, found, _nobody in rows(NOT_OWED.format(**names), [consumers]):
            yield f"{events._meta.db_table} {event}", f"owed to {found}", f"owed to {', '.join(consumers)}"
        for pk, found, expected in rows(UNSETTLED.format(**names), [model.MOST_ATTEMPTS]):
            yield f"{model._meta.db_table} {pk}", found, expected
