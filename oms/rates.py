"""What the company's currency is worth in others."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from oms.models import Company, ExchangeRate

Rates = dict[str, list[tuple[date, Decimal]]]  # by currency, oldest first


def own_rates(currencies: Iterable[str]) -> Rates:
    """Return what one of the company's currency was worth in each of these, and since when; in two statements at most.

    In itself it always was 1. A currency without a rate has no entries.
    """
    wanted = set(currencies)
    own = Company.objects.values_list("currency_id", flat=True).first()
    found: Rates = {code: [(date.min, Decimal(1))] if code == own else [] for code in wanted}
    if own is not None and (others := wanted - {own}):
        rates = ExchangeRate.objects.filter(source=own, target__in=others).order_by("valid_from")
        for code, since, rate in rates.values_list("target", "valid_from", "rate"):
            found[code].append((since, rate))
    return found


def rate_on(rates: Rates, currency: str, day: date) -> Decimal | None:
    """Return the rate that holds on a day; None when nobody knows it."""
    return next((rate for since, rate in reversed(rates[currency]) if since <= day), None)
