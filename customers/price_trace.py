"""A trace read back: the rules that lost, and the price that its steps come to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from oms.money import round_fraction

UNIT_PRICE_DECIMALS = 6
OF_THE_DAY = "price date"  # the type of a rate: of a day's rates that of the day the price is of
JUDGED = (
    "judged"  # list, floor and cost of a later day than the price is of, by which it is judged: no part of it
)
STEP = ("rule", "list", "tier", "unit", "from", "price")
LOST = (*STEP, "why")


def losers(trace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules that lost, best first, each with why. A trace keeps them as bare rows: lines have many."""
    return [dict(zip(LOST, row, strict=True)) for row in trace.get("lost", [])]


def recomputed(trace: Mapping[str, Any]) -> Decimal:
    """Return the unit price that the steps of a trace come to."""
    return round_fraction(_steps_come_to(trace), UNIT_PRICE_DECIMALS)


def _steps_come_to(trace: Mapping[str, Any]) -> Fraction:
    if "off" in trace:
        return _steps_come_to(trace["off"]) * (100 - Fraction(trace["percent"])) / 100
    if "cost" in trace:
        price = Fraction(trace["cost"]) * (100 + Fraction(trace["percent"])) / 100
    elif "slices" in trace:
        price = average([(quantity, Decimal(each)) for quantity, each in trace["slices"]])
    else:
        price = Fraction(trace["price"])
    return price * Fraction(trace.get("rate", 1)) * Fraction(*trace.get("ratio", (1, 1)))


class Rate(NamedTuple):
    """What one unit of a currency was worth in the document's, and since which day."""

    rate: Decimal
    since: str | None


def rates_in(trace: Mapping[str, Any]) -> dict[str, Rate]:
    """Return the exchange rates that a trace was frozen with, by currency."""
    found = rates_in(trace["off"]) if "off" in trace else {}
    if "currency" in trace:
        found[trace["currency"]] = Rate(Decimal(trace["rate"]), trace["rate_on"])
    return found


def average(slices: Sequence[tuple[int, Decimal]]) -> Fraction:
    whole = sum(quantity for quantity, _price in slices)
    return sum((quantity * Fraction(price) for quantity, price in slices), Fraction(0)) / whole
