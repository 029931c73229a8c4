"""The main job through our services, as a doorway calls them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from benchmarks.company import House
from benchmarks.work import WAREHOUSES, Lines
from fulfillment.models import PickTask, ShipmentLine
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from inventory.models import Warehouse
from orders.promising import Question
from orders.services.capturing import enter_order
from orders.services.confirming import confirm_order
from orders.services.issuing import issue_proforma
from orders.services.promising import availability
from orders.services.submitting import submit_order

Place = tuple[int, int]  # numbers of product and warehouse

FACTS = """
SELECT (SELECT count(*) FROM orders_order) AS orders, (SELECT sum(total) FROM orders_order) AS total,
  (SELECT count(*) FROM orders_order WHERE status = 'completed') AS completed,
  (SELECT count(*) FROM orders_orderline) AS lines, (SELECT sum(ordered) FROM orders_orderline) AS ordered,
  (SELECT sum(allocated) FROM inventory_stocklevel) AS reserved,
  (SELECT sum(on_hand) FROM inventory_stocklevel) AS on_hand,
  (SELECT sum(quantity) FROM inventory_binstock) AS in_bins,
  (SELECT sum(quantity) FROM fulfillment_picktask) AS to_pick,
  (SELECT sum(picked) FROM fulfillment_picktask) AS picked,
  (SELECT sum(quantity) FROM fulfillment_packageitem) AS packed,
  (SELECT count(*) FROM inventory_stockmovement) AS movements,
  (SELECT sum(quantity) FROM inventory_stockmovement) AS moved,
  (SELECT sum(l.open) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
   WHERE o.status IN ('confirmed', 'released')) AS waiting,
  (SELECT sum(due) FROM inventory_purchaseorderline) AS purchased
"""


@dataclass
class Ours:
    """Each method is one step."""

    house: House
    lines: Lines | None = None
    ids: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Decimal]:
        """Return what is in the house, to be compared with the limit's."""
        with connection.cursor() as cursor:
            cursor.execute(FACTS)
            row = cursor.fetchone()
            assert row
            names = [column.name for column in cursor.description]
        return {name: Decimal(value or 0) for name, value in zip(names, row, strict=True)}

    def steps(self, lines: Lines) -> dict[str, Callable[[], None]]:
        """Return the steps of one order's life, to be called in their order."""
        self.take(lines)
        return {
            "enter_order": self.enter,
            "submit_order": self.submit,
            "confirm_order": self.confirm,
            "release_order": self.release,
            "pick_order": self.pick,
            "pack_order": self.pack,
            "ship_order": self.ship,
        }

    def take(self, lines: Lines) -> None:
        self.ids = {"header": self.house.header(lines), "lines": self.house.lines(lines)}

    def enter(self) -> None:
        self.ids["order"] = enter_order(self.ids["header"], self.ids["lines"], by=self.house.user).pk

    def submit(self) -> None:
        submit_order(self.ids["order"], by=self.house.user)

    def confirm(self) -> None:
        confirm_order(self.ids["order"], by=self.house.user)

    def release(self) -> None:
        self.ids["shipment"] = release_order(self.ids["order"], by=self.house.user)[0].pk

    def pick(self) -> None:
        tasks = PickTask.objects.filter(shipment_line__shipment=self.ids["shipment"])
        pick(self.ids["shipment"], dict(tasks.values_list("pk", "quantity")), by=self.house.user)

    def pack(self) -> None:
        lines = ShipmentLine.objects.filter(shipment=self.ids["shipment"])
        pack(self.ids["shipment"], None, dict(lines.values_list("pk", "picked")), by=self.house.user)

    def ship(self) -> None:
        ship_shipment(self.ids["shipment"], by=self.house.user)

    def print(self) -> int:
        """Draw the order and keep it; return how many bytes it has."""
        return len(issue_proforma(self.ids["order"], by=self.house.user).content)

    def availability(self, lines: Lines) -> dict[Place, int]:
        """Return what is free now of each product in each warehouse, found beside what can be promised and when."""
        house = self.house
        ids = {house.products[number - 1]: number for number in lines.products}
        places = {pk: number for number, pk in enumerate(house.warehouses[:WAREHOUSES], start=1)}
        asked = [Question(pk, quantity) for pk, quantity in zip(ids, lines.quantities, strict=True)]
        answers = availability(asked, Warehouse.objects.filter(pk__in=places))
        return {
            (ids[answer.question.product_id], places[offer.site.id]): offer.stock.free
            for answer in answers
            for offer in answer.offers
        }
