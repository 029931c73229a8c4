"""The triggers that several apps declare beside their models."""

from collections.abc import Iterable, Mapping

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Return the trigger that refuses to change or delete a row of a ledger."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def kept_by_trigger(*columns: str) -> list[pgtrigger.Trigger]:
    """Return the guards that let only a ledger's trigger write the balances `columns`.

    A statement of a person or program runs at trigger depth 0, the ledger's own update deeper.
    """
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    filled = " OR ".join(f"NEW.{column} <> 0" for column in columns)
    left = " OR ".join(f"OLD.{column} <> 0" for column in columns)
    return [
        _guard("balance_update", pgtrigger.Update, changed),
        _guard("balance_insert", pgtrigger.Insert, filled),
        _guard("balance_delete", pgtrigger.Delete, left),
    ]


def dates_kept_by_trigger(*columns: str) -> list[pgtrigger.Trigger]:
    """Return the guards that let only a ledger's trigger write the dates `columns`, empty until it does."""
    return filled_by_trigger("dates", *columns)


def filled_by_trigger(name: str, *columns: str) -> list[pgtrigger.Trigger]:
    """Return the guards, begun with `name`, that let only a trigger write `columns`, empty until it does."""
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    filled = " OR ".join(f"NEW.{column} IS NOT NULL" for column in columns)
    return [
        _guard(f"{name}_update", pgtrigger.Update, changed),
        _guard(f"{name}_insert", pgtrigger.Insert, filled),
    ]


def flags_kept_by_trigger(*columns: str) -> list[pgtrigger.Trigger]:
    """Return the guards that let only a ledger's trigger write the flags `columns`, false until it does."""
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return [
        _guard("flags_update", pgtrigger.Update, changed),
        _guard("flags_insert", pgtrigger.Insert, " OR ".join(f"NEW.{column}" for column in columns)),
    ]


def _guard(name: str, operation: pgtrigger.Operation, condition: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        condition=pgtrigger.Condition(f"pg_trigger_depth() = 0 AND ({condition})"),
        func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


DELTA: Mapping[str, str] = {
    "insert": "SELECT 1 AS sign, * FROM new_rows",
    "update": "SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows",
    "delete": "SELECT -1 AS sign, * FROM old_rows",
}
OPERATION = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
ROWS = {
    "insert": {"new": "new_rows"},
    "update": {"new": "new_rows", "old": "old_rows"},
    "delete": {"old": "old_rows"},
}


def never_deleted() -> pgtrigger.Trigger:
    """Return the trigger that keeps a row for ever: others name it without a foreign key of their own."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def proves_keys(**parents: str) -> pgtrigger.Trigger:
    """Return the trigger that refuses new rows of which a key (named without `_id`) names no row of its parent table.

    It does for a whole statement what foreign keys do row by row, at a tenth of their cost; so it suits tables
    that take a thousand rows at once. It is sound only because each parent is `never_deleted` and, where a key can
    change, `proves_changed_keys` stands beside it.
    """
    return pgtrigger.Trigger(
        name="keys_name_rows",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_proofs(parents, KEYS_OF_ALL),
    )


def proves_changed_keys(**parents: str) -> pgtrigger.Trigger:
    """Return the trigger that refuses a row whose key changes to one that names no row of its parent table."""
    changed = " OR ".join(f"NEW.{key}_id IS DISTINCT FROM OLD.{key}_id" for key in parents)
    return pgtrigger.Trigger(
        name="changed_keys_name_rows",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(changed),
        func=_proofs(parents, KEY_OF_ONE),
    )


KEYS_OF_ALL = "SELECT DISTINCT {column} AS key FROM new_rows WHERE {column} IS NOT NULL"
KEY_OF_ONE = "SELECT NEW.{column} AS key WHERE NEW.{column} IS NOT NULL"


def _proofs(parents: Mapping[str, str], keys: str) -> str:
    return "".join(_proof(f"{key}_id", table, keys) for key, table in parents.items()) + "RETURN NULL;"


def _proof(column: str, table: str, keys: str) -> str:
    named = keys.replace("{column}", column)
    return (
        f"IF EXISTS (SELECT FROM ({named}) k WHERE NOT EXISTS (SELECT FROM {table} p WHERE p.id = k.key)) THEN "  # noqa: S608
        f"RAISE EXCEPTION '{column} of % names no row of {table}', TG_TABLE_NAME "
        "USING ERRCODE = 'foreign_key_violation'; END IF; "
    )


def keeps_balance(name: str, func: str, *, events: Iterable[str] = tuple(DELTA)) -> list[pgtrigger.Trigger]:
    """Return one statement-level trigger per event of a ledger, all with the same text.

    In `func`, {delta} is the set of changed rows with a `sign`: what came counts 1, what went -1.
    """
    return [
        pgtrigger.Trigger(
            name=f"{name}_{event}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=OPERATION[event],
            referencing=pgtrigger.Referencing(**ROWS[event]),
            func=func.replace("{delta}", DELTA[event]),
        )
        for event in events
    ]


def moves_only_along(moves: Mapping[str, frozenset[str]], *, start: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse a status the table of moves does not lead to."""
    steps = " OR ".join(
        f"(OLD.status = '{old}' AND NEW.status IN ({', '.join(repr(str(new)) for new in sorted(news))}))"
        for old, news in moves.items()
        if news
    )
    refuse = (
        "RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, {old}, NEW.status "
        "USING ERRCODE = 'check_violation';"
    )
    return [
        pgtrigger.Trigger(
            name="moves_along_its_table",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("status"),
            condition=pgtrigger.Condition(f"OLD.status <> NEW.status AND NOT ({steps})"),
            func=refuse.replace("{old}", "OLD.status"),
        ),
        pgtrigger.Trigger(
            name="begins_at_its_start",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.status <> '{start}'"),
            func=refuse.replace("{old}", "'nothing'"),
        ),
    ]
