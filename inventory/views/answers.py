"""What a supplier says about an order is written down: quantities and days, or other days for a reason."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import PurchaseOrder
from inventory.services.suppliers_answers import Answer, confirm_purchase_order, redate_purchase_lines
from inventory.views.pages import actor, page, require, told
from inventory.views.purchases import visible_purchase
from oms.errors import Refused
from oms.numbers import read_whole
from oms.text import clean


@require_http_methods(["GET", "HEAD", "POST"])
def answer_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    order = visible_purchase(request, pk)
    require(request, "inventory.change_purchaseorder")
    if request.method == "POST" and told(request, lambda: _answered(request, order)):
        return redirect("admin:inventory_purchaseorder_change", order.pk)
    return _page(request, "inventory/answer_purchase.html", order, _("The supplier's answer to %(order)s"))


@require_http_methods(["GET", "HEAD", "POST"])
def redate_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    order = visible_purchase(request, pk)
    require(request, "inventory.change_purchaseorder")
    if request.method == "POST" and told(request, lambda: _redated(request, order)):
        return redirect("admin:inventory_purchaseorder_change", order.pk)
    return _page(request, "inventory/redate_purchase.html", order, _("Other days for %(order)s"))


def _page(request: HttpRequest, template: str, order: PurchaseOrder, title: str) -> HttpResponse:
    lines = [
        {
            "line": line,
            "quantity": request.POST.get(f"quantity-{line.pk}", _shown(line.confirmed)),
            "on": request.POST.get(f"on-{line.pk}", _shown(line.confirmed_on)),
            "asked": str(line.expected_on),
        }
        for line in order.lines.select_related("product").filter(due__gt=0).order_by("pk")
    ]
    context = {"original": order, "lines": lines, "reason": request.POST.get("reason", "")}
    return page(request, template, PurchaseOrder, title % {"order": order}, **context)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _answered(request: HttpRequest, order: PurchaseOrder) -> str:
    answers = _as_asked(order) if "all" in request.POST else _answers(request)
    confirm_purchase_order(
        order.pk, answers, by=actor(request), note=clean(request.POST.get("note", ""))[:200]
    )
    return _("%(count)s lines of %(order)s are confirmed.") % {"count": len(answers), "order": order}


def _as_asked(order: PurchaseOrder) -> dict[int, Answer]:
    """Every line that is due comes in full, on the day we asked for."""
    due = order.lines.filter(due__gt=0).values_list("pk", "ordered", "expected_on")
    return {pk: Answer(ordered, on) for pk, ordered, on in due}


def _answers(request: HttpRequest) -> dict[int, Answer]:
    """Return what was typed per line id; a line without a quantity was not answered."""
    quantities = {pk: _whole(text) for pk, text in _typed(request, "quantity-")}
    days = {pk: _day(text) for pk, text in _typed(request, "on-") if pk in quantities}
    if quantities.keys() - days.keys():
        raise Refused(_("A day is missing: say for every confirmed quantity when it comes."))
    return {pk: Answer(quantity, days[pk]) for pk, quantity in quantities.items()}


def _redated(request: HttpRequest, order: PurchaseOrder) -> str:
    days = {pk: _day(text) for pk, text in _typed(request, "on-")}
    before = dict(order.lines.values_list("pk", "due_on"))
    other = {pk: day for pk, day in days.items() if before.get(pk) != day}
    if not other:
        raise Refused(_("No day differs from what it was. Change the days that moved."))
    redate_purchase_lines(order.pk, other, by=actor(request), reason=clean(request.POST.get("reason", "")))
    return _("%(count)s lines of %(order)s come on other days.") % {"count": len(other), "order": order}


def _typed(request: HttpRequest, prefix: str) -> list[tuple[int, str]]:
    named = [(name, str(text).strip()) for name, text in request.POST.items() if name.startswith(prefix)]
    return [(_whole(name.removeprefix(prefix)), text) for name, text in named if text]


def _whole(text: str) -> int:
    try:
        return read_whole(text)
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as mistake:
        raise Refused(_("“%(text)s” is not a day like 2027-03-31.") % {"text": text[:40]}) from mistake
