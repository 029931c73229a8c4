"""The lives of shipments and pick tasks, and what carriers tell us."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShipmentStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    PICKING = "picking", _("picking")
    PACKED = "packed", _("packed")
    SHIPPED = "shipped", _("shipped")
    DELIVERED = "delivered", _("delivered")
    VOID = "void", _("void")


NEXT_OF_SHIPMENT: dict[str, frozenset[str]] = {
    ShipmentStatus.PLANNED: frozenset({ShipmentStatus.PICKING, ShipmentStatus.VOID}),
    ShipmentStatus.PICKING: frozenset({ShipmentStatus.PACKED, ShipmentStatus.VOID}),
    ShipmentStatus.PACKED: frozenset({ShipmentStatus.SHIPPED, ShipmentStatus.PICKING, ShipmentStatus.VOID}),
    ShipmentStatus.SHIPPED: frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.VOID}),
    ShipmentStatus.DELIVERED: frozenset(),
    ShipmentStatus.VOID: frozenset(),
}
IN_THE_WAREHOUSE = (ShipmentStatus.PLANNED, ShipmentStatus.PICKING, ShipmentStatus.PACKED)


class TaskStatus(models.TextChoices):
    OPEN = "open", _("open")
    PICKED = "picked", _("picked")
    SHORT = "short", _("short")
    CANCELLED = "cancelled", _("cancelled")


class ShortReason(models.TextChoices):
    NOT_FOUND = "not_found", _("not found")
    DAMAGED = "damaged", _("damaged")
    WRONG_ITEM = "wrong_item", _("wrong item")


class CarrierKind(models.TextChoices):
    MANUAL = "manual", _("typed by hand")
    SIMULATED = "simulated", _("simulated, for demonstration")


class TrackingStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    LABEL_CREATED = "label_created", _("label created")
    IN_TRANSIT = "in_transit", _("in transit")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("ready for pick-up")
    ATTEMPT_FAILED = "attempt_failed", _("delivery attempt failed")
    EXCEPTION = "exception", _("exception")
    DELIVERED = "delivered", _("delivered")
    RETURNING = "returning", _("returning")
    RETURNED = "returned", _("returned")
    CANCELLED = "cancelled", _("cancelled")


FINAL = frozenset({TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED})
WITH_THE_CARRIER = frozenset(TrackingStatus) - {
    TrackingStatus.PENDING,
    TrackingStatus.LABEL_CREATED,
    TrackingStatus.CANCELLED,
}
# Ties in the carrier's clock: what stands further on wins.
RANK: dict[str, int] = {status: rank for rank, status in enumerate(TrackingStatus)}
