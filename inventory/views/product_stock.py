"""Where a product lies, what of it is free, what is on its way, and how it last moved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from inventory.finding import counted_unit
from inventory.models import (
    BinStock,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    StockLevel,
    StockMovement,
    Transfer,
    TransferLine,
)
from inventory.status import PurchaseStatus
from inventory.views.pages import actor, page, require
from oms.models import User

LAST = 30


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page that an app further right adds, because it knows what inventory does not."""

    template: str
    rows: Any


PANELS: list[Callable[[User, Product], Panel]] = []


@require_safe
def product_stock(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    product = get_object_or_404(Product.objects.visible_to(user).annotate(**counted_unit("pk")), pk=pk)
    require(request, "inventory.view_stocklevel")
    bins = BinStock.objects.visible_to(user).filter(product=product, quantity__gt=0)
    levels = list(
        StockLevel.objects.visible_to(user)
        .filter(product=product)
        .select_related("warehouse")
        .order_by("warehouse__code")
    )
    moves = StockMovement.objects.visible_to(user).filter(product=product).order_by("-pk")
    names = ("from_location__warehouse", "to_location__warehouse", "by")
    context = {
        "original": product,
        "levels": levels,
        "any_buffer": any(level.channel_buffer for level in levels),
        "any_held": any(level.held for level in levels),
        "bins": bins.select_related("location__warehouse").order_by(
            "location__warehouse__code", "location__walk_order", "location__code"
        ),
        "inbound": _inbound(user, product),
        "transfers": _transfers(user, product),
        "moves": moves.select_related(*names)[:LAST],
        "panels": [panel(user, product) for panel in PANELS],
        "scanning": "scan" in request.GET,
    }
    return page(request, "inventory/product_stock.html", Product, f"{product.sku} {product.name}", **context)


def _inbound(user: User, product: Product) -> Any:
    """What is due of the product on open purchase orders the person may see."""
    orders = PurchaseOrder.objects.visible_to(user).filter(status=PurchaseStatus.OPEN)
    lines = PurchaseOrderLine.objects.filter(product=product, due__gt=0, purchase_order__in=orders)
    return lines.select_related("purchase_order__warehouse", "purchase_order__supplier").order_by(
        "due_on", "pk"
    )


def _transfers(user: User, product: Product) -> Any:
    """What transfers the person may see will still bring, and what they will still take away."""
    seen = Transfer.objects.visible_to(user)
    lines = TransferLine.objects.filter(product=product, due__gt=0, transfer__in=seen)
    return lines.select_related("transfer__source", "transfer__target").order_by("transfer__arrive_on", "pk")
