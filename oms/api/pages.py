"""Pages by keyset: nothing is counted, and a page costs the same however far down it is."""

import base64
import binascii
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from oms.api.problems import BadParameters
from oms.errors import Problem
from oms.numbers import WHOLE

PAGE_SIZE = 50
LARGEST_PAGE = 500
LARGEST_KEY = 2**63 - 1
PARAMETERS = {"limit", "cursor", "ordering"}


class Keyset(BasePagination):
    """Rows in one of the view's `orderings`; `next` is the address of the page behind, or null.

    A view's `orderings` map the words of the address to columns that are never null; the first is the default.
    The primary key settles ties, so that no row is skipped or told twice while rows come and go.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.ordering = request.query_params.get("ordering") or next(iter(view.orderings))
        self.column = _column(view.orderings, self.ordering)
        self.backwards = self.ordering.startswith("-")
        limit = _limit(request.query_params.get("limit"))
        rows = list(self._behind_cursor(queryset).order_by(*self._order())[: limit + 1])
        self.more = len(rows) > limit
        self.rows = rows[:limit]
        return self.rows

    def _order(self) -> list[str]:
        sign = "-" if self.backwards else ""
        return [f"{sign}{name}" for name in dict.fromkeys([self.column, "pk"])]

    def _behind_cursor(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        cursor = self.request.query_params.get("cursor")
        if cursor is None:
            return queryset
        value, pk = _read(cursor, self.ordering, queryset.model, self.column)
        way = "lt" if self.backwards else "gt"
        further = Q(**{f"{self.column}__{way}": value}) | Q(**{self.column: value, f"pk__{way}": pk})
        return queryset.filter(further, **{f"{self.column}__{way}e": value})

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self._next()})

    def _next(self) -> str | None:
        if not self.more:
            return None
        last = self.rows[-1]
        cursor = _written(self.ordering, getattr(last, self.column), last.pk)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": schema.get("items", schema)},
                "next": {"type": "string", "format": "uri", "nullable": True},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        words = [*view.orderings]
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        ordering = {"type": "string", "enum": words, "default": words[0]}
        return [
            _parameter("limit", limit, "rows per page"),
            _parameter("cursor", {"type": "string"}, "from the `next` address of the page before"),
            _parameter("ordering", ordering, "the order of the rows"),
        ]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _bad(name: str, what: str) -> BadParameters:
    return BadParameters([Problem(name, what)])


def _column(orderings: dict[str, str], wanted: str) -> str:
    if wanted not in orderings:
        raise _bad("ordering", _("Choose one of %(words)s.") % {"words": ", ".join(orderings)})
    return orderings[wanted]


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_SIZE
    if not WHOLE.fullmatch(text) or not 1 <= int(text) <= LARGEST_PAGE:
        raise _bad("limit", _("This must be a whole number from 1 to %(most)s.") % {"most": LARGEST_PAGE})
    return int(text)


def _written(ordering: str, value: Any, pk: int) -> str:
    text = json.dumps([ordering, str(value), pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, ordering: str, model: type[Model], column: str) -> tuple[Any, int]:
    """Return where the page before ended; raise BadParameters for a cursor that we did not write so."""
    field = model._meta.pk if column == "pk" else model._meta.get_field(column)
    try:
        made_for, text, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = field.to_python(text)  # type: ignore[union-attr]
        known = made_for == ordering and isinstance(text, str) and type(pk) is int
        if known and "\0" not in text and 0 < pk <= LARGEST_KEY:
            return value, pk
    except (binascii.Error, ValueError, TypeError, RecursionError, ValidationError):
        pass
    raise _bad("cursor", _("Take the cursor from the “next” address, with the same ordering."))
