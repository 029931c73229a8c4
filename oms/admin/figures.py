"""Figures of lists: how they are shown, and of which number, so that files can hold the number itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.models import Currency
from oms.money import round_half_up
from oms.templatetags.amounts import money

Shown = TypeVar("Shown", bound=Callable[..., Any])


class Figure(SafeString):
    """A figure as a list shows it, with its number and what that counts: a currency, a unit; without one, words."""

    number: Decimal | None = None
    measure: str = ""


def figure(told: object, number: Decimal | None = None, measure: object = "") -> Figure:
    """Return a figure of a list so that it ends where the others of its column end."""
    shown = Figure(format_html('<span class="oms-amount">{}</span>', told))
    shown.number, shown.measure = number, str(measure)
    return shown


def of_money(amount: Decimal | None, currency: Currency) -> Figure:
    """Return an amount of a list as its currency writes it."""
    if amount is None:
        return figure("")
    return figure(money(amount, currency), round_half_up(amount, currency.exponent), currency.code)


def measured_in(what: str | Promise) -> Callable[[Shown], Shown]:
    """Give a column of figures another beside it in files: the currency or the unit of each."""

    def decorate(shown: Shown) -> Shown:
        shown.measured_in = what  # type: ignore[attr-defined]
        return shown

    return decorate
