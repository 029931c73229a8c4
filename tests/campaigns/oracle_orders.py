"""The oracle of orders and shipments: promises, picks and parcels, in plain Python."""

from collections import Counter
from dataclasses import dataclass, field

from tests.campaigns.oracle import PICKABLE, Count, Place, Row, Stock, require
from tests.campaigns.oracle_documents import (
    IN_THE_WAREHOUSE,
    IN_WORK,
    Line,
    Order,
    Parcel,
    Quote,
    Shipment,
    Task,
)
from tests.campaigns.oracle_queue import WaitingHouse


@dataclass(eq=False)
class House(WaitingHouse):
    """Stock, and everything that was promised of it."""

    quotes: list[Quote] = field(default_factory=list)
    confirmed: int = 0

    def enter(self, warehouse: str, lines: list[tuple[str, int]], wanted_in: int) -> None:
        require(all(quantity > 0 for _product, quantity in lines), "bad_quantity")
        entered = [Line(product, warehouse, quantity) for product, quantity in lines]
        self.orders.append(Order(entered, wanted_in=wanted_in))

    def confirm(self, order: Order) -> None:
        """First comes what was held for the order; then who waits already is served before it."""
        require(order.status == "submitted", "illegal_move")
        self.require_left(order)
        self.confirmed += 1
        order.status, order.rank = "confirmed", self.confirmed
        own = self.own_of(order)
        at_once = bool(own)
        for line in order.lines:
            mine = min(line.open, own[line.row])
            own[line.row] -= mine
            line.allocated += mine
        self.serve_one(order, at_once=at_once)
        may_not_wait = (line.open for line in order.lines if line.product in self.never_backordered)
        require(not any(may_not_wait), "not_enough_stock")

    def require_left(self, order: Order) -> None:
        """Whether agreements have left what the order's lines are priced by."""
        raise NotImplementedError

    def require_more(self, line: Line, more: int) -> None:
        raise NotImplementedError

    def own_of(self, order: Order) -> Counter[Row]:
        """What was held for the order, and is held no longer."""
        raise NotImplementedError

    def change(self, order: Order, line: Line, wanted: int) -> None:
        """Less gives up what waits, then what no shipment has; more waits for its turn among all who wait."""
        require(order.status in IN_WORK, "not_in_work")
        before, least = line.ordered - line.cancelled, line.promised - line.allocated + line.shipped
        require(wanted == before or wanted >= least + order.released(line), "taken_already")
        require(wanted != before, "nothing_open")
        require(
            any(x.ordered > x.cancelled for x in order.lines if x is not line) or wanted > 0, "nothing_open"
        )
        self.require_more(line, wanted - before)
        line.ordered = line.cancelled + wanted
        line.allocated -= max(0, line.promised + line.shipped - wanted)
        self.serve_one(order)
        is_short = line.open and wanted > before and line.product in self.never_backordered
        require(not is_short, "not_enough_stock")
        if order.status == "released" and all(x.ordered == x.cancelled + x.shipped for x in order.lines):
            order.status = "completed"

    def cancel(self, order: Order) -> None:
        require(order.status in {"draft", "submitted", *IN_WORK}, "illegal_move")
        working = any(line.picked or line.packed or order.released(line) for line in order.lines)
        require(not working, "in_the_warehouse")
        for line in order.lines:
            line.allocated = 0
        ended = sum(line.open for line in order.lines)
        for line in order.lines:
            line.cancelled += line.open
        if not any(line.shipped for line in order.lines):
            order.status = "cancelled"
        else:
            require(ended > 0, "nothing_open")
            order.status = "completed"

    def cancel_released(self, order: Order) -> None:
        for shipment in order.shipments:
            if shipment.status in IN_THE_WAREHOUSE:
                self.void(shipment)
        self.cancel(order)

    def release(self, order: Order) -> None:
        require(order.status in IN_WORK, "illegal_move")
        parcels = [
            Parcel(line, line.allocated - order.released(line))
            for line in order.lines
            if line.allocated > order.released(line)
        ]
        require(bool(parcels), "nothing_to_release")
        shipment = Shipment(order, parcels)
        order.shipments.append(shipment)
        for parcel in parcels:
            require(self.plan(parcel, parcel.quantity) == parcel.quantity, "not_enough_stock")
        order.status = "released"

    def plan(self, parcel: Parcel, quantity: int, but: Place | None = None) -> int:
        """Ask pickers for so much from the bins as they walk, as far as no other task wants it; return how much."""
        planned = 0
        for place, free in self.free_bins(parcel.line.row):
            taken = min(free, quantity - planned)
            if place != but and taken > 0:
                parcel.tasks.append(Task(parcel, place, taken))
                planned += taken
        return planned

    def claimed(self, product: str) -> Counter[Place]:
        """What pickers come for, bin by bin: nobody else takes it."""
        wanted: Counter[Place] = Counter()
        for order in self.orders:
            for shipment in order.shipments:
                for task in shipment.tasks:
                    if task.status == "open" and task.line.line.product == product:
                        wanted[task.place] += task.left
        return wanted

    def put(self, product: str, source: Place | None, target: Place | None, quantity: int) -> None:
        if source is not None:
            there = self.bins[product, source] - self.claimed(product)[source]
            require(there >= quantity, "not_enough_stock")
        super().put(product, source, target, quantity)

    def free_bins(self, row: Row) -> list[tuple[Place, int]]:
        claimed = self.claimed(row[0])
        bins = [
            (place, quantity - claimed[place])
            for (product, place), quantity in self.bins.items()
            if (product, place.warehouse) == row and place.kind in PICKABLE
        ]
        return sorted((place, free) for place, free in bins if free > 0)

    def pick(self, shipment: Shipment, task: Task, quantity: int) -> None:
        require(shipment.status in {"planned", "picking"}, "illegal_move")
        require(task.status == "open" and 0 < quantity <= task.left, "bad_pick")
        self.take(shipment, task, quantity)
        if not task.left:
            task.status = "picked"

    def take(self, shipment: Shipment, task: Task, quantity: int) -> None:
        line = task.line.line
        Stock.put(self, line.product, task.place, self.standard(line.warehouse, "staging"), quantity)
        task.picked += quantity
        task.line.picked += quantity
        line.allocated -= quantity
        line.picked += quantity
        shipment.status = "picking"

    def short_pick(self, shipment: Shipment, task: Task, taken: int) -> None:
        """What is missing becomes suspect and is counted; free stock in other bins is asked for instead."""
        require(shipment.status in {"planned", "picking"}, "illegal_move")
        require(task.status == "open" and 0 <= taken < task.left, "bad_pick")
        missing, line = task.left - taken, task.line.line
        self.take(shipment, task, taken)
        task.status = "short"
        line.allocated -= missing
        task.line.cancelled += missing
        self.put(line.product, task.place, self.standard(line.warehouse, "suspect"), missing)
        self.counts.append(Count(line.product, task.place, missing))
        found = self.plan(task.line, min(missing, self.free(line.row)), but=task.place)
        line.allocated += found
        task.line.cancelled -= found
        self.pack_if_done(shipment)

    def pack(self, shipment: Shipment, parcel: Parcel, quantity: int) -> None:
        require(shipment.status == "picking", "illegal_move")
        require(0 < quantity <= parcel.picked - parcel.packed, "bad_packing")
        shipment.cartons[max(shipment.cartons, default=0) + 1] = Counter({parcel.pk: quantity})
        parcel.packed += quantity
        parcel.line.picked -= quantity
        parcel.line.packed += quantity
        self.pack_if_done(shipment)

    def unpack(self, shipment: Shipment, number: int, parcel: Parcel, quantity: int) -> None:
        """What was packed is picked and waits to be packed again; an empty carton is gone."""
        require(shipment.status in {"picking", "packed"}, "illegal_move")
        require(number in shipment.cartons, "bad_packing")
        require(0 < quantity <= shipment.cartons[number][parcel.pk], "bad_packing")
        shipment.cartons[number][parcel.pk] -= quantity
        if not shipment.cartons[number].total():
            del shipment.cartons[number]
        parcel.packed -= quantity
        parcel.line.packed -= quantity
        parcel.line.picked += quantity
        shipment.status = "picking"

    def pack_if_done(self, shipment: Shipment) -> None:
        if not any(parcel.to_pick or parcel.picked - parcel.packed for parcel in shipment.parcels):
            shipment.status = "packed" if any(parcel.packed for parcel in shipment.parcels) else "void"

    def ship(self, shipment: Shipment) -> None:
        require(shipment.status == "packed", "illegal_move")
        for parcel in shipment.parcels:
            line = parcel.line
            self.put(line.product, self.standard(line.warehouse, "staging"), None, parcel.packed)
            line.packed -= parcel.packed
            line.shipped += parcel.packed
        shipment.status, order = "shipped", shipment.order
        if order.status == "released" and all(x.ordered == x.cancelled + x.shipped for x in order.lines):
            order.status = "completed"

    def hand_over(self, shipment: Shipment) -> None:
        require(shipment.status == "shipped", "illegal_move")
        shipment.handed_over = True

    def void(self, shipment: Shipment) -> None:
        """Everything lies in its bins again and stays promised to the order."""
        require(shipment.status in {*IN_THE_WAREHOUSE, "shipped"}, "illegal_move")
        require(not shipment.handed_over, "handed_over")
        for parcel in shipment.parcels:
            line = parcel.line
            if shipment.status == "shipped":
                self.put(line.product, None, self.standard(line.warehouse, "staging"), parcel.packed)
                line.shipped -= parcel.packed
                line.packed += parcel.packed
            line.packed -= parcel.packed
            line.picked -= parcel.picked - parcel.packed
            line.allocated += parcel.picked
            parcel.cancelled, parcel.picked, parcel.packed = parcel.quantity, 0, 0
        for task in shipment.tasks:
            line = task.line.line
            self.put(line.product, self.standard(line.warehouse, "staging"), task.place, task.picked)
            task.status = task.status if task.status == "short" else "cancelled"
        order = shipment.order
        if shipment.status == "shipped" and order.status == "completed":
            order.status = "released"
        shipment.status = "void"
