"""One of many who work at once: random commands on hot products, each written down with what came of it."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, ship_shipment, void_shipment
from inventory.models import Location
from inventory.services import levels
from inventory.services.moving import Cause, adjust_stock, move_stock, receive_stock
from oms.contention import again_after_ties
from oms.errors import Refused
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order

MOST_LINES = 3


@dataclass(frozen=True)
class Field:
    """Where the crowd works: one customer, two bins, products with their unit."""

    customer: int
    warehouse: int
    bins: tuple[int, int]
    products: tuple[tuple[int, int], ...]


@dataclass
class Worker:
    """A person with a seed. `moved` is what they brought into the house and took out of it, by product."""

    field: Field
    dice: random.Random
    moved: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    history: list[tuple[str, str]] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    shipments: list[int] = field(default_factory=list)

    def work(self, commands: int) -> None:
        verbs: list[Callable[[], None]] = [
            self.order, self.order, self.order, self.cancel, self.release, self.pick, self.ship, self.void,
            self.receive, self.adjust, self.move, self.serve,
        ]  # fmt: skip
        for _command in range(commands):
            verb = self.dice.choice(verbs)
            try:
                verb()
            except Refused as refusal:
                self.refused[refusal.code] += 1
                self.history.append((verb.__name__, refusal.code))
            else:
                self.history.append((verb.__name__, "done"))

    def product(self) -> int:
        return self.dice.choice(self.field.products)[0]

    def order(self) -> None:
        chosen = [self.dice.choice(self.field.products) for _line in range(self.dice.randint(1, MOST_LINES))]
        lines = [LineInput(unit, self.dice.randint(1, 3)) for _product, unit in chosen]
        header = Header(self.field.customer, warehouse_id=self.field.warehouse)
        entered = enter_order(header, lines, by=None)
        submit_order(entered.pk, by=None)
        self.orders.append(again_after_ties(lambda: confirm_order(entered.pk, by=None)).pk)

    def cancel(self) -> None:
        if self.orders:
            cancel = self.dice.choice([cancel_order, cancel_released_order])
            cancel(self.dice.choice(self.orders), by=None)

    def release(self) -> None:
        if self.orders:
            shipments = release_order(self.dice.choice(self.orders[-5:]), by=None)
            self.shipments += [shipment.pk for shipment in shipments]

    def pick(self) -> None:
        """Pick and pack everything of a shipment, in one carton."""
        if not self.shipments:
            return
        shipment = Shipment.objects.get(pk=self.dice.choice(self.shipments[-5:]))
        tasks = PickTask.objects.open().filter(shipment_line__shipment=shipment)
        pick(shipment.pk, {task.pk: task.quantity - task.picked for task in tasks}, by=None)
        pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)

    def ship(self) -> None:
        if self.shipments:
            self._count(ship_shipment(self.dice.choice(self.shipments[-5:]), by=None), -1)

    def void(self) -> None:
        if not self.shipments:
            return
        pk = self.dice.choice(self.shipments[-5:])
        there = Shipment.objects.get(pk=pk)
        was, lines = (
            there.status,
            list(there.lines.values_list("allocation__stock_level__product_id", "packed")),
        )
        void_shipment(pk, by=None)
        if was == "shipped":
            for product, packed in lines:
                self.moved[product] += packed

    def _count(self, shipment: Shipment, sign: int) -> None:
        for product, packed in shipment.lines.values_list("allocation__stock_level__product_id", "packed"):
            self.moved[product] += sign * packed

    def receive(self) -> None:
        product, quantity = self.product(), self.dice.randint(1, 4)
        receive_stock({product: quantity}, self._bin(), Cause("CROWD", None))
        self.moved[product] += quantity

    def adjust(self) -> None:
        product, quantity = self.product(), self.dice.randint(1, 3)
        adjust_stock(product, self._bin(), -quantity, Cause("CROWD", None))
        self.moved[product] -= quantity

    def move(self) -> None:
        source, target = self.dice.sample(self.field.bins, 2)
        ends = (Location.objects.get(pk=source), Location.objects.get(pk=target))
        move_stock({self.product(): self.dice.randint(1, 2)}, *ends, Cause("CROWD", None))

    def serve(self) -> None:
        again_after_ties(serve_backorders)

    def _bin(self) -> Location:
        return Location.objects.get(pk=self.dice.choice(self.field.bins))


def wander(place: Field, seed: int, commands: int, *, locked: bool = True) -> tuple[Any, ...]:
    """Work through so many random commands; return history, what was moved in and out, and own orders."""
    worker = Worker(place, random.Random(seed))
    lock = levels.LOCK if locked else levels.LOCK.replace("FOR NO KEY UPDATE OF s", "")
    with patch.object(levels, "LOCK", lock):
        worker.work(commands)
    return worker.history, worker.moved, worker.orders


def wander_unlocked(place: Field, seed: int, commands: int) -> tuple[Any, ...]:
    return wander(place, seed, commands, locked=False)
