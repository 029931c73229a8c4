"""Shipping: stock leaves once, the carrier gets it, and until then it can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.errors import HandedOver
from fulfillment.models import PickTask, Shipment, ShipmentLine
from fulfillment.services.locking import lock_shipment, require_in
from fulfillment.status import IN_THE_WAREHOUSE, ShipmentStatus, TaskStatus
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, standard_location, write_movements
from inventory.status import LocationKind, MovementKind
from oms.models import User
from oms.rows import lock_row
from oms.sets import add_to_rows
from orders.models import Allocation, Order
from orders.services.cancelling import cancel_order, complete_if_nothing_left
from orders.services.crediting import kept_for_credit
from orders.services.holding import require_no_hold
from orders.status import OrderStatus

ROW = ("stock_level__product_id", "stock_level__warehouse_id")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a shipment line is picked, and how much of it is packed."""

    line_id: int
    allocation_id: int
    product_id: int
    picked: int
    packed: int


def parts_of(shipment: Shipment) -> list[Part]:
    rows = shipment.lines.order_by("pk").values_list(
        "pk", "allocation_id", "allocation__stock_level__product_id", "picked", "packed"
    )
    return [Part(*row) for row in rows]


@transaction.atomic
def ship_shipment(shipment_id: int, *, by: User | None) -> Shipment:
    """The packed goods leave the house: stock goes down once, the order is completed when nothing is left.

    When its customer's credit is used up the goods stay packed, and the order is held. Raise IllegalMove, or OnHold
    while somebody or an approval rule holds the order.
    """
    shipment = lock_shipment(shipment_id)
    shipment.require_can_become(ShipmentStatus.SHIPPED)
    require_no_hold(shipment.order)
    if kept_for_credit(shipment.order, by=by):
        return shipment
    parts = [part for part in parts_of(shipment) if part.packed]
    lock_levels((part.product_id, shipment.warehouse_id) for part in parts)
    _shift(parts, "packed", "shipped")
    staging = standard_location(shipment.warehouse_id, LocationKind.STAGING)
    moves = [Move(part.product_id, part.packed, staging.pk, None) for part in parts]
    write_movements(MovementKind.ISSUE, moves, Cause(shipment.number, by))
    shipment.shipped_at = shipment.next_poll_at = timezone.now()
    shipment.move_to(ShipmentStatus.SHIPPED, by=by, changed=["shipped_at", "next_poll_at"])
    complete_if_nothing_left(shipment.order, by=by)
    return shipment


def _shift(parts: Sequence[Part], source: str, target: str) -> None:
    """Move each part's packed quantity from one bucket of its allocation to another."""
    counts = [part.packed for part in parts]
    changes = {source: [-q for q in counts], target: counts}
    add_to_rows(Allocation, [part.allocation_id for part in parts], **changes)


@transaction.atomic
def hand_over(shipment_id: int, *, by: User | None) -> Shipment:
    """The carrier has the cartons: the customer is told, and the shipment cannot be taken back."""
    shipment = lock_shipment(shipment_id)
    require_in(shipment, ShipmentStatus.SHIPPED, wanted=_("handed over"))
    if shipment.handed_over_at is None:
        mark_handed_over(shipment, by=by)
    return shipment


def mark_handed_over(shipment: Shipment, *, by: User | None) -> None:
    shipment.handed_over_at = timezone.now()
    shipment.record("handed over", by=by, changed=["handed_over_at"])


@transaction.atomic
def void_shipment(shipment_id: int, *, by: User | None, reason: str = "") -> Shipment:
    """Take a shipment back: what was picked lies in its bins again and stays promised to the order.

    Possible until the carrier has it. Raise IllegalMove or HandedOver.
    """
    shipment = lock_shipment(shipment_id)
    shipment.require_can_become(ShipmentStatus.VOID)
    if shipment.handed_over_at is not None:
        raise HandedOver(
            _("%(shipment)s was handed over to the carrier; take a return instead.") % {"shipment": shipment}
        )
    parts = parts_of(shipment)
    lock_levels((part.product_id, shipment.warehouse_id) for part in parts)
    if shipment.status == ShipmentStatus.SHIPPED:
        _bring_back(shipment, [part for part in parts if part.packed], by=by)
    _return_to_bins(shipment, parts, by=by)
    shipment.move_to(ShipmentStatus.VOID, by=by, note=reason)
    return shipment


def _bring_back(shipment: Shipment, parts: Sequence[Part], *, by: User | None) -> None:
    """Reverse the issue: the goods stand in staging again, packed. Stock first, then the promise."""
    staging = standard_location(shipment.warehouse_id, LocationKind.STAGING)
    moves = [Move(part.product_id, part.packed, None, staging.pk) for part in parts]
    write_movements(MovementKind.RETURN, moves, Cause(shipment.number, by, _("taken back before hand-over")))
    _shift(parts, "shipped", "packed")
    order = shipment.order
    if order.status == OrderStatus.COMPLETED:
        order.move_to(OrderStatus.RELEASED, by=by, note=shipment.number)


def _return_to_bins(shipment: Shipment, parts: Sequence[Part], *, by: User | None) -> None:
    staging = standard_location(shipment.warehouse_id, LocationKind.STAGING)
    tasks = PickTask.objects.filter(shipment_line__shipment=shipment)
    taken = tasks.filter(picked__gt=0).values_list("bin__product_id", "picked", "bin__location_id")
    moves = [Move(product, quantity, staging.pk, place) for product, quantity, place in taken]
    write_movements(MovementKind.TRANSFER, moves, Cause(shipment.number, by, _("taken back")))
    tasks.exclude(status=TaskStatus.SHORT).update(status=TaskStatus.CANCELLED)
    ids = [part.line_id for part in parts]
    ShipmentLine.objects.filter(pk__any_of=ids).update(cancelled=F("quantity"), picked=0, packed=0)
    moved = [part for part in parts if part.picked]
    add_to_rows(
        Allocation,
        [part.allocation_id for part in moved],
        allocated=[part.picked for part in moved],
        picked=[part.packed - part.picked for part in moved],
        packed=[-part.packed for part in moved],
    )


@transaction.atomic
def cancel_released_order(order_id: int, *, by: User | None, reason: str = "") -> Order:
    """Cancel an order the warehouse works on: its shipments are taken back first, then it is cancelled."""
    open_ = Shipment.objects.filter(order=order_id, status__in=IN_THE_WAREHOUSE)
    ids = list(open_.locked().values_list("pk", flat=True))
    lock_row(Order, order_id)
    lock_levels(
        Allocation.objects.filter(line__order=order_id).values_list(*ROW)
    )  # of all shipments, in one order
    for pk in ids:
        void_shipment(pk, by=by, reason=reason)
    return cancel_order(order_id, by=by, reason=reason)
