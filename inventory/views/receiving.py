"""The dock: what is scanned is found among what is due, counted and received; a wrong receipt is taken back."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inventory.finding import Counted, base_unit, codes_of, counted_unit
from inventory.forms import DeliveryForm, ReasonForm, products_by_code
from inventory.models import BinStock, PurchaseOrder, PurchaseOrderLine, Receipt, Warehouse
from inventory.services.receiving import Delivery, receive_purchase_order, take_back_receipt
from inventory.status import PurchaseStatus
from inventory.units import read_counted
from inventory.views.pages import accepted, actor, page, require, require_works_in, told
from inventory.views.purchases import visible_purchase
from oms.errors import Refused
from oms.text import clean_code

MOST_LISTED = 100


@require_safe
def receiving(request: HttpRequest) -> HttpResponse:
    """What is due in the own warehouses; a scanned order opens, a scanned product opens the order it is due on."""
    require(request, "inventory.receive_stock")
    wanted = clean_code(request.GET.get("q", ""))[:80]
    orders = _due_here(request)
    if wanted:
        found = list(_asked_for(orders, wanted)[: MOST_LISTED + 1])
        if len(found) == 1:
            return redirect("admin:inventory_purchaseorder_receive", found[0].pk)
        if not found:
            said = _(
                "Nothing called “%(code)s” is due in your warehouses. Scan the order or one of its products."
            )
            messages.warning(request, said % {"code": wanted})
        orders = found or orders
    listed = list(orders[: MOST_LISTED + 1])
    context = {
        "orders": listed[:MOST_LISTED],
        "more": len(listed) > MOST_LISTED,
        "wanted": wanted if wanted and found else "",
        "to_put_away": BinStock.objects.to_put_away().filter(location__warehouse__in=_own(request)).count(),
    }
    return page(request, "inventory/receiving.html", PurchaseOrder, _("Receiving"), **context)


def _own(request: HttpRequest) -> Any:
    return Warehouse.objects.worked_by(actor(request))


def _due_here(request: HttpRequest) -> Any:
    orders: Any = PurchaseOrder.objects.visible_to(actor(request)).filter(
        status=PurchaseStatus.OPEN, warehouse__in=_own(request)
    )
    return orders.with_due().select_related("supplier", "warehouse").order_by("next_expected_on", "pk")


def _asked_for(orders: Any, code: str) -> Any:
    """The order with this number, else the orders on which the product with this SKU or GTIN is due."""
    if orders.filter(number=code.upper()).exists():
        return orders.filter(number=code.upper())
    product = products_by_code([code, code.upper()])
    due = PurchaseOrderLine.objects.due().filter(product__in=list(product.values()))
    return orders.filter(pk__in=due.values("purchase_order"))


@require_http_methods(["GET", "HEAD", "POST"])
def receive_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    order = visible_purchase(request, pk)
    require(request, "inventory.receive_stock")
    require_works_in(request, order.warehouse)
    form = DeliveryForm(request.POST or None)
    if request.method == "POST" and told(request, lambda: _received(request, order, form)):
        return redirect(_next(request, order))
    lines = list(_with_units(order).filter(due__gt=0).order_by("due_on", "pk"))
    counted = {line.product_id: Counted(line.unit, line.each) for line in lines}
    codes = codes_of({line.product_id: line.product.sku for line in lines}, counted)
    context = {
        "original": order,
        "form": form,
        "lines": [{"line": line, "came": request.POST.get(f"came-{line.pk}", "")} for line in lines],
        "device": {
            "lines": [_on_device(line, codes[line.product_id]) for line in lines],
            "key": f"oms.receive.{actor(request).pk}.{order.pk}",
            "received": order.lines.aggregate(all=Sum("received"))["all"] or 0,
        },
    }
    title = _("Receive %(order)s") % {"order": order}
    return page(request, "inventory/receive_purchase.html", PurchaseOrder, title, **context)


def _with_units(order: PurchaseOrder) -> Any:
    return order.lines.select_related("product").annotate(**counted_unit("product"))


def _on_device(line: Any, codes: dict[str, int]) -> dict[str, Any]:
    """A line as the scanner's script needs it: its id, what a scan of it may read, how much is due and may come."""
    amounts = {"due": line.due, "most": line.most, "each": line.each}
    return {"line": line.pk, "sku": line.product.sku, "codes": codes, **amounts}


def _next(request: HttpRequest, order: PurchaseOrder) -> str:
    """Where to go on: the rest of the order, else putting it away, else back to the dock."""
    if order.lines.filter(due__gt=0).exists():
        return reverse("admin:inventory_purchaseorder_receive", args=[order.pk])
    if actor(request).has_perm("inventory.move_stock") and actor(request).has_perm("inventory.view_binstock"):
        return reverse("admin:inventory_stocklevel_put_away")
    return reverse("admin:inventory_purchaseorder_receiving")


def _received(request: HttpRequest, order: PurchaseOrder, form: DeliveryForm) -> str:
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    came = _all_due(order) if "all" in request.POST else _quantities(request)
    if not came:
        raise Refused(_("Nothing was entered: type what came, or press “All as ordered”."))
    delivery = Delivery(form.cleaned_data["delivery_note"], form.cleaned_data["received_on"])
    receive_purchase_order(order.pk, came, by=actor(request), delivery=delivery)
    return ngettext("%(n)s line came for %(order)s.", "%(n)s lines came for %(order)s.", len(came)) % {
        "n": len(came),
        "order": order,
    }


def _all_due(order: PurchaseOrder) -> dict[int, int]:
    return dict(order.lines.filter(due__gt=0).values_list("pk", "due"))


def _quantities(request: HttpRequest) -> dict[int, int]:
    """Return what was typed per line id, in base units; raise Refused for what is no number."""
    came: dict[int, int] = {}
    for name, text in request.POST.items():
        if name.startswith("came-") and str(text).strip():
            line = name.removeprefix("came-")
            each = read_counted(request.POST.get(f"each-{line}", "1"), 1)
            came[read_counted(line, 1)] = read_counted(str(text), each)
    return {line: quantity for line, quantity in came.items() if quantity}


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    receipts = Receipt.objects.visible_to(actor(request)).select_related(
        "purchase_order__supplier", "purchase_order__warehouse"
    )
    receipt = get_object_or_404(receipts, pk=pk)
    require(request, "inventory.receive_stock")
    require_works_in(request, receipt.purchase_order.warehouse)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and accepted(
        request, form, lambda values: _taken_back(request, receipt, values)
    ):
        return redirect("admin:inventory_purchaseorder_change", receipt.purchase_order_id)
    context = {
        "original": receipt,
        "form": form,
        "errors": form.errors,
        "lines": receipt.lines.select_related("line__product").annotate(unit=base_unit("line__product")),
        "done": receipt.takes_back_id is not None or Receipt.objects.filter(takes_back=receipt).exists(),
    }
    title = _("Take back %(receipt)s") % {"receipt": receipt}
    return page(request, "inventory/take_back_receipt.html", Receipt, title, **context)


def _taken_back(request: HttpRequest, receipt: Receipt, values: Any) -> str:
    take_back_receipt(receipt.pk, by=actor(request), reason=values["reason"])
    return _("%(receipt)s is taken back.") % {"receipt": receipt}
