"""What the house should look like, told in plain Python: the oracle the histories are held against.

It knows no SQL, no locks and no triggers. A command either changes these few lists or raises `No` with the
code of the refusal that the services should give.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

SELLABLE = {"pick", "receiving", "staging"}
PICKABLE = {"pick", "receiving"}
KEPT_BY_WORK = {"staging", "suspect", "transit"}


class No(Exception):
    """The command is refused, with this code, and changes nothing."""


def require(condition: bool, code: str) -> None:
    if not condition:
        raise No(code)


@dataclass(frozen=True, order=True)
class Place:
    """A location. They sort as a picker walks: by walk order, then by code."""

    warehouse: str
    walk: int
    code: str
    kind: str


Row = tuple[str, str]  # product, warehouse


@dataclass
class Count:
    product: str
    place: Place
    missing: int
    done: bool = False
    pk: int = 0


@dataclass
class Expected:
    product: str
    ordered: int
    received: int = 0
    confirmed: int | None = None  # by the supplier
    confirmed_in: int | None = None  # days
    pk: int = 0


@dataclass
class Receipt:
    line: Expected
    quantity: int
    nth: int  # of all
    taken_back: bool = False


@dataclass
class Purchase:
    warehouse: str
    lines: list[Expected]
    receipts: list[Receipt] = field(default_factory=list)
    status: str = "open"
    pk: int = 0


@dataclass
class Transfer:
    product: str
    source: str
    target: str
    ordered: int
    cancelled: int = 0
    dispatched: int = 0
    received: int = 0
    lost: int = 0
    status: str = "planned"
    pk: int = 0
    line_pk: int = 0

    @property
    def to_dispatch(self) -> int:
        return self.ordered - self.cancelled - self.dispatched

    @property
    def in_transit(self) -> int:
        return self.dispatched - self.received - self.lost

    def come_to_its_end(self) -> None:
        if not self.to_dispatch and not self.in_transit:
            self.status = "received" if self.dispatched else "cancelled"


@dataclass
class Stock:
    """Bins, counts, purchases, transfers. Those who sell know what is promised: `allocated` and `held` are theirs."""

    bins: Counter[tuple[str, Place]] = field(default_factory=Counter)
    counts: list[Count] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    buffers: Counter[Row] = field(default_factory=Counter)  # kept for other channels

    KINDS: ClassVar[dict[str, tuple[int, str]]] = {
        "receiving": (0, "RECEIVING"),
        "staging": (0, "STAGING"),
        "suspect": (0, "SUSPECT"),
        "transit": (0, "TRANSIT"),
    }

    def allocated(self, row: Row) -> int:
        raise NotImplementedError

    def held(self, row: Row) -> int:
        raise NotImplementedError

    def on_hand(self, row: Row) -> int:
        return sum(
            quantity
            for (product, place), quantity in self.bins.items()
            if (product, place.warehouse) == row and place.kind in SELLABLE
        )

    def available(self, row: Row) -> int:
        return self.on_hand(row) - self.allocated(row)

    def free(self, row: Row) -> int:
        """What orders may be given; who moves or loses stock may go as far as `available`."""
        return max(0, self.available(row) - self.buffers[row] - self.held(row))

    def standard(self, warehouse: str, kind: str) -> Place:
        walk, code = self.KINDS[kind]
        return Place(warehouse, walk, code, kind)

    def put(self, product: str, source: Place | None, target: Place | None, quantity: int) -> None:
        if source is not None:
            require(self.bins[product, source] >= quantity, "not_enough_stock")
            self.bins[product, source] -= quantity
        if target is not None:
            self.bins[product, target] += quantity

    def receive(self, product: str, place: Place, quantity: int) -> None:
        require(place.kind not in KEPT_BY_WORK, "kept_by_work")
        require(quantity > 0, "bad_quantity")
        self.put(product, None, place, quantity)

    def move(self, product: str, source: Place, target: Place, quantity: int) -> None:
        require(not {source.kind, target.kind} & KEPT_BY_WORK, "kept_by_work")
        require(source != target and quantity > 0, "bad_quantity")
        stays = target.kind in SELLABLE and target.warehouse == source.warehouse
        if source.kind in SELLABLE and not stays:
            require(self.available((product, source.warehouse)) >= quantity, "not_enough_stock")
        self.put(product, source, target, quantity)

    def adjust(self, product: str, place: Place, difference: int) -> None:
        require(place.kind not in KEPT_BY_WORK, "kept_by_work")
        require(difference != 0, "bad_quantity")
        if difference > 0:
            self.put(product, None, place, difference)
            return
        if place.kind in SELLABLE:
            require(self.available((product, place.warehouse)) >= -difference, "not_enough_stock")
        self.put(product, place, None, -difference)

    def put_away(self, warehouse: str, product: str, place: Place, quantity: int) -> None:
        require(quantity > 0, "bad_quantity")
        require(place.warehouse == warehouse and place.kind == "pick", "kept_by_work")
        self.put(product, self.standard(warehouse, "receiving"), place, quantity)

    def quarantine(self, product: str, place: Place, quantity: int, cage: Place) -> None:
        require(place.kind not in KEPT_BY_WORK, "kept_by_work")
        require(place.kind in SELLABLE and quantity > 0, "bad_quantity")
        require(self.available((product, place.warehouse)) >= quantity, "not_enough_stock")
        self.put(product, place, cage, quantity)

    def set_free(self, product: str, source: Place, target: Place, quantity: int) -> None:
        require(not {source.kind, target.kind} & KEPT_BY_WORK, "kept_by_work")
        require(source.kind == "quarantine" and target.kind in SELLABLE, "bad_quantity")
        require(source.warehouse == target.warehouse and quantity > 0, "bad_quantity")
        self.put(product, source, target, quantity)

    def plan_transfer(self, product: str, source: str, target: str, quantity: int) -> None:
        require(source != target, "bad_transfer")
        require(quantity > 0, "bad_quantity")
        self.transfers.append(Transfer(product, source, target, quantity))

    def dispatch(self, transfer: Transfer, quantity: int) -> None:
        """Out of the bins as one walks, what is promised and what pickers come for left alone."""
        require(transfer.status in {"planned", "dispatched"}, "illegal_move")
        require(0 < quantity <= transfer.to_dispatch, "bad_quantity")
        row = transfer.product, transfer.source
        require(self.available(row) >= quantity, "not_enough_stock")
        road = self.standard(transfer.target, "transit")
        left = quantity
        for place, free in self.free_bins(row):
            self.put(transfer.product, place, road, min(free, left))
            left -= min(free, left)
        require(not left, "not_enough_stock")
        transfer.dispatched += quantity
        transfer.status = "dispatched"

    def receive_transfer(self, transfer: Transfer, quantity: int) -> None:
        self.off_the_road(transfer, quantity, self.standard(transfer.target, "receiving"))
        transfer.received += quantity
        transfer.come_to_its_end()

    def take_back_transfer(self, transfer: Transfer, quantity: int) -> None:
        self.off_the_road(transfer, quantity, self.standard(transfer.source, "receiving"))
        transfer.dispatched -= quantity
        transfer.cancelled += quantity
        transfer.come_to_its_end()

    def lose_on_the_road(self, transfer: Transfer, quantity: int) -> None:
        self.off_the_road(transfer, quantity, None)
        transfer.lost += quantity
        transfer.come_to_its_end()

    def off_the_road(self, transfer: Transfer, quantity: int, goal: Place | None) -> None:
        require(transfer.status == "dispatched", "illegal_move")
        require(0 < quantity <= transfer.in_transit, "bad_quantity")
        self.put(transfer.product, self.standard(transfer.target, "transit"), goal, quantity)

    def cancel_transfer(self, transfer: Transfer) -> None:
        require(transfer.status in {"planned", "dispatched"}, "illegal_move")
        require(transfer.to_dispatch > 0, "bad_quantity")
        transfer.cancelled += transfer.to_dispatch
        transfer.come_to_its_end()

    def free_bins(self, row: Row) -> list[tuple[Place, int]]:
        raise NotImplementedError

    def finish_count(self, count: Count, found: int) -> None:
        require(not count.done and 0 <= found <= count.missing, "bad_quantity")
        suspect = self.standard(count.place.warehouse, "suspect")
        self.put(count.product, suspect, count.place, found)
        self.put(count.product, suspect, None, count.missing - found)
        count.done = True

    def purchase(self, warehouse: str, lines: list[tuple[str, int]]) -> None:
        require(all(quantity > 0 for _product, quantity in lines), "bad_quantity")
        self.purchases.append(Purchase(warehouse, [Expected(product, ordered) for product, ordered in lines]))

    def receive_purchase(self, purchase: Purchase, line: Expected, quantity: int) -> None:
        require(purchase.status == "open", "illegal_move")
        require(0 < quantity <= line.ordered - line.received, "bad_quantity")
        line.received += quantity
        so_far = sum(len(one.receipts) for one in self.purchases)
        purchase.receipts.append(Receipt(line, quantity, so_far))
        self.put(line.product, None, self.standard(purchase.warehouse, "receiving"), quantity)
        if all(each.ordered == each.received for each in purchase.lines):
            purchase.status = "received"

    def answer_purchase(self, purchase: Purchase, line: Expected, quantity: int, in_days: int) -> None:
        """The supplier says how much will come in all, and when the rest of it; a second answer replaces the first."""
        require(purchase.status == "open", "illegal_move")
        require(in_days >= 0, "bad_day")
        require(line.received <= quantity <= line.ordered, "bad_quantity")
        line.confirmed, line.confirmed_in = quantity, in_days

    def cancel_purchase(self, purchase: Purchase) -> None:
        require(purchase.status == "open", "illegal_move")
        purchase.status = "cancelled"
