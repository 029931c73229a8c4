"""The access matrix, read from access.yml: roles as groups, and every entrance with what it asks for."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction

FILE = "access.yml"


@cache
def matrix() -> dict[str, Any]:
    """Return access.yml as it stands."""
    loaded: dict[str, Any] = yaml.safe_load((Path(settings.BASE_DIR) / FILE).read_text("utf-8"))
    return loaded


def permissions_of(role: str) -> set[str]:
    """Return what a role may do, as `app.codename`."""
    return {
        f"{app}.{codename}"
        for part in matrix()["roles"][role]
        for app, codenames in part.items()
        for codename in codenames
    }


@transaction.atomic
def setup_roles() -> list[str]:
    """Make each role a group with exactly its permissions; return the roles. Running it again changes nothing.

    Raise LookupError for a permission that does not exist, with nothing changed.
    """
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for role in matrix()["roles"]:
        wanted = permissions_of(role)
        if unknown := wanted - known.keys():
            raise LookupError(f"{FILE} gives {role} what does not exist: {', '.join(sorted(unknown))}")
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in wanted])
    return list(matrix()["roles"])
