"""Bodies as they may come in: JSON in UTF-8, of a bearable size, without tricks."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 5 * 1024 * 1024
MOST_LEVELS = 20
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body is larger than 5 MB; split it.")
    default_code = "too_large"


class Number(str):
    """A JSON number as it was written, so that nothing is lost before our own grammar reads it."""

    __slots__ = ()


class StrictJSON(BaseParser):
    """JSON without duplicate keys, NaN, NUL, lone surrogates or deep nesting; numbers stay exact."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge
        return read_json(raw)


def read_json(raw: bytes) -> Any:
    """Return what the bytes say; numbers come as Number. Raise ParseError with a sentence."""
    try:
        value = json.loads(
            raw.decode(),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ParseError(_("The body is not JSON in UTF-8: %(error)s.") % {"error": error}) from error
    except RecursionError as error:
        raise ParseError(_too_deep()) from error
    _require_storable(value)
    return value


def _refuse_constant(name: str) -> None:
    raise ParseError(_("%(name)s is not a JSON number.") % {"name": name})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("“%(name)s” stands twice in one object.") % {"name": twice[:80]})
    return found


def _require_storable(value: Any) -> None:
    """Raise ParseError for nesting that no document has and for characters that no database takes."""
    level = [value]
    for _depth in range(MOST_LEVELS):
        if not level:
            return
        if any(isinstance(item, str) and UNSTORABLE.search(item) for item in level):
            raise ParseError(_("The body holds a NUL or half a character."))
        level = [inner for item in level for inner in _inside(item)]
    raise ParseError(_too_deep())


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item, *item.values()]
    return item if isinstance(item, list) else []


def _too_deep() -> str:
    return _("The body is nested too deeply.")
