"""What is not begun of some lines becomes an order of its own, with another day or place and what it holds already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.finding import units_by_id
from oms.models import User
from oms.money import round_half_up
from oms.rows import lock_row
from oms.sets import add_to_rows, insert_rows, set_in_rows
from orders.errors import NoSuchLine, NothingOpen, NotInWork, OnHold
from orders.models import Allocation, Order, OrderLine
from orders.models.order_events import SPLIT_FROM
from orders.services.approving import ask_about_change, facts_agreed
from orders.services.calling_off import follow_split
from orders.services.cancelling import complete_if_nothing_left
from orders.services.capturing import add_lines
from orders.services.change_plan import LineState, Plan, lines_of
from orders.services.checking import require_possible_day
from orders.services.drafting import count_up, require_current, write_total_of
from orders.services.drawing import hold_agreements, pass_on_draws
from orders.services.price_changes import at_its_price
from orders.services.pricing import PricedInput, as_columns
from orders.services.promise_ledger import Told, write_promises
from orders.services.reallocating import (
    Held,
    Touch,
    hard_of,
    held_by,
    lock_stage,
    reallocate,
)
from orders.services.sheets import OrderSheet
from orders.services.totalling import RULE, write_totals
from orders.status import IN_WORK, OrderStatus, PromiseCause

SAME = (
    "customer_id", "customer_po", "bill_to_id", "warehouse_id", "ordered_on", "currency_id", "payment_terms_id", "note",
    "submitted_by_id", "confirmed_at", "priority", "discount_percent", *RULE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """Which lines go into an order of their own, by position, and what is different there."""

    revision: int
    positions: frozenset[int]
    requested_on: date | None = None
    ship_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class Parting:
    """What stays of each line that is split, and what goes, both at the price it has."""

    before: Mapping[int, LineState]
    held: Sequence[Held]
    stays: Mapping[int, PricedInput]
    goes: Mapping[int, PricedInput]


@transaction.atomic
def split_order(order_id: int, split: Split, *, by: User) -> Order:
    """Move the rest of some lines into a confirmed order of its own; return that one.

    It keeps their prices, the rank, and the stock they hold; each line is promised again. Both orders are held where
    one by itself is worse than what was agreed. Raise NotInWork, OnHold, Stale, Incomplete, NoSuchLine or NothingOpen.
    """
    order = lock_row(Order, order_id, "customer", "currency")
    _require_may_split(order, split)
    agreed = facts_agreed(order)
    parting = _parting(order, split)
    waits_at = {(parting.before[pk].product_id, parting.before[pk].warehouse_id) for pk in parting.goes}
    drawn = hold_agreements(order)
    stage = lock_stage(order, waits_at, parting.held)
    part = _new_order(order, split, parting, by=by)
    _write_rest(order, parting, part.discount_amount, by=by)
    if drawn:
        pass_on_draws(order, part, by=by)
    follow_split(order, part, by=by)
    reallocate(part, {line.pk: Touch() for line in part.lines.all()}, held_by(part), stage, by=by)
    for one in (order, part):
        one.refresh_from_db(fields=["total", "ship_on"])
    asks = ask_about_change(order, agreed, by=by)
    order.record("split", by=by, note=part.number, asks=bool(asks))
    complete_if_nothing_left(order, by=by)
    asks = ask_about_change(part, agreed, by=by)
    part.record("split", by=by, note=order.number, asks=bool(asks))
    return part


def _require_may_split(order: Order, split: Split) -> None:
    if order.status not in IN_WORK:
        raise NotInWork(order.number, str(order.get_status_display()))
    if told := [hold.openly() for hold in order.holds.open()]:
        raise OnHold(order.number, told)
    require_current(order, split.revision)
    require_possible_day(order, split.requested_on)
    if split.requested_on in (None, order.requested_on) and split.ship_to_id in (None, order.ship_to_id):
        raise NothingOpen(_("%(order)s: give the part another day or another place.") % {"order": order})


def _parting(order: Order, split: Split) -> Parting:
    before, held = lines_of(order), held_by(order)
    hard = hard_of(held)
    if missing := split.positions - {line.position for line in before.values()}:
        raise NoSuchLine(order.number, missing)
    goes = {
        pk: left
        for pk, line in before.items()
        if line.position in split.positions and (left := line.wanted - line.shipped - hard[pk])
    }
    if not goes:
        raise NothingOpen(_("Nothing is left of these lines of %(order)s.") % {"order": order})
    if all(goes.get(pk, 0) == line.wanted for pk, line in before.items()):
        raise NothingOpen(_("That is all of %(order)s; change its day or place instead.") % {"order": order})
    units = units_by_id(before[pk].unit_id for pk in goes)

    def priced(pk: int, ordered: int, cancelled: int = 0) -> PricedInput:
        return at_its_price(order, before[pk], ordered, units[before[pk].unit_id], cancelled)

    stays = {pk: priced(pk, before[pk].ordered - n, before[pk].cancelled) for pk, n in goes.items()}
    return Parting(before, held, stays, {pk: priced(pk, n) for pk, n in goes.items()})


def _new_order(order: Order, split: Split, parting: Parting, *, by: User) -> Order:
    """Enter the part as a confirmed order and hand it the stock that its lines hold."""
    lines = list(parting.goes.values())
    part = Order.objects.create(
        **{name: getattr(order, name) for name in SAME},
        **order.shipping_wishes(),
        requested_on=split.requested_on or order.requested_on,
        ship_to_id=split.ship_to_id or order.ship_to_id,
        discount_amount=_discount_along(order, parting),
        created_by=by,
        version=1,
    )
    ids = add_lines(part, lines, positions=range(1, len(lines) + 1))
    write_total_of(OrderSheet(part))
    part.begin_history("entered", by=by, note=order.number)
    part.move_to(OrderStatus.SUBMITTED, by=by)
    part.move_to(OrderStatus.CONFIRMED, by=by, **{SPLIT_FROM: order.number})
    _hand_over(parting, dict(zip(parting.goes, ids, strict=True)))
    return part


def _discount_along(order: Order, parting: Parting) -> Decimal:
    """Return the part of a discount agreed as an amount that lies on what goes; a percentage holds for both."""
    if not order.discount_amount:
        return Decimal(0)
    before = parting.before
    shares = (
        before[pk].document_discount * line.ordered / before[pk].wanted for pk, line in parting.goes.items()
    )
    return round_half_up(sum(shares, Decimal(0)), order.currency.exponent)


def _hand_over(parting: Parting, lines: Mapping[int, int]) -> None:
    """Give the new lines what the old ones hold and nobody has begun. The caller holds the locks."""
    soft = [one for one in parting.held if one.soft and one.line_id in lines]
    add_to_rows(Allocation, [one.allocation_id for one in soft], allocated=[-one.soft for one in soft])
    levels = dict(
        Allocation.objects.filter(pk__in=[one.allocation_id for one in soft]).values_list(
            "pk", "stock_level_id"
        )
    )
    columns = {
        "line_id": [lines[one.line_id] for one in soft],
        "stock_level_id": [levels[one.allocation_id] for one in soft],
        "allocated": [one.soft for one in soft],
    }
    if soft:
        insert_rows(Allocation, columns)


def _write_rest(order: Order, parting: Parting, gone_along: Decimal, *, by: User) -> None:
    if gone_along:
        write_totals(order, discount_amount=order.discount_amount - gone_along)
    set_in_rows(OrderLine, list(parting.stays), **as_columns(list(parting.stays.values())))
    write_total_of(OrderSheet(order))
    count_up(order, by)
    plan = Plan(order, {}, parting.before, parting.held, parting.stays, ())
    gone = [Told(pk, 0) for pk in plan.taken_out]
    write_promises(order.pk, gone, by=by, cause=PromiseCause.CHANGED)
