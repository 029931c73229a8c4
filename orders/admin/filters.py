"""Questions that people ask of the lists."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
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
        "later": (_("for its day"), lambda orders: orders.due_later()),
        "late": (
            _("past the day it was needed"),
            lambda orders: orders.filter(status__in=IN_WORK, requested_on__lt=business_day()),
        ),
    }


class QuotesToFollowUp(Questions):
    title = _("follow up")
    parameter_name = "follow_up"
    asked = {"due": (_("due today"), lambda quotes: quotes.to_follow_up(business_day()))}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*super().lookups(request, model_admin), ("mine", _("due today, mine or of my customers"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "mine":
            return super().queryset(request, queryset)
        user: Any = request.user
        due: Any = queryset
        return due.to_follow_up(business_day()).cared_for_by(user)  # type: ignore[no-any-return]


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


class OpenFirst(OpenOrEnded):
    """A list of work: what is open, unless somebody asks for more."""

    asked = {**OpenOrEnded.asked, "all": (_("all"), lambda holds: holds)}

    def value(self) -> str | None:
        return super().value() or "open"

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Each question is named; none stands for no question."""
        _all, *named = super().choices(changelist)
        yield from named


class WhoseTurn(SimpleListFilter):
    """Holds by the group whose turn it is; mine are those of my groups, and those I placed for nobody else."""

    title = _("whose turn")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        user: Any = request.user
        owners = Group.objects.filter(pk__in=Hold.objects.visible_to(user).open().values("owner"))
        return [("me", _("mine")), *((str(pk), name) for pk, name in owners.values_list("pk", "name"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "me":
            user: Any = request.user
            return queryset.filter(Q(owner__in=user.groups.all()) | Q(owner=None, placed_by=user))
        if self.value() in [pk for pk, _name in self.lookup_choices]:
            return queryset.filter(owner=self.value())
        return queryset


class SentOrOwed(Questions):
    title = _("state")
    parameter_name = "state"
    asked = {
        "parked": (_("parked"), lambda rows: rows.exclude(parked_at=None)),
        "owed": (_("owed"), lambda rows: rows.filter(sent_at=None, parked_at=None)),
        "sent": (_("sent"), lambda rows: rows.exclude(sent_at=None)),
    }
