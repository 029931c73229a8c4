"""Files that were brought in, how their columns are read, and the jobs that work on them."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.errors import IllegalMove
from oms.models.people import User
from oms.triggers import moves_only_along


class ImportedFile(models.Model):
    """A file that was imported, what it did, and who sent it."""

    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    new = models.PositiveIntegerField(_("new"))
    changed = models.PositiveIntegerField(_("changed"))
    same = models.PositiveIntegerField(_("same"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        indexes = [models.Index(fields=["kind", "sha256"], name="imported_file_again")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ImportProfileQuerySet(models.QuerySet["ImportProfile"]):
    def visible_to(self, user: User | None) -> Self:
        """A person's own and the company's."""
        return self.filter(models.Q(user=user) | models.Q(user=None))


class ImportProfile(models.Model):
    """Whose columns are ours: `columns` maps the headers of somebody's files to our columns, or to nothing.

    Without a `user` it is the company's.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(_("columns"))

    objects = ImportProfileQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "pk"]
        verbose_name = _("profile of an import")
        verbose_name_plural = _("profiles of imports")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "name"], nulls_distinct=False, name="one_profile_per_name_and_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportStatus(models.TextChoices):
    WAITING = "waiting", _("being checked")
    COLUMNS = "columns", _("waits for its columns")
    CHECKED = "checked", _("checked")
    CONFIRMED = "confirmed", _("being imported")
    IMPORTED = "imported", _("imported")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    BROKEN = "broken", _("broken off")
    UNDONE = "undone", _("undone")


S = ImportStatus


NEXT_OF_IMPORT: dict[str, frozenset[str]] = {
    S.WAITING: frozenset({S.COLUMNS, S.CHECKED, S.REFUSED, S.CANCELLED, S.BROKEN}),
    S.COLUMNS: frozenset({S.WAITING, S.CANCELLED}),
    S.CHECKED: frozenset({S.WAITING, S.COLUMNS, S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.IMPORTED, S.REFUSED, S.CANCELLED, S.BROKEN}),
    S.IMPORTED: frozenset({S.UNDONE}),
    S.REFUSED: frozenset({S.WAITING, S.COLUMNS, S.CANCELLED}),
    S.BROKEN: frozenset({S.WAITING, S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.UNDONE: frozenset(),
}


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: User) -> Self:
        """A person's own."""
        return self.filter(by=user)

    def due(self) -> Self:
        """What a worker has to do and no living one does, oldest first."""
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=timezone.now())
        return self.filter(free, status__in=ImportJob.WORKED).order_by("pk")


class ImportJob(models.Model):
    """A file on its way in: checked, looked at, confirmed and imported by a worker that holds it until `leased_until`.

    `attempts` counts the workers that took it in this status: only the last one's word counts. `found` is what the
    preview shows, `made` what undoing takes back.
    """

    WORKED: ClassVar = [S.WAITING, S.CONFIRMED]
    MOST_ATTEMPTS: ClassVar = 3

    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    stored = models.CharField(_("kept as"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    header = models.JSONField(_("header"), default=list)
    columns = models.JSONField(_("columns"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.WAITING
    )
    status_since = models.DateTimeField(_("status since"), default=timezone.now)
    step = models.CharField(_("step"), max_length=10, blank=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows of all"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held until"), null=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("same"), default=0)
    problems = models.PositiveIntegerField(_("problems"), default=0)
    said = models.CharField(_("what was said"), max_length=500, blank=True)
    found = models.JSONField(_("found"), default=dict)
    errors = models.CharField(_("file with its errors"), max_length=200, blank=True)
    made = models.JSONField(_("made"), default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(
                fields=["id"],
                name="imports_to_be_worked_on",
                condition=models.Q(status__in=["waiting", "confirmed"]),
            )
        ]
        triggers = moves_only_along(NEXT_OF_IMPORT, start=ImportStatus.WAITING)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.new, self.changed, self.same

    @property
    def is_worked(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.status in self.WORKED

    def can_become(self, status: ImportStatus) -> bool:
        return status in NEXT_OF_IMPORT[self.status]

    def require_can_become(self, status: ImportStatus) -> None:
        """Raise IllegalMove when the table of moves has no such step."""
        if not self.can_become(status):
            raise IllegalMove(str(self.name), str(self.get_status_display()), str(status.label))
