"""Picking with a handheld: stops in walk order, judged on the device, each pick sent once."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.models import PickTask, Shipment
from fulfillment.services.picking import pick, short_pick
from fulfillment.status import ShortReason
from fulfillment.views.shared import answered, counted, each_typed, visible_shipment, whole
from inventory.finding import Counted, codes_of, counted_in
from inventory.units import in_counted
from inventory.views.pages import actor, page, require
from oms.errors import Refused
from orders.services.holding import held_from_the_floor

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Stop:
    """One pick as the device needs it; `left` is still to take in base units, `codes` what its scans may read.

    It is told and typed in `unit`, of which one is `each` base units.
    """

    task: int
    bin: str
    sku: str
    name: str
    left: int
    unit: str
    each: int
    codes: dict[str, int]

    @property
    def shown(self) -> str:
        return in_counted(self.left, self.each)


@require_safe
def pick_list(request: HttpRequest) -> HttpResponse:
    """The shipments that wait for a picker in the own warehouses."""
    require(request, "fulfillment.pick_shipment")
    seen = Shipment.objects.visible_to(actor(request)).telling_holds()
    waiting = seen.waiting_for_pick()
    shipments = list(waiting.select_related("order__customer", "warehouse")[: MOST_LISTED + 1])
    to_pack = seen.waiting_for_pack().select_related("order__customer")
    context = {
        "shipments": shipments[:MOST_LISTED],
        "more": len(shipments) > MOST_LISTED,
        "to_pack": to_pack[:MOST_LISTED] if actor(request).has_perm("fulfillment.pack_shipment") else (),
    }
    return page(request, "fulfillment/pick_list.html", Shipment, _("Pick"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def pick_page(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.pick_shipment")
    if request.method == "POST":
        here = reverse("admin:fulfillment_shipment_pick", args=[shipment.pk])
        return answered(request, lambda: _taken(request, shipment), here)
    stops, done = _stops(shipment)
    context = {
        "original": shipment,
        "held": held_from_the_floor(shipment.order),
        "stops": stops,
        "current": _current(request, stops),
        "done": done,
        "all": done + len(stops),
        "reasons": ShortReason.choices,
        "may_short": actor(request).has_perm("fulfillment.short_pick"),
        "device": {"stops": [asdict(stop) for stop in stops], "done": done, "key": _key(request, shipment)},
    }
    return page(request, "fulfillment/pick.html", Shipment, _("Pick %(n)s") % {"n": shipment}, **context)


def _key(request: HttpRequest, shipment: Shipment) -> str:
    """Under which the device keeps what is not sent yet: one place per person and shipment."""
    return f"oms.pick.{actor(request).pk}.{shipment.pk}"


def _stops(shipment: Shipment) -> tuple[list[Stop], int]:
    """Return the open stops in walk order and how many are done, in a fixed number of statements."""
    tasks = PickTask.objects.filter(shipment_line__shipment=shipment)
    open_ = list(tasks.open().in_walk_order().select_related("bin__product", "bin__location"))
    products = {task.bin.product_id: task.bin.product.sku for task in open_}
    units = counted_in(products)
    codes, unknown = codes_of(products, units), Counted("", 1)
    stops = [
        Stop(
            task.pk,
            task.bin.location.code,
            task.bin.product.sku,
            task.bin.product.name,
            task.quantity - task.picked,
            *units.get(task.bin.product_id, unknown),
            codes[task.bin.product_id],
        )
        for task in open_
    ]
    return stops, tasks.count() - len(stops)


def _current(request: HttpRequest, stops: list[Stop]) -> Stop | None:
    """The stop somebody went to, else the next on the way."""
    wanted = request.GET.get("task", "")
    return next((stop for stop in stops if str(stop.task) == wanted), stops[0] if stops else None)


def _taken(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    """Do what the picker reports: a pick, or a short pick with its reason."""
    task = whole(request, "task")
    if "short" in request.POST:
        return _short(request, shipment, task)
    quantity = whole(request, "shown") if "all" in request.POST else counted(request, "quantity")
    pick(shipment.pk, {task: quantity}, by=actor(request))
    return {"message": _("%(quantity)s picked.") % {"quantity": in_counted(quantity, each_typed(request))}}


def _short(request: HttpRequest, shipment: Shipment, task_id: int) -> dict[str, Any]:
    require(request, "fulfillment.short_pick")
    task = get_object_or_404(PickTask, pk=task_id, shipment_line__shipment=shipment)
    reason = request.POST.get("reason", "")
    if reason not in ShortReason.values:
        raise Refused(_("Say why it is short: choose one of the reasons."))
    short_pick(task.pk, counted(request, "counted"), ShortReason(reason), by=actor(request))
    return {
        "message": _("The missing units are looked for. Other bins are asked where they have stock."),
        "reload": True,
    }
