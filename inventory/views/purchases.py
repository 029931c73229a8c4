"""Purchase orders are placed, shown and cancelled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.finding import counted_unit
from inventory.forms import ExpectedFormSet, PurchaseForm
from inventory.models import PurchaseOrder
from inventory.services.purchasing import (
    Expected,
    cancel_purchase_order,
    place_purchase_order,
)
from inventory.status import PurchaseStatus
from inventory.views.pages import accepted, actor, page, require, told
from inventory.views.product_stock import Panel
from oms.access import needs
from oms.company import business_day
from oms.models import User
from oms.numbers import read_whole

MORE_ROWS = 10
# Of apps further right: what else the page of a purchase shows, and what is said of those in a list, by their numbers.
PANELS: list[Callable[[User, PurchaseOrder], Panel | None]] = []
NOTES: list[Callable[[Sequence[PurchaseOrder]], Mapping[str, str]]] = []


@require_http_methods(["GET", "HEAD", "POST"])
def place_purchase(request: HttpRequest) -> HttpResponse:
    require(request, "inventory.add_purchaseorder")
    sent = request.POST if request.method == "POST" else None
    head = PurchaseForm(with_more_rows(sent), user=actor(request))
    rows = ExpectedFormSet(with_more_rows(sent), prefix="rows")
    placing = sent is not None and "more" not in sent
    if placing and rows.is_valid() and accepted(request, head, lambda values: _placed(request, values, rows)):
        return redirect("admin:inventory_purchaseorder_changelist")
    errors = placing and bool(head.errors or rows.total_error_count())
    context = {"head": head, "rows": rows, "errors": errors, "asked": sent is not None}
    return page(request, "inventory/place_purchase.html", PurchaseOrder, _("New purchase order"), **context)


def with_more_rows(sent: Any) -> Any:
    """Return what was sent, with more empty rows when the person asked for them."""
    if sent is None or "more" not in sent:
        return sent
    grown = sent.copy()
    try:
        grown["rows-TOTAL_FORMS"] = str(min(read_whole(sent.get("rows-TOTAL_FORMS", "")) + MORE_ROWS, 500))
    except ValueError:
        grown["rows-TOTAL_FORMS"] = str(MORE_ROWS)
    return grown


def _placed(request: HttpRequest, head: Mapping[str, Any], rows: Any) -> str:
    arrives = business_day() + timedelta(days=head["supplier"].lead_time_days)
    expected = [
        Expected(row["product"].pk, row["quantity"], row["expected_on"] or arrives)
        for row in (form.cleaned_data for form in rows.filled())
    ]
    order = place_purchase_order(
        head["supplier"], head["warehouse"], expected, by=actor(request), note=head["note"]
    )
    return _("%(order)s is placed with %(supplier)s.") % {"order": order, "supplier": head["supplier"]}


def lines_and_steps(request: HttpRequest, order: PurchaseOrder) -> dict[str, Any]:
    """What the page of a purchase order shows besides its fields."""
    lines = list(order.lines.select_related("product").annotate(**counted_unit("product")).order_by("pk"))
    buy = _blocked(request, order, "inventory.change_purchaseorder")
    receipts = order.receipts.visible_to(actor(request)).with_line_count()
    is_open, today = order.status == PurchaseStatus.OPEN, business_day()
    return {
        "lines": lines,
        "unanswered": sum(line.confirmed is None and line.due > 0 for line in lines),
        "late": sum(is_open and line.due > 0 and line.due_on < today for line in lines),
        "receipts": receipts.select_related("by", "takes_back", "taken_back_by"),
        "timeline": order.events.select_related("by"),
        "panels": [shown for panel in PANELS if (shown := panel(actor(request), order))],
        "receive_blocked": _blocked(request, order, "inventory.receive_stock"),
        "answer_blocked": buy,
        "cancel_blocked": buy,
    }


def _blocked(request: HttpRequest, order: PurchaseOrder, permission: str) -> str:
    """Return why a step is not open, nothing when it is."""
    allowed = actor(request).has_perm(permission)
    if order.status != PurchaseStatus.OPEN:
        return _("the order is %(status)s") % {"status": order.get_status_display()}
    return "" if allowed else needs(permission)


def visible_purchase(request: HttpRequest, pk: int) -> PurchaseOrder:
    """Return the order; raise Http404 when the person does not see it."""
    orders = PurchaseOrder.objects.visible_to(actor(request)).select_related("supplier", "warehouse")
    order: PurchaseOrder = get_object_or_404(orders, pk=pk)
    return order


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    order = visible_purchase(request, pk)
    require(request, "inventory.change_purchaseorder")
    if request.method == "POST" and told(request, lambda: _cancelled(request, order)):
        return redirect(reverse("admin:inventory_purchaseorder_change", args=[order.pk]))
    due = order.lines.filter(due__gt=0).count()
    title = _("Cancel %(order)s") % {"order": order}
    return page(request, "inventory/cancel_purchase.html", PurchaseOrder, title, original=order, due=due)


def _cancelled(request: HttpRequest, order: PurchaseOrder) -> str:
    cancel_purchase_order(order.pk, by=actor(request))
    return _("%(order)s is cancelled; nothing more is expected from it.") % {"order": order}
