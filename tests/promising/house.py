"""A house with a clock that stands still, and supply on its way to it."""

from datetime import UTC, date, datetime

from inventory.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierProduct
from orders.models import OrderLine
from orders.services.promise_ledger import Told, write_promises
from orders.status import PromiseCause

MONDAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # of that Monday


def june(n):
    return date(2026, 6, n)


def on_its_way(product, warehouse, quantity, day):
    """A purchase that the supplier has confirmed for the day."""
    line = ordered(product, warehouse, quantity, day)
    line.confirmed, line.confirmed_on, line.promised_on = quantity, day, day
    line.save(update_fields=["confirmed", "confirmed_on", "promised_on"])
    return line


def ordered(product, warehouse, quantity, day):
    """A purchase that nobody has confirmed."""
    supplier = Supplier.objects.get_or_create(code="HYDRA", defaults={"name": "Hydra"})[0]
    purchase = PurchaseOrder.objects.create(supplier=supplier, warehouse=warehouse)
    return PurchaseOrderLine.objects.create(
        purchase_order=purchase, product=product, ordered=quantity, expected_on=day
    )


def bought_within(product, days, cost="1", code="HYDRA"):
    supplier = Supplier.objects.get_or_create(code=code, defaults={"name": code})[0]
    return SupplierProduct.objects.create(supplier=supplier, product=product, cost=cost, lead_time_days=days)


def ships_on(order, day):
    """The order's lines are promised for the day; for none when it is None."""
    lines = OrderLine.objects.filter(order=order)
    told = [Told(line.pk, line.ordered, day, day) for line in lines]
    write_promises(order.pk, told, cause=PromiseCause.RENEWED, by=None)
