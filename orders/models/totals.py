"""What orders and quote versions share under their lines: a discount on all of them, and what the document comes to."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Totals(models.Model):
    """What a document comes to. `goods` is the sum of its lines, `discount` what its own discount takes off that.

    The discount is agreed as a percentage or as an amount, never as both. Each line knows its part of it.
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
    total = models.DecimalField(
        _("total"), max_digits=18, decimal_places=4, default=Decimal(0), editable=False
    )
    goods = models.GeneratedField(
        expression=F("total") + F("discount"),
        output_field=models.DecimalField(max_digits=18, decimal_places=4),
        db_persist=True,
        verbose_name=_("goods"),
    )

    class Meta:
        abstract = True


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
    ]
