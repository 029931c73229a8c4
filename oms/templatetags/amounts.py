"""Amounts as people read them, in their locale."""

from decimal import Decimal

from django import template

from oms.models import Currency
from oms.money import decimals_of, round_half_up
from oms.shown import grouped

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: Currency) -> str:
    """Return an amount with the decimals of its currency and the currency's code, nothing for None."""
    if amount is None:
        return ""
    return f"{grouped(round_half_up(amount, currency.exponent), currency.exponent)} {currency.code}"


@register.filter
def unit_price(price: Decimal | None, currency: Currency) -> str:
    """Return a price exactly: the decimals of its currency at least, no zeros beyond them, nothing for None."""
    if price is None:
        return ""
    return grouped(price, decimals_of(price, currency.exponent))
