"""Every no is a problem document (RFC 9457): a sentence, a stable code, and where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from oms.api.authentication import NotSignedIn
from oms.api.parsing import TooLarge
from oms.errors import CONTENTION, TOO_SLOW, Incomplete, NotAllowed, Problem, Refused, state_of
from oms.idempotency import InFlight

MEDIA_TYPE = "application/problem+json"
MOST_LISTED = 1_000
LONGEST_POINTER = 200

# What was sent cannot be done, whatever happens meanwhile; every other refusal depends on how things stand.
UNPROCESSABLE = frozenset({"incomplete", "bad_quantity", "not_representable", "unknown_codes", "key_reused"})
FORBIDDEN = frozenset({NotAllowed.code, "cannot_decide"})


class Unprocessable(exceptions.APIException):
    """The body could be read and means nothing we can do. Every problem is listed, by its JSON pointer."""

    status_code = 422
    default_code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(_("Nothing was changed: see what is wrong where."))


class BadParameters(exceptions.APIException):
    """The query string asks for something we do not offer."""

    status_code = 400
    default_code = "bad_parameters"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(_("The address has parameters that mean nothing here."))


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem document for an error that is the caller's; None for one that is ours."""
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, OperationalError):
        return _busy(error)
    known = _as_api_exception(error)
    return None if known is None else _known(known)


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError()
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return NotSignedIn()
    return error if isinstance(error, exceptions.APIException) else None


def _known(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        found = problems_in(error.detail)  # only filters raise it; a parameter's name is no pointer
        error = BadParameters([Problem(one.where.removeprefix("/"), one.what) for one in found])
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
    code = getattr(error.detail, "code", error.default_code)
    errors = _listed(error.problems) if isinstance(error, BadParameters | Unprocessable) else {}
    return problem(error.status_code, str(code), str(error.detail), headers, **errors)


def _refusal(refusal: Refused) -> Response:
    status = 422 if refusal.code in UNPROCESSABLE else 403 if refusal.code in FORBIDDEN else 409
    headers = {"Retry-After": "1"} if isinstance(refusal, InFlight) else {}
    more = {"reasons": [str(one) for one in refusal.problems]} if isinstance(refusal, Incomplete) else {}
    return problem(status, refusal.code, str(refusal), headers, **more)


def _busy(error: OperationalError) -> Response | None:
    state = state_of(error)
    retry = {"Retry-After": "1"}
    if state in CONTENTION:
        return problem(
            409, "busy", _("Somebody else is changing the same thing; ask again in a moment."), retry
        )
    if state == TOO_SLOW:
        return problem(503, "too_slow", _("This took too long and was given up; nothing was changed."), retry)
    return None


def problem(status: int, code: str, detail: str, headers: Mapping[str, str], **more: Any) -> Response:
    """Return an answer that says no."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return Response(body, status, headers=dict(headers), content_type=MEDIA_TYPE)


def _listed(problems: Sequence[Problem]) -> dict[str, Any]:
    rows = [{"pointer": one.where, "detail": one.what} for one in problems[:MOST_LISTED]]
    return {"errors": rows, "error_count": len(problems)}


def problems_in(detail: Any, where: str = "") -> Iterator[Problem]:
    """Yield what a serializer found wrong, each with the JSON pointer to it."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from problems_in(inner, where if name == "non_field_errors" else f"{where}/{_token(name)}")
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from problems_in(inner, f"{where}/{index}" if nested else where)
    else:
        yield Problem(where, str(detail))


def _token(name: object) -> str:
    return str(name)[:LONGEST_POINTER].replace("~", "~0").replace("/", "~1")
