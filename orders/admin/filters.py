"""Questions that people ask of the lists."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oms.company import business_day
from orders.models import Hold
from orders.status import IN_WORK, OrderStatus

Question = tuple[Any, Callable[[Any], Any]]


class Questions(SimpleListFilter):
    """A filter made of named questions; what is none of them filters nothing."""

    asked: dict[str, Question] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _narrow) in self.asked.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if (name := self.value()) in self.asked:
            narrowed: QuerySet[Any] = self.asked[name][1](queryset)
            return narrowed
        return queryset


class OrdersThatWait(Questions):
    title = _("waits")
    parameter_name = "waits"
    asked = {
        "held": (_("on hold"), lambda orders: orders.filter(pk__in=Hold.objects.open().values("order"))),
        "confirm": (
            _("to be confirmed, not on hold"),
            lambda orders: orders.filter(status=OrderStatus.SUBMITTED).without_open_hold(),
        ),
        "short": (_("for stock"), lambda orders: orders.backordered()),
        "late": (
            _("past the day it was needed"),
            lambda orders: orders.filter(status__in=IN_WORK, requested_on__lt=business_day()),
        ),
    }


class QuotesToFollowUp(Questions):
    title = _("follow up")
    parameter_name = "follow_up"
    asked = {"due": (_("due today"), lambda quotes: quotes.to_follow_up(business_day()))}


class EnteredByMe(SimpleListFilter):
    title = _("entered by")
    parameter_name = "by"
    column = "created_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.column: request.user}) if self.value() == "me" else queryset


class SubmittedByMe(EnteredByMe):
    title = _("submitted by")
    column = "submitted_by"


class OpenOrEnded(Questions):
    title = _("state")
    parameter_name = "state"
    asked = {
        "open": (_("open"), lambda holds: holds.filter(released_at=None)),
        "ended": (_("ended"), lambda holds: holds.exclude(released_at=None)),
    }


class SentOrOwed(Questions):
    title = _("state")
    parameter_name = "state"
    asked = {
        "parked": (_("parked"), lambda rows: rows.exclude(parked_at=None)),
        "owed": (_("owed"), lambda rows: rows.filter(sent_at=None, parked_at=None)),
        "sent": (_("sent"), lambda rows: rows.exclude(sent_at=None)),
    }
