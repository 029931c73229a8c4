"""Where stock comes from when the order's own warehouse is short: which sites, in which turn, and what else helps."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from orders.allocation.bids import Demand, Row


class Way(IntEnum):
    """How a short line may be helped, the better one first."""

    SITE = 1
    TRANSFER = 2
    DROP_SHIP = 3
    PURCHASE = 4
    SUBSTITUTE = 5
    BACKORDER = 6


@dataclass(frozen=True, slots=True)
class Option:
    """A way to help a short line: so much of it, from a warehouse where the way has one.

    `covers_all` says that this one site has everything the order is short of, `keeps_promise` that it is there
    now, `shipments` how many the order then takes at least, `far` that the warehouse is in another country,
    `days` how long it takes where that is known.
    """

    line_id: int
    way: Way
    quantity: int
    keeps_promise: bool
    covers_all: bool = False
    shipments: int = 1
    warehouse_id: int | None = None
    far: bool = False
    days: int | None = None
    note: str = ""

    @property
    def score(self) -> tuple[int, ...]:
        """The smaller the better: the way, one site for all, promise kept, fewest shipments, nearest."""
        return (
            self.way,
            not self.covers_all,
            not self.keeps_promise,
            self.shipments,
            self.far,
            -self.quantity,
            self.warehouse_id or 0,
        )


def best_first(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: option.score)


def rows_in_turn(
    wanted: Sequence[Demand], free: Mapping[Row, int], *, far: Container[int], most: int | None = None
) -> dict[int, list[Row]]:
    """Return the rows from which each line is served, in turn: its own, or first of all the site that has all.

    Home when it has everything; else the one site that ships everything, the nearest first; else home and then
    the sites that fill most of what is still missing, so that there are few shipments, `most` in all.
    """
    home = [demand.row[1] for demand in wanted]
    sites = sorted({place for _product, place in free} - set(home), key=lambda place: (place in far, place))
    if not _missing(wanted, free, home):
        return {demand.line_id: [demand.row] for demand in wanted}
    for site in sites:
        if not _missing(wanted, free, [site] * len(wanted)):
            return {demand.line_id: [(demand.row[0], site)] for demand in wanted}
    turns = _fewest(
        _missing(wanted, free, home), sites, free, None if most is None else most - len(set(home))
    )
    return {d.line_id: [d.row, *((d.row[0], site) for site in turns)] for d in wanted}


def _missing(wanted: Sequence[Demand], free: Mapping[Row, int], places: Sequence[int]) -> dict[int, int]:
    """Return what is missing per product when each line is served from its place."""
    left, missing = dict(free), dict[int, int]()
    for demand, place in zip(wanted, places, strict=True):
        product = demand.row[0]
        given = min(demand.quantity, left.get((product, place), 0))
        left[product, place] = left.get((product, place), 0) - given
        if given < demand.quantity:
            missing[product] = missing.get(product, 0) + demand.quantity - given
    return missing


def _fewest(
    missing: dict[int, int], sites: Sequence[int], free: Mapping[Row, int], most: int | None
) -> list[int]:
    turns: list[int] = []
    while most is None or len(turns) < most:
        left = [site for site in sites if site not in turns]
        best = max(left, key=lambda site: _filled(missing, site, free), default=None)
        if best is None or not _filled(missing, best, free):
            break
        turns.append(best)
        missing = {p: q - min(q, free.get((p, best), 0)) for p, q in missing.items()}
    return turns


def _filled(missing: Mapping[int, int], site: int, free: Mapping[Row, int]) -> int:
    return sum(min(quantity, free.get((product, site), 0)) for product, quantity in missing.items())
