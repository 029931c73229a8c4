"""The main job through our services, as a doorway calls them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from customers.models import Address, Customer, PaymentTerms, PriceList, PriceListAssignment, PriceRule
from fulfillment.models import PickTask, ShipmentLine
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from inventory.models import Location, Product, ProductUnit, Warehouse
from inventory.services.moving import Cause, receive_stock
from inventory.status import LocationKind
from oms.models import Company, Currency, User
from oms.sets import insert_rows
from orders.models import ApprovalRule
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from orders.status import RuleFact

BREAKS = ((1, Decimal("0.95")), (10, Decimal("0.9")), (100, Decimal("0.8")))
ON_HAND = 1_000_000


@dataclass
class Ours:
    """A company with products, prices, stock, a customer and a rule that does not ask."""

    units: list[int] = field(default_factory=list)
    customer: Any = None
    user: Any = None
    ids: dict[str, Any] = field(default_factory=dict)

    def fill(self, products: int) -> None:
        euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
        Company.objects.create(name="Bench", currency=euro)
        warehouse = Warehouse.objects.create(code="MAIN", name="Main")
        place = Location.objects.create(warehouse=warehouse, code="A-1", kind=LocationKind.PICK)
        ids = self._catalogue(products, euro)
        receive_stock(dict.fromkeys(ids, ON_HAND), place, Cause("OPENING", None))
        terms = PaymentTerms.objects.create(code="30", name="30 days", days=30)
        self.customer = Customer.objects.create(
            code="C1", name="Customer", currency=euro, payment_terms=terms, warehouse=warehouse
        )
        Address.objects.create(
            customer=self.customer, name="Customer", street="Street 1", city="City", country="DE"
        )
        self.user = User.objects.create_superuser("bench", password=None)
        ApprovalRule.objects.create(
            name="very large",
            fact=RuleFact.TOTAL_ABOVE,
            threshold=10**12,
            approvers=Group.objects.create(name="managers"),
        )

    def _catalogue(self, products: int, euro: Currency) -> list[int]:
        skus = [f"P{n}" for n in range(products)]
        ids = insert_rows(
            Product,
            {"sku": skus, "name": skus},
            status="active",
            cost=1,
            weight_grams=0,
            backorder_allowed=True,
        )
        same = {
            "code": "C62",
            "name": "piece",
            "numerator": 1,
            "denominator": 1,
            "multiple": 1,
            "is_default": True,
        }
        self.units = insert_rows(ProductUnit, {"product_id": ids}, **same)
        prices = PriceList.objects.create(code="BASE", name="Base", currency=euro)
        PriceListAssignment.objects.create(price_list=prices)
        for quantity, factor in BREAKS:
            insert_rows(
                PriceRule,
                {
                    "product_id": ids,
                    "unit_id": self.units,
                    "price": [(10 + n % 90) * factor for n in range(products)],
                },
                price_list=prices,
                min_quantity=quantity,
                valid_from=date(2020, 1, 1),
            )
        return ids

    def steps(self, products: list[int], quantities: list[int]) -> dict[str, Callable[[], None]]:
        """Return the steps of one order's life, to be called in their order."""
        self.ids = {
            "lines": [LineInput(self.units[p - 1], q) for p, q in zip(products, quantities, strict=True)],
        }
        return {
            "enter_order": self.enter,
            "confirm_order": self.confirm,
            "release_order": self.release,
            "pick_order": self.pick,
            "pack_order": self.pack,
            "ship_order": self.ship,
        }

    def enter(self) -> None:
        self.ids["order"] = enter_order(Header(self.customer.pk), self.ids["lines"], by=self.user).pk

    def confirm(self) -> None:
        """Submit and confirm: the limit knows only the second."""
        submit_order(self.ids["order"], by=self.user)
        confirm_order(self.ids["order"], by=self.user)

    def release(self) -> None:
        self.ids["shipment"] = release_order(self.ids["order"], by=self.user)[0].pk

    def pick(self) -> None:
        tasks = PickTask.objects.filter(shipment_line__shipment=self.ids["shipment"])
        pick(self.ids["shipment"], dict(tasks.values_list("pk", "quantity")), by=self.user)

    def pack(self) -> None:
        lines = ShipmentLine.objects.filter(shipment=self.ids["shipment"])
        pack(self.ids["shipment"], None, dict(lines.values_list("pk", "picked")), by=self.user)

    def ship(self) -> None:
        ship_shipment(self.ids["shipment"], by=self.user)
