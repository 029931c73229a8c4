"""What is kept of the past agrees with the history and with the present."""

from collections.abc import Iterable

from oms.verify import Row, invariant, rows

# Each event counts its document's version up by one, so each has a row that says how the head was before it, from the
# first of which anything is kept.
STEPS = """
    WITH kept AS (
        SELECT m.document_id, (h.was ->> 'version')::int AS version, h.was ->> 'status' AS status
        FROM orders_{of}before b JOIN orders_{of}moment m ON m.id = b.moment_id
        CROSS JOIN LATERAL (SELECT b.was -> m.document_id::text AS was) h
        WHERE b.what = '{of}' AND h.was ? 'version'
    ), known AS (SELECT document_id, min(version) AS since FROM kept GROUP BY 1)
    SELECT d.number || ' event ' || e.version,
           CASE WHEN k.version IS NULL THEN 'nothing kept' ELSE 'was ' || coalesce(k.status, 'the same') END,
           CASE WHEN e.old_status = e.new_status THEN 'was the same' ELSE 'was ' || e.old_status END
    FROM orders_{of}event e JOIN known n ON n.document_id = e.document_id JOIN orders_{of} d ON d.id = e.document_id
    LEFT JOIN kept k ON k.document_id = e.document_id AND k.version = e.version - 1
    WHERE e.version > n.since AND (k.version IS NULL
        OR k.status IS DISTINCT FROM CASE WHEN e.old_status <> e.new_status THEN e.old_status END)
"""
IN_TURN = """
    SELECT d.number || ' moment ' || m.id, m.at::text, 'not before ' || m.earlier FROM (
        SELECT *, lag(at) OVER (PARTITION BY document_id ORDER BY id) AS earlier FROM orders_{of}moment) m
    JOIN orders_{of} d ON d.id = m.document_id WHERE m.at < m.earlier
    UNION ALL
    SELECT d.number || ' moment ' || m.id, 'begins it', 'one other does' FROM orders_{of}moment m
    JOIN orders_{of} d ON d.id = m.document_id
    WHERE m.begins AND EXISTS (SELECT FROM orders_{of}moment o WHERE o.document_id = m.document_id AND o.id < m.id)
"""
# What a line holds now without all that was ever moved is what it held at first.
MOVED = """
    WITH moved AS (
        SELECT x.id, sum(x.allocated) AS allocated, sum(x.picked) AS picked, sum(x.packed) AS packed,
               sum(x.shipped) AS shipped
        FROM orders_ordermoved v, unnest(v.lines, v.allocated, v.picked, v.packed, v.shipped)
             AS x(id, allocated, picked, packed, shipped) GROUP BY 1
    )
    SELECT o.number || ' line ' || l.position,
           format('%s, %s, %s, %s before', l.allocated - coalesce(v.allocated, 0), l.picked - coalesce(v.picked, 0),
                  l.packed - coalesce(v.packed, 0), l.shipped - coalesce(v.shipped, 0)), 'nothing below zero'
    FROM moved v JOIN orders_orderline l ON l.id = v.id JOIN orders_order o ON o.id = l.order_id
    WHERE least(l.allocated - coalesce(v.allocated, 0), l.picked - coalesce(v.picked, 0),
                l.packed - coalesce(v.packed, 0), l.shipped - coalesce(v.shipped, 0)) < 0
"""


@invariant("I17")
def the_past_has_every_step_of_the_history() -> Iterable[Row]:
    return [row for of in ("order", "quote") for row in rows(STEPS.replace("{of}", of))]


@invariant("I17")
def moments_of_the_past_stand_in_turn() -> Iterable[Row]:
    return [row for of in ("order", "quote") for row in rows(IN_TURN.replace("{of}", of))]


@invariant("I17")
def buckets_of_the_past_hold_nothing_below_zero() -> Iterable[Row]:
    return rows(MOVED)
