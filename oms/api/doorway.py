"""The doorway of every resource: find what is visible, ask for the right, call one service, answer."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from oms.api.fields import Strict
from oms.api.filters import repeatable_in, require_known_parameters
from oms.api.pages import PARAMETERS
from oms.api.problems import Unprocessable, problems_in
from oms.idempotency import Answer, fingerprint, once
from oms.models import User

M = TypeVar("M", bound=Model)
KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
LONGEST_KEY = 200


class Doorway(GenericViewSet[M]):
    """Somebody with the rights in `needs` asks with `parameters` that we know."""

    http_method_names = ["get", "head", "post"]
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    parameters: ClassVar[frozenset[str]] = frozenset()
    repeatable: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        filters = getattr(self, "filterset_class", None) if self.action == "list" else None
        known = PARAMETERS | set(filters.base_filters) if filters else self.parameters
        repeatable = repeatable_in(filters) if filters else self.repeatable
        require_known_parameters(request, set(known), repeatable=set(repeatable))

    def once(self, request: Request, act: Callable[[], Answer]) -> Response:
        """Do it, or give the answer of the first time; both in one transaction with the key."""
        key = idempotency_key(request)
        asked = fingerprint(request.method, request.path, request.data)
        answer = once(acting(request), key, asked, act)
        headers = {REPLAYED_HEADER: "true"} if answer.replayed else {}
        return Response(answer.body, answer.status, headers=headers)


class Resource(Doorway[M]):
    """Documents or rows under `/api/v1/`, by their code or number."""

    orderings: ClassVar[Mapping[str, str]] = {}
    summary_class: type[BaseSerializer[Any]]
    full_class: type[BaseSerializer[Any]]

    def visible(self) -> QuerySet[M]:
        """The rows this user sees."""
        raise NotImplementedError

    def for_list(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Read with the rows what a list shows of them."""
        return rows

    def for_page(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Read with a row all that its page shows."""
        return self.for_list(rows)

    def get_queryset(self) -> QuerySet[M]:
        return self.for_list(self.visible()) if self.action == "list" else self.for_page(self.visible())

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.summary_class if self.action == "list" else self.full_class

    def get_object(self) -> M:
        return self.find(self.get_queryset())

    def find(self, rows: QuerySet[M]) -> M:
        """Return the row that the address names. What this user does not see is not there: 404."""
        wanted = self.kwargs[self.lookup_field]
        found = None if "\0" in wanted else rows.filter(**{self.lookup_field: wanted}).first()
        if found is None:
            raise exceptions.NotFound
        return found

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, **_kwargs: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def shown(self, changed: M) -> Any:
        """Return a row as its page shows it now, to the person who has just changed it."""
        row = self.for_page(type(changed)._default_manager.filter(pk=changed.pk)).get()
        return dict(self.get_serializer(row).data)


def acting(request: Request) -> User:
    """Return who acts. The permission has seen to it that somebody does."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def idempotency_key(request: Request) -> str:
    """Return the key of a request that changes something; raise ParseError when it has no usable one."""
    key = request.headers.get(KEY_HEADER, "")
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise exceptions.ParseError(
            _("Send a header %(header)s with 1 to %(most)s ASCII characters, new for each request.")
            % {"header": KEY_HEADER, "most": LONGEST_KEY},
            code="idempotency_key_missing",
        )
    return key


def read_body(reader: type[Strict], request: Request) -> dict[str, Any]:
    """Return the checked body; raise Unprocessable with every problem in it."""
    body = reader(data=request.data)
    if not body.is_valid():
        raise Unprocessable(list(problems_in(body.errors)))
    return dict(body.validated_data)
