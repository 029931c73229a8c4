"""What drafts share: people edit them together, and each sees when another was faster."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.models import User


class Draftable(models.Model):
    """A document whose draft is edited in batches; each applied batch counts `revision` up."""

    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    edited_at = models.DateTimeField(_("edited at"), null=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("edited by"),
    )

    class Meta:
        abstract = True

    customer_id: int
    status: Any
    events: Any

    def begin_history(self, kind: str, *, by: User | None, note: str = "") -> None:
        """Write the first event, which says for whom the document was made. It was made with version 1."""
        told = {"customer": self.customer_id}
        self.events.create(version=1, kind=kind, new_status=self.status, by=by, note=note, detail=told)
