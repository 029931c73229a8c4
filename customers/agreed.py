"""What a line of an agreement may say, be it typed or in a file. No database here."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from oms.money import HUNDRED

Values = Mapping[str, Any]

NOTHING = {"price": Decimal(0), "committed": 0, "committed_value": Decimal(0)}  # what an empty field means


def problems_of(values: Values) -> list[tuple[str, Any]]:
    """Return what does not go together of a line's product, category, price, percentage and quantities, by field."""
    return [*_problems_of_price(values), *_problems_of_quantity(values)]


def _problems_of_price(values: Values) -> Iterator[tuple[str, Any]]:
    percent, price = values.get("percent"), values.get("price") or 0
    if values.get("product") and values.get("category"):
        yield "category", _("Name a product or a category, not both.")
    if percent is None and not values.get("product"):
        yield "percent", _("Only a product has a price; enter how many percent off.")
    if percent is not None and price:
        yield "percent", _("Enter a price or a percentage, not both.")
    if percent is not None and not 0 < percent < HUNDRED:
        yield "percent", _("Enter more than 0 and less than 100 percent.")
    if price < 0:
        yield "price", _("Prices and quantities are 0 or more.")


def _problems_of_quantity(values: Values) -> Iterator[tuple[str, Any]]:
    by_quantity = values.get("committed") or values.get("maximum") is not None
    if by_quantity and (values.get("committed_value") or values.get("maximum_value") is not None):
        yield "committed_value", _("A line counts quantities or a value, not both.")
    if by_quantity and (values.get("percent") is not None or not values.get("product")):
        yield "committed", _("Only what has a price per unit is counted by quantity; enter a value instead.")
    for committed, maximum, least in (("committed", "maximum", 1), ("committed_value", "maximum_value", 0)):
        least_wanted, most = values.get(committed) or 0, values.get(maximum)
        if least_wanted < 0:
            yield committed, _("Prices and quantities are 0 or more.")
        if most is not None and (most < max(least, least_wanted) or not most):
            yield (
                maximum,
                _("At most cannot be less than what is committed; raise it, or leave it empty."),
            )
