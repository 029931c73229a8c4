"""When to buy, and how much. No database here."""

from dataclasses import dataclass

from inventory.status import AlertKind


@dataclass(frozen=True, slots=True)
class Position:
    """What a product stands at in a warehouse, in base units, against its policy and its supplier's terms."""

    on_hand: int
    inbound: int
    demand: int
    reorder_point: int
    order_up_to: int
    minimum: int = 1
    multiple: int = 1

    @property
    def on_the_shelf(self) -> int:
        """What is left for new orders when all open demand is served from the shelf."""
        return self.on_hand - self.demand


def alert_kind(position: Position) -> AlertKind | None:
    """Return what is wrong: at or below the reorder point even with what is on its way, only without it, or nothing."""
    if position.on_the_shelf > position.reorder_point:
        return None
    if position.on_the_shelf + position.inbound > position.reorder_point:
        return AlertKind.EXPEDITE
    return AlertKind.REORDER


def suggested_purchase(position: Position) -> int:
    """Return how much to buy: up to the policy's level, in the supplier's multiples, at least the minimum.

    max(minimum, ceil((S - position) / multiple) * multiple); 0 when what is on its way suffices.
    """
    if alert_kind(position) is not AlertKind.REORDER:
        return 0
    missing = position.order_up_to - position.on_the_shelf - position.inbound
    return in_suppliers_terms(max(missing, 1), position.minimum, position.multiple)


def in_suppliers_terms(quantity: int, minimum: int, multiple: int) -> int:
    """Return the least a supplier sells that is not less than `quantity`."""
    return max(minimum, -(-quantity // multiple) * multiple)


def is_in_terms(quantity: int, minimum: int, multiple: int) -> bool:
    """Whether a supplier sells exactly this much: their minimum, or a multiple not below it."""
    return quantity == minimum or (quantity > minimum and quantity % multiple == 0)


def nearest_in_terms(quantity: int, minimum: int, multiple: int) -> tuple[int, int]:
    """Return the two nearest quantities that a supplier sells instead of `quantity`, the smaller first.

    Below the minimum they are the minimum and the next multiple above it.
    """
    less = max(minimum, quantity // multiple * multiple)
    more = (max(quantity, less) // multiple + 1) * multiple
    return less, more
