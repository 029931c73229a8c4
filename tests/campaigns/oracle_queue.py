"""The oracle of who waits: whose turn it is, what is due only later, and what of today's stock is kept for that."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tests.campaigns.oracle import Row, Stock
from tests.campaigns.oracle_documents import IN_WORK, Line, Order

ROAD = 3  # days until a transfer arrives
Turn = tuple[
    bool, int, int, int, bool
]  # released last, day, rank, which order; what is kept for a line goes first


@dataclass(eq=False)
class WaitingHouse(Stock):
    """Stock, and those who wait for it. A warehouse with a horizon sets nothing aside for what is due beyond it."""

    orders: list[Order] = field(default_factory=list)
    never_backordered: frozenset[str] = frozenset()
    horizons: dict[str, int | None] = field(default_factory=dict)  # days

    def lines(self) -> Iterator[Line]:
        return (line for order in self.orders for line in order.lines)

    def allocated(self, row: Row) -> int:
        return sum(line.promised for line in self.lines() if line.row == row)

    def set_horizon(self, warehouse: str, days: int | None) -> None:
        self.horizons[warehouse] = days

    def turn_of(self, order: Order) -> Turn:
        """What the warehouse works on already is first; then first promised, first confirmed, first served."""
        return order.status != "released", order.leaves_in, order.rank, self.orders.index(order), True

    def in_turn(self) -> list[Order]:
        return sorted((order for order in self.orders if order.status in IN_WORK), key=self.turn_of)

    def is_later(self, order: Order, line: Line) -> bool:
        """Whether a line is due beyond the horizon. What may not wait is set aside however late it is due."""
        horizon = self.horizons.get(line.warehouse)
        first = min(order.wanted_in, self.due_in(order, line))
        return horizon is not None and first > horizon and line.product not in self.never_backordered

    def due_in(self, order: Order, line: Line) -> int:
        return order.wanted_in if line.leaves_in is None else line.leaves_in

    def due_now(self, order: Order) -> list[Line]:
        """The lines that stock is set aside for as soon as it is there."""
        return [line for line in order.lines if line.open and not self.is_later(order, line)]

    def waited_for(self, row: Row, but: Collection[Order] = ()) -> int:
        those = [order for order in self.in_turn() if order not in but]
        return sum(line.open for order in those for line in self.due_now(order) if line.row == row)

    def due_later(self, row: Row, but: Order | None) -> list[tuple[Order, Line]]:
        """The lines due later, the soonest first."""
        found = [
            (order, line)
            for order in self.orders
            for line in order.lines
            if order.status in IN_WORK and order is not but and line.row == row
            if line.open and self.is_later(order, line)
        ]
        return sorted(found, key=lambda one: self.due_in(*one))

    def coming(self, row: Row) -> list[tuple[int, int]]:
        """In how many days so many units can leave: the day after suppliers or transfers bring them."""
        bought = [
            (max(line.confirmed_in or 0, 0), min(line.ordered, line.confirmed) - line.received)
            for purchase in self.purchases
            for line in purchase.lines
            if purchase.status == "open" and (line.product, purchase.warehouse) == row
            if line.confirmed is not None
        ]
        moved = [
            (ROAD, one.to_dispatch + one.in_transit)
            for one in self.transfers
            if (one.product, one.target) == row
        ]
        return [(day + 1, quantity) for day, quantity in [*bought, *moved] if quantity > 0]

    def kept(
        self, row: Row, asking: Collection[Order], but: Order | None = None
    ) -> list[tuple[Order, Line, int]]:
        """What lines due later need of today's stock: what they take by their day beyond what comes by then.

        What comes goes first to those who wait already; nobody who is asking now does.
        """
        found, taken, kept = [], 0, 0
        short, coming = self.waited_for(row, asking), self.coming(row)
        for order, line in self.due_later(row, but):
            taken += line.open
            comes = sum(quantity for day, quantity in coming if day <= self.due_in(order, line))
            most = max(kept, taken - max(0, comes - short))
            found.append((order, line, most - kept))
            kept = most
        return found

    def to_give(self, row: Row, asking: Collection[Order], but: Order | None = None) -> int:
        """What may be given to those who ask; nothing is kept for one who takes it at once."""
        kept = sum(quantity for _order, _line, quantity in self.kept(row, asking, but))
        return max(0, self.free(row) - kept)

    def serve(self) -> None:
        while self.serve_once():
            pass

    def serve_once(self) -> bool:
        """Each in its turn gets what is free; what a line due later needs comes before who was confirmed after it."""
        asking = [
            order for order in self.in_turn() if any(self.free(line.row) for line in self.due_now(order))
        ]
        rows = {line.row for order in asking for line in order.lines if line.open}
        claims = [(self.turn_of(order), line, line.open) for order in asking for line in self.due_now(order)]
        for row in rows:
            claims += self.before_others(row, asking)
        left = {row: self.free(row) for row in rows}
        given = False
        for turn, line, wanted in sorted(claims, key=lambda claim: claim[0]):
            taken = min(wanted, left[line.row])
            left[line.row] -= taken
            if turn[-1]:
                line.allocated += taken
                given = given or taken > 0
        return given

    def before_others(self, row: Row, asking: Collection[Order]) -> list[tuple[Turn, Line, int]]:
        found = []
        for order, line, quantity in self.kept(row, asking):
            after = [
                self.turn_of(other)
                for other in asking
                if other.rank > order.rank and any(x.row == row for x in self.due_now(other))
            ]
            if after and quantity:
                found.append(((*min(after)[:-1], False), line, quantity))
        return found

    def serve_one(self, order: Order, *, at_once: bool = False) -> None:
        """Give one order what is left to it when all before it are served; they are not served yet.

        `at_once` it gets what is due later, too.
        """
        wants = [line for line in order.lines if line.open] if at_once else self.due_now(order)
        now = order if at_once else None
        left = {line.row: self.to_give(line.row, [order], now) for line in wants}
        for other in self.in_turn():
            for line in wants if other is order else self.due_now(other):
                taken = min(line.open, left.get(line.row, 0))
                if line.row in left:
                    left[line.row] -= taken
                if other is order:
                    line.allocated += taken
            if other is order:
                return
