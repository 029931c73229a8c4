"""Exact amounts: one rounding function for every amount in the house."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache

HUNDRED = Decimal(100)
# Python's 28 digits would round a first time before we do; a third of a price must not lose its half cent.
EXACT = Context(prec=120, rounding=ROUND_HALF_UP)


def round_half_up(value: Decimal, exponent: int) -> Decimal:
    """Return `value` with `exponent` decimals (JPY 0, EUR 2, KWD 3), halves away from zero."""
    return EXACT.quantize(value, _smallest(exponent))


@cache
def _smallest(exponent: int) -> Decimal:
    return Decimal(1).scaleb(-exponent)


def round_fraction(value: Fraction, exponent: int) -> Decimal:
    """Return an exact number with `exponent` decimals, halves away from zero."""
    whole, rest = divmod(abs(value) * 10**exponent, 1)
    units = int(whole) + (rest >= Fraction(1, 2))
    return Decimal(units if value >= 0 else -units).scaleb(-exponent, context=EXACT)


def decimals_of(price: Decimal, exponent: int) -> int:
    """Return how many decimals show a price exactly: those of its currency at least, no zeros beyond them."""
    return max(exponent, -int(price.normalize().as_tuple().exponent))


def with_decimals(price: Decimal, exponent: int) -> Decimal:
    """Return the same price with the decimals that show it, 12.90 for 12.9000."""
    return round_half_up(price, decimals_of(price, exponent))


def as_typed(price: Decimal, exponent: int) -> str:
    """Return a price as one types it, 12.90: exactly, with a point and nothing between thousands."""
    return f"{with_decimals(price, exponent):f}"


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


def combined(discounts: Iterable[Decimal]) -> Decimal:
    """Return the percentage that discounts come to, one taken after the other, exactly: 10 and 10 is 19."""
    kept = HUNDRED
    for discount in discounts:
        kept = EXACT.divide(EXACT.multiply(kept, EXACT.subtract(HUNDRED, discount)), HUNDRED)
    return EXACT.subtract(HUNDRED, kept)


def apportioned(amount: Decimal, over: Sequence[Decimal], *, exponent: int) -> list[Decimal]:
    """Cut an amount in the proportion of others, exactly to the smallest unit; the largest remainders get what is left.

    All are whole numbers of the smallest unit and none is negative. No part is larger than what it is for, when the
    amount is not larger than all together. Of equal remainders the larger amount comes first, then the earlier.
    """
    units, parts = _in_units(amount, exponent), [_in_units(part, exponent) for part in over]
    whole = sum(parts)
    if not whole:
        return [Decimal(0)] * len(parts)
    shares = [divmod(units * part, whole) for part in parts]
    left = units - sum(share for share, _rest in shares)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-shares[i][1], -parts[i], i))
    more = set(by_remainder[:left])
    return [Decimal(share + (i in more)).scaleb(-exponent, EXACT) for i, (share, _rest) in enumerate(shares)]


def _in_units(amount: Decimal, exponent: int) -> int:
    return int(amount.scaleb(exponent, EXACT))
