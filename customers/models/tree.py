"""Companies above and below each other: one tree, walked by the database, never a circle."""

import pgtrigger
from django.db import connection, models

from customers.status import LEVELS_UP
from oms.prepared import planned_once


def chain_above(companies: str) -> str:
    """Return the recursive part `above (id, height)` of a statement: the companies above, the parent at 1.

    It ends where prices hold no more. `companies` says above whom, as what is said of a column.
    """
    return f"""above (id, height) AS (
        SELECT parent_id, 1 FROM customers_customer WHERE id {companies} AND parent_id IS NOT NULL
        UNION
        SELECT c.parent_id, above.height + 1 FROM above JOIN customers_customer c ON c.id = above.id
        WHERE c.parent_id IS NOT NULL AND above.height < {LEVELS_UP})"""  # noqa: S608


class Above(models.Subquery):
    """The companies above those of a queryset, whose prices and agreements hold for them; to filter by."""

    template = f"(WITH RECURSIVE {chain_above('IN (%(subquery)s)')} SELECT id FROM above)"  # noqa: S608

    def __init__(self, companies: models.QuerySet[models.Model]) -> None:
        super().__init__(companies.order_by().values("pk"))


# The company itself at 0, companies above it from 1 on, companies below it from -1 on.
LINEAGE = """
    WITH RECURSIVE up(id, distance) AS (
        SELECT %(customer)s::bigint, 0
        UNION ALL SELECT c.parent_id, up.distance + 1 FROM up JOIN customers_customer c ON c.id = up.id
        WHERE c.parent_id IS NOT NULL
    ), down(id, distance) AS (
        SELECT %(customer)s::bigint, 0
        UNION ALL SELECT c.id, down.distance - 1 FROM down JOIN customers_customer c ON c.parent_id = down.id
    )
    SELECT id, distance FROM up UNION SELECT id, distance FROM down
"""
TREE = """
    WITH RECURSIVE up(id, parent_id) AS (
        SELECT id, parent_id FROM customers_customer WHERE id = %(customer)s
        UNION ALL SELECT c.id, c.parent_id FROM up JOIN customers_customer c ON c.id = up.parent_id
    ), down(id, depth, path) AS (
        SELECT id, 0, ARRAY[id] FROM up WHERE parent_id IS NULL
        UNION ALL SELECT c.id, down.depth + 1, down.path || c.id
        FROM down JOIN customers_customer c ON c.parent_id = down.id
    )
    SELECT id, depth FROM down ORDER BY path LIMIT %(most)s
"""

# Whoever changes parents waits for the others: each walk sees what the one before has committed.
NO_CIRCLE = """
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(7301, 1);
    IF EXISTS (
        WITH RECURSIVE up(id) AS (
            SELECT parent_id FROM customers_customer WHERE id = NEW.id
            UNION SELECT c.parent_id FROM up JOIN customers_customer c ON c.id = up.id WHERE c.parent_id IS NOT NULL)
        SELECT FROM up WHERE id = NEW.id)
    THEN
        RAISE EXCEPTION 'company % would stand above itself', NEW.code USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def tree_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse a circle and note since when a company stands where it stands."""
    return [
        pgtrigger.Trigger(
            name="never_above_itself",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
            condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
            func=NO_CIRCLE,
        ),
        pgtrigger.Trigger(
            name="keep_since_when_it_stands_there",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("parent_id"),
            condition=pgtrigger.Condition("NEW.parent_id IS DISTINCT FROM OLD.parent_id"),
            func="NEW.parent_since := clock_timestamp(); RETURN NEW;",
        ),
    ]


def lineage_of(customer_id: int) -> dict[int, int]:
    """Return the companies above and below by their distance: 0 itself, 1 its parent, -1 a child."""
    with planned_once() as cursor:
        cursor.execute(LINEAGE, {"customer": customer_id})
        return dict(cursor.fetchall())


def tree_of(customer_id: int, *, most: int) -> list[tuple[int, int]]:
    """Return the whole tree that a company is part of, each company after its parent, with its depth."""
    with connection.cursor() as cursor:
        cursor.execute(TREE, {"customer": customer_id, "most": most})
        return list(cursor.fetchall())
