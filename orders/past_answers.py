"""A document as it was at a moment of its past, read from an address of the REST interface and written like today's."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from oms.api.doorway import Resource, acting
from oms.api.fields import LONGEST_SHOWN
from oms.api.problems import BadParameters
from oms.errors import Problem
from oms.models import User
from oms.moments import read_moment
from orders.errors import NotRemembered
from orders.models import Order, Quote
from orders.services.remembering import Document, Then, document_at, moment_at, require_seen

D = TypeVar("D", Order, Quote)
AS_OF = OpenApiParameter(
    "as_of",
    {"type": "string", "format": "date-time"},
    description="how it was then, a moment with its zone: 2026-11-24T14:05:00Z; 400 for one that has not come, "
    "404 for one of which nothing is known",
)


class NotKnownThen(exceptions.NotFound):
    """The document is there and may be seen; of that moment nothing is known, or it was not for this user."""

    default_code = "not_remembered"


class Beside:
    """A row with others beside it, as serializers read it and those that belong to it."""

    def __init__(self, row: Any, **others: Any) -> None:
        self._row = row
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def as_of(then: Then, user: User) -> Beside:
    """Return a document of then with all of it, like the one of today."""
    is_order, totalled = isinstance(then.document, Order), then.totalled
    lines = sorted(then.lines, key=lambda line: line.position)
    prefetch_related_objects(lines, "product", "unit", *(["warehouse"] if is_order else []))
    prefetch_related_objects(then.charged, "kind")
    for row in (*lines, *then.charged, *then.taxes):
        setattr(row, "order" if is_order else "version", totalled)
    rows = {"lines": lines, "charged": then.charged, "taxes": then.taxes}
    if is_order:
        return Beside(totalled, **rows, holds=_open_holds(then, user), as_of=then.moment.at)
    totalled.quote = then.document
    deciders = sorted(then.deciders, key=lambda one: one.position)
    return Beside(then.document, in_force=Beside(totalled, **rows, deciders=deciders), as_of=then.moment.at)


def _open_holds(then: Then, user: User) -> list[Any]:
    holds = then.holds if user.has_perm("orders.view_hold") else ()
    found = [hold for hold in holds if hold.released_at is None]
    prefetch_related_objects(found, "owner")
    return found


class WithPast(Resource[D]):
    """Documents that can be read as they were at a moment of their past, with the rights of today."""

    past_class: type[BaseSerializer[Any]]

    @property
    def parameters(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset({"as_of"} if self.action == "retrieve" else ())

    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, **_kwargs: str) -> Response:
        """Read one, as it is now or as it was."""
        if "as_of" not in request.query_params:
            return Response(self.get_serializer(self.get_object()).data)
        at = _moment(request.query_params["as_of"])
        then = _then(self.find(self.visible()), at, acting(request))
        shown = self.past_class(as_of(then, acting(request)), context=self.get_serializer_context())
        return Response(shown.data)


def _then(document: Document, at: datetime, user: User) -> Then:
    try:
        then = document_at(document, moment_at(document, at))
        require_seen(user, then)
    except NotRemembered as unknown:
        raise NotKnownThen(str(unknown)) from unknown
    return then


def _moment(text: str) -> datetime:
    """Read a moment with its zone that has come; raise BadParameters."""
    moment = read_moment(text)
    if moment is None or timezone.is_naive(moment):
        what = _(
            "“%(text)s” is no moment with its zone; write 2026-11-24T14:05:00Z, or %%2B01:00 for +01:00."
        )
        raise _bad(what % {"text": text[:LONGEST_SHOWN]})
    if moment > timezone.now():
        raise _bad(_("That moment has not come yet."))
    return moment


def _bad(what: str) -> BadParameters:
    return BadParameters([Problem("as_of", what)])
