"""Addresses under `/api/` that are no resource: the schema, and what names nothing."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from oms.api.filters import require_known_parameters


@extend_schema(exclude=True)
class NoSuchResource(APIView):
    """Says no in the same form as everything else here."""

    permission_classes = [IsAuthenticated]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_("There is nothing at this address. Addresses end with a slash; see /api/schema/."))


class SchemaView(SpectacularJSONAPIView):
    """The schema as JSON, for everybody who is signed in; made once per process."""

    made: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_known_parameters(request, set(), repeatable=set())

    def _get_schema_response(self, request: HttpRequest) -> Response:
        if SchemaView.made is None:
            SchemaView.made = super()._get_schema_response(request).data  # type: ignore[no-untyped-call]
        return Response(SchemaView.made)
