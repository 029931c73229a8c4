"""The oracle of what comes late: losses and counts, stock given to others, orders split and closed short."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.campaigns.oracle import KEPT_BY_WORK, SELLABLE, No, Place, Purchase, Receipt, Row, require
from tests.campaigns.oracle_documents import IN_WORK, Line, Order
from tests.campaigns.oracle_quotes import QuotingHouse


@dataclass(eq=False)
class WholeHouse(QuotingHouse):
    """The house with everything that can be done to it. `waiting` are differences that nobody has agreed to."""

    waiting: dict[tuple[str, Place], int] = field(default_factory=dict)

    def lose(self, product: str, place: Place, quantity: int) -> None:
        """Stock is not there: what is only promised gives way, what pickers come for does not."""
        require(place.kind not in KEPT_BY_WORK, "kept_by_work")
        require(quantity > 0, "bad_quantity")
        self.follow(place, {product: -quantity})

    def count(self, place: Place, found: Mapping[str, int]) -> None:
        """The ledger follows what was found, unless that is refused: then the differences wait for a second person."""
        require(place.kind not in KEPT_BY_WORK, "bad_count")
        self.waiting = {key: value for key, value in self.waiting.items() if key[1] != place}
        different = {
            product: found[product] - self.bins[product, place]
            for product in found
            if found[product] != self.bins[product, place]
        }
        try:
            self.follow(place, different)
        except No:
            self.waiting |= {(product, place): quantity for product, quantity in different.items()}

    def agree(self, product: str, place: Place) -> None:
        """A second person lets the ledger follow a difference that waits."""
        self.follow(place, {product: self.waiting[product, place]})
        del self.waiting[product, place]

    def follow(self, place: Place, differences: Mapping[str, int]) -> None:
        """Let so much more, or below zero less, lie there. Either all of it or, refused, nothing."""
        lost = {product: -quantity for product, quantity in differences.items() if quantity < 0}
        if place.kind in SELLABLE:
            for product, quantity in lost.items():
                left = self.bins[product, place] - quantity
                require(left < 0 or left >= self.claimed(product)[place], "still_being_picked")
        for product, quantity in lost.items():
            require(self.bins[product, place] >= quantity, "not_enough_stock")
        short = {
            product: quantity - self.available((product, place.warehouse))
            for product, quantity in lost.items()
        }
        if place.kind in SELLABLE:
            for product, quantity in short.items():
                require(self.can_give_way((product, place.warehouse)) >= quantity, "busy")
                self.give_way((product, place.warehouse), quantity)
        for product, quantity in differences.items():
            self.bins[product, place] += quantity

    def soft(self, order: Order, line: Line) -> int:
        """What is promised to a line and no shipment has taken up."""
        return line.allocated - order.released(line)

    def can_give_way(self, row: Row) -> int:
        return sum(self.soft(o, line) for o in self.orders for line in o.lines if line.row == row)

    def give_way(
        self,
        row: Row,
        missing: int,
        among: Collection[Order] | None = None,
        kept: Collection[tuple[Order, Line, int]] = (),
    ) -> None:
        """The last in the queue loses first; what is only kept for somebody is free already."""
        for order in reversed(self.in_turn()):
            for line in reversed(order.lines):
                if line.row == row and (among is None or order in among):
                    taken = max(0, min(self.soft(order, line), missing))
                    line.allocated -= taken
                    missing -= taken
                    missing -= min(missing, sum(quantity for _o, one, quantity in kept if one is line))

    def take_from(self, order: Order, others: Collection[Order]) -> None:
        """An order is served before its turn: what is free goes first, then what these others hold or have kept."""
        require(order.status in IN_WORK and bool(self.due_now(order)), "nothing_open")
        rivals = [other for other in self.orders if other in others and other is not order]  # each once
        given = False
        for line in self.due_now(order):
            free, kept = self.to_give(line.row, [order]), self.kept_there(line.row, order)
            held = sum(self.soft(o, x) for o in rivals for x in o.lines if x.row == line.row)
            held += sum(quantity for other, _line, quantity in kept if other in rivals)
            gets = min(line.open, free + held)
            self.give_way(line.row, gets - free, rivals, kept)
            given = given or gets > free
            line.allocated += gets
        require(given, "nothing_to_take")

    def kept_there(self, row: Row, asking: Order) -> list[tuple[Order, Line, int]]:
        """What is kept of today's stock for lines due later, as far as it is there; the soonest first."""
        found, left = [], self.free(row)
        for order, line, needs in self.kept(row, [asking], asking):
            found.append((order, line, min(needs, left)))
            left -= found[-1][2]
        return found

    def close_short(self, order: Order) -> None:
        """What nobody has begun is not sent any more; what the warehouse works on still is."""
        require(order.status in IN_WORK, "not_in_work")
        begun = any(order.released(x) or x.picked or x.packed or x.shipped for x in order.lines)
        require(begun, "nothing_open")
        for line in order.lines:
            line.allocated = order.released(line)
        require(any(line.open for line in order.lines), "nothing_open")
        for line in order.lines:
            line.cancelled += line.open
        self.complete(order)

    def complete(self, order: Order) -> None:
        if order.status == "released" and all(x.ordered == x.cancelled + x.shipped for x in order.lines):
            order.status = "completed"

    def split(self, order: Order, chosen: Collection[int]) -> None:
        """What nobody has begun of some lines becomes an order of its own, with its rank and the stock they hold."""
        require(order.status in IN_WORK, "not_in_work")
        require(not order.goes_elsewhere, "nothing_open")
        goes = {n: self.soft(order, order.lines[n]) + order.lines[n].open for n in sorted(chosen)}
        goes = {n: quantity for n, quantity in goes.items() if quantity}
        wanted = {n: line.ordered - line.cancelled for n, line in enumerate(order.lines)}
        require(bool(goes), "nothing_open")
        require(any(goes.get(n, 0) != quantity for n, quantity in wanted.items()), "nothing_open")
        part = Order([], order.status, order.rank, order.wanted_in, called_off=order.called_off)
        part.goes_elsewhere = True
        for n, quantity in goes.items():
            line = order.lines[n]
            held = self.soft(order, line)
            part.lines.append(Line(*line.row, quantity, allocated=held, agreed=line.agreed))
            line.ordered -= quantity
            line.allocated -= held
        part.status = "confirmed"
        self.orders.append(part)
        self.follow_split(order, part)
        self.serve_one(part)
        self.complete(order)

    def follow_split(self, order: Order, part: Order) -> None:
        raise NotImplementedError

    def take_back_receipt(self, purchase: Purchase, receipt: Receipt) -> None:
        """It never came: it leaves receiving, and is due again unless the purchase was cancelled."""
        require(not receipt.taken_back, "taken_back_already")
        product, warehouse = receipt.line.product, purchase.warehouse
        receiving = self.standard(warehouse, "receiving")
        require(self.available((product, warehouse)) >= receipt.quantity, "not_enough_stock")
        self.put(product, receiving, None, receipt.quantity)
        receipt.line.received -= receipt.quantity
        receipt.taken_back = True
        if purchase.status == "received":
            purchase.status = "open"
