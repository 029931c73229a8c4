"""Adjustments: what lies in a bin differs from the ledger, by how much, why, and who agreed."""

from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Location, Warehouse
from inventory.models.sheets import CountEntry
from inventory.status import NEXT_OF_ADJUSTMENT, AdjustmentKind, AdjustmentReason, AdjustmentStatus
from oms.columns import actor
from oms.documents import LockedQuerySet
from oms.models import User
from oms.numbering import next_number
from oms.triggers import moves_only_along

FACTS = (
    "number", "kind", "product_id", "location_id", "difference", "reason", "note", "value", "within_limit",
    "entry_id", "proposed_by_id", "proposed_at",
)  # fmt: skip
FACTS_CHANGED = " OR ".join(f"NEW.{fact} IS DISTINCT FROM OLD.{fact}" for fact in FACTS)


class StockAdjustmentQuerySet(LockedQuerySet["StockAdjustment"]):
    def visible_to(self, user: User) -> Self:
        """Those of the warehouses the user works in; of all, for who decides everywhere."""
        if not user.has_perm("inventory.view_stockadjustment"):
            return self.none()
        if user.has_perm("inventory.decide_everywhere"):
            return self
        return self.filter(location__warehouse__in=Warehouse.objects.worked_by(user))

    def waiting(self) -> Self:
        """Those somebody has to decide, oldest first."""
        return self.filter(status=AdjustmentStatus.PROPOSED).order_by("pk")


class StockAdjustment(models.Model):
    """A bin holds `difference` base units more (or, below zero, less) than the ledger said.

    Within the warehouse's limit it is applied at once; above it somebody else than who proposed it agrees first.
    `value` is the difference at the product's cost of that day, in the company's currency. What was proposed and
    what was decided never changes.
    """

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("ADJ", "inventory_adjustment_number"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=AdjustmentKind.choices)
    status = models.CharField(
        _("status"), max_length=20, choices=AdjustmentStatus.choices, default=AdjustmentStatus.PROPOSED
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    location = models.ForeignKey(Location, on_delete=models.PROTECT, verbose_name=_("location"))
    difference = models.BigIntegerField(_("difference"))
    reason = models.CharField(_("reason"), max_length=20, choices=AdjustmentReason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=4, default=Decimal(0))
    within_limit = models.BooleanField(_("within the limit"))
    entry = models.OneToOneField(
        CountEntry, on_delete=models.PROTECT, null=True, related_name="adjustment", verbose_name=_("count")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_by = actor(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_note = models.CharField(_("decision"), max_length=200, blank=True)

    objects = StockAdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stock adjustment")
        verbose_name_plural = _("stock adjustments")
        permissions = [
            ("decide_stockadjustment", _("Can decide on stock adjustments of others")),
            ("decide_everywhere", _("Can see and decide stock adjustments of all warehouses")),
            ("quarantine_stock", _("Can put stock into quarantine and release it")),
        ]
        indexes = [
            models.Index(fields=["id"], name="adjustments_waiting", condition=Q(status="proposed")),
            models.Index(fields=["proposed_by", "proposed_at"], name="adjustments_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(difference=0), name="adjustment_changes_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_on_an_own_adjustment",
            ),
            models.CheckConstraint(
                condition=~Q(status=AdjustmentStatus.APPLIED) | Q(within_limit=True) | ~Q(decided_by=None),
                name="above_the_limit_a_second_person_agrees",
            ),
            models.CheckConstraint(
                condition=~Q(status=AdjustmentStatus.REJECTED) | (~Q(decided_by=None) & ~Q(decision_note="")),
                name="who_rejects_an_adjustment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status=AdjustmentStatus.PROPOSED, decided_at=None, decided_by=None)
                | (~Q(status=AdjustmentStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="adjustment_is_decided_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.COUNT, entry__isnull=False)
                | Q(kind=AdjustmentKind.ADJUST, entry=None),
                name="count_differences_name_their_count",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="adjustment_value_is_never_negative"),
            models.UniqueConstraint(
                fields=["product", "location"],
                condition=Q(kind=AdjustmentKind.COUNT, status=AdjustmentStatus.PROPOSED),
                name="one_count_difference_waits_per_bin_and_product",
            ),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_ADJUSTMENT, start=AdjustmentStatus.PROPOSED),
            pgtrigger.Trigger(
                name="what_was_proposed_and_decided_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.status <> 'proposed' OR {FACTS_CHANGED}"),
                func="RAISE EXCEPTION 'adjustment % stays as it was proposed and decided', OLD.number "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Protect(name="adjustments_are_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number
