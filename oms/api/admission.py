"""Who gets in and in which language we answer: the defaults of every view. Imports no view, as the framework needs."""

from typing import Any

from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class JSONAlways(BaseContentNegotiation):
    """We speak JSON, whatever the caller would like best."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Allowed(BasePermission):
    """Somebody signed in, with every right that the view's `needs` names for the action; unlisted is denied."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        if request.method not in view.allowed_methods:
            raise exceptions.MethodNotAllowed(str(request.method))
        needs = view.needs.get(view.action)
        return needs is not None and all(request.user.has_perm(right) for right in needs)
