"""What every document shares: a number, a life with a table of moves, a history that is the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.columns import actor
from oms.errors import IllegalMove
from oms.models import User
from oms.rows import change_and_tell
from oms.sets import insert_rows
from oms.triggers import append_only

STEP = ["status", "status_since", "version"]  # what a step changes in its document

Moves = Mapping[str, frozenset[str]]


M = TypeVar("M", bound=models.Model, covariant=True)


class LockedQuerySet(models.QuerySet[M]):
    """Rows that a service takes for itself before it reads them."""

    def locked(self) -> Self:
        """Hold the rows until the transaction ends, taken in primary-key order."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class Document(models.Model):
    """A numbered piece of business. Its status changes only through `move_to`, under its lock.

    `version` counts the events of the document.
    """

    NEXT: ClassVar[Moves]

    status_since = models.DateTimeField(_("status since"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        abstract = True

    number: Any
    status: Any
    events: Any
    get_status_display: Any

    def __str__(self) -> str:
        return str(self.number)

    def can_become(self, status: str) -> bool:
        return status in self.NEXT[self.status]

    def require_can_become(self, status: str) -> None:
        """Raise IllegalMove when the table of moves has no such step."""
        if not self.can_become(status):
            status_field: Any = self._meta.get_field("status")
            wanted = dict(status_field.flatchoices).get(status, status)
            raise IllegalMove(self.number, str(self.get_status_display()), str(wanted))

    def move_to(
        self,
        status: str,
        *,
        by: models.Model | None,
        note: str = "",
        changed: Sequence[str] = (),
        **detail: Any,
    ) -> None:
        """Take one step of the document's life and write it into the history, with the fields it `changed`.

        The caller holds the lock on the document. Raise IllegalMove when the table has no such step.
        """
        self.require_can_become(status)
        old, self.status, self.status_since = self.status, status, timezone.now()
        self.record(status, by=by, note=note, old_status=old, changed=changed, **detail)

    def record(
        self,
        kind: str,
        *,
        by: models.Model | None,
        note: str = "",
        old_status: str | None = None,
        changed: Sequence[str] = (),
        **detail: Any,
    ) -> None:
        """Write one event into the history and save status, version and what `changed` with it."""
        self.version += 1
        event = self.events.model(
            document=self,
            version=self.version,
            kind=kind,
            old_status=self.status if old_status is None else old_status,
            new_status=self.status,
            by=by,
            note=note,
            detail=detail,
        )
        change_and_tell(self, [*STEP, *changed], event)

    @classmethod
    def record_all(cls, ids: Iterable[int], kind: str, *, by: models.Model | None, note: str = "") -> None:
        """Write the same event into the history of many documents, locked by the caller, in two statements."""
        events: Any = cls._meta.get_field("events").related_model
        rows = _count_up(cls._meta.db_table, sorted(set(ids)))
        insert_rows(
            events,
            {
                "document_id": [pk for pk, _v, _s in rows],
                "version": [version for _p, version, _s in rows],
                "old_status": [status for _p, _v, status in rows],
                "new_status": [status for _p, _v, status in rows],
            },
            kind=kind,
            by=by,
            note=note,
            detail={},
            at=timezone.now(),
        )


def _count_up(table: str, ids: list[int]) -> list[tuple[int, int, str]]:
    sql = f"UPDATE {table} SET version = version + 1 WHERE id = ANY(%s) RETURNING id, version, status"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        rows: list[tuple[int, int, str]] = cursor.fetchall()
    return rows


class DocumentEvent(models.Model):
    """One step in a document's history, never changed. Concrete tables add the `document` key."""

    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=40)
    old_status = models.CharField(_("from"), max_length=20, blank=True)
    new_status = models.CharField(_("to"), max_length=20, blank=True)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    note = models.CharField(_("note"), max_length=500, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        abstract = True
        ordering = ["document", "version"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class DeliveryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        meta = self.model._meta
        return self if user.has_perm(f"{meta.app_label}.view_{meta.model_name}") else self.none()

    def due(self) -> Self:
        """Deliveries nobody has made yet, whose next try has come, oldest first."""
        return self.filter(sent_at=None, parked_at=None, next_try_at__lte=Now()).order_by("pk")


class Delivery(models.Model):
    """An event owed to a consumer: the outbox. Rows are made by a trigger in the event's own transaction."""

    MOST_ATTEMPTS: ClassVar[int] = 5

    consumer = models.CharField(_("consumer"), max_length=40)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    next_try_at = models.DateTimeField(_("next try at"), db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=500, db_default="", blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.consumer}: {self.event}"  # type: ignore[attr-defined]


def owed_to(consumer: str, *, deliveries: str) -> pgtrigger.Trigger:
    """Return the trigger that owes each new event of a table to `consumer`, in the event's transaction."""
    return pgtrigger.Trigger(
        name=f"owed_to_{consumer}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"INSERT INTO {deliveries} (event_id, consumer) SELECT id, '{consumer}' FROM new_rows; RETURN NULL;",  # noqa: S608
    )
