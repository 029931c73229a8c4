"""Release: promised stock becomes shipments, and shipments become pick tasks in walk order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fulfillment.errors import NothingToRelease
from fulfillment.models import PickTask, Shipment, ShipmentEvent, ShipmentLine
from inventory.errors import NotEnoughStock, Shortage
from inventory.models import Product
from inventory.services.free_bins import free_bins
from inventory.services.levels import Row, lock_levels
from inventory.taking import Need, Planned, plan_picks
from oms.errors import IllegalMove
from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.models import Allocation, Order
from orders.services.crediting import kept_for_credit
from orders.services.holding import require_no_hold
from orders.status import IN_WORK, OrderStatus


@dataclass(frozen=True, slots=True)
class Unreleased:
    """What of an allocation no shipment has taken up, and the country it lies in."""

    allocation_id: int
    row: Row
    quantity: int
    home: str


@transaction.atomic
def release_order(order_id: int, *, by: User | None) -> list[Shipment]:
    """Hand the order's promised stock to the warehouse: one shipment per warehouse, with its pick tasks.

    None when its customer's credit is used up: then the order is held. Raise IllegalMove, OnHold, or
    NothingToRelease; then nothing has changed.
    """
    order = lock_row(Order, order_id, "ship_to", "customer", "currency")
    if (
        order.status not in IN_WORK
    ):  # a completed order becomes released again only when a shipment comes back
        raise IllegalMove(order.number, str(order.get_status_display()), _("released"))
    require_no_hold(order)
    unreleased = _unreleased(order)
    if not unreleased:
        raise NothingToRelease(order.number, waits_for_stock=order.lines.filter(open__gt=0).exists())
    if kept_for_credit(order, by=by):
        return []
    lock_levels(part.row for part in unreleased)
    planned = _plan(order.number, unreleased)
    shipments = _create_shipments(order, {part.row[1]: part.home for part in unreleased}, by=by)
    _create_lines(shipments, unreleased, planned)
    if order.status == OrderStatus.RELEASED:
        order.record("released again", by=by)
    else:
        order.move_to(OrderStatus.RELEASED, by=by)
    return list(shipments.values())


def _unreleased(order: Order) -> list[Unreleased]:
    rows = (
        Allocation.objects.filter(line__order=order, allocated__gt=F("released"))
        .order_by("line__position", "pk")
        .values_list(
            "pk",
            "stock_level__product_id",
            "stock_level__warehouse_id",
            F("allocated") - F("released"),
            "stock_level__warehouse__country",
        )
    )
    return [Unreleased(pk, (product, warehouse), *rest) for pk, product, warehouse, *rest in rows]


def _plan(number: str, unreleased: Sequence[Unreleased]) -> list[Planned]:
    needs = [Need(part.allocation_id, part.row, part.quantity) for part in unreleased]
    planned, unserved = plan_picks(needs, free_bins(part.row for part in unreleased))
    if unserved:
        skus = dict(Product.objects.filter(pk__in=[n.row[0] for n in unserved]).values_list("pk", "sku"))
        raise NotEnoughStock(
            number,
            [Shortage(skus[need.row[0]], need.quantity, 0) for need in unserved],
            remedy=_("It lies in no bin that is picked from; put it away first."),
        )
    return planned


def _create_shipments(order: Order, homes: Mapping[int, str], *, by: User | None) -> dict[int, Shipment]:
    """Create one for each warehouse, of which `homes` has the country."""
    labels = {pk: "\n".join(order.ship_to.lines(home)) for pk, home in sorted(homes.items())}
    shipments = Shipment.objects.bulk_create(
        Shipment(order=order, warehouse_id=pk, ship_to=label, created_by=by, version=1)
        for pk, label in labels.items()
    )
    ShipmentEvent.objects.bulk_create(
        ShipmentEvent(document=shipment, version=1, kind="planned", new_status=shipment.status, by=by)
        for shipment in shipments
    )
    return {shipment.warehouse_id: shipment for shipment in shipments}


def _create_lines(
    shipments: Mapping[int, Shipment], unreleased: Sequence[Unreleased], planned: Sequence[Planned]
) -> None:
    ids = insert_rows(
        ShipmentLine,
        {
            "shipment_id": [shipments[part.row[1]].pk for part in unreleased],
            "allocation_id": [part.allocation_id for part in unreleased],
            "quantity": [part.quantity for part in unreleased],
        },
    )
    line_of = {part.allocation_id: pk for part, pk in zip(unreleased, ids, strict=True)}
    create_tasks([Planned(line_of[pick.key], pick.bin_id, pick.quantity) for pick in planned])


def create_tasks(planned: Sequence[Planned]) -> None:
    """Ask for these picks; `key` is the shipment line."""
    if planned:
        insert_rows(
            PickTask,
            {
                "shipment_line_id": [pick.key for pick in planned],
                "bin_id": [pick.bin_id for pick in planned],
                "quantity": [pick.quantity for pick in planned],
            },
        )
