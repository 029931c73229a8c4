"""The stock of an order: what it waits for and what would help, who holds it, and its shipping terms."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from inventory.models import Warehouse
from oms.company import business_day
from oms.errors import Refused
from oms.models import User
from oms.money import as_typed
from orders.allocation import Demand, Option, Taking, Way
from orders.forms import PriorityForm, ShippingTermsForm, SourceForm, TakeForm
from orders.models import Allocation, Order, OrderLine
from orders.services.allocating import serve_backorders
from orders.services.overriding import take_from, who_loses
from orders.services.queue import set_aside_later
from orders.services.shipping_terms import change_shipping_terms, set_priority, source_from
from orders.services.sourcing import find_options
from orders.status import IN_WORK
from orders.views.kinds import ORDERS, Kind, StaffRequest

MOST_HOLDERS = 50
MOST_SHORT = 100


def stock_page(request: StaffRequest, kind: Kind, number: str, context: dict[str, Any]) -> HttpResponse:
    """Show what the order waits for. The number of statements does not depend on its lines."""
    order, user = kind.find(request, number), request.user
    later = {one.demand.line_id: one for one in set_aside_later(order.pk)} if order.status in IN_WORK else {}
    waiting = list(_short(order)[: MOST_SHORT + len(later)]) if order.status in IN_WORK else []
    short = [line for line in waiting if line.pk not in later][:MOST_SHORT]
    options = find_options(order, [Demand(x.pk, (x.product_id, x.warehouse_id), x.open) for x in short])
    warehouses = dict(Warehouse.objects.values_list("pk", "code"))
    taking = who_loses(order.pk) if short else Taking()
    context |= {
        "kind": kind,
        "document": order,
        "title": _("Stock of %(order)s") % {"order": order},
        "page_url": kind.url("change", order.pk),
        "short": [(line, [_told(o, warehouses) for o in options if o.line_id == line.pk]) for line in short],
        "later": [(line, later[line.pk]) for line in waiting if line.pk in later],
        "sites": _sites(options, warehouses),
        "losses": _losses(taking, user),
        "is_free": bool(taking.grants) and not taking.lost,
        "holders": _holders(order, short, user),
        "take": _shut_take(order, user),
        "may_source": user.has_perm("orders.confirm_order"),
        "may_prioritise": user.has_perm("orders.override_allocation"),
        "terms": _terms(order),
        "may_change": user.has_perm("orders.change_order"),
        "priority": PriorityForm(initial={"priority": order.priority}, auto_id="priority_%s"),
    }
    return TemplateResponse(request, "orders/stock.html", context)


def _terms(order: Order) -> ShippingTermsForm:
    value = as_typed(order.minimum_value, order.currency.exponent)
    return ShippingTermsForm(initial={**order.shipping_wishes(), "minimum_value": value}, auto_id="terms_%s")


def _short(order: Order) -> Any:
    lines = OrderLine.objects.filter(order=order, open__gt=0)
    return lines.select_related("product", "unit", "warehouse").order_by("position")


def _wait_for(day: str) -> str:
    if not day:
        return _("wait: nothing is on its way; buy it")
    if day < business_day().isoformat():
        return _("wait for the delivery, which is late, was due on %(note)s")
    return _("wait for the delivery on %(note)s")


def _told(option: Option, warehouses: dict[int, str]) -> str:
    words = {
        Way.SITE: _("%(quantity)s are free in %(place)s now"),
        Way.TRANSFER: _("transfer %(quantity)s from %(place)s"),
        Way.DROP_SHIP: _("let the supplier ship it, about %(days)s days"),
        Way.PURCHASE: _("buy it, about %(days)s days"),
        Way.SUBSTITUTE: _("%(quantity)s of its successor %(note)s are free"),
        Way.BACKORDER: _wait_for(option.note),
    }
    told = words[option.way] % {
        "quantity": option.quantity,
        "place": warehouses.get(option.warehouse_id or 0, ""),
        "days": option.days,
        "note": option.note,
    }
    return told + (_(", all the order is short of") if option.covers_all else "")


def _sites(options: Iterable[Option], warehouses: dict[int, str]) -> list[tuple[int, str]]:
    """Return the warehouses that have something the order is short of, the best first."""
    found = {
        o.warehouse_id: warehouses[o.warehouse_id] for o in options if o.way == Way.SITE and o.warehouse_id
    }
    return list(found.items())


def _losses(taking: Taking, user: User) -> list[dict[str, Any]]:
    """Return who would lose what if the order were served first, without naming orders the user does not see."""
    losses = [*((loss, False) for loss in taking.lost), *((loss, True) for loss in taking.given_back)]
    turns = list(dict.fromkeys(loss.held.order_id for loss, _back in losses))
    losses.sort(key=lambda one: turns.index(one[0].held.order_id))
    seen = Order.objects.visible_to(user).select_related("customer").in_bulk(turns)
    lines = OrderLine.objects.filter(pk__any_of=[loss.held.line_id for loss, _back in losses])
    skus = dict(lines.values_list("pk", "product__sku"))
    return [
        {
            "order": seen.get(loss.held.order_id),
            "sku": skus[loss.held.line_id],
            "quantity": loss.quantity,
            "promised_on": loss.held.rank.promised_on,
            "by_its_terms": given_back,
            "is_kept": loss.held.is_kept,
            "first": i == 0 or losses[i - 1][0].held.order_id != loss.held.order_id,
        }
        for i, (loss, given_back) in enumerate(losses)
    ]


def _holders(order: Order, short: Iterable[OrderLine], user: User) -> list[dict[str, Any]]:
    rows = (
        Allocation.objects.filter(
            stock_level__product__in=[line.product_id for line in short],
            stock_level__warehouse__in=[line.warehouse_id for line in short],
        )
        .exclude(line__order=order)
        .annotate(inside=F("released") + F("picked") + F("packed"), soft=F("allocated") - F("released"))
        .exclude(inside=0, soft=0)
        .order_by("line__order__requested_on", "pk")
        .values("line__order_id", "line__product__sku", "stock_level__warehouse__code", "inside", "soft")
    )[:MOST_HOLDERS]
    seen = (
        Order.objects.visible_to(user).select_related("customer").in_bulk([x["line__order_id"] for x in rows])
    )
    return [
        {
            "order": seen.get(row["line__order_id"]),
            "sku": row["line__product__sku"],
            "place": row["stock_level__warehouse__code"],
            "inside": row["inside"],
            "soft": row["soft"],
        }
        for row in rows
    ]


def _shut_take(order: Order, user: User) -> str:
    """Return why the user may not take stock for the order, or nothing."""
    if not user.has_perm("orders.override_allocation"):
        return _("needs a sales manager or a warehouse supervisor")
    if user.pk in (order.created_by_id, order.submitted_by_id):
        return _("needs a second person: you entered or submitted this order")
    return ""


Act = Callable[[Order, dict[str, Any], User], str]


def _taken(order: Order, values: dict[str, Any], by: User) -> str:
    chosen = Order.objects.visible_to(by).filter(number__in=values["orders"])
    take_from(order.pk, list(chosen.values_list("pk", flat=True)), by=by, reason=values["reason"])
    serve_backorders(by=by)
    return _("%(order)s has taken the stock; the others wait for it again.") % {"order": order}


def _sourced(order: Order, values: dict[str, Any], by: User) -> str:
    source_from(order.pk, values["warehouse"].pk, by=by)
    return _("%(order)s is served from %(place)s too.") % {"order": order, "place": values["warehouse"]}


def _changed(order: Order, values: dict[str, Any], by: User) -> str:
    change_shipping_terms(order.pk, values, by=by)
    serve_backorders(by=by)
    return _("The shipping terms of %(order)s are changed.") % {"order": order}


def _prioritised(order: Order, values: dict[str, Any], by: User) -> str:
    set_priority(order.pk, values["priority"], by=by)
    serve_backorders(by=by)
    return _("%(order)s has priority %(n)s now.") % {"order": order, "n": values["priority"]}


ACTS: dict[str, tuple[str, type[forms.Form], Act]] = {
    "take": ("orders.override_allocation", TakeForm, _taken),
    "source": ("orders.confirm_order", SourceForm, _sourced),
    "terms": ("orders.change_order", ShippingTermsForm, _changed),
    "priority": ("orders.override_allocation", PriorityForm, _prioritised),
}


def act(request: StaffRequest, number: str, name: str) -> HttpResponse:
    """Do what a form of the page asks and come back to it, with what happened or why it was refused."""
    order = ORDERS.find(request, number)
    permission, form_class, service = ACTS[name]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    form = form_class(request.POST)
    try:
        if form.is_valid():
            messages.success(request, service(order, form.cleaned_data, request.user))
        else:
            messages.error(request, " ".join(_problems(form)))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(ORDERS.url("stock", order.number))


def _problems(form: forms.Form) -> list[str]:
    return [f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
