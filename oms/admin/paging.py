"""Pages of a list, however long it is: rows are counted up to a point, for nobody leafs through more.

A page is the first few of what is asked for, in some order, and the planner likes to walk an index in that order
until it has met them. When they lie at its far end it walks over everything. So a list that the count has shown to
be short is read as a whole and then sorted (decision 65).
"""

from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

MOST_COUNTED = 100_000
MOST_SORTED = 25_000


class CountsUpTo(Paginator):  # type: ignore[type-arg]
    """Counts one row more than `most` at most, in which case there are more than that."""

    most = MOST_COUNTED
    most_sorted = MOST_SORTED

    @cached_property
    def count(self) -> int:
        return self.keys().count()

    def keys(self) -> QuerySet[Any]:
        """Return the keys that are counted, in no order: nothing is sorted, and no index is walked for its order."""
        rows: Any = self.object_list
        found: QuerySet[Any] = rows.order_by().values("pk")[: self.most + 1]
        return found

    @property
    def has_more(self) -> bool:
        return self.count > self.most

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        end = number * self.per_page
        return Page(self.rows_until(end)[end - self.per_page : end], number, self)

    def rows_until(self, end: int) -> Any:
        """Return rows among which are those before this place."""
        rows: Any = self.object_list
        if self.count > self.most_sorted or not sorted_by_columns(rows):
            return rows
        return among(rows, first_of(rows, self.keys(), end))


def sorted_by_columns(rows: QuerySet[Any]) -> bool:
    """Whether an index could lead through the rows in their order: none does by what is worked out for each."""
    worked_out = rows.query.annotations
    return all(
        isinstance(name, str) and name.removeprefix("-") not in worked_out for name in rows.query.order_by
    )


def among(rows: QuerySet[Any], keys: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the rows that have one of these keys, which are read first and looked up one by one."""
    return rows.filter(pk__any_of=ArraySubquery(keys))


def first_of(rows: QuerySet[Any], keys: QuerySet[Any], most: int) -> QuerySet[Any]:
    """Return the first of these keys, in the order of the rows."""
    named = rows.model._default_manager.filter(pk__any_of=ArraySubquery(keys))
    found: QuerySet[Any] = named.order_by(*rows.query.order_by).values("pk")[:most]
    return found
