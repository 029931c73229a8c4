"""What somebody loses: who would, if another were served first, and who does, when stock is no longer there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orders.allocation.bids import Demand, Rank, Row


@dataclass(frozen=True, slots=True)
class Held:
    """So much of an allocation is promised and not released: it may be taken back. What is released may not."""

    allocation_id: int
    order_id: int
    line_id: int
    row: Row
    quantity: int
    rank: Rank


@dataclass(frozen=True, slots=True)
class Loss:
    """`quantity` of what `held` says would go, or goes, to somebody else."""

    held: Held
    quantity: int


def first_to_go(held: Iterable[Held], missing: Mapping[Row, int]) -> list[Loss]:
    """Return what goes first when so much is missing on each row: the latest promise, then the lowest rank.

    `missing` beyond what is held on a row is not met: then only what the warehouse works on is left.
    """
    left = dict(missing)
    found = []
    for one in sorted(held, key=lambda one: (one.rank.promised_on, one.rank, one.line_id), reverse=True):
        quantity = min(one.quantity, left.get(one.row, 0))
        if quantity > 0:
            left[one.row] -= quantity
            found.append(Loss(one, quantity))
    return found


def losses(wants: Iterable[Demand], held: Iterable[Held], free: Mapping[Row, int]) -> list[Loss]:
    """Return who would lose what if these lines were served before all others: what is free goes first."""
    missing: dict[Row, int] = {}
    for demand in wants:
        missing[demand.row] = missing.get(demand.row, 0) + demand.quantity
    return first_to_go(
        held, {row: max(0, quantity - max(0, free.get(row, 0))) for row, quantity in missing.items()}
    )
