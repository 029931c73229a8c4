"""Sales units and base units: integer ratios, exact both ways."""

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil, gcd, lcm
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from inventory.errors import NotOrderable, NotRepresentable
from oms.errors import Refused
from oms.numbers import read_decimal, read_whole

THOUSANDS = re.compile(r",[0-9]{3}\s*$", re.ASCII)
FINEST = Fraction(1, 10**12)  # what can be written in a quantity


class Sold(Protocol):
    """A unit with what may be ordered of it: `denominator` of it hold `numerator` base units."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...
    @property
    def multiple(self) -> int: ...
    @property
    def minimum(self) -> int: ...


class Misfit(NamedTuple):
    """Why a quantity cannot be ordered, and those nearest to it that can, as people write them."""

    rule: str
    nearest: tuple[str, ...]  # below, if one can be ordered there, and above

    @property
    def choice(self) -> str:
        """The nearest quantities in words: `6 or 12`."""
        return _(" or ").join(self.nearest)


def misfit(quantity: Decimal | Fraction, unit: Sold) -> Misfit | None:
    """Return why so many of a unit cannot be ordered, or None when they can.

    They can when they are more than nothing, a whole number of base units, a multiple of the unit's `multiple` and
    not below its `minimum`. A multiple or minimum of 1 asks for nothing: half a metre is a quantity of millimetres.
    """
    wanted, step = Fraction(quantity), _step(unit)
    minimum = unit.minimum if unit.minimum > 1 else 0
    if wanted > 0 and wanted >= minimum and wanted % step == 0:
        return None
    written_step = _common(step, FINEST)
    least = max(1, ceil(minimum / written_step)) * written_step
    below = wanted // written_step * written_step
    above = max(least, below + written_step)
    nearest = (written(below), written(above)) if below >= least else (written(above),)
    return Misfit(_rule(wanted, unit, step, least), nearest)


def _step(unit: Sold) -> Fraction:
    """Return the quantity of which every one that can be ordered is a multiple."""
    exact = Fraction(unit.denominator, unit.numerator)
    return _common(exact, Fraction(unit.multiple)) if unit.multiple > 1 else exact


def _common(one: Fraction, other: Fraction) -> Fraction:
    """Return the least common multiple of two fractions."""
    return Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))


def _rule(quantity: Fraction, unit: Sold, step: Fraction, least: Fraction) -> str:
    told = {"step": written(step), "least": written(least)}
    if unit.multiple > 1 and quantity % step:
        if 1 < unit.minimum > quantity:
            return _("sold in multiples of %(step)s, from %(least)s on") % told
        return _("sold in multiples of %(step)s") % told
    if quantity < least:
        return _("sold from %(least)s on") % told
    return _("cannot be counted exactly")


def as_ordered(quantity: Decimal, unit: Sold, *, sku: str, name: str) -> int:
    """Return `quantity` of a unit of a product as base units; raise NotOrderable with the nearest that can be."""
    if problem := misfit(quantity, unit):
        raise NotOrderable(f"{quantity} {name}", sku, problem.rule, f"{problem.choice} {name}")
    return to_base(quantity, numerator=unit.numerator, denominator=unit.denominator, unit=name)


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


def whole_pack(numerator: int, denominator: int) -> int:
    """Return the least whole number of base units that is a whole number of packs of `numerator / denominator` each."""
    return Fraction(numerator, denominator).numerator


def from_base(base: int, *, numerator: int, denominator: int) -> Fraction:
    """Return base units as sales units, exactly."""
    return Fraction(base * denominator, numerator)


def in_counted(base: int, each: int) -> str:
    """Return base units in a unit of which one is `each` of them, as it may be typed again: 12.5."""
    return written(from_base(base, numerator=each, denominator=1))


def read_counted(text: str, each: int) -> int:
    """Return a quantity typed in such a unit as base units; raise Refused with a sentence for what is none.

    Keyboards of handhelds may have only a comma, so 2,5 is 2.5; whether 1,000 is one or a thousand nobody can tell.
    """
    try:
        if each == 1:
            return read_whole(text)
        if THOUSANDS.search(text):
            raise ValueError(
                _("“%(text)s” may be one or a thousand. Type 1000, or 1.0.") % {"text": text[:80]}
            )
        return to_base(read_decimal(text.replace(",", ".")), numerator=each, denominator=1)
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake


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
