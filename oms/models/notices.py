"""What people are told inside the office."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.models.people import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """A person's own."""
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that a person should know of a document. `what` happened is one of the words that apps declare.

    `about` names the model of the document. Of one `source`, an event mostly, a person is told once.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, db_index=False, related_name="notices", verbose_name=_("person")
    )
    what = models.CharField(_("what"), max_length=40)
    about = models.CharField(_("about"), max_length=60)
    object_id = models.BigIntegerField(_("document"))
    source = models.CharField(_("source"), max_length=80)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="one_notice_per_person_and_source")
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["user", "-at"], name="notices_of_a_person"),
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="notices_read"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.about} {self.object_id}"
