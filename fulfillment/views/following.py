"""The page on which a customer sees where an order is. It shows no prices, and reading changes nothing."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fulfillment.following import Carton, Part, Whereabouts, told
from fulfillment.models import Package, Shipment
from fulfillment.status import ShipmentStatus, TrackingStatus
from oms.company import business_day
from orders.models import Order, OrderLine, OrderLink
from orders.services.following import open_order_link
from orders.status import IN_WORK
from orders.views.public import around, opened_by

MOST_LINES = 100  # on the page, which stays under 50 kB


class Row(NamedTuple):
    """A line for the customer: `rest` is what is with no shipment yet."""

    line: OrderLine
    wanted: int
    left: int
    rest: int

    @property
    def in_work_due_on(self) -> date | None:
        return self.line.promised_on if self.wanted > self.left + self.rest else None

    @property
    def due_on(self) -> date | None:
        return self.line.promised_on if self.rest else None


@require_safe
@opened_by(open_order_link)
def order(request: HttpRequest, token: str, link: OrderLink) -> HttpResponse:
    """Show what has left, what is in work, and when the rest is due."""
    found = link.order
    rows = list(_rows(found))
    where = _whereabouts(found, rows)
    context = {
        **around(request),
        "order": found,
        "told": told(where),
        "cartons": [(part, carton) for part in where.parts if part.has_left for carton in part.cartons],
        "rows": rows[:MOST_LINES],
        "count": len(rows),
        "more": max(0, len(rows) - MOST_LINES),
        "any_left": any(row.left for row in rows[:MOST_LINES]),
        "any_due": any(row.due_on for row in rows[:MOST_LINES]),
    }
    return render(request, "public/order.html", context)


def _rows(order: Order) -> Iterator[Row]:
    """Yield the lines of which anything is wanted."""
    released = Coalesce(Sum("allocations__released"), 0)
    lines = order.lines.filter(ordered__gt=F("cancelled")).select_related("product", "unit")
    for line in lines.annotate(released=released).order_by("position"):
        yield Row(
            line, line.ordered - line.cancelled, line.shipped, line.open + line.allocated - line.released
        )


def _whereabouts(order: Order, rows: list[Row]) -> Whereabouts:
    waits = [row for row in rows if row.rest] if order.status in IN_WORK else []
    return Whereabouts(
        status=order.status,
        is_held=order.holds.open().exists(),
        parts=list(_parts(order)),
        rest=len(waits),
        due_on=max((row.due_on for row in waits if row.due_on), default=None),
        today=business_day(),
        in_work_due_on=max((day for row in rows if (day := row.in_work_due_on)), default=None),
    )


def _parts(order: Order) -> Iterator[Part]:
    """Yield the shipments in the turn in which they left, those still here last, their cartons counted through."""
    shipments = Shipment.objects.filter(order=order).exclude(status=ShipmentStatus.VOID)
    found = shipments.select_related("carrier").prefetch_related("packages")
    counted = 0
    for shipment in found.order_by(F("handed_over_at").asc(nulls_last=True), "pk"):
        packages = list(shipment.packages.all())
        cartons = [_carton(counted + n, package, shipment) for n, package in enumerate(packages, 1)]
        counted += len(packages)
        yield Part(shipment.status, shipment.handed_over_at is not None, _moment(shipment), cartons)


def _carton(number: int, package: Package, shipment: Shipment) -> Carton:
    carrier: Any = shipment.carrier
    if carrier is None:
        return Carton(number, tracking_number=package.tracking_number, news=_news(package))
    url = carrier.url_for(package.tracking_number)
    return Carton(number, carrier.name, package.tracking_number, url, _news(package))


def _news(package: Package) -> str:
    return "" if package.status == TrackingStatus.PENDING else package.get_status_display()


def _moment(shipment: Shipment) -> datetime:
    return shipment.delivered_at or shipment.handed_over_at or shipment.shipped_at or shipment.status_since
