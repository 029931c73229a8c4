"""Who gets what stock: greedy by rank over what is free. No database here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Row = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Demand:
    """A line wants `quantity` base units from a stock row. Demands come in order of rank."""

    line_id: int
    row: Row
    quantity: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A line gets `quantity` base units of a stock row."""

    line_id: int
    row: Row
    quantity: int


def grants(demands: Iterable[Demand], free: Mapping[Row, int]) -> list[Grant]:
    """Return what each demand gets: the least of what it wants and what earlier ranks left.

    Two lines of one product draw from the same row. Deterministic; nothing is granted below 1.
    """
    left = dict(free)
    granted = []
    for demand in demands:
        quantity = min(demand.quantity, left.get(demand.row, 0))
        if quantity > 0:
            left[demand.row] -= quantity
            granted.append(Grant(demand.line_id, demand.row, quantity))
    return granted
