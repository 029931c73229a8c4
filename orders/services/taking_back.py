"""What was taken back on a pad is again what it was, to its price: a line that went, a price that was typed over.

The past keeps every line of a draft (`orders/models/remembering.py`), so it is the past that is asked, and no list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from orders.discounts import on_line
from orders.models.past import BEFORES
from orders.services.drafting import Change, price_of_line
from orders.services.pricing import LineInput
from orders.services.remembering import MOMENTS
from orders.services.sheets import Sheet
from orders.services.understanding import TypedChange

# How lines were before each change of them, the latest first: what stands now with all from that change on taken back.
EARLIER = """
    WITH befores AS MATERIALIZED (
        SELECT b.id, r.key::bigint AS line, r.value AS was
        FROM {moments} m JOIN {befores} b ON b.moment_id = m.id AND b.what = 'line'
        CROSS JOIN LATERAL jsonb_each(b.was) r
        WHERE m.document_id = %(document)s AND r.key::bigint = ANY(%(lines)s)
    )
    SELECT t.* FROM befores b LEFT JOIN {lines} now ON now.id = b.line
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(c.key, c.value ORDER BY l.id DESC) AS was
        FROM befores l CROSS JOIN LATERAL jsonb_each(l.was) c WHERE l.line = b.line AND l.id >= b.id
    ) later
    CROSS JOIN LATERAL jsonb_populate_record(coalesce(now, NULL::{lines}), later.was) t
    ORDER BY b.id DESC
"""


def put_back(sheet: Sheet, lines: Mapping[int, LineInput], was: Mapping[int, int]) -> dict[int, LineInput]:
    """Return the lines, by any key; those that `was` names by ids they had are what they were when they went.

    A line that never was one of the document, or is still there, stays as it was typed.
    """
    wanted = set(was.values())
    there = set(sheet.lines.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    went = {line.pk: line for line in reversed(_earlier(sheet, wanted - there))}
    return {key: _again(went[was[key]]) if was.get(key) in went else line for key, line in lines.items()}


def _again(line: Any) -> LineInput:
    return LineInput(
        line.unit_id,
        line.ordered,
        stands=True,
        quoted=price_of_line(line),
        note=line.note,
        **on_line(line.discounts),
    )


def priced_back(sheet: Sheet, changes: Iterable[Change], typed: Iterable[TypedChange]) -> list[Change]:
    """Return the changes; a price that goes back to what it `was` is the one that its line was given then.

    Where the line never had that price in its unit, its list is asked.
    """
    was = {change.line_id: change.was for change in typed if change.was is not None}
    earlier = _earlier(sheet, was)
    now = sheet.lines.in_bulk(list(was))
    return [
        replace(change, as_it_was=_given(change, was[change.line_id], earlier, now))
        if change.line_id in was
        else change
        for change in changes
    ]


def _given(change: Change, price: Decimal, earlier: Iterable[Any], now: Mapping[int, Any]) -> Any:
    unit = change.unit_id or now[change.line_id].unit_id
    for line in earlier:
        is_meant = (line.pk, line.unit_id, line.unit_price) == (change.line_id, unit, price)
        if is_meant and (line.price_was_quoted or not line.price_was_typed):
            return price_of_line(line)
    return None


def _earlier(sheet: Sheet, lines: Iterable[int]) -> list[Any]:
    wanted = list(lines)
    if not wanted:
        return []
    kind, model = type(sheet.document), sheet.lines.model
    sql = EARLIER.format(
        moments=MOMENTS[kind]._meta.db_table, befores=BEFORES[kind]._meta.db_table, lines=model._meta.db_table
    )
    return list(model.objects.raw(sql, {"document": sheet.document.pk, "lines": wanted}))
