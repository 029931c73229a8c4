"""What has come from suppliers, delivery by delivery."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.supply import PurchaseOrder, PurchaseOrderLine
from oms.columns import actor
from oms.models import User
from oms.triggers import append_only, keeps_balance

RECEIVED_FROM_RECEIPTS = """
    WITH came AS (
        SELECT n.line_id, sum(n.quantity) AS quantity,
               coalesce(sum(n.quantity) FILTER (WHERE r.received_on <= n.promised_on), 0) AS in_time
        FROM new_rows n JOIN inventory_receipt r ON r.id = n.receipt_id GROUP BY 1
    )
    UPDATE inventory_purchaseorderline l SET received = l.received + c.quantity, in_time = l.in_time + c.in_time
    FROM came c WHERE l.id = c.line_id;
    RETURN NULL;
"""


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_receipt") else self.none()

    def with_line_count(self) -> Self:
        """With the number of its lines, `line_count`: units of different products add up to nothing."""
        lines = ReceiptLine.objects.filter(receipt=models.OuterRef("pk")).order_by().values("receipt")
        return self.annotate(line_count=models.Subquery(lines.values_list(models.Count("pk"))))


class Receipt(models.Model):
    """A delivery against a purchase order, on a day. A wrong one is taken back whole by an opposite one."""

    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("purchase order")
    )
    delivery_note = models.CharField(_("delivery note"), max_length=40, blank=True)
    received_on = models.DateField(_("came on"))
    takes_back = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name=_("takes back"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.CheckConstraint(
                condition=Q(takes_back=None) | ~Q(takes_back=models.F("id")),
                name="receipt_does_not_take_itself_back",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"R-{self.pk}"


class ReceiptLine(models.Model):
    """So many base units came of a line; less than nothing where they are taken back.

    `promised_on` is the day by which they were in time, `told_on` the day last named before they came.
    """

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="lines", db_index=False, verbose_name=_("receipt")
    )
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("line")
    )
    quantity = models.BigIntegerField(_("quantity"))
    promised_on = models.DateField(_("promised for"))
    told_on = models.DateField(_("told for"))

    class Meta:
        ordering = ["receipt", "pk"]
        verbose_name = _("receipt line")
        verbose_name_plural = _("receipt lines")
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line"], name="one_row_per_receipt_and_line"),
            models.CheckConstraint(condition=~Q(quantity=0), name="receipt_receives_something"),
        ]
        triggers = [
            *append_only(),
            *keeps_balance("keep_received", RECEIVED_FROM_RECEIPTS, events=["insert"]),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.quantity}"
