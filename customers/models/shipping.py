"""What a customer wishes of shipping. An order keeps its own copy, so a change of the customer changes no order."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.status import ShippingPolicy, Sourcing


class ShippingWishes(models.Model):
    """When a part of an order may be sent, in how many shipments at most, and from which warehouses.

    A part shipment must reach `minimum_percent` of the order's total and `minimum_value` of its currency;
    what completes an order always may go. No `most_shipments` means as many as it takes.
    """

    shipping_policy = models.CharField(
        _("shipping policy"),
        max_length=20,
        choices=ShippingPolicy.choices,
        default=ShippingPolicy.PARTIAL,
        db_default=ShippingPolicy.PARTIAL,
    )
    minimum_percent = models.PositiveSmallIntegerField(
        _("part shipment from percent"),
        default=0,
        db_default=0,
        help_text=_("of the order's total; 0 for any part"),
    )
    minimum_value = models.DecimalField(
        _("part shipment from value"),
        max_digits=18,
        decimal_places=4,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text=_("in the order's currency; 0 for any part"),
    )
    most_shipments = models.PositiveSmallIntegerField(
        _("shipments at most"), null=True, blank=True, help_text=_("empty: as many as it takes")
    )
    sourcing = models.CharField(
        _("stock may come"),
        max_length=10,
        choices=Sourcing.choices,
        default=Sourcing.OWN,
        db_default=Sourcing.OWN,
    )

    class Meta:
        abstract = True

    def shipping_wishes(self) -> dict[str, Any]:
        """Return the wishes as fields with their values, to be copied."""
        return {field.name: getattr(self, field.name) for field in ShippingWishes._meta.fields}


def shipping_constraints(name: str) -> list[models.CheckConstraint]:
    """Return the checks every table with shipping wishes holds, named after it."""
    return [
        models.CheckConstraint(
            condition=Q(minimum_percent__gte=0, minimum_percent__lte=100),
            name=f"{name}_ships_from_a_percentage",
        ),
        models.CheckConstraint(condition=Q(minimum_value__gte=0), name=f"{name}_ships_from_a_value"),
        models.CheckConstraint(
            condition=Q(most_shipments=None) | Q(most_shipments__gte=1), name=f"{name}_ships_at_least_once"
        ),
    ]
