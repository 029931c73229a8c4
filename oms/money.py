"""Exact amounts: one rounding function for every amount in the house."""

from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


def round_half_up(value: Decimal, exponent: int) -> Decimal:
    """Return `value` with `exponent` decimals (JPY 0, EUR 2, KWD 3), halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-exponent), rounding=ROUND_HALF_UP)


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
    gross = Decimal(ordered * denominator) * unit_price / numerator
    return round_half_up(gross * (HUNDRED - discount_percent) / HUNDRED, exponent)
