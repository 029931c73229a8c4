"""The same step for many orders: each in its own transaction, done and refused told apart."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.contention import again_after_ties
from oms.errors import Refused
from oms.text import clean
from orders.emails import told_when_cancelled
from orders.forms import ReasonForm
from orders.services.cancelling import why_not_cancelled
from orders.views.kinds import StaffRequest

MOST = 200
MOST_TOLD = 20


def each(request: StaffRequest, orders: QuerySet[Any], act: Callable[[int], Any]) -> None:
    """Take a step with each order and say which ones it was done to, and why not to the others."""
    chosen = list(orders.order_by("pk").values_list("pk", "number")[: MOST + 1])
    if len(chosen) > MOST:
        messages.error(request, _("Choose at most %(most)s orders at once.") % {"most": MOST})
        return
    done, refused = [], []
    for pk, number in chosen:
        try:
            done.append(again_after_ties(partial(act, pk)))
        except Refused as refusal:
            refused.append((number, str(refusal)))
    _tell_done(request, done)
    _tell_refused(request, refused)


def _tell_done(request: StaffRequest, done: list[Any]) -> None:
    by_status: dict[str, list[str]] = {}
    for order in done:
        by_status.setdefault(order.get_status_display(), []).append(order.number)
    for status, numbers in by_status.items():
        text = ngettext(
            "%(n)s order is %(status)s: %(numbers)s", "%(n)s orders are %(status)s: %(numbers)s", len(numbers)
        )
        messages.success(
            request, text % {"n": len(numbers), "status": status, "numbers": ", ".join(numbers[:MOST_TOLD])}
        )


def _tell_refused(request: StaffRequest, refused: list[tuple[str, str]]) -> None:
    for number, reason in refused[:MOST_TOLD]:
        messages.error(request, reason if number in reason else f"{number}: {reason}")
    if len(refused) > MOST_TOLD:
        messages.error(request, _("%(n)s more were refused.") % {"n": len(refused) - MOST_TOLD})


def confirmed_reason(request: StaffRequest) -> str | None:
    """Return the reason given on the page that asks, or None when it was not asked yet."""
    form = ReasonForm(request.POST)
    if request.POST.get("sure") != "yes" or not form.is_valid():
        return None
    return clean(form.cleaned_data["reason"])


def ask(request: StaffRequest, orders: QuerySet[Any], context: dict[str, Any]) -> HttpResponse:
    """Ask whether these orders are really to be cancelled, and why."""
    chosen = list(orders.select_related("customer").order_by("pk")[: MOST + 1])
    told, refused = told_when_cancelled(chosen, request.user), why_not_cancelled(chosen)
    context |= {
        "title": _("Cancel orders"),
        "orders": [(order, refused.get(order.pk, told[order.pk]), order.pk in refused) for order in chosen],
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": "cancel",
        "form": ReasonForm(),
        "too_many": len(chosen) > MOST,
        "most": MOST,
    }
    return TemplateResponse(request, "admin/orders/cancel_selected.html", context)
