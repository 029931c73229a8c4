"""Query parameters: only those a resource offers, each once, each readable."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from oms.api.fields import LONGEST_SHOWN, read_date
from oms.api.problems import BadParameters
from oms.errors import Problem

LONGEST_VALUE = 200


class DayInput(forms.DateField):
    def to_python(self, value: Any) -> date | None:
        try:
            return read_date(value) if value else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A day as 2026-11-30."""

    field_class = DayInput


class ResourceFilters(DjangoFilterBackend):  # type: ignore[misc]
    """The filters of a resource, read from its `filterset_class`."""


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """What a list may be narrowed down by. Only what is declared; nothing comes from the model by itself."""


def require_known_parameters(request: Request, known: set[str], *, repeatable: set[str]) -> None:
    """Raise BadParameters for what is unknown, empty, too long, or given twice; nothing is ignored silently."""
    problems = list(_problems(request, known, repeatable))
    if problems:
        raise BadParameters(problems)


def _problems(request: Request, known: set[str], repeatable: set[str]) -> Iterator[Problem]:
    for name, values in request.query_params.lists():
        if name not in known:
            yield Problem(name[:LONGEST_SHOWN], _("There is no such parameter here."))
        elif len(values) > 1 and name not in repeatable:
            yield Problem(name, _("This may be given once."))
        elif not all(0 < len(value.strip()) <= LONGEST_VALUE and "\0" not in value for value in values):
            yield Problem(name, _("This must hold 1 to %(most)s characters.") % {"most": LONGEST_VALUE})


def repeatable_in(filterset: type[Filters]) -> set[str]:
    """Return the filters that may be given several times and then mean one or the other."""
    several = django_filters.MultipleChoiceFilter
    return {name for name, one in filterset.base_filters.items() if isinstance(one, several)}
