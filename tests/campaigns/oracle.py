"""What the house should look like, told in plain Python: the oracle the histories are held against.

It knows no SQL, no locks and no triggers. A command either changes these few lists or raises `No` with the
code of the refusal that the services should give.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

SELLABLE = {"pick", "receiving", "staging"}
PICKABLE = {"pick", "receiving"}
KEPT_BY_WORK = {"staging", "suspect"}


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
    pk: int = 0


@dataclass
class Purchase:
    warehouse: str
    lines: list[Expected]
    status: str = "open"
    pk: int = 0


@dataclass
class Stock:
    """Bins, counts and purchases. What is promised is known to those who order: `allocated` is theirs."""

    bins: Counter[tuple[str, Place]] = field(default_factory=Counter)
    counts: list[Count] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)

    KINDS: ClassVar[dict[str, tuple[int, str]]] = {
        "receiving": (0, "RECEIVING"),
        "staging": (0, "STAGING"),
        "suspect": (0, "SUSPECT"),
    }

    def allocated(self, row: Row) -> int:
        raise NotImplementedError

    def on_hand(self, row: Row) -> int:
        return sum(
            quantity
            for (product, place), quantity in self.bins.items()
            if (product, place.warehouse) == row and place.kind in SELLABLE
        )

    def available(self, row: Row) -> int:
        return self.on_hand(row) - self.allocated(row)

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
        self.put(line.product, None, self.standard(purchase.warehouse, "receiving"), quantity)
        if all(each.ordered == each.received for each in purchase.lines):
            purchase.status = "received"

    def cancel_purchase(self, purchase: Purchase) -> None:
        require(purchase.status == "open", "illegal_move")
        purchase.status = "cancelled"
