"""The access matrix, read from access.yml: roles as groups, and every entrance with what it asks for."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

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


def needs(permission: str) -> str:
    """Return in words which right is missing, `app.codename`, for the button that stays shut without it."""
    return _("needs the right “%(right)s”") % {"right": _in_words(permission)}


def _in_words(permission: str) -> str:
    app, _dot, codename = permission.partition(".")
    models = list(apps.get_app_config(app).get_models())
    own = dict(pair for model in models for pair in model._meta.permissions)
    kind, _dash, name = codename.partition("_")
    named = {model._meta.model_name: model._meta.verbose_name for model in models}
    return str(own.get(codename) or f"Can {kind} {named.get(name, name)}")


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
