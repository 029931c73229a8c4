"""Pages of documents that a person sees by their customers."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, QuerySet, Subquery

from customers.models import Customer
from oms.admin.paging import CountsUpTo, among, first_of, sorted_by_columns

NEAR = 200  # rows; who leafs further than that walks an index


class PagesByCustomer(CountsUpTo):
    """Pages of the documents of these customers, or of all that there are when they are not by customer."""

    def __init__(
        self, rows: Any, per_page: int, *args: Any, customers: QuerySet[Customer] | None, **more: Any
    ) -> None:
        super().__init__(rows, per_page, *args, **more)
        self.customers = customers

    def rows_until(self, end: int) -> Any:
        rows: Any = self.object_list
        customers = self.customers
        short = self.count <= self.most_sorted
        if short or customers is None or end > NEAR or not sorted_within_customers(rows):
            return super().rows_until(end)
        return among(rows, first_of(rows, near_the_top(rows, customers.order_by(), end), end))


def sorted_within_customers(rows: QuerySet[Any]) -> bool:
    """Whether the order is one of the rows of each customer; sorted by customer, they lie together anyway."""
    return sorted_by_columns(rows) and rows.query.order_by[0] not in ("customer", "-customer")


def near_the_top(rows: Any, customers: QuerySet[Customer], most: int) -> QuerySet[Any]:
    """Return keys among which are the first `most`, in their order, of all the rows of these customers.

    Each customer's own first lie together in an index. Those whose very first come first are as many customers as rows
    are wanted; of each of them as many rows will do.
    """
    theirs = rows.filter(customer=OuterRef("pk")).values("pk")
    heads = first_of(rows, customers.values(head=Subquery(theirs[:1])), most)
    foremost = rows.model._default_manager.filter(pk__any_of=ArraySubquery(heads)).values("customer")
    return customers.filter(pk__in=foremost).values(
        near=Func(ArraySubquery(theirs[:most]), function="unnest")
    )
