"""Counts: the shelf is asked what is really there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Location
from inventory.status import CountStatus
from oms.documents import LockedQuerySet
from oms.models import User


class StockCountQuerySet(LockedQuerySet["StockCount"]):
    def visible_to(self, user: User) -> "StockCountQuerySet":
        return self if user.has_perm("inventory.view_stockcount") else self.none()


class StockCount(models.Model):
    """Somebody has to look into a bin, because `missing` units were not found there; they lie in suspect."""

    status = models.CharField(
        _("status"), max_length=20, choices=CountStatus.choices, default=CountStatus.OPEN
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    location = models.ForeignKey(Location, on_delete=models.PROTECT, verbose_name=_("location"))
    missing = models.BigIntegerField(_("missing"))
    found = models.BigIntegerField(_("found"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=200)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("opened by"),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    objects = StockCountQuerySet.as_manager()

    class Meta:
        ordering = ["status", "pk"]
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        permissions = [("finish_count", _("Can finish a stock count"))]
        constraints = [
            models.CheckConstraint(condition=Q(missing__gt=0), name="count_looks_for_something"),
            models.CheckConstraint(
                condition=Q(status=CountStatus.OPEN, found=None)
                | Q(status=CountStatus.DONE, found__isnull=False, found__gte=0),
                name="count_is_done_when_found_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=CountStatus.OPEN, done_at=None, done_by=None)
                | Q(status=CountStatus.DONE, done_at__isnull=False),
                name="count_is_done_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(found=None) | Q(found__lte=F("missing")), name="never_find_more_than_was_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.product.sku}"
