"""`pk__any_of=[…]`: membership as one array instead of a placeholder per value.

Django's `__in` writes a thousand placeholders for a thousand ids, and taking them apart costs more than the query.
The array's literal is left for PostgreSQL to read as an array of the column's type. Of a query the array is read first:
the planner takes it for a few values, and looks each of them up.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

from oms.sets import array


class AnyOf(Lookup):
    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[Any] | ArraySubquery) -> None:
        super().__init__(lhs, rhs if isinstance(rhs, ArraySubquery) else list(rhs))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, ArraySubquery):
            right, more = self.process_rhs(compiler, connection)
            return f"{left} = ANY{right}", (*params, *more)
        return f"{left} = ANY(%s)", (*params, array(self.rhs))


def register() -> None:
    Field.register_lookup(AnyOf)
    ForeignObject.register_lookup(AnyOf)
