"""Quantities as people read them, in the unit that is sold."""

from collections.abc import Mapping
from decimal import Decimal

from django import template

from inventory.models import Product, ProductUnit
from inventory.units import from_base, in_counted, written
from oms.shown import grouped

register = template.Library()
register.filter("counted", in_counted)


@register.filter
def in_unit(base: int, unit: ProductUnit) -> str:
    """Return base units as the quantity in `unit`, exact: 12, 0.25 or 1/3."""
    exact = written(from_base(base, numerator=unit.numerator, denominator=unit.denominator))
    return exact if "/" in exact else grouped(Decimal(exact))


def number_in(base: int, unit: ProductUnit | None) -> Decimal | None:
    """Return base units as a number of `unit`s; None for a third, which no number is."""
    exact = typed_in(base, unit) if unit else str(base)
    return None if "/" in exact else Decimal(exact)


@register.filter
def typed_in(base: int, unit: ProductUnit) -> str:
    """Return base units as they may be typed again in `unit`."""
    return written(from_base(base, numerator=unit.numerator, denominator=unit.denominator))


@register.filter
def in_whole_units(base: int, unit: ProductUnit) -> str:
    """Return base units in whole `unit`s, rounded up: for what is reckoned, not counted."""
    return grouped(-(-base * unit.denominator // unit.numerator))


def as_sold(base: int, product: Product) -> str:
    """Return base units in the unit the product is offered in first, with its name: 12 box of 100."""
    unit = offered_first(product)
    return f"{in_unit(base, unit)} {unit.name}" if unit else str(base)


def offered_first(product: Product) -> ProductUnit | None:
    """Return the unit in which the product is sold unless somebody asks for another."""
    return next((unit for unit in product.units.all() if unit.is_default), None)


@register.filter
def of(counts: Mapping[int, int], key: int) -> int:
    """Return the count of a key, 0 where there is none."""
    return counts.get(key, 0)
