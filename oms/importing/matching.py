"""Whose columns are which of ours: by their names, by a profile, or as a person chose."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from django.db import transaction
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.importing.columns import columns_of
from oms.importing.resource import SheetResource
from oms.importing.sheets import plain_name
from oms.models import ImportProfile, User
from oms.text import clean

ERRORS = "error"  # the column that we add to a file we give back; it is not read again
Columns = dict[str, str]  # ours, by the file's own headers; nothing for what is left out


def known_columns(kind: type[SheetResource], header: Sequence[str], by: User | None) -> Columns | None:
    """Return the columns of a file whose header needs no questions: ours, or those of a profile; else None."""
    if fits(kind, named := by_name(kind, header)):
        return named
    seen = set(header) - {ERRORS, ""}
    profiles = ImportProfile.objects.visible_to(by).filter(kind=kind.kind)
    for profile in sorted(profiles, key=lambda one: (one.user_id is None, one.pk)):
        if seen == set(profile.columns) - {ERRORS, ""} and fits(kind, profile.columns):
            return {**dict.fromkeys(header, ""), **profile.columns}
    return None


def by_name(kind: type[SheetResource], header: Sequence[str]) -> Columns:
    """Return the columns as their headers name them, however those are spaced; an unknown one stays as it is."""
    ours = set(kind.header())
    found = {}
    for name in header:
        plain = plain_name(name)
        found[name] = "" if name in {ERRORS, ""} else plain if plain in ours else name
    return found


def fits(kind: type[SheetResource], columns: Mapping[str, str]) -> bool:
    """Whether each column is one of ours or left out, none stands twice, and none that is needed is missing."""
    taken = [column for column in columns.values() if column]
    needed = {column.name for column in columns_of(kind.row) if column.required}
    return set(taken) <= set(kind.header()) and len(taken) == len(set(taken)) and needed <= set(taken)


def suggested(kind: type[SheetResource], header: Sequence[str]) -> Columns:
    """Return a guess for a person to look at: the nearest of our names, and nothing where none is near."""
    ours = kind.header()
    found: Columns = {}
    for name, column in by_name(kind, header).items():
        near = [column] if column in ours else get_close_matches(column, ours, 1, 0.7)
        found[name] = near[0] if near and near[0] not in found.values() else ""
    return found


def require_fits(kind: type[SheetResource], columns: Mapping[str, str]) -> None:
    """Raise Refused, saying which column is missing or stands twice."""
    taken = [column for column in columns.values() if column]
    twice = sorted({column for column in taken if taken.count(column) > 1})
    if twice:
        raise Refused(_("%(names)s: choose it for one column only.") % {"names": ", ".join(twice)})
    missing = [c.name for c in columns_of(kind.row) if c.required and c.name not in taken]
    if missing:
        raise Refused(_("Say which column is %(names)s.") % {"names": ", ".join(missing)})
    if not fits(kind, columns):
        raise Refused(_("Choose among the columns that are known."))


@transaction.atomic
def keep_profile(kind: str, name: str, columns: Columns, *, user: User | None) -> ImportProfile:
    """Keep columns under a name for a person, or for the company; the same name is overwritten."""
    name = clean(name)[:60]
    profile, _made = ImportProfile.objects.update_or_create(
        kind=kind, user=user, name=name, defaults={"columns": columns}
    )
    return profile


@transaction.atomic
def rename_profile(profile_id: int, name: str) -> ImportProfile:
    """Give a profile another name. Raise Refused for none, and for one that another profile of its owner has."""
    profile = ImportProfile.objects.select_for_update(of=("self",), no_key=True).get(pk=profile_id)
    name = clean(name)[:60]
    if not name:
        raise Refused(_("Enter a name for “%(profile)s”.") % {"profile": profile})
    same = ImportProfile.objects.filter(kind=profile.kind, user=profile.user_id, name=name)
    if same.exclude(pk=profile.pk).exists():
        raise Refused(
            _("There is a profile “%(name)s” already; choose another name, or delete it.") % {"name": name}
        )
    profile.name = name
    profile.save(update_fields=["name"])
    return profile


@transaction.atomic
def delete_profile(profile_id: int) -> None:
    """Forget a profile; files with its headers are asked about again."""
    ImportProfile.objects.filter(pk=profile_id).delete()
