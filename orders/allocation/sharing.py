"""Fair share: what is scarce is divided by what each wants, in whole packs."""

from collections.abc import Sequence

from orders.allocation.bids import Demand


def fair_shares(available: int, demands: Sequence[Demand]) -> dict[int, int]:
    """Return what each line gets of `available`; demands come in order of rank.

    With enough for all, all get what they want. Otherwise the minimums by rank, then of the rest each its part
    by what it still wants, down to whole packs, then what the rounding left by rank, a pack each in turn.
    What is less than anybody's pack stays. Nobody gets more than it wants.
    """
    if sum(demand.quantity for demand in demands) <= available:
        return {demand.line_id: demand.quantity for demand in demands}
    shares = _minimums(available, demands)
    left = available - sum(shares.values())
    wanted = sum(demand.quantity - shares[demand.line_id] for demand in demands)
    parts = {d.line_id: _packs(d, left * (d.quantity - shares[d.line_id]) // wanted) for d in demands}
    shares = {line: share + parts[line] for line, share in shares.items()}
    _deal(left - sum(parts.values()), demands, shares)
    return shares


def _packs(demand: Demand, quantity: int) -> int:
    return quantity - quantity % demand.multiple


def _minimums(available: int, demands: Sequence[Demand]) -> dict[int, int]:
    shares = {}
    for demand in demands:
        shares[demand.line_id] = _packs(demand, min(demand.minimum, demand.quantity, available))
        available -= shares[demand.line_id]
    return shares


def _deal(left: int, demands: Sequence[Demand], shares: dict[int, int]) -> None:
    """Deal what is left in rounds: so many packs to each as all can have, in the last rounds one by rank.

    Each round gives something away or ends, and who cannot take a pack now never can again.
    """
    while takers := [d for d in demands if 0 < _step(d, shares) <= left]:
        rounds = max(1, left // sum(demand.multiple for demand in takers))
        for demand in takers:
            step = _step(demand, shares)
            if step <= left:
                wanted = demand.quantity - shares[demand.line_id]
                dealt = min(wanted, max(step, rounds * demand.multiple), left)
                dealt = dealt if dealt == wanted else _packs(demand, dealt)
                shares[demand.line_id] += dealt
                left -= dealt


def _step(demand: Demand, shares: dict[int, int]) -> int:
    """The least the line takes: a pack, or the odd piece that is all it still wants."""
    return min(demand.multiple, demand.quantity - shares[demand.line_id])
