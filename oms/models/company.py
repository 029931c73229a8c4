"""The company whose office this is."""

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.models.money import Currency
from oms.models.taxes import TaxRounding


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the time zones that are known here: they lie in hundreds of files, so they are read once."""
    return frozenset(available_timezones())


def require_known_zone(zone: str) -> None:
    """Raise ValidationError when the time zone database has no such zone."""
    if zone not in known_zones():
        raise ValidationError(_("“%(zone)s” is not a time zone like Europe/Berlin."), params={"zone": zone})


def languages() -> list[tuple[str, str]]:
    """Return the languages in which customers can be spoken to, each by its own name."""
    return list(settings.LANGUAGES)


class Company(models.Model):
    """Who we are on every document: one row."""

    name = models.CharField(_("name"), max_length=120)
    logo = models.FileField(
        _("logo"),
        upload_to="company",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"])],
    )
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166, two letters"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Berlin", validators=[require_known_zone]
    )
    language = models.CharField(
        _("language for customers"),
        max_length=10,
        choices=languages,
        default="en",
        db_default="en",
        help_text=_("of letters, papers and pages for customers who have none of their own"),
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))
    prices_include_tax = models.BooleanField(
        _("prices include tax"),
        default=False,
        db_default=False,
        help_text=_("holds for documents entered from now on"),
    )
    tax_rounding = models.CharField(
        _("tax is rounded"),
        max_length=10,
        choices=TaxRounding.choices,
        default=TaxRounding.GROUP,
        db_default=TaxRounding.GROUP,
        help_text=_("holds for documents entered from now on"),
    )

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="company_is_one_row")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]
