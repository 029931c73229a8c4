"""Picking: what the picker takes moves from its bin to staging, what is missing is looked for and replaced."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.errors import BadPick
from fulfillment.models import PickTask, Shipment, ShipmentLine
from fulfillment.services.locking import lock_shipment, require_in
from fulfillment.services.packing import pack_if_done
from fulfillment.services.releasing import create_tasks
from fulfillment.status import ShipmentStatus, ShortReason, TaskStatus
from inventory.finding import as_counted
from inventory.models import StockCount
from inventory.services.free_bins import free_bins
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, standard_location, write_movements
from inventory.status import LocationKind, MovementKind
from inventory.taking import Need, Planned, plan_picks
from oms.models import User
from oms.sets import add_to_rows, set_in_rows
from orders.models import Allocation

TASK_COLUMNS = (
    "pk", "quantity", "picked", "status", "shipment_line_id", "shipment_line__allocation_id", "bin_id",
    "bin__product_id", "bin__location_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A pick task with all that a pick needs to know."""

    id: int
    quantity: int
    picked: int
    status: str
    line_id: int
    allocation_id: int
    bin_id: int
    product_id: int
    location_id: int

    @property
    def left(self) -> int:
        return self.quantity - self.picked


@transaction.atomic
def pick(shipment_id: int, quantities: Mapping[int, int], *, by: User | None) -> Shipment:
    """So many base units per task id were taken from their bins and stand in staging now.

    Raise IllegalMove, or BadPick for a task that is not open or more than it asks for.
    """
    shipment = lock_shipment(shipment_id)
    require_in(shipment, ShipmentStatus.PLANNED, ShipmentStatus.PICKING, wanted=_("picked"))
    tasks = tasks_of(shipment, quantities)
    _require_pickable(shipment, tasks, quantities)
    lock_levels((task.product_id, shipment.warehouse_id) for task in tasks)
    _take(shipment, [(task, quantities[task.id]) for task in tasks], by=by)
    _begin(shipment, by=by)
    return shipment


def tasks_of(shipment: Shipment, ids: Iterable[int]) -> list[Task]:
    """Return these tasks of the shipment, in the order of their ids."""
    rows = PickTask.objects.filter(pk__any_of=ids, shipment_line__shipment=shipment).order_by("pk")
    return [Task(*row) for row in rows.values_list(*TASK_COLUMNS)]


def _require_pickable(shipment: Shipment, tasks: Sequence[Task], quantities: Mapping[int, int]) -> None:
    if len(tasks) != len(quantities) or not tasks:
        raise BadPick(_("%(shipment)s has no such pick; reload the list.") % {"shipment": shipment})
    for task in tasks:
        if task.status != TaskStatus.OPEN:
            raise BadPick(
                _("%(shipment)s: this pick is done already; reload the list.") % {"shipment": shipment}
            )
        if not 0 < quantities[task.id] <= task.left:
            picked, left = as_counted(task.product_id, quantities[task.id], task.left)
            raise BadPick(
                _(
                    "%(shipment)s: %(picked)s picked, but %(left)s are asked for. Pick no more than the task says."
                )
                % {"shipment": shipment, "picked": picked, "left": left}
            )


def _take(shipment: Shipment, picks: Sequence[tuple[Task, int]], *, by: User | None) -> None:
    """Write the picks: tasks, shipment lines, allocations and ledger. Locks are held, quantities checked."""
    now, done = timezone.now(), [taken == task.left for task, taken in picks]
    ids = [task.id for task, _taken in picks]
    set_in_rows(
        PickTask,
        ids,
        picked=[task.picked + taken for task, taken in picks],
        status=[TaskStatus.PICKED if all_ else TaskStatus.OPEN for all_ in done],
        picked_at=[now] * len(ids),
    )
    per_line, per_allocation = _sums(picks)
    add_to_rows(ShipmentLine, list(per_line), picked=list(per_line.values()))
    taken = list(per_allocation.values())
    add_to_rows(Allocation, list(per_allocation), allocated=[-q for q in taken], picked=taken)
    staging = standard_location(shipment.warehouse_id, LocationKind.STAGING)
    moves = [Move(task.product_id, quantity, task.location_id, staging.pk) for task, quantity in picks]
    write_movements(MovementKind.TRANSFER, moves, Cause(shipment.number, by))


