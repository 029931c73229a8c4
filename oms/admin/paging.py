"""Pages of a list, however long it is: rows are counted up to a point, for nobody leafs through more."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

MOST_COUNTED = 100_000


class CountsUpTo(Paginator):  # type: ignore[type-arg]
    """Counts one row more than `most` at most, in which case there are more than that."""

    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.most + 1].count())  # in no order: nothing is sorted

    @property
    def has_more(self) -> bool:
        return self.count > self.most
