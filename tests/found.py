"""Rows that many builders need, and the first of them makes."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def the(model: type[M], defaults: Mapping[str, object], **key: object) -> tuple[M, bool]:
    """The one with this key and whether it was made; as get_or_create, but without the savepoints of a race."""
    found = model._default_manager.filter(**key).first()
    return (found, False) if found else (model._default_manager.create(**key, **defaults), True)
