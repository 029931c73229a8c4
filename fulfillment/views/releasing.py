"""Release: orders whose stock is promised go to the warehouse."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fulfillment.models import Shipment
from fulfillment.services.releasing import release_order
from inventory.views.pages import actor, page, refused_when_busy, require
from oms.contention import again_after_ties
from oms.errors import Refused
from oms.idempotency import Answer, fingerprint, once
from oms.numbers import read_whole
from oms.text import clean
from orders.masking import kept_back_for
from orders.models import Allocation, Order

MOST_LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
def release_page(request: HttpRequest) -> HttpResponse:
    require(request, "fulfillment.release_order")
    if request.method == "POST":
        return _release(request)
    ready = Order.objects.visible_to(actor(request)).ready_to_release().select_related("customer")
    orders = list(ready[: MOST_LISTED + 1])
    rows = _rows(orders[:MOST_LISTED])
    context = {"rows": rows, "more": len(orders) > MOST_LISTED}
    return page(request, "fulfillment/release.html", Shipment, _("Release to the warehouse"), **context)


def _rows(orders: list[Order]) -> list[dict[str, Any]]:
    """Return each order with how many of its lines can be released and from where, in one statement for all."""
    promised = (
        Allocation.objects.filter(line__order__in=[order.pk for order in orders], allocated__gt=F("released"))
        .order_by("stock_level__warehouse__code")
        .values_list("line__order_id", "stock_level__warehouse__code")
        .annotate(lines=Count("line", distinct=True))
    )
    parts: dict[int, list[Any]] = {order.pk: [] for order in orders}
    for order_id, code, lines in promised:
        parts[order_id].append((code, lines))
    return [
        {
            "order": order,
            "sites": ", ".join(code for code, _lines in parts[order.pk]),
            "lines": sum(lines for _code, lines in parts[order.pk]),
        }
        for order in orders
    ]


def _release(request: HttpRequest) -> HttpResponse:
    """Release each chosen order in its own transaction, and tell which were and which were not."""
    orders = _chosen(request)
    if not orders:
        messages.warning(request, _("No order was chosen: tick the orders to release."))
    done: list[Any] = []
    for order in orders:
        try:
            with refused_when_busy():
                body = _released_once(request, order).body
        except Refused as refusal:
            messages.error(request, str(refusal))
            continue
        if "kept" in body:
            messages.error(request, body["kept"])
        else:
            done.append(body)
    _tell(request, done)
    return redirect(request.path)


def _released_once(request: HttpRequest, order: Order) -> Answer:
    """Release one order unless this form did so before; return its shipments as [id, number], or why it is `kept`."""

    def act() -> Answer:
        shipments = release_order(order.pk, by=actor(request))
        if not shipments:
            return Answer(200, {"kept": kept_back_for(actor(request), order)})
        return Answer(200, [[shipment.pk, shipment.number] for shipment in shipments])

    operation = clean(request.POST.get("operation", ""))[:150]
    if not operation:
        return again_after_ties(act)
    return once(actor(request), f"{operation} {order.pk}", fingerprint(order.pk), act)


def _chosen(request: HttpRequest) -> list[Order]:
    """Return the chosen orders; raise Http404 when one of them is not visible, and release nothing."""
    try:
        ids = {read_whole(text) for text in request.POST.getlist("order")[:MOST_LISTED]}
    except ValueError as mistake:
        raise Http404 from mistake
    orders = list(Order.objects.visible_to(actor(request)).filter(pk__in=ids).in_turn())
    if len(orders) != len(ids):
        raise Http404
    return orders


def _tell(request: HttpRequest, done: list[list[list[Any]]]) -> None:
    if not done:
        return
    made = [(reverse("admin:fulfillment_shipment_change", args=[pk]), n) for order in done for pk, n in order]
    links = format_html_join(", ", '<a class="wh-link" href="{}">{}</a>', made)
    text = ngettext("%(n)s order is released:", "%(n)s orders are released:", len(done)) % {"n": len(done)}
    messages.success(request, format_html("{} {}", text, links))
