"""The stock commands that meet in pairs, each with the document it is about. One line adds a command."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.db.models import F

from customers.services.crediting import Told, tell_credit
from fulfillment.models import PickTask
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.status import ShortReason
from inventory.models import Location
from inventory.services import levels
from inventory.services.counting import finish_count
from inventory.services.levels import Level, Row
from inventory.services.moving import Cause, adjust_stock, move_stock, receive_stock
from inventory.services.purchasing import cancel_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from oms.contention import again_after_ties
from oms.models import User
from orders.models import Order
from orders.services import allocating
from orders.services.allocating import serve_backorders
from orders.services.calling_off import call_off, call_off_due
from orders.services.cancelling import cancel_order, close_short
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.crediting import release_credit
from orders.services.drafting import Edit, HeaderChange, edit_order
from orders.services.overriding import take_from
from orders.services.quoting import send_quote
from orders.services.scheduling import Portions, change_call_off, plan_again, plan_call_offs, skip_call_off
from orders.services.splitting import Split, split_order
from orders.services.stock_holds import let_stock_go
from tests.builders import in_days
from tests.campaigns.stages import DUE, SKIPPED, Stage
from tests.races.players import Turn

SERVICES: dict[str, Callable[..., Any]] = {
    "confirm": lambda pk: confirm_order(pk, by=None),
    "cancel": lambda pk: cancel_order(pk, by=None),
    "release": lambda pk: release_order(pk, by=None),
    "cancel_released": lambda pk: cancel_released_order(pk, by=None),
    "serve": serve_backorders,
    "pick": lambda pk, task, quantity: pick(pk, {task: quantity}, by=None),
    "short_pick": lambda task, taken: short_pick(task, taken, ShortReason.NOT_FOUND, by=None),
    "pack": lambda pk, line, quantity: pack(pk, None, {line: quantity}, by=None),
    "ship": lambda pk: ship_shipment(pk, by=None),
    "hand_over": lambda pk: hand_over(pk, by=None),
    "void": lambda pk: void_shipment(pk, by=None),
    "receive": lambda product, place, q: receive_stock({product: q}, _place(place), Cause("DUEL", None)),
    "adjust": lambda product, place, q: adjust_stock(product, _place(place), q, Cause("DUEL", None)),
    "move": lambda product, source, target, q: move_stock(
        {product: q}, _place(source), _place(target), Cause("DUEL", None)
    ),
    "finish_count": lambda pk, found, clerk: finish_count(pk, found, by=User.objects.get(pk=clerk)),
    "receive_purchase": lambda pk, line, q: receive_purchase_order(pk, {line: q}, by=None),
    "cancel_purchase": lambda pk: cancel_purchase_order(pk, by=None),
    "answer_purchase": lambda pk, line, q: confirm_purchase_order(pk, {line: Answer(q, in_days(2))}, by=None),
    "send_quote": lambda pk: send_quote(pk, by=None),
    "let_go": lambda pk, clerk: let_stock_go(pk, by=User.objects.get(pk=clerk)),
    "take": lambda pk, holder, clerk: take_from(
        pk, [holder], by=User.objects.get(pk=clerk), reason="it burns"
    ),
    "change": lambda pk, seen, line, wanted, clerk: change_order(
        pk, OrderChange(seen, {line: wanted}), by=User.objects.get(pk=clerk)
    ),
    "close_short": lambda pk, clerk: close_short(pk, "enough", by=User.objects.get(pk=clerk)),
    "split": lambda pk, seen, differently, clerk: split_order(
        pk, Split(seen, frozenset({1}), **differently), by=User.objects.get(pk=clerk)
    ),
    "plan_call_off": lambda agreement, wanted: plan_call_offs(agreement, wanted, by=None),
    "change_call_off": lambda pk, day, quantity: change_call_off(
        pk, requested_on=day, quantity=quantity, by=None
    ),
    "skip_call_off": lambda pk: skip_call_off(pk, by=None),
    "plan_again": lambda pk: plan_again(pk, by=None),
    "call_off": lambda pk: call_off(pk, by=None),
    "call_off_due": call_off_due,
    "release_credit": lambda pk, clerk: release_credit(
        pk, by=User.objects.get(pk=clerk), reason="they pay today"
    ),
    "tell_credit": lambda pk: tell_credit([(pk, Told(in_days(-1)))], by=None),
    "move_order": lambda pk, seen, place, clerk: _move_order(pk, seen, place, User.objects.get(pk=clerk)),
}


def _move_order(pk: int, seen: int, place: int, clerk: User) -> None:
    """Send a draft order from another warehouse, as whoever saw it so."""
    edit_order(pk, Edit(seen, header=HeaderChange(warehouse_id=place)), by=clerk)


def _place(pk: int) -> Location:
    return Location.objects.get(pk=pk)


def do(name: str, *arguments: Any) -> str:
    """Run a command in whatever process this is."""
    SERVICES[name](*arguments)
    return "done"


def do_without_lock(name: str, *arguments: Any) -> str:
    """Run a command that reads stock levels without holding them: the control of T3."""
    with patch.object(levels, "LOCK", levels.LOCK.replace("FOR NO KEY UPDATE OF s", "")):
        return do(name, *arguments)


def do_and_bend_totals(name: str, *arguments: Any) -> str:
    """Run a command and leave what no comparison of stock and lines shows."""
    answer = do(name, *arguments)
    Order.objects.update(total=F("total") + 1)
    return answer


def _in_order_of_request(rows: Iterable[Row]) -> dict[Row, Level]:
    """Lock one by one as they were asked for: how deadlocks are made."""
    return {row: level for each in dict.fromkeys(rows) for row, level in levels.lock_levels([each]).items()}


def confirm_once(pk: int) -> str:
    with patch.object(allocating, "lock_levels", _in_order_of_request):
        return do("confirm", pk)


def confirm_again(pk: int) -> str:
    """Confirm as a doorway does: begun again when the database gives it up."""
    return again_after_ties(lambda: confirm_once(pk))


@dataclass(frozen=True)
class Command:
    """A service, the document of the stage that it needs, and its arguments."""

    service: str
    need: str
    arguments: Callable[[Stage, Any], tuple[Any, ...]] = lambda _stage, document: (document.pk,)

    def turn(self, stage: Stage, act: str) -> Turn:
        found = self.arguments(stage, stage.there.get(self.need))
        return Turn(act, (self.service, *found))


def _task(_stage: Stage, shipment: Any) -> Any:
    return PickTask.objects.get(shipment_line__shipment=shipment).pk


def _line(_stage: Stage, document: Any) -> Any:
    return document.lines.order_by("pk")[0].pk


def _split(**differently: Callable[[Stage], Any]) -> Callable[[Stage, Any], tuple[Any, ...]]:
    """Split the first line of an order off, as it was seen, for another day or place."""

    def arguments(stage: Stage, order: Any) -> tuple[Any, ...]:
        changes = {name: value(stage) for name, value in differently.items()}
        return order.pk, order.revision, changes, stage.place.clerk.pk

    return arguments


COMMANDS = {
    "confirm": Command("confirm", "submitted"),
    "confirm_rival": Command("confirm", "rival"),
    "confirm_both": Command("confirm", "both"),
    "cancel_submitted": Command("cancel", "submitted"),
    "cancel": Command("cancel", "confirmed"),
    "release": Command("release", "confirmed"),
    "serve": Command("serve", "waiting", lambda _s, _d: ()),
    "take": Command("take", "urgent", lambda s, d: (d[0].pk, d[1].pk, s.place.clerk.pk)),
    "change": Command(
        "change", "confirmed", lambda s, d: (d.pk, d.revision, _line(s, d), 2, s.place.clerk.pk)
    ),
    "close_short": Command("close_short", "begun", lambda s, d: (d.pk, s.place.clerk.pk)),
    "pick": Command("pick", "planned", lambda s, d: (d.pk, _task(s, d), 4)),
    "short_pick": Command("short_pick", "planned", lambda s, d: (_task(s, d), 1)),
    "cancel_released": Command("cancel_released", "planned", lambda _s, d: (d.order_id,)),
    "cancel_two": Command("cancel_released", "two_shipments"),
    "void_planned": Command("void", "planned"),
    "pack": Command("pack", "picked", lambda s, d: (d.pk, _line(s, d), 3)),
    "void_picked": Command("void", "picked"),
    "ship": Command("ship", "packed"),
    "void_packed": Command("void", "packed"),
    "hand_over": Command("hand_over", "shipped"),
    "void_shipped": Command("void", "shipped"),
    "receive": Command("receive", "", lambda s, _d: (s.bolts.pk, s.place.second.pk, 3)),
    "adjust": Command("adjust", "", lambda s, _d: (s.bolts.pk, s.place.first.pk, -4)),
    "move_bins": Command("move", "", lambda s, _d: (s.bolts.pk, s.place.first.pk, s.place.second.pk, 4)),
    "move_away": Command("move", "", lambda s, _d: (s.bolts.pk, s.place.first.pk, s.place.far.pk, 4)),
    "finish_count": Command("finish_count", "count", lambda s, d: (d, 1, s.place.clerk.pk)),
    "receive_purchase": Command("receive_purchase", "purchase", lambda _s, d: (d.pk, d.lines.get().pk, 4)),
    "cancel_purchase": Command("cancel_purchase", "purchase"),
    "answer_purchase": Command("answer_purchase", "purchase", lambda _s, d: (d.pk, d.lines.get().pk, 3)),
    "send_quote": Command("send_quote", "quote"),
    "let_go": Command("let_go", "held", lambda s, d: (d.pk, s.place.clerk.pk)),
    "confirm_ordered": Command("confirm", "ordered"),
    "let_go_ordered": Command("let_go", "ordered", lambda s, d: (d.quote_version.quote_id, s.place.clerk.pk)),
    "move_draft": Command(
        "move_order", "draft", lambda s, d: (d.pk, d.revision, s.place.south.pk, s.place.clerk.pk)
    ),
    "let_go_draft": Command("let_go", "draft", lambda s, d: (d.quote_version.quote_id, s.place.clerk.pk)),
    "split_away": Command("split", "confirmed", _split(ship_to_id=lambda s: s.place.elsewhere.pk)),
    "split_later": Command("split", "begun", _split(requested_on=lambda _s: in_days(9))),
    "plan_call_off": Command(
        "plan_call_off",
        "schedule",
        lambda _s, d: (d.agreement, Portions(d.line, d.ship_to, 2, in_days(SKIPPED + 7))),
    ),
    "change_call_off": Command("change_call_off", "schedule", lambda _s, d: (d.due, in_days(DUE + 1), 4)),
    "skip_call_off": Command("skip_call_off", "schedule", lambda _s, d: (d.due,)),
    "plan_again": Command("plan_again", "schedule", lambda _s, d: (d.skipped,)),
    "call_off": Command("call_off", "schedule", lambda _s, d: (d.due,)),
    "clock_calls_off": Command("call_off_due", "schedule", lambda _s, _d: ()),
    "confirm_called": Command("confirm", "schedule", lambda _s, d: (d.order.pk,)),
    "cancel_called": Command("cancel", "schedule", lambda _s, d: (d.order.pk,)),
    "release_credit": Command("release_credit", "on_credit", lambda s, d: (d[0].pk, s.place.clerk.pk)),
    "tell_credit": Command("tell_credit", "on_credit", lambda _s, d: (d[1].pk,)),
    "confirm_on_credit": Command("confirm", "on_credit", lambda _s, d: (d[0].pk,)),
}
