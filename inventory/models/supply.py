"""What is on its way to us."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product, Supplier
from inventory.models.places import Warehouse
from inventory.status import NEXT_OF_PURCHASE, PurchaseStatus
from oms.company import business_day
from oms.documents import Document, DocumentEvent, LockedQuerySet
from oms.models import User
from oms.numbering import next_number
from oms.triggers import kept_by_trigger, moves_only_along


class PurchaseOrderQuerySet(LockedQuerySet["PurchaseOrder"]):
    def visible_to(self, user: User) -> "PurchaseOrderQuerySet":
        return self if user.has_perm("inventory.view_purchaseorder") else self.none()

    def with_due(self) -> "PurchaseOrderQuerySet":
        """With how many lines have not come yet, `lines_due`, and the next day of one, `next_expected_on`."""
        due = PurchaseOrderLine.objects.filter(purchase_order=OuterRef("pk"), due__gt=0).order_by()
        grouped = due.values("purchase_order")
        return self.annotate(
            lines_due=Coalesce(
                Subquery(grouped.values_list(Count("pk"))), 0, output_field=models.BigIntegerField()
            ),
            next_expected_on=Subquery(grouped.values_list(Min("due_on"))),
        )

    def overdue(self) -> "PurchaseOrderQuerySet":
        """Open orders of which something should have come before today."""
        late = PurchaseOrderLine.objects.filter(due__gt=0, due_on__lt=business_day())
        return self.filter(Exists(late.filter(purchase_order=OuterRef("pk"))), status=PurchaseStatus.OPEN)


class PurchaseOrder(Document):
    """An order to a supplier, for one warehouse."""

    NEXT = NEXT_OF_PURCHASE

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("PO", "inventory_purchase_number"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=PurchaseStatus.choices,
        default=PurchaseStatus.OPEN,
        editable=False,
    )
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, verbose_name=_("supplier"))
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        triggers = moves_only_along(NEXT_OF_PURCHASE, start=PurchaseStatus.OPEN)


class PurchaseOrderLineQuerySet(LockedQuerySet["PurchaseOrderLine"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(purchase_order__in=PurchaseOrder.objects.visible_to(user))

    def due(self) -> Self:
        """Lines of open orders of which something has not come yet."""
        return self.filter(purchase_order__status=PurchaseStatus.OPEN, due__gt=0)

    def supply(self) -> Self:
        """The lines that promises may count on: confirmed by the supplier, and not come in full.

        `coming` base units should be at the dock on the confirmed day; where that day has passed, the `delay` learned
        of the supplier counts, in days from today.
        """
        return (
            self.due()
            .filter(confirmed__gt=F("received"))
            .annotate(
                coming=Least(F("due"), F("confirmed") - F("received")),
                delay=F("purchase_order__supplier__learned_delay_days"),
            )
        )


class PurchaseOrderLine(models.Model):
    """So many base units of a product, expected on a day. `due` is what has not come yet, on `due_on`.

    `confirmed` and `confirmed_on` are the supplier's last answer, nothing until they have answered; `promised_on` is
    the first day they named, by which they are judged. `tolerated` may come beyond what was ordered. `received`, and
    of it what came `in_time`, are kept by the receipts' trigger.
    """

    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("purchase order")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    ordered = models.BigIntegerField(_("ordered"))
    tolerated = models.BigIntegerField(_("tolerated beyond"), default=0)
    received = models.BigIntegerField(_("received"), default=0)
    in_time = models.BigIntegerField(_("received in time"), default=0)
    cancelled = models.BigIntegerField(_("cancelled"), default=0)
    due = models.GeneratedField(
        expression=Greatest(F("ordered") - F("received") - F("cancelled"), Value(0)),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("due"),
    )
    expected_on = models.DateField(_("expected on"))
    confirmed = models.BigIntegerField(_("confirmed"), null=True)
    confirmed_on = models.DateField(_("confirmed for"), null=True)
    promised_on = models.DateField(_("first confirmed for"), null=True)
    due_on = models.GeneratedField(
        expression=Coalesce(F("confirmed_on"), F("expected_on")),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("due on"),
    )

    objects = PurchaseOrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["purchase_order", "pk"]
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        constraints = [
            models.CheckConstraint(condition=Q(ordered__gt=0), name="purchase_orders_something"),
            models.CheckConstraint(
                condition=Q(received__gte=0, cancelled__gte=0, tolerated__gte=0),
                name="purchase_quantities_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(received__lte=F("ordered") + F("tolerated")),
                name="never_receive_more_than_tolerated",
            ),
            models.CheckConstraint(
                condition=Q(cancelled=0) | Q(ordered__gte=F("received") + F("cancelled")),
                name="never_cancel_what_came",
            ),
            models.CheckConstraint(
                condition=Q(in_time__gte=0, in_time__lte=F("received")), name="in_time_is_part_of_received"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=None, confirmed_on=None, promised_on=None)
                | Q(
                    confirmed__gte=0,
                    confirmed__lte=F("ordered") + F("tolerated"),
                    confirmed__isnull=False,
                    confirmed_on__isnull=False,
                    promised_on__isnull=False,
                ),
                name="an_answer_has_quantity_and_days",
            ),
        ]
        triggers = kept_by_trigger("received", "in_time")

    def __str__(self) -> str:
        return f"{self.product.sku} {self.due}/{self.ordered}"

    @property
    def most(self) -> int:
        """How many base units may still come, those tolerated included."""
        return 0 if self.cancelled else self.ordered + self.tolerated - self.received

    @property
    def judged_on(self) -> date:
        """The day by which a delivery is in time: the first the supplier named, else the one we asked for."""
        return self.promised_on or self.expected_on

    @property
    def refused(self) -> int:
        """How many base units the supplier has said they will not send."""
        return 0 if self.confirmed is None else max(self.ordered - self.cancelled - self.confirmed, 0)


class PurchaseOrderEvent(DocumentEvent):
    document = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, db_index=False, related_name="events"
    )

    class Meta(DocumentEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_purchase_event_per_version")
        ]
