"""Exact amounts: one rounding function for every amount in the house."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

HUNDRED = Decimal(100)
# Python's 28 digits would round a first time before we do; a third of a price must not lose its half cent.
EXACT = Context(prec=120, rounding=ROUND_HALF_UP)


def round_half_up(value: Decimal, exponent: int) -> Decimal:
    """Return `value` with `exponent` decimals (JPY 0, EUR 2, KWD 3), halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-exponent), rounding=ROUND_HALF_UP, context=EXACT)


def round_fraction(value: Fraction, exponent: int) -> Decimal:
    """Return an exact number with `exponent` decimals, halves away from zero."""
    whole, rest = divmod(abs(value) * 10**exponent, 1)
    units = int(whole) + (rest >= Fraction(1, 2))
    return Decimal(units if value >= 0 else -units).scaleb(-exponent, context=EXACT)


def line_amount(
    ordered: int,
    *,
    numerator: int,
    denominator: int,
    unit_price: Decimal,
    discount_percent: Decimal,
    exponent: int,
) -> Decimal:
    """Return the net amount of a line, rounded once.

    `ordered` counts base units, the price is per sales unit of numerator / denominator base units.
    """
    if numerator == denominator and not discount_percent:
        return round_half_up(EXACT.multiply(unit_price, Decimal(ordered)), exponent)
    price = EXACT.multiply(unit_price, EXACT.subtract(HUNDRED, discount_percent))
    hundredfold = EXACT.multiply(Decimal(ordered * denominator), price)
    return round_half_up(EXACT.divide(hundredfold, Decimal(numerator * 100)), exponent)
