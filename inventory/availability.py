"""What can be promised of a product in a warehouse now, and what is on its way there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Sum

from inventory.models import PurchaseOrderLine, StockLevel
from inventory.status import PurchaseStatus

Place = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Availability:
    """Base units of a product in a warehouse; `expected_on` is the day the first of `on_its_way` should come."""

    on_hand: int = 0
    allocated: int = 0
    on_its_way: int = 0
    expected_on: date | None = None

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated


def availability_of(products: Collection[int], warehouses: Collection[int]) -> dict[Place, Availability]:
    """Return the availability of each product in each warehouse, zeros included, in two statements."""
    levels = StockLevel.objects.filter(product__in=products, warehouse__in=warehouses)
    stock = {
        (product, warehouse): (on_hand, allocated)
        for product, warehouse, on_hand, allocated in levels.values_list(
            "product_id", "warehouse_id", "on_hand", "allocated"
        )
    }
    coming = _on_their_way(products, warehouses)
    return {
        place: Availability(*stock.get(place, (0, 0)), *coming.get(place, (0, None)))
        for place in ((product, warehouse) for product in products for warehouse in warehouses)
    }


def _on_their_way(products: Collection[int], warehouses: Collection[int]) -> dict[Place, tuple[int, date]]:
    lines = PurchaseOrderLine.objects.filter(
        product__in=products,
        purchase_order__warehouse__in=warehouses,
        purchase_order__status=PurchaseStatus.OPEN,
        due__gt=0,
    )
    rows = (
        lines.order_by()
        .values_list("product_id", "purchase_order__warehouse_id")
        .annotate(due=Sum("due"), expected_on=Min("due_on"))
    )
    return {(product, warehouse): (int(due), day) for product, warehouse, due, day in rows}
