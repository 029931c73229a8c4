"""Histories of orders and shipments, on top of those of stock: what is promised, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fulfillment.services.packing import pack, unpack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.status import ShortReason
from inventory.models import Warehouse
from orders.models import Order as Rows
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from tests.builders import in_days
from tests.campaigns.oracle_documents import IN_THE_WAREHOUSE, Line, Order, Shipment
from tests.campaigns.stock_histories import (
    NTH,
    MovingHistories,
    any_one,
    chosen,
    is_,
    is_open,
    is_packed,
    is_unpacked,
    quantities,
    there_is,
    wanted,
    warehouses,
)

wanted_in = st.sampled_from([0, 0, 0, 3, 20, 20])  # days


class OrderHistories(MovingHistories):
    """What is promised, and given back."""

    @rule(warehouse=warehouses, lines=wanted, day=wanted_in)
    def enter(self, warehouse: str, lines: list[tuple[str, int]], day: int) -> None:
        here = self.start
        place = here.warehouses[warehouse].pk
        header = Header(here.customer.pk, warehouse_id=place, requested_on=in_days(day))
        typed = [LineInput(here.unit(product), quantity) for product, quantity in lines]
        entered = self.both(
            lambda: submit_order(enter_order(header, typed, by=None).pk, by=None),
            lambda: self.house.enter(warehouse, lines, day),
        )
        if entered is not None:
            self.orders[-1].pk = entered.pk
        self.agree()

    def step(self, n: int, likely: str, service: Callable[..., Any], oracle: Callable[[Order], None]) -> None:
        order = chosen(self.orders, n, is_(likely))
        self.both(lambda: service(order.pk, by=None), lambda: oracle(order))
        self.agree()

    @there_is("orders")
    @rule(n=any_one)
    def confirm(self, n: int) -> None:
        self.step(n, "submitted", confirm_order, self.house.confirm)

    @there_is("orders")
    @rule(n=any_one)
    def cancel(self, n: int) -> None:
        self.step(n, "confirmed", cancel_order, self.house.cancel)

    @there_is("orders")
    @rule(n=any_one)
    def cancel_released(self, n: int) -> None:
        self.step(n, "released", cancel_released_order, self.house.cancel_released)

    @there_is("orders")
    @rule(n=any_one, place=st.integers(0, 1), wanted=st.integers(0, 6))
    def change(self, n: int, place: int, wanted: int) -> None:
        """Somebody wants more or less of a line of an order, as it stands."""
        order = chosen(self.orders, n, is_("confirmed"))
        self.change_line(order, order.lines[place % len(order.lines)], wanted)

    def change_line(self, order: Order, line: Line, wanted: int) -> None:
        seen = Rows.objects.get(pk=order.pk)
        row = seen.lines.order_by("position")[order.lines.index(line)]
        wish = OrderChange(seen.revision, {row.pk: wanted})
        self.both(
            lambda: change_order(order.pk, wish, by=self.start.clerk),
            lambda: self.house.change(order, line, wanted),
        )
        self.agree()

    @rule(warehouse=warehouses, days=st.sampled_from([2, 7, 30, None]))
    def set_horizon(self, warehouse: str, days: int | None) -> None:
        """The house sets stock aside sooner or later: what was due later may be due, and the other way round."""
        place = self.start.warehouses[warehouse].pk
        Warehouse.objects.filter(pk=place).update(allocation_horizon_days=days)
        self.house.set_horizon(warehouse, days)
        self.agree()

    @precondition(lambda self: any(line.open for line in self.house.lines()))
    @rule()
    def serve(self) -> None:
        self.both(serve_backorders, self.house.serve)
        self.agree()


class ShipmentHistories(OrderHistories):
    """What the warehouse does with it."""

    @there_is("orders")
    @rule(n=any_one)
    def release(self, n: int) -> None:
        order = chosen(self.orders, n, is_("confirmed"))
        released = self.both(lambda: release_order(order.pk, by=None), lambda: self.house.release(order))
        if released is not None:
            shipment = order.shipments[-1]
            shipment.pk = released[0].pk
            for parcel, row in zip(shipment.parcels, released[0].lines.order_by("pk"), strict=True):
                parcel.pk = row.pk
        self.agree()

    @there_is("tasks")
    @rule(n=any_one, quantity=quantities)
    def pick(self, n: int, quantity: int) -> None:
        shipment, task = chosen(self.tasks, n, is_open)
        self.both(
            lambda: pick(shipment.pk, {task.pk: quantity}, by=None),
            lambda: self.house.pick(shipment, task, quantity),
        )
        self.agree()

    @there_is("tasks")
    @rule(n=any_one)
    def pick_all(self, n: int) -> None:
        self.pick(n, chosen(self.tasks, n, is_open)[1].left)

    @there_is("tasks")
    @rule(n=any_one, taken=st.integers(0, 4))
    def short_pick(self, n: int, taken: int) -> None:
        shipment, task = chosen(self.tasks, n, is_open)
        self.both(
            lambda: short_pick(task.pk, taken, ShortReason.NOT_FOUND, by=None),
            lambda: self.house.short_pick(shipment, task, taken),
        )
        self.agree()

    @there_is("parcels")
    @rule(n=any_one, quantity=quantities)
    def pack(self, n: int, quantity: int) -> None:
        shipment, parcel = chosen(self.parcels, n, is_unpacked)
        self.both(
            lambda: pack(shipment.pk, None, {parcel.pk: quantity}, by=None),
            lambda: self.house.pack(shipment, parcel, quantity),
        )
        self.agree()

    @there_is("parcels")
    @rule(n=any_one)
    def pack_all(self, n: int) -> None:
        parcel = chosen(self.parcels, n, is_unpacked)[1]
        self.pack(n, parcel.picked - parcel.packed)

    @there_is("parcels")
    @rule(n=any_one, number=st.sampled_from([1, 1, 1, 2, 3]), quantity=quantities)
    def unpack(self, n: int, number: int, quantity: int) -> None:
        shipment, parcel = chosen(self.parcels, n, is_packed)
        self.both(
            lambda: unpack(shipment.pk, number, {parcel.pk: quantity}, by=None),
            lambda: self.house.unpack(shipment, number, parcel, quantity),
        )
        self.agree()

    def work(
        self, n: int, likely: str, service: Callable[..., Any], oracle: Callable[[Shipment], None]
    ) -> None:
        shipment = chosen(self.shipments, n, is_(likely))
        self.both(lambda: service(shipment.pk, by=None), lambda: oracle(shipment))
        self.agree()

    @there_is("shipments")
    @rule(n=any_one)
    def ship(self, n: int) -> None:
        self.work(n, "packed", ship_shipment, self.house.ship)

    @there_is("shipments")
    @rule(n=any_one)
    def hand_over(self, n: int) -> None:
        self.work(n, "shipped", hand_over, self.house.hand_over)

    @there_is("shipments")
    @rule(n=any_one)
    def void(self, n: int) -> None:
        self.work(n, "shipped", void_shipment, self.house.void)

    @there_is("orders")
    @rule(n=any_one)
    def go_on(self, n: int) -> None:
        """Take the order one step nearer to its customer, so that histories reach the door."""
        order = chosen(self.orders, n)
        at = NTH * self.orders.index(order)
        todo = [shipment for shipment in order.shipments if shipment.status in IN_THE_WAREHOUSE]
        if order.status == "submitted":
            self.confirm(at)
        elif todo:
            self.go_on_with(todo[0])
        else:
            self.release(at)

    def go_on_with(self, shipment: Shipment) -> None:
        open_ = [task for task in shipment.tasks if task.status == "open"]
        unpacked = [parcel for parcel in shipment.parcels if parcel.picked > parcel.packed]
        if open_:
            self.pick(NTH * self.tasks.index((shipment, open_[0])), open_[0].left)
        elif unpacked:
            self.pack_all(NTH * self.parcels.index((shipment, unpacked[0])))
        else:
            self.ship(NTH * self.shipments.index(shipment))

    @there_is("orders")
    @rule(n=any_one)
    def go_on_twice(self, n: int) -> None:
        self.go_on(n)
        self.go_on(n)
