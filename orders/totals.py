"""What a document comes to: discount, charges and taxes, in this order. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.discounts import DocumentDiscount
from orders.taxes import Rule, Taxed, taxes_on

Taxable = tuple[Decimal, Decimal | None]  # an amount, and what percentage it is taxed


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a document comes to; `shares` is each line's part of its discount."""

    shares: list[Decimal]
    taxes: list[Taxed]
    discount: Decimal
    charges: Decimal
    tax: Decimal
    total: Decimal

    def sums(self) -> dict[str, Decimal]:
        return {name: getattr(self, name) for name in ("discount", "charges", "tax", "total")}


def reckon(
    lines: Sequence[Taxable], charges: Sequence[Taxable], discount: DocumentDiscount, rule: Rule
) -> Reckoned:
    """Return what lines and charges come to: the sum of what is rounded, nothing is rounded again."""
    amounts = [amount for amount, _percent in lines]
    shares = discount.shares(amounts, exponent=rule.exponent)
    nets = [(amount - share, percent) for (amount, percent), share in zip(lines, shares, strict=True)]
    taxes = taxes_on([*nets, *charges], rule)
    tax = sum((taxed.tax for taxed in taxes), Decimal(0))
    charged = sum((amount for amount, _percent in charges), Decimal(0))
    net = sum((amount for amount, _percent in nets), Decimal(0))
    return Reckoned(
        shares=shares,
        taxes=taxes,
        discount=sum(shares, Decimal(0)),
        charges=charged,
        tax=tax,
        total=net + charged + (0 if rule.prices_include_tax else tax),
    )
