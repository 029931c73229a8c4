"""What goes from one of our warehouses to another."""

from datetime import date
from typing import Self, TypeAlias

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Warehouse
from inventory.status import NEXT_OF_TRANSFER, TransferStatus
from oms.company import business_day
from oms.documents import Document, DocumentEvent, LockedQuerySet
from oms.models import User
from oms.numbering import next_number
from oms.triggers import moves_only_along

UNDER_WAY = (TransferStatus.PLANNED, TransferStatus.DISPATCHED)


class TransferQuerySet(LockedQuerySet["Transfer"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_transfer") else self.none()

    def under_way(self) -> Self:
        return self.filter(status__in=UNDER_WAY)

    def with_left(self) -> Self:
        """With how many lines have still to leave, `lines_to_dispatch`, or are on the road, `lines_in_transit`."""
        lines = TransferLine.objects.filter(transfer=OuterRef("pk")).order_by().values("transfer")
        return self.annotate(
            **{
                f"lines_{name}": Coalesce(
                    Subquery(lines.filter(**{f"{name}__gt": 0}).values_list(Count("pk"))),
                    0,
                    output_field=models.BigIntegerField(),
                )
                for name in ("to_dispatch", "in_transit")
            }
        )

    def overdue(self) -> Self:
        """Those of which something should have left or arrived before today."""
        lines, today = TransferLine.objects.filter(transfer=OuterRef("pk")), business_day()
        return self.under_way().filter(
            Q(Exists(lines.filter(to_dispatch__gt=0)), ship_on__lt=today)
            | Q(Exists(lines.filter(due__gt=0)), arrive_on__lt=today)
        )


class Transfer(Document):
    """Goods that one warehouse sends to another: they leave on one day and arrive on another."""

    NEXT = NEXT_OF_TRANSFER

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("TR", "inventory_transfer_number"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=TransferStatus.choices,
        default=TransferStatus.PLANNED,
        editable=False,
    )
    source = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="transfers_out", verbose_name=_("from")
    )
    target = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="transfers_in", verbose_name=_("to")
    )
    ship_on = models.DateField(_("leaves on"))
    arrive_on = models.DateField(_("arrives on"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        permissions = [
            ("plan_any_transfer", _("Can plan transfers between warehouses of others")),
            ("dispatch_transfer", _("Can dispatch transfers")),
            ("receive_transfer", _("Can receive transfers")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="transfer_goes_somewhere_else"),
            models.CheckConstraint(
                condition=Q(arrive_on__gte=F("ship_on")), name="transfer_arrives_after_it_leaves"
            ),
        ]
        triggers = moves_only_along(NEXT_OF_TRANSFER, start=TransferStatus.PLANNED)


class TransferLineQuerySet(models.QuerySet["TransferLine"]):
    def supply(self) -> "Dated":
        """What transfers will bring, as (product, target warehouse, base units, day of arrival)."""
        return self._on_days("transfer__target_id", "due", "transfer__arrive_on")

    def demand(self) -> "Dated":
        """What transfers will still take away, as (product, source warehouse, base units, day of leaving)."""
        return self._on_days("transfer__source_id", "to_dispatch", "transfer__ship_on")

    def _on_days(self, warehouse: str, quantity: str, day: str) -> "Dated":
        left = self.filter(**{f"{quantity}__gt": 0}).order_by(day, "pk")
        return left.values_list("product_id", warehouse, quantity, day)


Dated: TypeAlias = QuerySet["TransferLine", tuple[int, int, int, date]]


class TransferLine(models.Model):
    """So many base units of a product. What is not cancelled has to leave; what has left arrives or is lost.

    `dispatched` is what left and did not come back; `in_transit` of it lies in the target's transit location.
    `due` is what the target still expects, on the road or not.
    """

    transfer = models.ForeignKey(
        Transfer, on_delete=models.CASCADE, db_index=False, related_name="lines", verbose_name=_("transfer")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False, verbose_name=_("product"))
    ordered = models.BigIntegerField(_("planned"))
    cancelled = models.BigIntegerField(_("cancelled"), default=0)
    dispatched = models.BigIntegerField(_("dispatched"), default=0)
    received = models.BigIntegerField(_("received"), default=0)
    lost = models.BigIntegerField(_("lost"), default=0)
    to_dispatch = models.GeneratedField(
        expression=F("ordered") - F("cancelled") - F("dispatched"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("to dispatch"),
    )
    in_transit = models.GeneratedField(
        expression=F("dispatched") - F("received") - F("lost"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("on the way"),
    )
    due = models.GeneratedField(
        expression=F("ordered") - F("cancelled") - F("received") - F("lost"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("due"),
    )

    objects = TransferLineQuerySet.as_manager()

    class Meta:
        ordering = ["transfer", "pk"]
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        indexes = [
            models.Index(fields=["product"], name="transfer_lines_due", condition=Q(due__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "product"], name="one_line_per_transfer_and_product"),
            models.CheckConstraint(condition=Q(ordered__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(
                condition=Q(cancelled__gte=0, dispatched__gte=0, received__gte=0, lost__gte=0),
                name="transfer_quantities_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(ordered__gte=F("cancelled") + F("dispatched")),
                name="never_dispatch_more_than_planned",
            ),
            models.CheckConstraint(
                condition=Q(dispatched__gte=F("received") + F("lost")),
                name="never_receive_more_than_dispatched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.due}/{self.ordered}"


class TransferEvent(DocumentEvent):
    document = models.ForeignKey(Transfer, on_delete=models.PROTECT, db_index=False, related_name="events")

    class Meta(DocumentEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_transfer_event_per_version")
        ]
