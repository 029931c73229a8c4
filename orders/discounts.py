"""Discounts as people type them: `10+10` on a line, `5 %` or `50.00` on a whole document. No database here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from oms.money import HUNDRED, apportioned, as_typed, combined, round_half_up
from oms.numbers import read_decimal

MOST_DISCOUNTS = 3
PERCENT_DECIMALS = 4


class DocumentDiscount(NamedTuple):
    """A discount on all lines, as a percentage or as an amount."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def off(self, goods: Decimal, *, exponent: int) -> Decimal:
        """Return what it takes off so much; never more than there is."""
        if self.percent:
            return round_half_up(goods * self.percent / HUNDRED, exponent)
        return min(self.amount, goods)

    def shares(self, amounts: Sequence[Decimal], *, exponent: int) -> list[Decimal]:
        """Return what it takes off each line."""
        off = self.off(sum(amounts, Decimal(0)), exponent=exponent)
        return apportioned(off, amounts, exponent=exponent) if off else [off] * len(amounts)


NO_DISCOUNT = DocumentDiscount()


def read_discounts(text: str) -> tuple[Decimal, ...]:
    """Return the discounts typed as `10`, `10+10` or `10 % + 5 %`; raise ValueError with a sentence."""
    if not text.strip():
        return ()
    found = tuple(read_decimal(part.strip().removesuffix("%")) for part in text.split("+"))
    if len(found) > MOST_DISCOUNTS:
        raise ValueError(_("At most %(n)s discounts stand on a line.") % {"n": MOST_DISCOUNTS})
    if not all(0 <= one <= HUNDRED for one in found):
        raise ValueError(_("A discount is 0 to 100 percent."))
    if any(-int(one.normalize().as_tuple().exponent) > PERCENT_DECIMALS for one in found):
        raise ValueError(_("A discount has at most %(n)s decimals.") % {"n": PERCENT_DECIMALS})
    return tuple(one for one in found if one)


def on_line(discounts: Sequence[Decimal]) -> dict[str, Any]:
    """Return discounts as a line asks for them: what they come to, and each where there are several."""
    return {"discount_percent": combined(discounts), "discounts": several_of(discounts)}


def several_of(discounts: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Return them where they are more than what they come to tells."""
    return tuple(discounts) if len(discounts) > 1 else ()


def written(discounts: Sequence[Decimal]) -> str:
    """Return discounts as they are typed: `10+10`."""
    return "+".join(format(Decimal(one).normalize(), "f") for one in discounts)


def read_document_discount(text: str) -> DocumentDiscount:
    """Return a discount typed as `5 %` or, as an amount, `50.00`; raise ValueError with a sentence."""
    bare = text.strip()
    if bare.endswith("%"):
        return DocumentDiscount(percent=read_decimal(bare.removesuffix("%")))
    return DocumentDiscount(amount=read_decimal(bare or "0"))


def written_document_discount(discount: DocumentDiscount, exponent: int) -> str:
    """Return a discount on a whole document as it is typed, nothing for none."""
    if discount.percent:
        return f"{discount.percent.normalize():f} %"
    return as_typed(discount.amount, exponent) if discount.amount else ""
