"""Currencies, and what one is worth in another from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.Model):
    """A currency by its ISO 4217 code; `exponent` is the number of decimals of its amounts."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=40)
    exponent = models.PositiveSmallIntegerField(_("decimals"), default=2)

    class Meta:
        ordering = ["code"]
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exponent__lte=4), name="currency_has_at_most_four_decimals"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """From a day on, until the next rate, one `source` is worth `rate` of `target`."""

    source = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+", verbose_name=_("one of"))
    target = models.ForeignKey(
        Currency, on_delete=models.PROTECT, related_name="+", verbose_name=_("is worth in")
    )
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=9)
    valid_from = models.DateField(_("from"))

    class Meta:
        ordering = ["source", "target", "-valid_from"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["target", "source", "valid_from"], name="one_rate_per_currencies_and_day"
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="a_currency_has_no_rate_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.source_id} = {self.rate.normalize():f} {self.target_id}"
