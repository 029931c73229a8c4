"""How far a change in a draft reaches: breaks may count other lines too, and a list may be for one address."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from customers.models import PriceListAssignment
from customers.price_rules import groups_of
from inventory.finding import SalesUnit, units_by_id
from orders.services.pricing import Beside, Buyer, Rules


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change names: products it adds to or takes from, lines it writes anyway, and whether the address too."""

    products: set[int]
    lines: Collection[int]
    address: bool
    units: dict[int, SalesUnit]


def reached_by(touched: Touched, lines: Any, buyer: Buyer) -> tuple[list[Any], Beside]:
    """Return the other lines of a draft whose prices may change too, and what pricing must know of the rest.

    Lines that count together with no product touched keep the price they were given on their day.
    """
    rules = _rules(buyer, touched.products)
    groups = {group for found in rules.values() for group in groups_of(found)}
    if not groups and not touched.address:
        return [], Beside((), rules, touched.units)
    others = [line for line in lines.order_by("position") if line.pk not in touched.lines]
    rules = {**rules, **_rules(buyer, {line.product_id for line in others} - touched.products)}
    reached = [
        line
        for line in others
        if touched.address or not groups.isdisjoint(groups_of(rules.get(line.product_id, ())))
    ]
    again = {line.pk for line in reached}
    rest = [(line.product_id, line.ordered) for line in others if line.pk not in again]
    units = {**touched.units, **units_by_id(line.unit_id for line in reached)}
    return reached, Beside(rest, rules, units)


def _rules(buyer: Buyer, products: Collection[int]) -> Rules:
    return buyer.rules(products) if products else {}


def prices_differ(addresses: Iterable[int | None]) -> bool:
    """Whether one of these addresses has a price list of its own."""
    return PriceListAssignment.objects.filter(ship_to__in=[pk for pk in addresses if pk]).exists()
