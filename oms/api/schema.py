"""What the schema says of every operation: who may ask, what is said no with, and the key that POST needs."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from oms.api.doorway import KEY_HEADER, LONGEST_KEY, REPLAYED_HEADER
from oms.api.problems import MEDIA_TYPE

OF_ALL = {
    "400": "The request cannot be read: its parameters, its JSON, or its missing Idempotency-Key.",
    "401": "Nobody is signed in, or the key is not in force.",
    "403": "You may see this but not do it.",
    "503": "This took too long and was given up; ask again.",
}
OF_ONE = {"404": "There is no such thing, or you may not see it."}
OF_POST = {
    "409": "As things stand this cannot be done, or the first request with this key is still being worked on.",
    "413": "The body is larger than 5 MB.",
    "415": "The body is not application/json.",
    "422": "The body means nothing we can do: see `errors`; or the Idempotency-Key was used for another request.",
}
PROBLEM = {
    "type": "object",
    "description": "Why we say no (RFC 9457). `code` is stable, `detail` is a sentence for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "reasons": {"type": "array", "items": {"type": "string"}},
        "error_count": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "a JSON pointer into the body, or the name of a parameter",
                    },
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
NEW_KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    required=True,
    description="New for each request; the same key with the same body returns the first answer again.",
)
REPLAYED = {
    "description": "true when this is the stored answer to an earlier request with this key",
    "schema": {"type": "string", "enum": ["true"]},
}


class Schema(AutoSchema):
    """Adds to each operation what every resource shares."""

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *([NEW_KEY] if self.method == "POST" else [])]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers = super()._get_response_bodies(direction)
        refusals = {**OF_ALL, **(OF_ONE if "{" in self.path else {})}
        if self.method == "POST":
            for answer in answers.values():
                answer.setdefault("headers", {})[REPLAYED_HEADER] = REPLAYED
            refusals |= OF_POST
        return {**answers, **{code: self._refusal(text) for code, text in refusals.items()}}

    def _refusal(self, text: str) -> dict[str, Any]:
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return {"description": text, "content": {MEDIA_TYPE: {"schema": component.ref}}}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "oms.api.authentication.BearerKey"
    name = "bearerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class TextOfField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "oms.api.fields.TextField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        least = 0 if self.target.blank else 1
        return {"type": "string", "minLength": least, "maxLength": self.target.most}
