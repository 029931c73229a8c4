"""A changed order gives back what it gets no more, and takes its turn again for what it waits for."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from inventory.services.levels import Level, lock_levels
from oms.models import User
from oms.sets import add_to_rows
from orders.allocation import Grant, Row
from orders.models import Allocation, Order
from orders.services.allocating import (
    add_grants,
    require_may_wait,
    settle_rest,
    short_lines,
    tell_later,
    waiting_rest,
)
from orders.services.promise_ledger import Told, write_promises
from orders.services.promised import promises_for
from orders.services.queue import read_queue
from orders.services.sourcing import Sites, open_sites
from orders.status import PromiseCause


@dataclass(frozen=True, slots=True)
class Held:
    """What a line holds of a stock level: `soft` may go back, `hard` is with the warehouse."""

    allocation_id: int
    line_id: int
    row: Row
    soft: int
    hard: int

    @property
    def quantity(self) -> int:
        return self.soft + self.hard


@dataclass(frozen=True, slots=True)
class Stage:
    """The stock levels a change may touch, all locked, and what is free elsewhere."""

    levels: Mapping[Row, Level]
    sites: Sites


class Touch(NamedTuple):
    """A line that needs a day again: what it was told, if that is to be kept, and whether it asks for new stock."""

    told: Told | None = None
    is_new: bool = False


def held_by(order: Order) -> list[Held]:
    """Return what the order holds. The caller holds its lock."""
    rows = Allocation.objects.filter(line__order=order).order_by("pk")
    columns = rows.values_list(
        "pk",
        "line_id",
        "stock_level__product_id",
        "stock_level__warehouse_id",
        "allocated",
        "released",
        "picked",
        "packed",
    )
    return [
        Held(pk, line, (product, place), allocated - released, released + picked + packed)
        for pk, line, product, place, allocated, released, picked, packed in columns
    ]


def hard_of(held: Iterable[Held]) -> Counter[int]:
    """Return how much of each line is with the warehouse."""
    found = Counter[int]()
    for one in held:
        found[one.line_id] += one.hard
    return found


def soft_of(held: Iterable[Held]) -> Counter[int]:
    """Return how much of each line no shipment has taken up."""
    found = Counter[int]()
    for one in held:
        found[one.line_id] += one.soft
    return found


def lock_stage(order: Order, rows: Collection[Row], held: Sequence[Held]) -> Stage:
    """Lock all stock levels that a change of the order may touch, at once and in key order."""
    sites = open_sites(order, {product for product, _place in rows})
    return Stage(lock_levels({*rows, *(one.row for one in held), *sites.rows}), sites)


def give_back_soft(held: Sequence[Held], surplus: Mapping[int, int], *, stays_in: int | None) -> list[Held]:
    """Free so much of each line that no shipment has taken up, and all that lies elsewhere than where it stays.

    What was given last goes back first. Return what is held then; the caller holds the locks.
    """
    left, given = Counter(surplus), dict[int, int]()
    leaving = [one for one in held if stays_in not in (None, one.row[1])]
    staying = [one for one in held if stays_in in (None, one.row[1])]
    for one in [*leaving, *reversed(staying)]:
        back = one.soft if stays_in not in (None, one.row[1]) else min(one.soft, max(left[one.line_id], 0))
        left[one.line_id] -= back
        if back:
            given[one.allocation_id] = back
    add_to_rows(Allocation, list(given), allocated=[-back for back in given.values()])
    return [replace(one, soft=one.soft - given.get(one.allocation_id, 0)) for one in held]


def with_freed(stage: Stage, before: Sequence[Held], after: Sequence[Held]) -> Stage:
    """Return the stage, whose levels were read before, with what was given back meanwhile free again."""
    back = Counter[Row]()
    for was, now in zip(before, after, strict=True):
        back[was.row] += was.soft - now.soft
    levels = {
        row: replace(level, allocated=level.allocated - back[row]) for row, level in stage.levels.items()
    }
    return replace(stage, levels=levels)


def reallocate(
    order: Order, touched: Mapping[int, Touch], held: Sequence[Held], stage: Stage, *, by: User
) -> None:
    """Promise the order what is free by its old rank, and a day to each line touched; what it holds it keeps.

    Raise NotEnoughStock when what is new may not wait. The caller holds the lock on the order.
    """
    levels = stage.levels
    queue = stage.sites.widen(read_queue([order.pk], levels), order, levels)
    granted = queue.grants_of([order.pk], queue.free_of(levels))
    short = short_lines(queue.wanted_by(order.pk), granted)
    new = [line for line in short if line.line_id in touched and touched[line.line_id].is_new]
    require_may_wait(order, new, granted)
    later = queue.later_of(order.pk)
    waiting = [*waiting_rest(order, short), *(one.demand for one in later)]
    told = promises_for(order, granted, waiting, held=_as_grants(held))
    add_grants(granted, levels)
    if new_later := [one for one in later if one.demand.line_id in touched]:
        tell_later(order, new_later, by=by)
    if new:
        settle_rest(order, new, by=by)
    waits = {demand.line_id for demand in waiting}
    days = [_day_of(told[pk], touch, waits) for pk, touch in touched.items() if pk in told]
    write_promises(order.pk, days, by=by, cause=PromiseCause.CHANGED)


def _as_grants(held: Iterable[Held]) -> list[Grant]:
    return [Grant(one.line_id, one.row, one.quantity) for one in held if one.quantity]


def _day_of(now: Told, touch: Touch, waits: Collection[int]) -> Told:
    """Return the promise; days told before stay where nothing new waits and those of now are no sooner."""
    before = touch.told
    if before is None or before.ship_on is None or (touch.is_new and now.line_id in waits):
        return now
    if now.ship_on is not None and now.ship_on <= before.ship_on:
        return now
    return now._replace(ship_on=before.ship_on, promised_on=before.promised_on)
