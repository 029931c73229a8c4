"""The links by which customers read what is theirs without an account."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from oms.columns import actor
from oms.documents import LockedQuerySet
from orders.models.orders import Order


class LinkQuerySet(LockedQuerySet[Any]):
    def alive(self) -> Self:
        """Links that still open something."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class CustomerLink(models.Model):
    """A way in for who holds the token, of which only the hash is kept."""

    token_hash = models.CharField(_("token hash"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    made_by = actor(_("made by"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = actor(_("revoked by"))

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True


def opens_no_more(name: str, *columns: str) -> list[pgtrigger.Trigger]:
    """A link is only ever revoked: never deleted, revived, prolonged, or pointed elsewhere by one of `columns`."""
    moved = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in ("token_hash", *columns))
    return [
        pgtrigger.Protect(name="a_link_is_kept", operation=pgtrigger.Delete),
        pgtrigger.Protect(
            name="a_revoked_link_stays_so",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__revoked_at__isnull=False),
        ),
        pgtrigger.Protect(
            name=name,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"{moved} OR NEW.expires_at > OLD.expires_at"),
        ),
    ]


class OrderLink(CustomerLink):
    """A way for the customer to see where an order is; it shows no prices and changes nothing."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links", verbose_name=_("order"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("tracking link")
        verbose_name_plural = _("tracking links")
        triggers = opens_no_more("a_link_follows_one_order", "order_id")

    def __str__(self) -> str:
        return f"{self.order} {self.pk}"

    @property
    def customer(self) -> Customer:
        return self.order.customer
