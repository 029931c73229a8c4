"""What home shows about releasing, picking, packing and shipping."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.models import PickTask, Shipment, ShipmentDelivery
from fulfillment.services.keeping import Period, kept_by_warehouses
from fulfillment.status import IN_THE_WAREHOUSE, ShipmentStatus
from oms import home
from oms.company import business_day
from oms.home import Act, Card, Row, Section, Tone
from oms.models import User
from oms.navigation import address
from orders.models import Order

SHIPMENTS = "admin:fulfillment_shipment_changelist"
ROLLING = timedelta(days=90)
HAND_OVER = "hand_over"  # the list's filter of what waits for its carrier
NEXT_FIRST = (ShipmentStatus.PICKING, ShipmentStatus.PLANNED)


def page_of(shipment: Shipment) -> str:
    return address("admin:fulfillment_shipment_change", shipment.pk)


@home.cards("orders.hold_order", order=Section.TEAM)
def promises_kept(user: User) -> Iterator[Card]:
    """How many of the last ninety days' promises to customers were kept, by warehouse."""
    today = business_day()
    rows = kept_by_warehouses(user, Period(today - ROLLING, today))
    kept, promised = sum(row.kept for row in rows), sum(row.promised for row in rows)
    told = [Row(row.name, "", f"{row.percent} %, {row.kept} / {row.promised}") for row in rows]
    yield Card(
        _("Promises kept"),
        f"{kept * 100 // promised} %" if promised else None,
        _("%(kept)s of %(promised)s lines of the last 90 days") % {"kept": kept, "promised": promised},
        address("admin:fulfillment_shipment_kept"),
        rows=tuple(told[: home.MOST_ROWS]),
        empty=_("Nothing was promised yet."),
        more=_("By warehouse and supplier"),
    )


@home.acts("fulfillment.release_order", order=2)
def start_releasing(user: User) -> Iterator[Act]:
    if url := address("admin:fulfillment_shipment_release"):
        yield Act(_("Release orders"), url, "r")


@home.cards("fulfillment.pick_shipment", order=Section.FIRST)
def next_to_pick(user: User) -> Iterator[Card]:
    """The oldest shipment that has something to pick: what is on hold last, what somebody has begun first."""
    waiting = Shipment.objects.visible_to(user).telling_holds().filter(status__in=NEXT_FIRST)
    found = (
        waiting.select_related("order__customer", "warehouse")
        .annotate(left=Sum("lines__to_pick"), stops=Count("lines", filter=Q(lines__to_pick__gt=0)))
        .filter(left__gt=0)
        .order_by(F("is_held"), "status", "created_at", "pk")
        .first()
    )
    yield Card(
        _("Next shipment to pick"),
        number=found.number if found else 0,
        word=_told(found) if found else "",
        url=(address("admin:fulfillment_shipment_pick", found.pk) or page_of(found)) if found else "",
        empty=_("Everything released is picked. New work appears here when orders are released."),
        more=_("Start picking") if found else "",
        big=True,
    )


def _told(shipment: Shipment) -> str:
    lines = shipment.stops  # type: ignore[attr-defined]
    return ngettext(
        "%(customer)s, %(n)d line in %(warehouse)s", "%(customer)s, %(n)d lines in %(warehouse)s", lines
    ) % {"customer": shipment.order.customer.name, "n": lines, "warehouse": shipment.warehouse.code}


@home.cards("fulfillment.pick_shipment", order=Section.WAREHOUSE)
def in_work(user: User) -> Iterator[Card]:
    """How many shipments stand where, one number for each step up to the carrier's door."""
    at_the_door = Q(status=ShipmentStatus.SHIPPED, handed_over_at=None)
    here = Shipment.objects.visible_to(user).filter(Q(status__in=IN_THE_WAREHOUSE) | at_the_door).order_by()
    counts = dict(here.values_list("status").annotate(count=Count("pk")))
    words = {
        ShipmentStatus.PLANNED: (_("to pick"), "status__exact=planned"),
        ShipmentStatus.PICKING: (_("being picked or packed"), "status__exact=picking"),
        ShipmentStatus.PACKED: (_("to ship"), "status__exact=packed"),
        ShipmentStatus.SHIPPED: (_("to hand over"), f"{HAND_OVER}=waits"),
    }
    url = address(SHIPMENTS)
    rows = [
        Row(f"{counts.get(status, 0)} {word}", f"{url}?{wanted}" if url else "")
        for status, (word, wanted) in words.items()
    ]
    yield Card(_("In the warehouse"), sum(counts.values()), _("shipments"), url, rows=tuple(rows))


@home.cards("fulfillment.release_order", order=Section.WAREHOUSE)
def to_release(user: User) -> Iterator[Card]:
    ready = Order.objects.visible_to(user).ready_to_release()
    yield Card(
        _("To release"),
        ready.count(),
        _("orders with stock"),
        address("admin:fulfillment_shipment_release"),
        Tone.DUE,
        home.shown(ready.select_related("customer"), _order),
        empty=_("Every order with stock is with the warehouse."),
    )


def _order(order: Order) -> Row:
    return Row(f"{order.number} {order.customer.name}", address("admin:orders_order_change", order.pk))


@home.cards("fulfillment.release_order", order=Section.WAREHOUSE)
def short_picks(user: User) -> Iterator[Card]:
    """What pickers did not find, for shipments that are still here."""
    here = Shipment.objects.visible_to(user).filter(status__in=IN_THE_WAREHOUSE)
    short = PickTask.objects.filter(status="short", shipment_line__shipment__in=here)
    rows = short.select_related("shipment_line__shipment", "bin__location__warehouse", "bin__product")
    yield Card(
        _("Short picks"),
        short.count(),
        _("in shipments that are still here"),
        tone=Tone.DUE,
        rows=home.shown(rows.order_by("-pk"), _short),
        empty=_("Pickers found everything."),
    )


def _short(task: PickTask) -> Row:
    shipment = task.shipment_line.shipment
    why = task.get_short_reason_display()
    return Row(f"{shipment.number} {task.bin.product.sku}", page_of(shipment), f"{task.bin.location}, {why}")


@home.cards("fulfillment.view_shipmentdelivery", order=Section.SITE)
def parked_news(user: User) -> Iterator[Card]:
    yield Card(
        _("Shipment mails not sent"),
        ShipmentDelivery.objects.exclude(parked_at=None).count(),
        _("given up after five tries"),
        address("admin:fulfillment_shipmentdelivery_changelist"),
        Tone.LATE,
        empty=_("Every mail has left."),
    )
