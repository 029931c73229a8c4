"""What is on its way to us."""

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product, Supplier
from inventory.models.places import Warehouse
from inventory.status import NEXT_OF_PURCHASE, PurchaseStatus
from oms.documents import Document, DocumentEvent, LockedQuerySet
from oms.models import User
from oms.numbering import next_number
from oms.triggers import moves_only_along


class PurchaseOrderQuerySet(LockedQuerySet["PurchaseOrder"]):
    def visible_to(self, user: User) -> "PurchaseOrderQuerySet":
        return self if user.has_perm("inventory.view_purchaseorder") else self.none()

    def with_due(self) -> "PurchaseOrderQuerySet":
        """With what has not come yet, `total_due`, and the next day something is expected, `next_expected_on`."""
        due = PurchaseOrderLine.objects.filter(purchase_order=OuterRef("pk"), due__gt=0).order_by()
        grouped = due.values("purchase_order")
        return self.annotate(
            total_due=Coalesce(
                Subquery(grouped.values_list(Sum("due"))), 0, output_field=models.BigIntegerField()
            ),
            next_expected_on=Subquery(grouped.values_list(Min("expected_on"))),
        )

    def overdue(self) -> "PurchaseOrderQuerySet":
        """Open orders of which something should have come before today."""
        late = PurchaseOrderLine.objects.filter(due__gt=0, expected_on__lt=timezone.localdate())
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


class PurchaseOrderLine(models.Model):
    """So many base units of a product, expected on a day. `due` is what has not come yet."""

    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("purchase order")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    ordered = models.BigIntegerField(_("ordered"))
    received = models.BigIntegerField(_("received"), default=0)
    cancelled = models.BigIntegerField(_("cancelled"), default=0)
    due = models.GeneratedField(
        expression=F("ordered") - F("received") - F("cancelled"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("due"),
    )
    expected_on = models.DateField(_("expected on"))

    class Meta:
        ordering = ["purchase_order", "pk"]
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        constraints = [
            models.CheckConstraint(condition=Q(ordered__gt=0), name="purchase_orders_something"),
            models.CheckConstraint(
                condition=Q(received__gte=0, cancelled__gte=0), name="purchase_quantities_are_positive"
            ),
            models.CheckConstraint(
                condition=Q(ordered__gte=F("received") + F("cancelled")),
                name="never_receive_more_than_purchased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.due}/{self.ordered}"


class PurchaseOrderEvent(DocumentEvent):
    document = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, db_index=False, related_name="events"
    )

    class Meta(DocumentEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_purchase_event_per_version")
        ]
