"""A confirmed order is changed: more, less, another day or place. What is agreed and under way stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import CreditAccount
from oms.errors import Incomplete
from oms.models import User
from oms.rows import lock_row
from oms.sets import set_in_rows
from orders.errors import NothingOpen, NotInWork, TakenAlready
from orders.models import ApprovalRule, Order, OrderLine
from orders.services.approving import ask_about_change, facts_agreed
from orders.services.cancelling import complete_if_nothing_left, require_not_in_the_warehouse
from orders.services.capturing import MOST_LINES, add_lines
from orders.services.change_plan import DAY, SHIP_TO, WAREHOUSE, LineState, Plan, lines_of
from orders.services.checking import customer_problems, line_problems, require_possible_day
from orders.services.crediting import ask_about_credit, hold_account
from orders.services.drafting import count_up, require_current, require_may_type_prices, write_total_of
from orders.services.drawing import draw_as_changed, hold_agreements
from orders.services.price_changes import price_change
from orders.services.pricing import LineInput, as_columns
from orders.services.promise_ledger import Told, write_promises
from orders.services.reallocating import (
    Touch,
    give_back_soft,
    hard_of,
    held_by,
    lock_stage,
    reallocate,
    with_freed,
)
from orders.services.sheets import OrderSheet
from orders.services.taxing import tax_problems
from orders.status import IN_WORK, PromiseCause


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What becomes different in an order in work, asked for by somebody who saw it at `revision`. None stays.

    `quantities` are what the customer gets of a line in all, in base units, by line; 0 takes the line out.
    """

    revision: int
    quantities: Mapping[int, int] = field(default_factory=dict)
    add: Sequence[LineInput] = ()
    requested_on: date | None = None
    ship_to_id: int | None = None
    warehouse_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: header and lines before and after, the rules that ask, and why it waits for credit."""

    order: Order
    header: Mapping[str, tuple[Any, Any]]
    before: Mapping[int, LineState]
    after: Mapping[int, LineState]
    net: tuple[Decimal, Decimal]
    total: tuple[Decimal, Decimal]
    asks: Sequence[tuple[ApprovalRule, str]]
    credit: str = ""

    @property
    def lines(self) -> list[tuple[LineState | None, LineState]]:
        """The lines that are not as they were, before and after; a new one was not there before."""
        return [(self.before.get(pk), now) for pk, now in self.after.items() if self.before.get(pk) != now]


@transaction.atomic
def change_order(order_id: int, change: OrderChange, *, by: User) -> Changed:
    """Change an order in work; nothing that is with the warehouse or has left is touched.

    Lines that are not named keep their price, their stock and their day. What becomes worse than was agreed is asked
    about, and the order is held meanwhile. Raise NotInWork, Stale, AgreementShort, TakenAlready, InTheWarehouse,
    NothingOpen, NotAllowed, NotOrderable, BadQuantity, Incomplete or NotEnoughStock; then nothing has changed.
    """
    order = lock_row(Order, order_id, "customer", "currency", "ship_to")
    _require_changeable(order, change, by)
    agreed, net, total = facts_agreed(order), order.without_tax, order.total
    plan = _planned(order, change)
    account = _carry_out(plan, by=by)
    order.refresh_from_db(fields=["tax", "total", "ship_on"])
    asks = ask_about_change(order, agreed, by=by)
    credit = ask_about_credit(order, account, total, by=by)
    nets, totals = (net, order.without_tax), (total, order.total)
    done = Changed(order, plan.header, plan.before, lines_of(order), nets, totals, asks, credit)
    order.record("changed", by=by, note=change.reason, **_detail(done))
    complete_if_nothing_left(order, by=by)
    return done


def preview_change(order_id: int, change: OrderChange, *, by: User) -> Changed:
    """Return what the change would do if it were made now. Nothing is changed; raise as `change_order` does."""
    with transaction.atomic():
        done = change_order(order_id, change, by=by)
        transaction.set_rollback(True)
    return done


def _require_changeable(order: Order, change: OrderChange, by: User) -> None:
    require_in_work(order)
    require_current(order, change.revision)
    require_may_type_prices(change.add, by=by)
    if change.ship_to_id not in (None, order.ship_to_id):
        require_not_in_the_warehouse(order)


def require_in_work(order: Order) -> None:
    """Raise NotInWork unless the order is confirmed and not ended."""
    if order.status not in IN_WORK:
        raise NotInWork(order.number, str(order.get_status_display()))


def _planned(order: Order, change: OrderChange) -> Plan:
    """Return the change as it may be made, with the header as it will be."""
    require_possible_day(order, change.requested_on)
    before, held = lines_of(order), held_by(order)
    wanted = _wanted(order, change, before, hard_of(held))
    header = _header(order, change)
    if not (header or wanted or change.add):
        raise NothingOpen(_("%(order)s: nothing would change. Change something first.") % {"order": order})
    _require_something_left(order, change, before, wanted)
    for name, (_old, new) in header.items():
        setattr(order, name, new)
    lines, added = price_change(order, before, wanted, change.add)
    return Plan(order, header, before, held, lines, added)


def _header(order: Order, change: OrderChange) -> dict[str, tuple[Any, Any]]:
    named = {DAY: change.requested_on, SHIP_TO: change.ship_to_id, WAREHOUSE: change.warehouse_id}
    return {n: (getattr(order, n), new) for n, new in named.items() if new not in (None, getattr(order, n))}


def _wanted(
    order: Order, change: OrderChange, before: Mapping[int, LineState], hard: Mapping[int, int]
) -> dict[int, int]:
    """Return what is wanted otherwise, by line; raise TakenAlready for less than is with the warehouse or has left."""
    if any(pk not in before for pk in change.quantities):
        raise NothingOpen(_("%(order)s has no such line; look at the order again.") % {"order": order})
    wanted = {pk: quantity for pk, quantity in change.quantities.items() if quantity != before[pk].wanted}
    for pk, quantity in wanted.items():
        line, inside = before[pk], hard[pk]
        if quantity < line.shipped + inside:
            raise TakenAlready(order.number, line, inside)
    return wanted


def _require_something_left(
    order: Order, change: OrderChange, before: Mapping[int, LineState], wanted: Mapping[int, int]
) -> None:
    if not change.add and not any(wanted.get(pk, line.wanted) for pk, line in before.items()):
        raise NothingOpen(
            _("Nothing of %(order)s would be left; cancel the order instead.") % {"order": order}
        )
    if len(before) + len(change.add) > MOST_LINES:
        raise NothingOpen(_("%(order)s would have too many lines; enter another order.") % {"order": order})


def _carry_out(plan: Plan, *, by: User) -> CreditAccount | None:
    """Give back, write header and lines, take again and promise again, all under the locks of the stock.

    Return the credit account of the customer, which is held before the stock is.
    """
    order = plan.order
    drawn = hold_agreements(order, {line.agreement_line_id for line in plan.added if line.agreement_line_id})
    account = hold_account(order)
    stage = lock_stage(order, plan.rows, plan.held)
    held = give_back_soft(plan.held, plan.surplus, stays_in=plan.stays_in)
    stage = with_freed(stage, plan.held, held)
    _write(plan)
    behind = max(line.position for line in plan.before.values()) + 1
    places = range(behind, behind + len(plan.added))
    added = add_lines(order, plan.added, positions=places)
    if drawn:
        draw_as_changed(order, by=by)
    taxation = write_total_of(OrderSheet(order))
    count_up(order, by)
    raised = [plan.before[pk].position for pk, n in plan.after.items() if n > plan.before[pk].wanted]
    _require_sellable(order, {*places, *raised})
    if problems := tax_problems(order, taxation):
        raise Incomplete(order.number, problems)
    reallocate(order, plan.touched | dict.fromkeys(added, Touch(is_new=True)), held, stage, by=by)
    gone = [Told(pk, 0) for pk in plan.taken_out]
    write_promises(order.pk, gone, by=by, cause=PromiseCause.CHANGED)
    return account


def _write(plan: Plan) -> None:
    if plan.header:
        plan.order.save(update_fields=list(plan.header))
    if plan.stays_in is not None:
        OrderLine.objects.filter(pk__any_of=plan.rest).update(warehouse=plan.stays_in)
    if plan.lines:
        set_in_rows(OrderLine, list(plan.lines), **as_columns(list(plan.lines.values())))


def _require_sellable(order: Order, positions: set[int]) -> None:
    """Raise Incomplete when the customer may not buy now, or what they buy more of is not sold or has no price."""
    if not positions:
        return
    problems = [
        *customer_problems(order.customer),
        *line_problems(order.lines, order.customer, only=positions),
    ]
    if problems:
        raise Incomplete(order.number, problems)


def _detail(done: Changed) -> dict[str, Any]:
    """Return the change as the history keeps it, ready to be read again."""
    lines = [
        {
            "line": now.id,
            "position": now.position,
            "sku": now.sku,
            "ordered": [was.ordered if was else 0, now.ordered],
            "wanted": [was.sold(was.wanted) if was else "", now.sold(now.wanted)],
            "unit_price": [str(was.unit_price) if was else None, str(now.unit_price)],
        }
        for was, now in done.lines
        if was is None or was.ordered != now.ordered
    ]
    header = {name: [str(old), str(new)] for name, (old, new) in done.header.items()}
    return {"lines": lines, **header, "total": [str(one) for one in done.total], "asks": bool(done.asks)}
