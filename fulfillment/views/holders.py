"""Who holds a product's stock: the orders it is promised to, and the quotes it is kept for."""

from typing import Any

from django.db.models import F, Sum

from inventory.models import Product
from inventory.views.product_stock import PANELS, Panel
from oms.models import User
from orders.models import Allocation, Order, StockHold

MOST_LISTED = 50


def holders(user: User, product: Product) -> Panel:
    """Return the panel with the promises of this product: by name for orders the person sees, as a sum for others."""
    held = Allocation.objects.filter(stock_level__product=product).annotate(
        held=F("allocated") + F("picked") + F("packed")
    )
    seen = held.filter(held__gt=0, line__order__in=Order.objects.visible_to(user))
    promises = list(
        seen.select_related("line__order__customer", "stock_level__warehouse").order_by(
            "line__order__requested_on", "pk"
        )[:MOST_LISTED]
    )
    total, visible = _sum(held), _sum(seen)
    more = visible - sum(promise.held for promise in promises)
    rows = {"promises": promises, "more": more, "others": total - visible, **_quotes(user, product)}
    return Panel("fulfillment/_holders.html", rows)


def _quotes(user: User, product: Product) -> dict[str, Any]:
    """Return the quotes that hold it: by name those the person sees, as a sum the others."""
    holds = StockHold.objects.open().filter(stock_level__product=product)
    seen = holds.visible_to(user).select_related("line__version__quote__customer", "stock_level__warehouse")
    named = list(seen.order_by("until", "pk")[:MOST_LISTED])
    total = holds.aggregate(n=Sum("quantity", default=0))["n"]
    return {"quotes": named, "other_quotes": total - sum(hold.quantity for hold in named)}


def _sum(held: Any) -> int:
    return int(held.aggregate(n=Sum("held", default=0))["n"])


PANELS.append(holders)
