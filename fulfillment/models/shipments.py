"""Shipments: what of an order leaves one warehouse together, and its history."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from fulfillment.models.carriers import Carrier
from fulfillment.status import IN_THE_WAREHOUSE, NEXT_OF_SHIPMENT, ShipmentStatus, TaskStatus
from inventory.models import Warehouse
from oms.documents import Delivery, Document, DocumentEvent, LockedQuerySet, owed_to
from oms.models import User
from oms.numbering import next_number
from oms.triggers import append_only, keeps_balance, moves_only_along, never_deleted, proves_keys
from orders.models import Allocation, Hold, Order

RELEASED_FROM_SHIPMENT_LINES = """
    UPDATE orders_allocation a SET released = a.released + d.open
    FROM (SELECT allocation_id, sum(sign * (quantity - cancelled - picked)) AS open FROM ({delta}) r GROUP BY 1) d
    WHERE a.id = d.allocation_id AND d.open <> 0;
    RETURN NULL;
"""

SHIPMENTS_OF_ORDERS = """
    UPDATE orders_order o SET shipments_made = o.shipments_made + d.made
    FROM (SELECT order_id, sum(CASE WHEN status = 'void' THEN 0 ELSE sign END) AS made FROM ({delta}) r GROUP BY 1) d
    WHERE o.id = d.order_id AND d.made <> 0;
    RETURN NULL;
"""


class ShipmentQuerySet(LockedQuerySet["Shipment"]):
    def visible_to(self, user: User) -> Self:
        """Shipments of the user's warehouses, or of the orders the user sees."""
        if not user.has_perm("fulfillment.view_shipment"):
            return self.none()
        if user.has_perm("customers.view_all_customers"):
            return self
        if user.has_perm("orders.view_warehouse_orders"):
            return self.filter(warehouse__members=user)
        return self.filter(order__in=Order.objects.visible_to(user))

    def in_the_warehouse(self) -> Self:
        """Shipments the warehouse still has to work on, oldest first."""
        return self.filter(status__in=IN_THE_WAREHOUSE).order_by("created_at", "pk")

    def waiting_for_pick(self) -> Self:
        """Shipments with open picks, oldest first, with the `stops` that are left."""
        open_ = Q(lines__tasks__status=TaskStatus.OPEN)
        counted = self.in_the_warehouse().annotate(stops=Count("lines__tasks", filter=open_))
        return counted.filter(stops__gt=0)

    def waiting_for_pack(self) -> Self:
        """Shipments with picked goods that lie in no carton yet, oldest first."""
        unpacked = ShipmentLine.objects.filter(shipment=OuterRef("pk"), picked__gt=F("packed"))
        return self.in_the_warehouse().filter(Exists(unpacked))

    def telling_holds(self) -> Self:
        """Shipments with `is_held`: whether their order is on hold, so that they cannot leave."""
        return self.annotate(is_held=Exists(Hold.objects.from_leaving().filter(order=OuterRef("order"))))

    def on_the_road(self) -> Self:
        """Shipments that have left and not arrived."""
        return self.filter(status=ShipmentStatus.SHIPPED)

    def waiting_for_hand_over(self) -> Self:
        """Shipments that have left the stock and wait at the door; no customer was told yet."""
        return self.on_the_road().filter(handed_over_at=None)


class Shipment(Document):
    """What leaves one warehouse for one address. Stock leaves once, when it becomes shipped.

    Until `handed_over_at` it can be taken back.
    """

    NEXT = NEXT_OF_SHIPMENT

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("SH", "fulfillment_shipment_number"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ShipmentStatus.choices,
        default=ShipmentStatus.PLANNED,
        editable=False,
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="shipments", editable=False, verbose_name=_("order")
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, editable=False, verbose_name=_("warehouse")
    )
    ship_to = models.TextField(_("ship to"), editable=False, help_text=_("the address as it was at release"))
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("carrier")
    )
    shipped_at = models.DateTimeField(_("shipped at"), null=True, editable=False)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, editable=False)
    next_poll_at = models.DateTimeField(_("next look at the carrier"), null=True, editable=False)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        permissions = [
            ("release_order", _("Can release orders to the warehouse")),
            ("pick_shipment", _("Can pick")),
            ("short_pick", _("Can report a short pick")),
            ("pack_shipment", _("Can pack")),
            ("ship_shipment", _("Can ship")),
            ("void_shipment", _("Can take a shipment back")),
            ("track_shipment", _("Can record tracking by hand")),
            ("see_promises_kept", _("Can see how many promises were kept")),
        ]
        indexes = [
            models.Index(
                fields=["next_poll_at"], name="shipments_to_look_after", condition=Q(status="shipped")
            ),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_SHIPMENT, start=ShipmentStatus.PLANNED),
            never_deleted(),
            *keeps_balance("keep_shipments", SHIPMENTS_OF_ORDERS),
        ]


class ShipmentLine(models.Model):
    """So much of an allocation goes with this shipment. `to_pick` is what no picker has taken yet."""

    shipment = models.ForeignKey(
        Shipment,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="lines",
        verbose_name=_("shipment"),
    )
    allocation = models.ForeignKey(
        Allocation,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="shipment_lines",
        verbose_name=_("allocation"),
    )
    quantity = models.BigIntegerField(_("quantity"))
    cancelled = models.BigIntegerField(_("cancelled"), default=0, db_default=0)
    picked = models.BigIntegerField(_("picked"), default=0, db_default=0)
    packed = models.BigIntegerField(_("packed"), default=0, db_default=0)
    to_pick = models.GeneratedField(
        expression=F("quantity") - F("cancelled") - F("picked"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("to pick"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "allocation"], name="one_line_per_shipment_and_allocation"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_ships_something"),
            models.CheckConstraint(
                condition=Q(cancelled__gte=0, packed__gte=0, packed__lte=F("picked")),
                name="pack_only_what_was_picked",
            ),
            models.CheckConstraint(
                condition=Q(picked__gte=0, quantity__gte=F("picked") + F("cancelled")),
                name="pick_no_more_than_the_shipment_needs",
            ),
        ]
        triggers = [
            never_deleted(),
            proves_keys(shipment="fulfillment_shipment", allocation="orders_allocation"),
            *keeps_balance("keep_released", RELEASED_FROM_SHIPMENT_LINES),
            pgtrigger.Trigger(
                name="shipment_and_allocation_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.shipment_id IS DISTINCT FROM OLD.shipment_id "
                    "OR NEW.allocation_id IS DISTINCT FROM OLD.allocation_id"
                ),
                func="RAISE EXCEPTION 'a shipment line keeps its shipment and allocation' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment} {self.quantity}"


class ShipmentEvent(DocumentEvent):
    document = models.ForeignKey(Shipment, on_delete=models.PROTECT, db_index=False, related_name="events")

    class Meta(DocumentEvent.Meta):
        verbose_name = _("shipment event")
        verbose_name_plural = _("shipment events")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_shipment_event_per_version")
        ]
        triggers = [*append_only(), owed_to("mail", deliveries="fulfillment_shipmentdelivery")]


class ShipmentDelivery(Delivery):
    event = models.ForeignKey(
        ShipmentEvent, on_delete=models.PROTECT, db_index=False, related_name="deliveries"
    )

    class Meta:
        verbose_name = _("shipment announcement")
        verbose_name_plural = _("shipment announcements")
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="one_shipment_delivery_per_consumer")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(sent_at=None, parked_at=None), name="shipment_deliveries_owed"
            )
        ]
