"""Cartons, what is in them, and what carriers say about them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fulfillment.models.carriers import Carrier
from fulfillment.models.shipments import Shipment, ShipmentLine
from fulfillment.status import TrackingStatus
from oms.models import User
from oms.triggers import append_only


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, user: User) -> Self:
        """Cartons of the shipments the user sees."""
        return self.filter(shipment__in=Shipment.objects.visible_to(user))


class Package(models.Model):
    """A numbered carton of a shipment, with the carrier's tracking number once it is known."""

    shipment = models.ForeignKey(
        Shipment,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="packages",
        verbose_name=_("shipment"),
    )
    number = models.PositiveIntegerField(_("carton"))
    weight_grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True, db_index=True)
    status = models.CharField(
        _("tracking status"), max_length=20, choices=TrackingStatus.choices, default=TrackingStatus.PENDING
    )

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["shipment", "number"]
        verbose_name = _("carton")
        verbose_name_plural = _("cartons")
        constraints = [models.UniqueConstraint(fields=["shipment", "number"], name="one_carton_per_number")]

    def __str__(self) -> str:
        return f"{self.shipment} / {self.number}"

    @property
    def tracking_link(self) -> str:
        """Where the carrier says where this carton is."""
        carrier = self.shipment.carrier
        return carrier.url_for(self.tracking_number) if carrier else ""


class PackageItem(models.Model):
    """So many base units of a shipment line lie in this carton."""

    package = models.ForeignKey(
        Package, on_delete=models.CASCADE, db_index=False, related_name="items", verbose_name=_("carton")
    )
    shipment_line = models.ForeignKey(
        ShipmentLine, on_delete=models.PROTECT, related_name="items", verbose_name=_("shipment line")
    )
    quantity = models.BigIntegerField(_("quantity"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("carton item")
        verbose_name_plural = _("carton items")
        constraints = [
            models.UniqueConstraint(fields=["package", "shipment_line"], name="one_item_per_carton_and_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="carton_item_holds_something"),
        ]

    def __str__(self) -> str:
        return f"{self.package}: {self.quantity}"


class TrackingEventQuerySet(models.QuerySet["TrackingEvent"]):
    def newest_first(self) -> Self:
        return self.order_by("-happened_at", "-pk")


class TrackingEvent(models.Model):
    """Something a carrier or a person said about a carton, never changed. The same news twice is one row."""

    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, db_index=False, related_name="tracking", verbose_name=_("carton")
    )
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, verbose_name=_("carrier"))
    tracking_number = models.CharField(_("tracking number"), max_length=60)
    code = models.CharField(_("carrier's code"), max_length=40)
    status = models.CharField(_("status"), max_length=20, choices=TrackingStatus.choices)
    happened_at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    place = models.CharField(_("place"), max_length=120, blank=True)

    objects = TrackingEventQuerySet.as_manager()

    class Meta:
        ordering = ["happened_at", "pk"]
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        constraints = [
            models.UniqueConstraint(
                fields=["package", "carrier", "tracking_number", "code", "happened_at", "place"],
                nulls_distinct=False,
                name="the_same_news_is_one_row",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="tracking_news_has_a_code"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.tracking_number} {self.status}"
