"""Does an answer say what the schema promises?"""

from functools import cache
from typing import Any

import jsonschema
from drf_spectacular.generators import SchemaGenerator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


@cache
def schema() -> dict[str, Any]:
    """The schema as the address /api/schema/ tells it, with OpenAPI's null written as JSON Schema writes it."""
    return _with_null(SchemaGenerator().get_schema(request=None, public=True))


def _with_null(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_null(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _with_null(one) for name, one in part.items() if name != "nullable"}
    if part.get("type") == "object" and "properties" in part:
        inner["additionalProperties"] = False  # we tell nothing that we did not promise
    return {"anyOf": [inner, {"type": "null"}]} if part.get("nullable") is True else inner


@cache
def _registry() -> Registry:
    return Registry().with_resource("urn:api", Resource(contents=schema(), specification=DRAFT202012))


def require_promised(operation: dict[str, Any], answer: Any) -> None:
    """Fail when the answer's status, kind or body is not what the operation documents."""
    promised = operation["responses"].get(str(answer.status_code))
    assert promised is not None, (operation["operationId"], answer.status_code, answer.content[:500])
    (kind,) = promised["content"]
    assert answer["Content-Type"] == kind, (operation["operationId"], answer["Content-Type"])
    require_fits(promised["content"][kind]["schema"], answer.json())


def require_fits(part: dict[str, Any], body: Any) -> None:
    """Fail when the body is not as this part of the schema says, or has a field it does not name."""
    validator = jsonschema.Draft202012Validator(
        _absolute(part), registry=_registry(), format_checker=jsonschema.FormatChecker()
    )
    validator.validate(body)


def _absolute(part: Any) -> Any:
    if isinstance(part, list):
        return [_absolute(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: f"urn:api{one}" if name == "$ref" else _absolute(one) for name, one in part.items()}
