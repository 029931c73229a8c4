"""What orders and quote versions share under their lines: a discount on all, charges, taxes, and what it comes to."""

from decimal import Decimal

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from oms.models import ChargeKind, TaxRounding, TaxZone


class Totals(models.Model):
    """What a document comes to. `goods` is the sum of its lines, `discount` what its own discount takes off that.

    The discount is agreed as a percentage or as an amount, never as both. Each line knows its part of it. The total
    is goods less discount, plus charges, plus tax unless prices include it. How it is taxed was settled when the
    document was entered; without a zone it is not taxed.
    """

    discount_percent = models.DecimalField(
        _("discount on all, %"), max_digits=7, decimal_places=4, default=0, db_default=0, editable=False
    )
    discount_amount = models.DecimalField(
        _("discount on all, amount"),
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        editable=False,
    )
    discount = models.DecimalField(
        _("discount"), max_digits=18, decimal_places=4, default=0, db_default=0, editable=False
    )
    charges = models.DecimalField(
        _("charges"), max_digits=18, decimal_places=4, default=0, db_default=0, editable=False
    )
    tax = models.DecimalField(
        _("tax"), max_digits=18, decimal_places=4, default=0, db_default=0, editable=False
    )
    tax_zone = models.ForeignKey(
        TaxZone,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("tax zone"),
    )
    tax_note = models.CharField(_("note on tax"), max_length=200, default="", db_default="", editable=False)
    prices_include_tax = models.BooleanField(
        _("prices include tax"), default=False, db_default=False, editable=False
    )
    tax_rounding = models.CharField(
        _("tax is rounded"),
        max_length=10,
        choices=TaxRounding.choices,
        default=TaxRounding.GROUP,
        db_default=TaxRounding.GROUP,
        editable=False,
    )
    total = models.DecimalField(
        _("total"), max_digits=18, decimal_places=4, default=Decimal(0), editable=False
    )
    goods = models.GeneratedField(
        expression=F("total")
        + F("discount")
        - F("charges")
        - Case(When(prices_include_tax=True, then=Value(Decimal(0))), default=F("tax")),
        output_field=models.DecimalField(max_digits=18, decimal_places=4),
        db_persist=True,
        verbose_name=_("goods"),
    )

    class Meta:
        abstract = True

    @property
    def without_tax(self) -> Decimal:
        return self.total - self.tax


def totals_constraints(name: str) -> list[models.CheckConstraint]:
    """Return the checks every table of documents with totals holds, named after it."""
    return [
        models.CheckConstraint(
            condition=Q(discount_percent__gte=0, discount_percent__lte=100),
            name=f"{name}_discount_is_a_percentage",
        ),
        models.CheckConstraint(
            condition=Q(discount_amount__gte=0) & (Q(discount_amount=0) | Q(discount_percent=0)),
            name=f"{name}_discount_is_percent_or_amount",
        ),
        models.CheckConstraint(
            condition=Q(discount__gte=0, goods__gte=F("discount")), name=f"{name}_discount_is_part_of_goods"
        ),
        models.CheckConstraint(
            condition=Q(charges__gte=0, tax__gte=0), name=f"{name}_charges_and_tax_are_never_negative"
        ),
    ]


class Charge(models.Model):
    """What a document charges besides its lines. Without a `tax_percent` it is not taxed, or nobody knows the rate."""

    kind = models.ForeignKey(ChargeKind, on_delete=models.PROTECT, db_index=False, verbose_name=_("kind"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    tax_percent = models.DecimalField(_("tax %"), max_digits=7, decimal_places=4, null=True)

    class Meta:
        abstract = True
        ordering = ["kind__code"]

    def __str__(self) -> str:
        return self.kind.name


class TaxSum(models.Model):
    """What of a document is taxed at one rate, without the tax, and the tax on it."""

    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    base = models.DecimalField(_("taxed"), max_digits=18, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=4)

    class Meta:
        abstract = True
        ordering = ["-percent"]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"
