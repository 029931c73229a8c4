"""One run of allocation: every bid in its turn takes what its terms accept, and leaves the rest to others."""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from orders.allocation.bids import Bid, Demand, Grant, Row
from orders.allocation.sharing import fair_shares

Sharers = list[tuple[Bid, Demand]]


def run(bids: Iterable[Bid], free: Mapping[Row, int], fair: Collection[Row] = ()) -> list[Grant]:
    """Return what each line gets of what is free, by rank and by the terms of its order.

    In a round each bid is decided once, in order of rank, together with those accepted before it and with all
    that take any part. On a row that goes by rank nobody later matters to it; on a row of `fair` somebody later
    joins only while those before still accept. So no decision of a round is taken back, and a round ends after
    one decision per bid and at most one more per line. Who was refused as a sharer may still have what the others
    left: rounds follow until one gives nothing, which is soon, for each gives at least one unit of what is free.
    So running again over what is left gives nothing. The order in which `bids` come does not matter.
    """
    waiting, left, given = sorted(bids, key=lambda bid: bid.rank), dict(free), Counter[tuple[int, Row]]()
    while found := _Run(left, fair).grants(waiting):
        if not fair:
            return found
        for grant in found:
            given[grant.line_id, grant.row] += grant.quantity
            left[grant.row] -= grant.quantity
        waiting = [_still_waiting(bid, found) for bid in waiting]
    return [Grant(line, row, quantity) for (line, row), quantity in given.items()]


def _still_waiting(bid: Bid, found: Iterable[Grant]) -> Bid:
    """Return the bid as it is after these grants: it wants the rest, and what it got goes with the next shipment."""
    got = Counter[int]()
    for grant in found:
        got[grant.line_id] += grant.quantity
    rest = [d._replace(quantity=d.quantity - got[d.line_id]) for d in bid.demands]
    worth = sum((d.value * got[d.line_id] for d in bid.demands), Fraction(0))
    terms = replace(bid.terms, held=bid.terms.held + worth)
    return replace(bid, demands=[d for d in rest if d.quantity], terms=terms)


class _Run:
    """What is left on rows that go by rank, and who shares the others."""

    def __init__(self, free: Mapping[Row, int], fair: Container[Row]) -> None:
        self.free, self.fair = free, fair
        self.left = dict(free)
        self.taken: dict[int, list[Grant]] = {}  # by order, from rows that go by rank
        self.sharers: dict[Row, Sharers] = defaultdict(list)

    def grants(self, bids: Sequence[Bid]) -> list[Grant]:
        for bid in bids:
            if not bid.terms.can_fail:
                self._join(self._shared(bid))
        for bid in bids:
            if bid.terms.can_fail:
                self._decide(bid)
            else:
                self._take(bid, self._greedy(bid))
        by_rank = [grant for bid in bids for grant in self.taken.get(bid.order_id, [])]
        return by_rank + [grant for row in sorted(self.sharers) for grant in self._shares(row)]

    def _decide(self, bid: Bid) -> None:
        """Let the bid take what it can, or nothing when its terms, or those of an earlier one, refuse that."""
        own, joining = self._greedy(bid), self._shared(bid)
        while not self._all_accept(bid, own, joining):
            if not (bid.terms.whole_lines and joining):
                return
            joining.pop()
        self._take(bid, own)
        self._join(joining)

    def _shared(self, bid: Bid) -> Sharers:
        return [(bid, demand) for demand in bid.demands if demand.row in self.fair]

    def _join(self, joining: Sharers) -> None:
        for bid, demand in joining:
            self.sharers[demand.row].append((bid, demand))

    def _take(self, bid: Bid, grants: list[Grant]) -> None:
        self.taken[bid.order_id] = grants
        for grant in grants:
            self.left[grant.row] -= grant.quantity

    def _greedy(self, bid: Bid) -> list[Grant]:
        """Return the least of what each line wants and what earlier ranks left, row after row."""
        spent: dict[Row, int] = defaultdict(int)
        found: list[Grant] = []
        whole_lines = bid.terms.whole_lines
        for demand in bid.demands:
            if demand.row in self.fair:
                continue
            parts = self._parts(demand, spent)
            if whole_lines and sum(part.quantity for part in parts) < demand.quantity:
                continue
            found += parts
            for part in parts:
                spent[part.row] += part.quantity
        return found

    def _parts(self, demand: Demand, spent: Mapping[Row, int]) -> list[Grant]:
        missing, parts = demand.quantity, []
        for row in (demand.row, *demand.elsewhere):
            quantity = min(missing, self.left.get(row, 0) - spent[row])
            if quantity > 0:
                parts.append(Grant(demand.line_id, row, quantity))
                missing -= quantity
        return parts

    def _shares(self, row: Row, joining: Sharers = []) -> list[Grant]:  # noqa: B006  never changed
        ranked = sorted(
            [*self.sharers[row], *(one for one in joining if one[1].row == row)],
            key=lambda one: (one[0].rank, one[1].line_id),
        )
        shares = fair_shares(self.free.get(row, 0), [demand for _bid, demand in ranked])
        return [Grant(line, row, quantity) for line, quantity in shares.items() if quantity > 0]

    def _all_accept(self, bid: Bid, own: list[Grant], joining: Sharers) -> bool:
        """Return whether the bid, and all who were accepted before, accept what they get when these lines join."""
        rows = {demand.row for _bid, demand in joining}
        touched = {one.order_id: one for row in rows for one, _d in self.sharers[row] if one.terms.can_fail}
        shared = {row: self._shares(row, joining) for row in self._rows_of(touched.values()) | rows}
        return _accepts(bid, own, [d for _b, d in joining], shared) and all(
            _accepts(one, self.taken[one.order_id], self._joined(one), shared) for one in touched.values()
        )

    def _rows_of(self, bids: Iterable[Bid]) -> set[Row]:
        return {demand.row for bid in bids for demand in bid.demands if demand.row in self.fair}

    def _joined(self, bid: Bid) -> list[Demand]:
        return [
            demand
            for demand in bid.demands
            if any(one is demand for _bid, one in self.sharers.get(demand.row, []))
        ]


def _accepts(bid: Bid, by_rank: list[Grant], joined: list[Demand], shared: Mapping[Row, list[Grant]]) -> bool:
    lines = {demand.line_id for demand in joined}
    rows = {demand.row for demand in joined}
    from_shares = [grant for row in rows for grant in shared[row] if grant.line_id in lines]
    if bid.terms.whole_lines and sum(g.quantity for g in from_shares) < sum(d.quantity for d in joined):
        return False
    given = by_rank + from_shares
    values = {demand.line_id: demand.value for demand in bid.demands}
    return bid.terms.accept(
        wanted=sum(demand.quantity for demand in bid.demands),
        given=sum(grant.quantity for grant in given),
        worth=sum((values[grant.line_id] * grant.quantity for grant in given), Fraction(0)),
    )
