"""The page of profiles: whose columns are kept under which name. A person sees their own and the company's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oms.errors import Refused
from oms.importing.matching import delete_profile, rename_profile
from oms.importing.resource import kinds
from oms.models import ImportProfile, User


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile: of which kind of file, and which of its headers are which of our columns."""

    profile: ImportProfile
    about: str
    columns: list[tuple[str, str]]


def _seen_by(user: User) -> QuerySet[ImportProfile]:
    """Return the person's own and the company's, of the kinds of files that they may import."""
    able = [name for name, kind in kinds().items() if user.has_perms(kind.may_import)]
    return ImportProfile.objects.visible_to(user).filter(kind__in=able)


@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """Show the profiles of the person and of the company."""
    about = {name: kind.get_display_name() for name, kind in kinds().items()}
    found = [
        Kept(one, about[one.kind], [(theirs, ours) for theirs, ours in one.columns.items() if ours])
        for one in _seen_by(cast(User, request.user))
    ]
    context = {**admin.site.each_context(request), "title": _("Profiles of files"), "profiles": found}
    return TemplateResponse(request, "admin/importing/profiles.html", context)


def _rename(request: HttpRequest, profile: ImportProfile) -> str:
    renamed = rename_profile(profile.pk, request.POST.get("name", ""))
    return _("It is called “%(profile)s” now.") % {"profile": renamed}


def _delete(_request: HttpRequest, profile: ImportProfile) -> str:
    delete_profile(profile.pk)
    return _("“%(profile)s” is deleted; files with these columns are asked about again.") % {
        "profile": profile
    }


STEPS = {"rename": _rename, "delete": _delete}


def _doing(name: str) -> Callable[..., HttpResponse]:
    @require_POST
    def change(request: HttpRequest, pk: int) -> HttpResponse:
        profile = get_object_or_404(_seen_by(cast(User, request.user)), pk=pk)
        try:
            messages.success(request, STEPS[name](request, profile))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("import_profiles")

    return change


def addresses() -> list[URLPattern]:
    """Return the addresses of the page and of what can be done with a profile."""
    wrap = admin.site.admin_view
    return [
        path("profiles/", wrap(profiles), name="import_profiles"),
        *(
            path(f"profiles/<int:pk>/{name}/", wrap(_doing(name)), name=f"import_profile_{name}")
            for name in STEPS
        ),
    ]
