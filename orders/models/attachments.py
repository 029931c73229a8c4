"""What belongs to a quote or an order and is nobody's line: files that came with it, and notes among ourselves."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from oms.columns import actor
from oms.models import User
from oms.triggers import append_only
from orders.models.orders import Order
from orders.models.quotes import Quote


class BesidesQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What lies beside the quotes and orders that the user sees; it takes a right of its own."""
        if not user.has_perm(f"orders.view_{self.model._meta.model_name}"):
            return self.none()
        return self.filter(
            Q(order__in=Order.objects.visible_to(user)) | Q(quote__in=Quote.objects.visible_to(user))
        )

    def of(self, document: Order | Quote) -> Self:
        mine = Q(order=document) if isinstance(document, Order) else Q(quote=document)
        return self.filter(mine).select_related("by").order_by("-pk")


class Besides(models.Model):
    """Something beside one quote or one order: who added it, and when. It is never changed."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, verbose_name=_("quote"))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, verbose_name=_("order"))
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = BesidesQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        triggers = append_only()


def of_one_document(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(quote__isnull=True, order__isnull=False) | Q(quote__isnull=False, order__isnull=True),
        name=name,
    )


class Attachment(Besides):
    """A file of somebody else's. It lies under a random name, and leaves only through a page that asks who reads."""

    name = models.CharField(_("name"), max_length=150)
    media_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    path = models.CharField(_("stored as"), max_length=100, unique=True, editable=False)

    class Meta(Besides.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [of_one_document("an_attachment_is_of_one_document")]

    def __str__(self) -> str:
        return self.name


class InternalNote(Besides):
    """What we tell each other about a quote or an order. No letter, paper or public page reads this table."""

    text = models.CharField(_("text"), max_length=2000)

    class Meta(Besides.Meta):
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        constraints = [of_one_document("a_note_is_of_one_document")]

    def __str__(self) -> str:
        return self.text[:80]
