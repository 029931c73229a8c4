"""What a picker is asked to do: so many of a product out of one bin."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fulfillment.models.shipments import ShipmentLine
from fulfillment.status import ShortReason, TaskStatus
from inventory.models import BinStock
from oms.documents import LockedQuerySet
from oms.triggers import keeps_balance, proves_changed_keys, proves_keys

CLAIMED_FROM_TASKS = """
    UPDATE inventory_binstock b SET claimed = b.claimed + d.open
    FROM (SELECT bin_id, sum(sign * (quantity - picked)) FILTER (WHERE status = 'open') AS open
          FROM ({delta}) r GROUP BY 1) d
    WHERE b.id = d.bin_id AND d.open <> 0;
    RETURN NULL;
"""


class PickTaskQuerySet(LockedQuerySet["PickTask"]):
    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)

    def in_walk_order(self) -> Self:
        return self.order_by("bin__location__walk_order", "bin__location__code", "pk")


class PickTask(models.Model):
    """Take `quantity` base units for a shipment line out of a bin; `picked` of them are taken.

    Who took them stands in the stock ledger.
    """

    shipment_line = models.ForeignKey(
        ShipmentLine,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="tasks",
        verbose_name=_("shipment line"),
    )
    bin = models.ForeignKey(
        BinStock, on_delete=models.PROTECT, db_constraint=False, related_name="tasks", verbose_name=_("bin")
    )
    quantity = models.BigIntegerField(_("quantity"))
    picked = models.BigIntegerField(_("picked"), default=0, db_default=0)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=TaskStatus.choices,
        default=TaskStatus.OPEN,
        db_default=TaskStatus.OPEN,
    )
    short_reason = models.CharField(
        _("why short"), max_length=20, choices=ShortReason.choices, blank=True, db_default=""
    )
    picked_at = models.DateTimeField(_("picked at"), null=True)

    objects = PickTaskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pick task")
        verbose_name_plural = _("pick tasks")
        indexes = [models.Index(fields=["bin"], name="pick_tasks_open", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="task_picks_something"),
            models.CheckConstraint(
                condition=Q(picked__gte=0, picked__lte=F("quantity")), name="pick_no_more_than_the_task_says"
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.PICKED) | Q(picked=F("quantity")),
                name="picked_means_all_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.SHORT) | (~Q(short_reason="") & Q(picked__lt=F("quantity"))),
                name="short_says_why",
            ),
        ]
        triggers = [
            *keeps_balance("keep_claimed", CLAIMED_FROM_TASKS),
            proves_keys(shipment_line="fulfillment_shipmentline", bin="inventory_binstock"),
            proves_changed_keys(shipment_line="fulfillment_shipmentline", bin="inventory_binstock"),
        ]

    def __str__(self) -> str:
        return f"{self.bin.location} {self.picked}/{self.quantity}"
