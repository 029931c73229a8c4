"""Where stock lies: warehouses and the locations in them."""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.calendars import Calendar, knows_subdivision
from inventory.status import LocationKind
from oms.documents import LockedQuerySet
from oms.models import User, require_known_zone
from oms.triggers import never_deleted

MOST_DAYS = 90  # nothing is put away or on the way for longer
FARTHEST_HORIZON = 730  # days; nobody sets stock aside for longer
WEEKDAYS = r"^(?=.)1?2?3?4?5?6?7?$"


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
    subdivision = models.CharField(
        _("state or province"),
        max_length=10,
        blank=True,
        help_text=_("whose public holidays count, such as HH or CA; empty for those of the whole country"),
    )
    working_days = models.CharField(
        _("working days"),
        max_length=7,
        default="12345",
        validators=[
            RegexValidator(WEEKDAYS, _("Weekdays are digits from 1 (Monday) to 7 (Sunday), each once."))
        ],
        help_text=_("1 is Monday, 7 is Sunday; public holidays are free"),
    )
    put_away_days = models.PositiveSmallIntegerField(
        _("put-away days"), default=0, help_text=_("working days from the dock to the shelf")
    )
    transit_days = models.PositiveSmallIntegerField(
        _("days on the way"), default=2, help_text=_("working days to places without a row of their own")
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
    allocation_horizon_days = models.PositiveSmallIntegerField(
        _("stock set aside"),
        null=True,
        blank=True,
        help_text=_("days before an order is due; empty: as soon as it is confirmed"),
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
                condition=Q(adjust_value__gte=0), name="limit_of_adjustments_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(working_days__regex=WEEKDAYS), name="warehouse_works_some_weekday"
            ),
            models.CheckConstraint(
                condition=Q(put_away_days__lte=MOST_DAYS, transit_days__lte=MOST_DAYS),
                name="warehouse_takes_at_most_ninety_days",
            ),
            models.CheckConstraint(
                condition=Q(allocation_horizon_days__lte=FARTHEST_HORIZON),
                name="stock_is_set_aside_two_years_ahead_at_most",
            ),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Raise ValidationError for a part of the country whose holidays nobody knows."""
        if self.subdivision and not knows_subdivision(self.country, self.subdivision):
            where = {"part": self.subdivision, "country": self.country or "?"}
            what = _("No public holidays are known for %(part)s in %(country)s; leave it empty.") % where
            raise ValidationError({"subdivision": what})

    def calendar(self, closed: Iterable[date]) -> Calendar:
        """Return when the warehouse works, given its extra closing days."""
        weekdays = frozenset(int(digit) for digit in self.working_days)
        return Calendar(weekdays, self.country, self.subdivision, frozenset(closed))


class ClosingDay(models.Model):
    """A day on which a warehouse ships nothing, besides weekends and public holidays."""

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.CASCADE, related_name="closing_days", verbose_name=_("warehouse")
    )
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("closing day")
        verbose_name_plural = _("closing days")
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "day"], name="one_closing_per_warehouse_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.warehouse.code} {self.day}"


class TransitTime(models.Model):
    """Working days from a warehouse to a country, or to one region of it."""

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.CASCADE, related_name="transit_times", verbose_name=_("warehouse")
    )
    country = models.CharField(_("to country"), max_length=2, help_text=_("ISO 3166, two letters"))
    region = models.CharField(
        _("region"), max_length=80, blank=True, help_text=_("as in addresses; empty for the whole country")
    )
    days = models.PositiveSmallIntegerField(_("days on the way"))

    class Meta:
        ordering = ["warehouse", "country", "region"]
        verbose_name = _("transit time")
        verbose_name_plural = _("transit times")
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse", "country", "region"], name="one_transit_time_per_destination"
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="transit_country_is_two_letters"
            ),
            models.CheckConstraint(
                condition=Q(days__lte=MOST_DAYS), name="transit_takes_at_most_ninety_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse.code} {self.country} {self.region}".strip()


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