def _sums(picks: Sequence[tuple[Task, int]]) -> tuple[Counter[int], Counter[int]]:
    per_line: Counter[int] = Counter()
    per_allocation: Counter[int] = Counter()
    for task, quantity in picks:
        per_line[task.line_id] += quantity
        per_allocation[task.allocation_id] += quantity
    return per_line, per_allocation


def _begin(shipment: Shipment, *, by: User | None) -> None:
    if shipment.status == ShipmentStatus.PLANNED:
        shipment.move_to(ShipmentStatus.PICKING, by=by)


@transaction.atomic
def short_pick(task_id: int, taken: int, reason: ShortReason, *, by: User | None) -> Shipment:
    """Only `taken` of a task were there: they are picked, the missing ones become suspect and are counted.

    What other bins hold is asked for instead; the rest is open again and waits for stock.
    Raise BadPick when nothing is missing or the task is not open.
    """
    shipment = lock_shipment(_shipment_of(task_id))
    require_in(shipment, ShipmentStatus.PLANNED, ShipmentStatus.PICKING, wanted=_("picked"))
    task = tasks_of(shipment, [task_id])[0]
    if task.status != TaskStatus.OPEN or not 0 <= taken < task.left:
        counted, left = as_counted(task.product_id, taken, task.left)
        raise BadPick(
            _("%(shipment)s: %(taken)s of %(left)s taken is no short pick; reload the list.")
            % {"shipment": shipment, "taken": counted, "left": left}
        )
    lock_levels([(task.product_id, shipment.warehouse_id)])
    missing = task.left - taken
    if taken:
        _take(shipment, [(task, taken)], by=by)
    _begin(shipment, by=by)
    PickTask.objects.filter(pk=task.id).update(status=TaskStatus.SHORT, short_reason=reason)
    _set_aside(shipment, task, missing, reason, by=by)
    _replace(shipment, task, missing)
    shipment.record("short pick", by=by, note=str(reason.label), task=task.id, missing=missing)
    pack_if_done(shipment, by=by)
    return shipment


def _shipment_of(task_id: int) -> int:
    return PickTask.objects.values_list("shipment_line__shipment_id", flat=True).get(pk=task_id)


def _set_aside(shipment: Shipment, task: Task, missing: int, reason: ShortReason, *, by: User | None) -> None:
    """Take the missing units out of the promise first and out of sellable stock then, and have them counted."""
    ShipmentLine.objects.filter(pk=task.line_id).update(cancelled=F("cancelled") + missing)
    Allocation.objects.filter(pk=task.allocation_id).update(allocated=F("allocated") - missing)
    suspect = standard_location(shipment.warehouse_id, LocationKind.SUSPECT)
    move = Move(task.product_id, missing, task.location_id, suspect.pk)
    write_movements(MovementKind.TRANSFER, [move], Cause(shipment.number, by, str(reason.label)))
    StockCount.objects.create(
        product_id=task.product_id,
        location_id=task.location_id,
        missing=missing,
        cause=f"{shipment.number}: {reason.label}",
        opened_by=by,
    )


def _replace(shipment: Shipment, task: Task, missing: int) -> None:
    """Ask for the missing units from other bins, as far as free stock reaches. Levels are locked."""
    row = (task.product_id, shipment.warehouse_id)
    level = lock_levels([row])[row]
    wanted = min(missing, level.free)
    planned, _unserved = plan_picks([Need(task.line_id, row, wanted)], free_bins([row], but=task.bin_id))
    found = sum(pick_.quantity for pick_ in planned)
    if not found:
        return
    Allocation.objects.filter(pk=task.allocation_id).update(allocated=F("allocated") + found)
    ShipmentLine.objects.filter(pk=task.line_id).update(cancelled=F("cancelled") - found)
    create_tasks([Planned(task.line_id, pick_.bin_id, pick_.quantity) for pick_ in planned])
