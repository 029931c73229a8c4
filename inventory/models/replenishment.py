"""When to buy again, and what runs low now."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Warehouse
from inventory.status import AlertKind
from oms.documents import LockedQuerySet
from oms.models import User
from oms.triggers import keeps_balance

BUFFERS_FROM_POLICIES = """
    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)
    SELECT DISTINCT product_id, warehouse_id, 0, 0 FROM ({delta}) n
    WHERE channel_buffer <> 0 AND NOT EXISTS (
        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = n.warehouse_id)
    ON CONFLICT DO NOTHING;

    UPDATE inventory_stocklevel s SET channel_buffer = s.channel_buffer + d.quantity
    FROM (SELECT product_id, warehouse_id, sum(sign * channel_buffer) AS quantity FROM ({delta}) c
          GROUP BY 1, 2 HAVING sum(sign * channel_buffer) <> 0) d
    WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;
    RETURN NULL;
"""


class ReorderPolicyQuerySet(models.QuerySet["ReorderPolicy"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_reorderpolicy") else self.none()


class ReorderPolicy(models.Model):
    """Buy `product` for `warehouse` when stock is at `reorder_point` or below, up to `order_up_to`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, verbose_name=_("product"))
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    reorder_point = models.BigIntegerField(_("reorder point"))
    order_up_to = models.BigIntegerField(_("order up to"))
    protected = models.BigIntegerField(
        _("protected stock"), default=0, db_default=0, help_text=_("kept back when dates are promised")
    )
    channel_buffer = models.BigIntegerField(
        _("channel buffer"),
        default=0,
        db_default=0,
        help_text=_("kept for other channels, such as a shop; no order is given it"),
    )

    objects = ReorderPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["product", "warehouse"]
        verbose_name = _("reorder policy")
        verbose_name_plural = _("reorder policies")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "warehouse"], name="one_policy_per_product_and_warehouse"
            ),
            models.CheckConstraint(
                condition=Q(reorder_point__gte=0, order_up_to__gte=models.F("reorder_point")),
                name="order_up_to_is_not_below_the_point",
            ),
            models.CheckConstraint(condition=Q(protected__gte=0), name="protected_stock_is_not_negative"),
            models.CheckConstraint(condition=Q(channel_buffer__gte=0), name="channel_buffer_is_not_negative"),
        ]
        triggers = keeps_balance("keep_channel_buffer", BUFFERS_FROM_POLICIES)

    def __str__(self) -> str:
        return f"{self.product.sku} {self.warehouse.code}: {self.reorder_point}"


class RestockAlertQuerySet(LockedQuerySet["RestockAlert"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_restockalert") else self.none()

    def open(self) -> Self:
        return self.filter(closed_at=None)


class RestockAlert(models.Model):
    """A product runs low in a warehouse. One is open per product and warehouse; it carries its numbers."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind.choices)
    on_hand = models.BigIntegerField(_("on hand"))
    inbound = models.BigIntegerField(_("on its way"))
    demand = models.BigIntegerField(_("open demand"))
    reorder_point = models.BigIntegerField(_("reorder point"))
    suggested = models.BigIntegerField(
        _("suggested purchase"), help_text=_("0: nothing to buy, hurry the supply")
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced at"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try to announce"), db_default=Now(), editable=False)

    objects = RestockAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("restock alert")
        verbose_name_plural = _("restock alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "warehouse"],
                condition=Q(closed_at=None),
                name="one_open_alert_per_product_and_site",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.warehouse.code}"
