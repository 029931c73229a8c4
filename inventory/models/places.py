"""Where stock lies: warehouses and the locations in them."""

from datetime import time
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.status import LocationKind
from oms.documents import LockedQuerySet
from oms.models import User, require_known_zone
from oms.triggers import never_deleted


class WarehouseQuerySet(models.QuerySet["Warehouse"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_warehouse") else self.none()

    def worked_by(self, user: User) -> Self:
        """Warehouses in which the user works; a superuser works everywhere."""
        return self if user.is_superuser else self.filter(members=user)


class Warehouse(models.Model):
    """A site with its own stock, address and people."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166, two letters"))
    zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Berlin", validators=[require_known_zone]
    )
    ship_cut_off = models.TimeField(_("ship cut-off"), default=time(15, 0))
    put_away_days = models.PositiveSmallIntegerField(
        _("days to put away"), default=0, help_text=_("from the dock until a delivery can be picked")
    )
    adjust_units = models.PositiveBigIntegerField(
        _("units adjusted alone"),
        default=100,
        db_default=100,
        help_text=_(
            "base units of a product that one person may adjust per day; 0: a second person always agrees"
        ),
    )
    adjust_value = models.DecimalField(
        _("value adjusted alone"),
        max_digits=18,
        decimal_places=4,
        default=Decimal(100),
        db_default=Decimal(100),
        help_text=_("the same as a value at cost, in the company's currency; both limits count"),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="warehouses", verbose_name=_("people")
    )

    objects = WarehouseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(adjust_value__gte=0), name="limit_of_adjustments_is_never_negative"
            )
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return self.code


class LocationQuerySet(LockedQuerySet["Location"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_location") else self.none()

    def worked_by(self, user: User) -> Self:
        """Locations of the warehouses in which the user works."""
        return self.filter(warehouse__in=Warehouse.objects.worked_by(user))


class Location(models.Model):
    """A bin, a staging lane, a quarantine cage. Kind and warehouse never change: balances depend on them."""

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="locations", verbose_name=_("warehouse")
    )
    code = models.CharField(_("code"), max_length=30)
    kind = models.CharField(_("kind"), max_length=20, choices=LocationKind.choices, default=LocationKind.PICK)
    walk_order = models.PositiveIntegerField(_("walk order"), default=0)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["warehouse", "walk_order", "code"]
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "code"], name="one_location_per_code_and_warehouse"),
            models.UniqueConstraint(
                fields=["warehouse", "kind"],
                condition=models.Q(
                    kind__in=[LocationKind.STAGING, LocationKind.SUSPECT, LocationKind.RECEIVING]
                ),
                name="one_staging_suspect_and_receiving_per_warehouse",
            ),
            models.UniqueConstraint(
                fields=["warehouse"],
                condition=models.Q(kind=LocationKind.TRANSIT),
                name="one_transit_per_warehouse",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="kind_and_place_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.kind IS DISTINCT FROM OLD.kind OR NEW.warehouse_id IS DISTINCT FROM OLD.warehouse_id"
                ),
                func="RAISE EXCEPTION 'kind and warehouse of location % never change', OLD.code "
                "USING ERRCODE = 'check_violation';",
            ),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse.code}/{self.code}"
