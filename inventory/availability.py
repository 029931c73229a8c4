"""What is there of products in warehouses, and what is on its way: one question each, for any number of rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Value

from inventory.models import PurchaseOrderLine, ReorderPolicy, StockLevel, SupplierProduct, TransferLine
from inventory.status import ProductStatus

Place = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Level:
    """Sellable stock of a product in a warehouse: what of it is promised, kept for other channels, held by quotes."""

    on_hand: int = 0
    allocated: int = 0
    channel_buffer: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return max(0, self.on_hand - self.allocated - self.channel_buffer - self.held)


@dataclass(frozen=True, slots=True)
class Inbound:
    """So many base units should reach the dock of the warehouse on a day; once it has passed, `delay` days from now."""

    place: Place
    on: date
    quantity: int
    document: str
    delay: int = 0

    def docks_on(self, today: date) -> date:
        """Return the day on which the goods should be at the dock, never one that has passed."""
        return self.on if self.on >= today else today + timedelta(days=self.delay)


def levels_of(products: Collection[int], warehouses: Collection[int]) -> dict[Place, Level]:
    """Return the stock levels there are."""
    rows = StockLevel.objects.filter(product__any_of=products, warehouse__any_of=warehouses).order_by()
    columns = rows.values_list("product_id", "warehouse_id", "on_hand", "allocated", "channel_buffer", "held")
    return {(product, warehouse): Level(*numbers) for product, warehouse, *numbers in columns}


def supply_rows(products: Collection[int], warehouses: Collection[int]) -> list[Inbound]:
    """Return what is on its way to the docks, soonest first: what suppliers have confirmed, and transfers.

    One statement.
    """
    purchased: QuerySet[Any, Any] = PurchaseOrderLine.objects.supply().filter(
        product__any_of=products, purchase_order__warehouse__any_of=warehouses
    )
    transferred = TransferLine.objects.filter(product__any_of=products, transfer__target__any_of=warehouses)
    place, number = "purchase_order__warehouse_id", "purchase_order__number"
    rows = (
        purchased.order_by()
        .values_list("confirmed_on", number, "product_id", place, "coming", "delay")
        .union(_supplied(transferred.supply()), all=True)
    )
    return [
        Inbound((product, warehouse), on, quantity, document, delay)
        for on, document, product, warehouse, quantity, delay in sorted(rows)
    ]


def _supplied(lines: QuerySet[TransferLine, Any]) -> QuerySet[TransferLine, Any]:
    """Return what transfers bring in the columns of purchases; nobody has learned of their delays."""
    place, day = "transfer__target_id", "transfer__arrive_on"
    return lines.order_by().values_list(day, "transfer__number", "product_id", place, "due", Value(0))


def transfers_leaving(
    products: Collection[int], warehouses: Collection[int]
) -> Iterator[tuple[Place, date, int]]:
    """Yield what transfers will still take away: from where, on which day, how many base units."""
    lines = TransferLine.objects.filter(product__any_of=products, transfer__source__any_of=warehouses)
    for product, warehouse, quantity, on in lines.demand():
        yield (product, warehouse), on, quantity


def protected_stock(products: Collection[int], warehouses: Collection[int]) -> dict[Place, int]:
    """Return the safety stock that no promise may touch, where there is any."""
    kept = ReorderPolicy.objects.filter(
        product__any_of=products, warehouse__any_of=warehouses, protected__gt=0
    ).order_by()
    columns = kept.values_list("product_id", "warehouse_id", "protected")
    return {(product, warehouse): protected for product, warehouse, protected in columns}


def lead_times(products: Collection[int]) -> dict[int, int]:
    """Return the days until active products can be bought anew, from the supplier whom restocking asks first."""
    offers = SupplierProduct.objects.filter(product__any_of=products, product__status=ProductStatus.ACTIVE)
    first = offers.order_by("product_id", "cost", "pk").distinct("product_id")
    return dict(first.values_list("product_id", "lead_time_days"))
