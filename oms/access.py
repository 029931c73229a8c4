"""The access matrix, read from access.yml: roles as groups, and every entrance with what it asks for."""

from collections.abc import Iterable, Mapping
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
    return _permissions(matrix()["roles"][role])


def _permissions(parts: Iterable[Mapping[str, Iterable[str]]]) -> set[str]:
    return {
        f"{app}.{codename}" for part in parts for app, codenames in part.items() for codename in codenames
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
    roles = matrix()["roles"]
    wanted = {role: _permissions(parts) for role, parts in roles.items()}
    known = _ids_of_permissions()
    for role, named in wanted.items():
        if unknown := named - known.keys():
            raise LookupError(f"{FILE} gives {role} what does not exist: {', '.join(sorted(unknown))}")
    Group.objects.bulk_create([Group(name=role) for role in roles], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=roles).values_list("name", "pk"))
    _give_exactly({(groups[role], known[name]) for role, named in wanted.items() for name in named}, groups)
    return list(roles)


def _ids_of_permissions() -> dict[str, int]:
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def _give_exactly(wanted: set[tuple[int, int]], groups: Mapping[str, int]) -> None:
    """Leave these groups with these pairs of group and permission and no others."""
    given = Group.permissions.through
    rows = given.objects.filter(group__in=groups.values()).values_list("group_id", "permission_id", "pk")
    had = {(group, permission): pk for group, permission, pk in rows}
    given.objects.filter(pk__in=[pk for pair, pk in had.items() if pair not in wanted]).delete()
    missing = [
        given(group_id=group, permission_id=permission) for group, permission in sorted(wanted - had.keys())
    ]
    given.objects.bulk_create(missing, ignore_conflicts=True)
