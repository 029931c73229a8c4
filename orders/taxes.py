"""The tax on a document: what has the same rate is taxed together. No database here."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from oms.models import TaxRounding
from oms.money import round_fraction


class Rule(NamedTuple):
    """How a document is taxed: one rule for all of it."""

    exponent: int
    prices_include_tax: bool = False
    rounding: str = TaxRounding.GROUP


class Taxed(NamedTuple):
    """What is taxed at one rate, without the tax, and the tax on it."""

    percent: Decimal
    base: Decimal
    tax: Decimal


def taxes_on(amounts: Iterable[tuple[Decimal, Decimal | None]], rule: Rule) -> list[Taxed]:
    """Return the tax per rate on (amount, percent), the highest rate first. Without a rate nothing is taxed."""
    groups: dict[Decimal, list[Decimal]] = {}
    for amount, percent in amounts:
        if percent is not None:
            groups.setdefault(percent.normalize(), []).append(amount)
    return [_taxed(percent, groups[percent], rule) for percent in sorted(groups, reverse=True)]


def _taxed(percent: Decimal, amounts: list[Decimal], rule: Rule) -> Taxed:
    whole = sum(amounts, Decimal(0))
    if rule.rounding == TaxRounding.LINE:
        tax = sum((_tax(amount, percent, rule) for amount in amounts), Decimal(0))
    else:
        tax = _tax(whole, percent, rule)
    return Taxed(percent, whole - tax if rule.prices_include_tax else whole, tax)


def _tax(amount: Decimal, percent: Decimal, rule: Rule) -> Decimal:
    of = 100 + Fraction(percent) if rule.prices_include_tax else Fraction(100)
    return round_fraction(Fraction(amount) * Fraction(percent) / of, rule.exponent)


def without_tax(amount: Decimal, percent: Decimal | None, *, included: bool) -> Decimal:
    """Return what of an amount is ours: without the tax that it includes."""
    return amount * 100 / (100 + (percent or 0)) if included else amount
