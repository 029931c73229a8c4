"""Quantities as people read them, in the unit that is sold."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.formats import number_format

from inventory.models import ProductUnit
from inventory.units import from_base, written

register = template.Library()


@register.filter
def in_unit(base: int, unit: ProductUnit) -> str:
    """Return base units as the quantity in `unit`, exact: 12, 0.25 or 1/3."""
    exact = written(from_base(base, numerator=unit.numerator, denominator=unit.denominator))
    return exact if "/" in exact else number_format(Decimal(exact), force_grouping=True)


@register.filter
def of(counts: Mapping[int, int], key: int) -> int:
    """Return the count of a key, 0 where there is none."""
    return counts.get(key, 0)
