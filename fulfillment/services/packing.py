"""Packing: picked goods go into numbered cartons, and out of them again until they leave the house."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from fulfillment.errors import BadPacking
from fulfillment.models import Package, PackageItem, Shipment, ShipmentLine
from fulfillment.services.locking import lock_shipment, require_in
from fulfillment.status import ShipmentStatus
from inventory.finding import as_counted
from oms.models import User
from oms.sets import add_to_rows, insert_rows
from orders.models import Allocation


@transaction.atomic
def pack(shipment_id: int, carton: int | None, quantities: Mapping[int, int], *, by: User | None) -> Package:
    """So many base units per shipment line id lie in the carton, a new one when `carton` is None.

    When everything is picked and packed the shipment is packed. Raise IllegalMove, or BadPacking for more
    than was picked.
    """
    shipment = lock_shipment(shipment_id)
    require_in(shipment, ShipmentStatus.PICKING, wanted=_("packed"))
    lines = _lines(shipment, quantities)
    _require_picked(shipment, lines, quantities)
    package = _carton(shipment, carton)
    _put(package, quantities)
    counts = list(quantities.values())
    add_to_rows(ShipmentLine, list(quantities), packed=counts)
    per_allocation = [lines[pk][0] for pk in quantities]
    add_to_rows(Allocation, per_allocation, picked=[-q for q in counts], packed=counts)
    pack_if_done(shipment, by=by)
    return package


@transaction.atomic
def unpack(shipment_id: int, carton: int, quantities: Mapping[int, int], *, by: User | None) -> Shipment:
    """So many base units per shipment line id lie in the carton no more; they are picked and wait to be packed.

    An empty carton is gone. What was packed as a whole is being packed again. Raise IllegalMove once it has
    shipped, or BadPacking for more than the carton holds.
    """
    shipment = lock_shipment(shipment_id)
    require_in(shipment, ShipmentStatus.PICKING, ShipmentStatus.PACKED, wanted=_("unpacked"))
    package = _carton(shipment, carton)
    _take_out(package, quantities)
    allocations = {pk: allocation for pk, (allocation, _unpacked) in _lines(shipment, quantities).items()}
    counts = list(quantities.values())
    add_to_rows(ShipmentLine, list(quantities), packed=[-q for q in counts])
    per_allocation = [allocations[pk] for pk in quantities]
    add_to_rows(Allocation, per_allocation, picked=counts, packed=[-q for q in counts])
    if shipment.status == ShipmentStatus.PACKED:
        shipment.move_to(ShipmentStatus.PICKING, by=by, note=str(package))
    else:
        shipment.record("unpacked", by=by, note=str(package))
    return shipment


def _take_out(package: Package, quantities: Mapping[int, int]) -> None:
    """Take out of the carton what it holds; raise BadPacking for anything else."""
    there = {item.shipment_line_id: item for item in package.items.all()}
    for line, quantity in quantities.items():
        holds = there[line].quantity if line in there else 0
        if not 0 < quantity <= holds:
            held, wanted = _as_counted(line, holds, quantity)
            raise BadPacking(
                _("Carton %(carton)s holds %(held)s of it; %(wanted)s cannot be taken out.")
                % {"carton": package, "held": held, "wanted": wanted}
            )
    emptied = [there[line].pk for line, quantity in quantities.items() if quantity == there[line].quantity]
    package.items.filter(pk__in=emptied).delete()
    less = {there[line].pk: -q for line, q in quantities.items() if q < there[line].quantity}
    add_to_rows(PackageItem, list(less), quantity=list(less.values()))
    if not package.items.exists():
        package.delete()


def _lines(shipment: Shipment, ids: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Return allocation and what is picked and not yet packed, by line."""
    rows = shipment.lines.filter(pk__any_of=ids).values_list("pk", "allocation_id", F("picked") - F("packed"))
    return {pk: (allocation, unpacked) for pk, allocation, unpacked in rows}


def _require_picked(
    shipment: Shipment, lines: Mapping[int, tuple[int, int]], quantities: Mapping[int, int]
) -> None:
    if not quantities:
        raise BadPacking(_("%(shipment)s: put something into the carton.") % {"shipment": shipment})
    for pk, quantity in quantities.items():
        if pk not in lines:
            raise BadPacking(_("%(shipment)s has no such line; reload the page.") % {"shipment": shipment})
        if not 0 < quantity <= lines[pk][1]:
            packed, there = _as_counted(pk, quantity, lines[pk][1])
            raise BadPacking(
                _("%(shipment)s: %(packed)s packed, but %(there)s are picked and not packed.")
                % {"shipment": shipment, "packed": packed, "there": there}
            )


def _as_counted(line: int, *quantities: int) -> list[str]:
    """Return base units of a shipment line's product as the floor counts them; of no such line as they are."""
    product = "allocation__stock_level__product"
    of = ShipmentLine.objects.filter(pk=line).values_list(product, flat=True).first()
    return as_counted(of, *quantities) if of else [str(quantity) for quantity in quantities]


def _carton(shipment: Shipment, number: int | None) -> Package:
    if number is None:
        last = shipment.packages.aggregate(n=Max("number"))["n"] or 0
        return Package.objects.create(shipment=shipment, number=last + 1)
    package: Package | None = shipment.packages.filter(number=number).first()
    if package is None:
        raise BadPacking(_("%(shipment)s has no carton %(n)s.") % {"shipment": shipment, "n": number})
    return package


def _put(package: Package, quantities: Mapping[int, int]) -> None:
    there = dict(package.items.filter(shipment_line__any_of=quantities).values_list("shipment_line_id", "pk"))
    more = [(there[line], quantity) for line, quantity in quantities.items() if line in there]
    if more:
        add_to_rows(PackageItem, [pk for pk, _q in more], quantity=[quantity for _pk, quantity in more])
    new = {line: quantity for line, quantity in quantities.items() if line not in there}
    if new:
        columns = {"shipment_line_id": list(new), "quantity": list(new.values())}
        insert_rows(PackageItem, columns, package=package)


def pack_if_done(shipment: Shipment, *, by: User | None) -> None:
    """Move a shipment on when nothing is left to pick or pack: packed, or void when nothing was found."""
    sums = ShipmentLine.objects.filter(shipment=shipment).aggregate(
        to_pick=Sum("to_pick", default=0),
        to_pack=Sum(F("picked") - F("packed"), default=0),
        packed=Sum("packed", default=0),
    )
    if sums["to_pick"] or sums["to_pack"]:
        return
    shipment.move_to(ShipmentStatus.PACKED if sums["packed"] else ShipmentStatus.VOID, by=by)
