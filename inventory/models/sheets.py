"""Count sheets: which bins are to be counted, who looked into each when, and what they found."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Location, Warehouse
from inventory.status import NEXT_OF_SHEET, SheetStatus
from oms.columns import actor
from oms.documents import LockedQuerySet
from oms.models import User
from oms.numbering import next_number
from oms.triggers import append_only, moves_only_along


class CountSheetQuerySet(LockedQuerySet["CountSheet"]):
    def visible_to(self, user: User) -> Self:
        """The sheets of the warehouses the user works in."""
        if not user.has_perm("inventory.view_countsheet"):
            return self.none()
        return self.filter(warehouse__in=Warehouse.objects.worked_by(user))

    def open(self) -> Self:
        return self.filter(status=SheetStatus.OPEN)


class CountSheet(models.Model):
    """Bins of one warehouse that are to be counted. What the ledger says of them stands nowhere on it."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("CS", "inventory_sheet_number"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=SheetStatus.choices, default=SheetStatus.OPEN
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = actor(_("created by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects = CountSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("count sheet")
        verbose_name_plural = _("count sheets")
        permissions = [("count_stock", _("Can count bins"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=SheetStatus.OPEN, closed_at=None)
                | Q(status=SheetStatus.CLOSED, closed_at__isnull=False),
                name="sheet_is_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(status=SheetStatus.CLOSED) | Q(closed_by=None), name="nobody_closed_an_open_sheet"
            ),
        ]
        triggers = moves_only_along(NEXT_OF_SHEET, start=SheetStatus.OPEN)

    def __str__(self) -> str:
        return self.number


class CountStopQuerySet(models.QuerySet["CountStop"]):
    def uncounted(self) -> Self:
        return self.filter(~Exists(CountRound.objects.filter(stop=OuterRef("pk"))))

    def with_looked(self) -> Self:
        """Each with `looked`, how often somebody has counted it."""
        return self.annotate(looked=Count("rounds", distinct=True))

    def in_walk_order(self) -> Self:
        return self.order_by("location__walk_order", "location__code", "pk")


class CountStop(models.Model):
    """A bin of a sheet: all that lies there is counted, or one product only."""

    sheet = models.ForeignKey(
        CountSheet, on_delete=models.PROTECT, db_index=False, related_name="stops", verbose_name=_("sheet")
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", verbose_name=_("location")
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("product"),
    )

    looked: int  # from `with_looked`

    objects = CountStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("bin to count")
        verbose_name_plural = _("bins to count")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "location", "product"],
                nulls_distinct=False,
                name="one_stop_per_sheet_bin_and_product",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.location} {self.product.sku}" if self.product else str(self.location)


class CountRound(models.Model):
    """Somebody has looked into a bin: the first time round 1, a recount the next. Nothing of it is ever changed."""

    stop = models.ForeignKey(
        CountStop, on_delete=models.PROTECT, db_index=False, related_name="rounds", verbose_name=_("bin")
    )
    number = models.PositiveIntegerField(_("round"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("counted by"),
    )
    at = models.DateTimeField(_("counted at"), default=timezone.now)

    class Meta:
        ordering = ["stop", "number"]
        verbose_name = _("round of a count")
        verbose_name_plural = _("rounds of a count")
        constraints = [
            models.UniqueConstraint(fields=["stop", "number"], name="a_bin_is_counted_by_one_at_a_time"),
            models.CheckConstraint(condition=Q(number__gte=1), name="rounds_begin_with_one"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.stop} {self.number}"


class CountEntry(models.Model):
    """So many of a product were found; at that moment the ledger said `ledger`. Both in base units."""

    round = models.ForeignKey(
        CountRound, on_delete=models.PROTECT, db_index=False, related_name="entries", verbose_name=_("round")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    found = models.BigIntegerField(_("found"))
    ledger = models.BigIntegerField(_("ledger"))
    variance = models.GeneratedField(
        expression=F("found") - F("ledger"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("variance"),
    )

    class Meta:
        verbose_name = _("count of a product")
        verbose_name_plural = _("counts of products")
        constraints = [
            models.UniqueConstraint(fields=["round", "product"], name="a_round_counts_each_product_once"),
            models.CheckConstraint(
                condition=Q(found__gte=0, ledger__gte=0), name="nobody_counts_less_than_nothing"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.product.sku} {self.found}"
