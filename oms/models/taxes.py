"""Which taxes are taken where, on what and since when; and what is charged besides goods."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.ranges import days, point


class TaxRounding(models.TextChoices):
    """When tax becomes a whole number of cents: on each line, or on the sum of what has the same rate."""

    LINE = "line", _("on each line")
    GROUP = "group", _("on the sum of each rate")


class TaxClass(models.Model):
    """Products and charges that are taxed alike. One that names none is of the usual class."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_usual = models.BooleanField(_("holds where no other is named"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        constraints = [
            models.UniqueConstraint(
                fields=["is_usual"], condition=models.Q(is_usual=True), name="one_tax_class_is_usual"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaxZone(models.Model):
    """Where the same taxes hold. In an exempt zone nothing is taxed; `note` says why, on every paper.

    Goods that go to a country which no zone names are in the zone that is for the rest.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_exempt = models.BooleanField(
        _("without tax"), default=False, help_text=_("whatever goes there, such as exports")
    )
    is_rest = models.BooleanField(_("all other countries"), default=False)
    note = models.CharField(_("note on papers"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tax zone")
        verbose_name_plural = _("tax zones")
        constraints = [
            models.UniqueConstraint(
                fields=["is_rest"], condition=models.Q(is_rest=True), name="one_tax_zone_is_the_rest"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaxZoneCountry(models.Model):
    """A country that belongs to a tax zone."""

    zone = models.ForeignKey(
        TaxZone, on_delete=models.CASCADE, related_name="countries", verbose_name=_("tax zone")
    )
    country = models.CharField(_("country"), max_length=2, unique=True, help_text=_("ISO 3166, two letters"))

    class Meta:
        ordering = ["country"]
        verbose_name = _("country of a tax zone")
        verbose_name_plural = _("countries of a tax zone")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="tax_country_is_two_letters"
            )
        ]

    def __str__(self) -> str:
        return self.country


class TaxRate(models.Model):
    """What a class is taxed in a zone, from a day on until another; 0 percent is a rate like any other."""

    zone = models.ForeignKey(
        TaxZone, on_delete=models.PROTECT, related_name="rates", verbose_name=_("tax zone")
    )
    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="rates", verbose_name=_("tax class")
    )
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until before"), null=True, blank=True)

    class Meta:
        ordering = ["zone", "tax_class", "-valid_from"]
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100), name="tax_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="tax_rate_is_valid_for_a_while",
            ),
            ExclusionConstraint(
                name="one_tax_rate_per_class_and_day",
                violation_error_message=_(
                    "Another rate of this class holds in this zone on one of these days; end that one first."
                ),
                expressions=[
                    (point("zone_id"), RangeOperators.OVERLAPS),
                    (point("tax_class_id"), RangeOperators.OVERLAPS),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"


class ChargeKind(models.Model):
    """Something that documents may charge besides their lines, such as freight, and what it usually costs."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    amount = models.DecimalField(_("usual amount"), max_digits=18, decimal_places=4, null=True, blank=True)
    tax_class = models.ForeignKey(
        TaxClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("tax class"),
        help_text=_("empty: the usual one"),
    )
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of charge")
        verbose_name_plural = _("kinds of charges")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="usual_charge_is_never_negative"),
        ]

    def __str__(self) -> str:
        return self.name
