"""Sales units and base units: integer ratios, exact both ways."""

from decimal import Decimal
from fractions import Fraction

from inventory.errors import NotRepresentable


def to_base(quantity: Decimal, *, numerator: int, denominator: int, unit: str = "") -> int:
    """Return `quantity` sales units as base units.

    Raise NotRepresentable, with the nearest quantities below and above, when that is no whole number.
    """
    base = Fraction(quantity) * numerator / denominator
    if base.denominator == 1:
        return int(base)
    below = base.numerator // base.denominator
    nearest = [
        written(from_base(b, numerator=numerator, denominator=denominator)) for b in (below, below + 1)
    ]
    raise NotRepresentable(quantity, unit, (nearest[0], nearest[1]))


def from_base(base: int, *, numerator: int, denominator: int) -> Fraction:
    """Return base units as sales units, exactly."""
    return Fraction(base * denominator, numerator)


def written(quantity: Fraction) -> str:
    """Return a quantity as people write it: 12, 0.25, or 1/3 when no decimal is exact."""
    if quantity.denominator == 1:
        return str(quantity.numerator)
    rest = quantity.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(quantity)
    return format((Decimal(quantity.numerator) / quantity.denominator).normalize(), "f")
