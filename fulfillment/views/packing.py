"""Packing: what was picked is counted down into numbered cartons."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.models import Package, PackageItem, Shipment, ShipmentLine
from fulfillment.services.packing import pack, unpack
from fulfillment.status import ShipmentStatus
from fulfillment.views.shared import answered, counted, visible_shipment, whole
from inventory.finding import Counted, codes_of, counted_unit
from inventory.views.pages import actor, page, require
from oms.errors import Refused
from oms.numbers import read_whole
from orders.services.holding import held_from_the_floor

NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
def pack_page(request: HttpRequest, pk: int) -> HttpResponse:
    shipment = visible_shipment(request, pk)
    require(request, "fulfillment.pack_shipment")
    if request.method == "POST":
        here = reverse("admin:fulfillment_shipment_pack", args=[shipment.pk])
        act = _taken_out if "take_out" in request.POST else _packed
        return answered(request, lambda: act(request, shipment), f"{here}?carton={_carton_after(request)}")
    lines, cartons = unpacked(shipment), list(cartons_of(shipment))
    context = {
        "original": shipment,
        "held": held_from_the_floor(shipment.order),
        "lines": lines,
        "cartons": cartons,
        "carton": _open_carton(request, cartons),
        "may_take_out": shipment.status in (ShipmentStatus.PICKING, ShipmentStatus.PACKED),
        "still_to_pick": shipment.lines.filter(to_pick__gt=0).count(),
        "device": _for_device(request, shipment, lines, cartons),
    }
    return page(request, "fulfillment/pack.html", Shipment, _("Pack %(n)s") % {"n": shipment}, **context)


def unpacked(shipment: Shipment) -> list[Any]:
    """Return the lines of which something is picked and lies in no carton, as `left`, by SKU."""
    lines = shipment.lines.filter(picked__gt=F("packed")).annotate(left=F("picked") - F("packed"))
    named = with_products(lines)
    return sorted(named, key=lambda line: (product_of(line).sku, line.pk))


def with_products(lines: QuerySet[ShipmentLine]) -> QuerySet[Any]:
    """Add the products, the units they are counted in as `unit`, and how many base units `each` is."""
    product = "allocation__stock_level__product"
    return lines.select_related(product).annotate(**counted_unit(product))


def product_of(line: ShipmentLine) -> Any:
    return line.allocation.stock_level.product


def cartons_of(shipment: Shipment) -> QuerySet[Package]:
    """Return the cartons with what lies in them, in two statements."""
    product = "shipment_line__allocation__stock_level__product"
    items = PackageItem.objects.select_related(product).annotate(**counted_unit(product))
    return shipment.packages.order_by("number").prefetch_related(Prefetch("items", items))


def _open_carton(request: HttpRequest, cartons: list[Package]) -> str:
    """The carton somebody chose, else the last, else a new one."""
    wanted = request.GET.get("carton", "")
    numbers = [str(carton.number) for carton in cartons]
    if wanted in {*numbers, NEW}:
        return wanted
    return numbers[-1] if numbers else NEW


def _carton_after(request: HttpRequest) -> str:
    """Keep filling the chosen carton; a new one is the last carton by then."""
    chosen = request.POST.get("carton", "")
    return chosen if chosen.isascii() and chosen.isdigit() and len(chosen) < 6 else ""


def _for_device(
    request: HttpRequest, shipment: Shipment, lines: list[Any], cartons: list[Package]
) -> dict[str, Any]:
    products = {product_of(line).pk: product_of(line).sku for line in lines}
    codes = codes_of(products, {product_of(line).pk: Counted(line.unit, line.each) for line in lines})
    return {
        "key": f"oms.pack.{actor(request).pk}.{shipment.pk}",
        "cartons": [carton.number for carton in cartons],
        "lines": [
            {
                "line": line.pk,
                "sku": product_of(line).sku,
                "name": product_of(line).name,
                "left": line.left,
                "unit": line.unit,
                "each": line.each,
                "codes": codes[product_of(line).pk],
            }
            for line in lines
        ],
    }


def _packed(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    """Put one line's quantity, or everything that is left, into the carton."""
    carton = None if request.POST.get("carton", NEW) == NEW else whole(request, "carton")
    if "everything" in request.POST:
        quantities = {line.pk: line.left for line in unpacked(shipment)}
    else:
        line = whole(request, "line")
        quantities = {line: counted(request, f"quantity-{line}", each_of=line)}
    package = pack(shipment.pk, carton, quantities, by=actor(request))
    shipment.refresh_from_db(fields=["status"])
    return {
        "message": _("It is packed into carton %(n)s.") % {"n": package.number},
        "carton": package.number,
        "packed": shipment.status == ShipmentStatus.PACKED,
    }


def _taken_out(request: HttpRequest, shipment: Shipment) -> dict[str, Any]:
    """Take so many of one line, named `carton-line`, out of its carton."""
    named = request.POST.get("take_out", "")
    carton, _dash, line = named.partition("-")
    quantity = counted(request, f"out-{named}", each_of=_number(line))
    unpack(shipment.pk, _number(carton), {_number(line): quantity}, by=actor(request))
    return {"message": _("It is out of carton %(n)s and waits to be packed.") % {"n": carton}}


def _number(text: str) -> int:
    try:
        return read_whole(text)
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake
