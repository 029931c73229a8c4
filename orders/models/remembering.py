"""Triggers that keep how a document was: what a statement changes, how that was before, and at which moment.

The present stands in the tables as ever. A statement that changes rows of a document leaves one row for it, with the
columns that became different as they were, the rows that went, and the keys of those that came. What did not change is
not copied, and what comes together with its document costs nothing: before it there was nothing. So any past state is
the present with all later changes taken back (`orders/services/remembering.py`).

All that one transaction changes of a document is one moment. It is made under the document's lock, so the moments of a
document stand in the order in which others could see them.
"""

from collections.abc import Sequence

import pgtrigger

# What only the triggers of ledgers write in a line: allocations its buckets, promises its days, both whether it waits.
BALANCES = frozenset({"allocated", "picked", "packed", "shipped", "open", "waits", "ship_on", "promised_on"})
# A transaction finds the moment it has made. After a restore in another cluster a number of a transaction comes again,
# but not within a transaction that began before it.
XACT = "pg_current_xact_id()::text::bigint"
# The demo tells a year in one transaction; each step of its story is a moment of its own.
TOLD = "nullif(current_setting('oms.told_at', true), '')::timestamptz"
# `changed` has a document, and what of it this statement changed; {kept} goes on from `moment`, which has it with its
# document's moment, unless the document itself came just then.
AT_ITS_MOMENT = f"""
    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),
    there AS (
        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins
        FROM documents d JOIN {{moments}} m ON m.document_id = d.document
        WHERE m.at >= coalesce({TOLD}, now()) AND m.xact = {XACT}
        ORDER BY m.document_id, m.id DESC
    ), made AS (
        INSERT INTO {{moments}} (document_id, xact, at, begins)
        SELECT d.document, {XACT}, greatest(coalesce({TOLD}, clock_timestamp()),
               (SELECT max(m.at) FROM {{moments}} m WHERE m.document_id = d.document)), {{begins}}
        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)
        RETURNING document_id, id, begins
    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)
"""  # noqa: S608
KEPT = """
    INSERT INTO {befores} (moment_id, what, was, came)
    SELECT m.id, '{what}', {was}, {came} FROM changed c JOIN moment m ON m.document_id = c.document
    WHERE NOT m.begins GROUP BY m.id
"""
# Of a table whose rows change one by one every column is looked at.
ANY_COLUMN = """
    SELECT {document} AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id
    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j
    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b
                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x
    WHERE x.was IS NOT NULL"""
# Of one whose rows change by the thousand only those named, which takes a tenth of the time.
NAMED_COLUMNS = """
    SELECT * FROM (SELECT {document} AS document, r.id, {was} AS was
        FROM old_rows o JOIN new_rows r ON r.id = o.id OFFSET 0) c
    WHERE c.was <> '{}'"""
CHANGED = {
    "insert": "SELECT {document} AS document, r.id, NULL::jsonb AS was FROM new_rows r",
    "update": ANY_COLUMN,
    "delete": "SELECT {document} AS document, r.id, to_jsonb(r) AS was FROM old_rows r",
}
OPERATIONS = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
ROWS = {
    "insert": {"new": "new_rows"},
    "update": {"old": "old_rows", "new": "new_rows"},
    "delete": {"old": "old_rows"},
}
OF_ALL = {
    "insert": {"was": "'{}'", "came": "array_agg(c.id ORDER BY c.id)"},
    "update": {"was": "jsonb_object_agg(c.id, c.was)", "came": "'{}'"},
    "delete": {"was": "jsonb_object_agg(c.id, c.was)", "came": "'{}'"},
}


def at_its_moment(of: str, *, begins: bool = False) -> str:
    """Return the part of a statement that gives each document of `changed` its `moment`; `of` is order or quote."""
    moments = f"orders_{of}moment"
    return AT_ITS_MOMENT.replace("{moments}", moments).replace("{begins}", str(begins).lower())


def remembered(
    what: str,
    document: str,
    *,
    of: str = "order",
    columns: Sequence[str] = (),
    events: Sequence[str] = ("insert", "update", "delete"),
) -> list[pgtrigger.Trigger]:
    """Return the triggers that keep how the rows of a table were, as `what` of their document.

    `document` is the key of an order or a quote, in SQL about a row `r`. With `columns` an update of others is not
    looked at: they are kept elsewhere, in ledgers whose triggers alone write them.
    """
    return [_remembering(what, document, of, columns, event) for event in events]


def _remembering(what: str, document: str, of: str, columns: Sequence[str], event: str) -> pgtrigger.Trigger:
    changed = CHANGED[event]
    if columns and event == "update":
        changed = NAMED_COLUMNS.replace("{was}", " || ".join(map(_old, columns)))
    changed = changed.replace("{document}", document)
    kept = KEPT.replace("{befores}", f"orders_{of}before").replace("{what}", what)
    for name, value in OF_ALL[event].items():
        kept = kept.replace(f"{{{name}}}", value)
    begins = event == "insert" and what == of
    # Below another trigger only balances change here, and a thousand lines need not be looked at.
    leave = "IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF; " if columns and event == "update" else ""
    return pgtrigger.Trigger(
        name=f"past_of_{of}_{event}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=OPERATIONS[event],
        referencing=pgtrigger.Referencing(**ROWS[event]),
        func=f"{leave}WITH changed AS MATERIALIZED ({changed}){at_its_moment(of, begins=begins)}{kept}; RETURN NULL;",
    )


def _old(column: str) -> str:
    return (
        f"CASE WHEN o.{column} IS DISTINCT FROM r.{column} THEN jsonb_build_object('{column}', o.{column}) "
        "ELSE '{}'::jsonb END"
    )
