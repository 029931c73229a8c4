"""What somebody loses: who would, if another were served first, and who does, when stock is no longer there."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from customers.status import ShippingPolicy
from orders.allocation.bids import Bid, Grant, Rank, Row
from orders.allocation.running import run


@dataclass(frozen=True, slots=True)
class Held:
    """So much of an allocation is promised and not released: it may be taken back. What is released may not.

    Without an allocation, which is 0 then, it is what is kept of today's stock for a line due later.
    """

    allocation_id: int
    order_id: int
    line_id: int
    row: Row
    quantity: int
    rank: Rank
    policy: ShippingPolicy = ShippingPolicy.PARTIAL

    @property
    def is_kept(self) -> bool:
        return not self.allocation_id

    @property
    def key(self) -> tuple[int, int]:
        return self.allocation_id, self.line_id


@dataclass(frozen=True, slots=True)
class Loss:
    """`quantity` of what `held` says goes to somebody else, or goes back by the order's own terms."""

    held: Held
    quantity: int


@dataclass(frozen=True, slots=True)
class Taking:
    """What an order gets when it is served first, who loses that, and what the losers' terms then give back."""

    grants: Sequence[Grant] = ()
    lost: Sequence[Loss] = ()
    given_back: Sequence[Loss] = ()


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


def consequences(lost: Collection[Loss], held: Iterable[Held]) -> list[Loss]:
    """Return what goes back besides: the rest of an order that ships complete, of a line that goes whole."""
    gone = Counter[tuple[int, int]]()
    for loss in lost:
        gone[loss.held.key] += loss.quantity
    orders = {loss.held.order_id for loss in lost if loss.held.policy == ShippingPolicy.COMPLETE}
    lines = {loss.held.line_id for loss in lost if loss.held.policy == ShippingPolicy.COMPLETE_LINES}
    return [
        Loss(one, one.quantity - gone[one.key])
        for one in held
        if (one.order_id in orders or one.line_id in lines) and one.quantity > gone[one.key]
    ]


def take(bid: Bid, held: Collection[Held], free: Mapping[Row, int]) -> Taking:
    """Return what becomes of all when this bid is served before everybody else who holds something.

    What is free goes first, then what others hold, the latest promise first. The bid's own terms apply: what
    ships complete takes nothing from anybody unless it gets all.
    """
    pool = Counter[Row]({row: max(0, quantity) for row, quantity in free.items()})
    for one in held:
        pool[one.row] += one.quantity
    grants = run([bid], pool)
    missing = Counter[Row]()
    for grant in grants:
        missing[grant.row] += grant.quantity
    lost = first_to_go(held, {row: quantity - max(0, free.get(row, 0)) for row, quantity in missing.items()})
    return Taking(grants, lost, consequences(lost, held))
