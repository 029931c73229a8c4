"""The documents of the oracle: orders with their lines, shipments with their parcels, quotes."""

from collections import Counter
from dataclasses import dataclass, field

from tests.campaigns.oracle import Place, Row

IN_WORK = {"confirmed", "released"}
IN_THE_WAREHOUSE = {"planned", "picking", "packed"}


@dataclass(eq=False)
class Line:
    product: str
    warehouse: str
    ordered: int
    leaves_in: int | None = None  # days, as it was promised
    cancelled: int = 0
    allocated: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    agreed: bool = False  # priced by an agreement

    @property
    def wanted(self) -> int:
        return self.ordered - self.cancelled

    @property
    def row(self) -> Row:
        return self.product, self.warehouse

    @property
    def promised(self) -> int:
        return self.allocated + self.picked + self.packed

    @property
    def open(self) -> int:
        return self.wanted - self.promised - self.shipped


@dataclass(eq=False)
class Task:
    line: "Parcel"
    place: Place
    quantity: int
    picked: int = 0
    status: str = "open"
    pk: int = 0

    @property
    def left(self) -> int:
        return self.quantity - self.picked


@dataclass(eq=False)
class Parcel:
    """A shipment's line: so much of an order line."""

    line: Line
    quantity: int
    cancelled: int = 0
    picked: int = 0
    packed: int = 0
    tasks: list[Task] = field(default_factory=list)
    pk: int = 0

    @property
    def to_pick(self) -> int:
        return self.quantity - self.cancelled - self.picked


@dataclass(eq=False)
class Shipment:
    order: "Order"
    parcels: list[Parcel]
    status: str = "planned"
    handed_over: bool = False
    cartons: dict[int, Counter[int]] = field(default_factory=dict)  # by number: of which parcel how many
    pk: int = 0

    @property
    def tasks(self) -> list[Task]:
        return [task for parcel in self.parcels for task in parcel.tasks]


@dataclass(eq=False)
class Quote:
    """What a customer was offered, and of each line how much is held for them."""

    warehouse: str
    lines: list[tuple[str, int]]
    until: int  # days from today, the last of the holds
    holds: list[int]
    status: str = "sent"
    pk: int = 0

    def let_go(self) -> None:
        self.holds = [0] * len(self.lines)


@dataclass(eq=False)
class Order:
    lines: list[Line]
    status: str = "submitted"
    rank: int = 0
    wanted_in: int = 0  # days
    promised_in: int | None = None  # days until the first of it leaves
    shipments: list[Shipment] = field(default_factory=list)
    goes_elsewhere: bool = False
    called_off: bool = False
    quote: Quote | None = None
    pk: int = 0

    @property
    def leaves_in(self) -> int:
        return self.wanted_in if self.promised_in is None else self.promised_in

    def draws_of(self, line: Line) -> int:
        """What a line has drawn from an agreement: since it was confirmed, all that is wanted of it."""
        return line.wanted if line.agreed and self.rank else 0

    def released(self, line: Line) -> int:
        """What shipments have still to pick of a line."""
        return sum(p.to_pick for s in self.shipments for p in s.parcels if p.line is line)
