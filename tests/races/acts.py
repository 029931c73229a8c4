"""What players do, by name: services as doorways call them. And the guards a control takes away from them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from customers.models import Agreement, CreditAccount, Customer
from fulfillment.services.packing import unpack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from inventory.services import levels, moving, sheets, transferring
from inventory.services.adjusting import approve_adjustments
from inventory.services.levels import Level, Row
from inventory.services.putting_away import Put, put_away
from inventory.services.receiving import receive_purchase_order
from inventory.services.sheets import enter_count
from inventory.services.transferring import cancel_transfer, dispatch_transfer, receive_transfer
from oms.company import business_day
from oms.models import User
from oms.outbox import deliver_due
from orders.allocation import Terms
from orders.call_offs import Progress
from orders.models import Order, OrderDelivery
from orders.services import (
    allocating,
    calling_off,
    changing,
    crediting,
    drawing,
    merging,
    scheduling,
    stock_holds,
)
from orders.services.allocating import serve_backorders
from orders.services.approving import decide
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.merging import merge_customers
from orders.services.overriding import take_from
from orders.services.pricing import LineInput
from orders.services.quoting import expire_quotes, send_quote
from orders.services.restocking import raise_restock_alerts
from orders.status import Verdict

PATIENCE = 20


def connect() -> None:
    connection.ensure_connection()


def hang_up_if_broken() -> None:
    connection.close_if_unusable_or_obsolete()


def stand_by() -> None:
    """Only be there when the others start."""


def put_below(customer_id: int, parent_id: int) -> None:
    """Give a company its parent and keep the transaction open for a moment, so that the others meet it."""
    with transaction.atomic():
        Customer.objects.filter(pk=customer_id).update(parent=parent_id)
        time.sleep(0.2)


def merge_and_linger(kept_id: int, gone_id: int) -> str:
    """Merge and keep the transaction open for a moment, so that the others meet it."""
    with transaction.atomic():
        kept = merge_customers(kept_id, gone_id, by=None)
        time.sleep(0.6)
    return str(kept.code)


def order_in_between(customer_id: int, unit_id: int) -> str:
    """Enter an order for a customer while somebody else merges it."""
    time.sleep(0.3)
    return str(enter_order(Header(customer_id), [LineInput(unit_id, 1)], by=None).number)


def order_and_linger(customer_id: int, unit_id: int) -> str:
    """Enter an order and keep the transaction open while somebody else merges its customer."""
    with transaction.atomic():
        order = enter_order(Header(customer_id), [LineInput(unit_id, 1)], by=None)
        time.sleep(0.6)
    return str(order.number)


def merge_in_between(kept_id: int, gone_id: int) -> str:
    time.sleep(0.3)
    return str(merge_customers(kept_id, gone_id, by=None).code)


def confirm(order_id: int) -> str:
    return str(confirm_order(order_id, by=None).status)


def cancel(order_id: int) -> str:
    return str(cancel_order(order_id, by=None).status)


def pick_task(shipment_id: int, task_id: int, quantity: int) -> str:
    return str(pick(shipment_id, {task_id: quantity}, by=None).status)


def take_out(shipment_id: int, line_id: int, quantity: int) -> str:
    return str(unpack(shipment_id, 1, {line_id: quantity}, by=None).status)


def ship(shipment_id: int) -> str:
    return str(ship_shipment(shipment_id, by=None).status)


def approve(request_id: int, user_id: int) -> str:
    return str(decide(request_id, Verdict.APPROVE, by=User.objects.get(pk=user_id)).status)


def serve() -> int:
    return serve_backorders()


def release(order_id: int) -> str:
    return str(len(release_order(order_id, by=None)))


def take(order_id: int, others: list[int], user_id: int) -> str:
    return str(take_from(order_id, others, by=User.objects.get(pk=user_id), reason="line down").number)


def receive(purchase_order_id: int, line_id: int, quantity: int) -> str:
    return str(receive_purchase_order(purchase_order_id, {line_id: quantity}, by=None).status)


def put_into(warehouse_id: int, product_id: int, quantity: int, location_id: int) -> None:
    put_away(warehouse_id, [Put(product_id, quantity, location_id)], by=None)


def receive_and_serve(purchase_order_id: int, line_id: int, quantity: int) -> int:
    receive_purchase_order(purchase_order_id, {line_id: quantity}, by=None)
    return serve_backorders()


def dispatch(transfer_id: int, line_id: int, quantity: int) -> str:
    return str(dispatch_transfer(transfer_id, {line_id: quantity}, by=None).status)


def dispatch_all(transfer_id: int, quantities: list[tuple[int, int]]) -> str:
    return str(dispatch_transfer(transfer_id, dict(quantities), by=None).status)


def receive_off_the_road(transfer_id: int, line_id: int, quantity: int) -> str:
    return str(receive_transfer(transfer_id, {line_id: quantity}, by=None).status)


def call_off(transfer_id: int) -> str:
    return str(cancel_transfer(transfer_id, by=None).status)


def call_portion_off(call_off_id: int) -> str:
    return str(calling_off.call_off(call_off_id, by=None).order.number)


def call_due_off() -> int:
    return calling_off.call_off_due()


def alert() -> tuple[int, int, int]:
    sweep = raise_restock_alerts()
    return sweep.opened, sweep.updated, sweep.closed


def send(quote_id: int) -> str:
    return str(send_quote(quote_id, by=None).status)


def end_holds(days: int) -> int:
    """Let the clock come by so many days later."""
    return stock_holds.end_lapsed_holds(business_day() + timedelta(days=days))


def expire() -> int:
    return expire_quotes()


def count_bin(stop_id: int, product_id: int, found: int, user_id: int) -> str:
    counted = enter_count(stop_id, {product_id: found}, seen=0, by=User.objects.get(pk=user_id))
    return f"{len(counted.applied)} applied, {len(counted.waiting)} waiting"


def approve_adjustment(adjustment_id: int, user_id: int) -> str:
    return str(approve_adjustments([adjustment_id], by=User.objects.get(pk=user_id))[0].status)


def announce() -> list[int]:
    sent: list[int] = []
    deliver_due(OrderDelivery, "mail", lambda event: sent.append(event.pk))
    return sent


@contextmanager
def sabotaged(guard: str, meeting: Any) -> Iterator[None]:
    """Take a guard away for one turn. Players meet where the guard would have kept them apart."""
    if not guard:
        yield
        return
    if guard == "no_terms":
        with patch.object(Terms, "accept", lambda *_self, **_offer: True):
            yield
        return
    if guard in WITHOUT_TURNS:
        with WITHOUT_TURNS[guard](meeting["no_lock"]):
            yield
        return
    broken = {"no_lock": _without_lock, "no_order": _in_order_of_request}[guard](meeting[guard])
    look = _all_look_first(meeting[guard]) if guard == "no_lock" else moving.require_in_bins
    with (
        patch.object(allocating, "lock_levels", broken),
        patch.object(stock_holds, "lock_levels", broken),
        patch.object(transferring, "lock_levels", broken),
        patch.object(moving, "require_in_bins", look),
    ):
        yield


@contextmanager
def _all_at_once(meeting: Any) -> Iterator[None]:
    """Nobody waits for another count of the bin, and all compare with the ledger before anybody writes."""
    with (
        patch.object(sheets, "_take_turns", lambda _stop: None),
        patch.object(sheets, "lock_levels", _without_lock(meeting)),
    ):
        yield


@contextmanager
def _unasked(_meeting: Any) -> Iterator[None]:
    """Nobody looks whether somebody was faster."""
    with patch.object(sheets, "_require_first", lambda _stop, _seen: None):
        yield


@contextmanager
def _unheld(_meeting: Any) -> Iterator[None]:
    """The customers are read, not held."""
    with patch.object(merging, "hold_pair", merging.pair_of):
        yield


@contextmanager
def _unrevised(_meeting: Any) -> Iterator[None]:
    """Nobody asks which state of the order was seen."""
    with patch.object(changing, "require_current", lambda _order, _revision: None):
        yield


@contextmanager
def _drawing_unheld(meeting: Any) -> Iterator[None]:
    """Everybody reads what agreements have left, and only when all have read does anybody draw."""
    really = drawing._sources

    def read(order: Order, _sql: str, also: Iterable[int] = ()) -> dict[int, drawing.Source]:
        found = really(order, drawing.SOURCES, also)
        meeting.wait(PATIENCE)
        return found

    with patch.object(drawing, "_sources", read):
        yield


@contextmanager
def _calling_unheld(meeting: Any) -> Iterator[None]:
    """All read what is open of a call-off before anybody orders, and the history, which counts, stops no second."""
    really = calling_off.progress_of

    def read(agreement_id: int) -> dict[int, Progress]:
        found = really(agreement_id)
        meeting.wait(PATIENCE)
        return found

    with (
        patch.object(scheduling, "lock_row", lambda model, pk: model.objects.get(pk=pk)),
        patch.object(calling_off, "progress_of", read),
        patch.object(Agreement, "record", lambda *_self, **_told: None),
    ):
        yield


@contextmanager
def _in_its_turn(_meeting: Any) -> Iterator[None]:
    """What was held for an order is free for all when it is confirmed, and its rank decides."""

    def freed(order: Order, held: Sequence[Row], found: dict[Row, Level]) -> dict[Row, int]:
        own = stock_holds.take_over(order, held, found)
        found |= {row: replace(found[row], held=found[row].held - units) for row, units in own.items()}
        return {}

    with patch.object(allocating, "take_over", freed):
        yield


@contextmanager
def _credit_unheld(meeting: Any) -> Iterator[None]:
    """Everybody reads what is owed, and only when all have read is anything confirmed."""
    really = crediting.exposure_of

    def read(account: CreditAccount, *adds: Any) -> Any:
        found = really(account, *adds)
        meeting.wait(PATIENCE)
        return found

    with (
        patch.object(crediting, "lock_row", lambda model, pk, *_related: model.objects.get(pk=pk)),
        patch.object(crediting, "exposure_of", read),
    ):
        yield


WITHOUT_TURNS = {
    "no_turns": _all_at_once,
    "no_question": _unasked,
    "no_hold": _unheld,
    "no_revision": _unrevised,
    "no_draw_lock": _drawing_unheld,
    "no_credit_lock": _credit_unheld,
    "no_agreement_lock": _calling_unheld,
    "no_own_turn": _in_its_turn,
}


def _without_lock(meeting: Any) -> Any:
    """Everybody reads what is free, and only when all have read does anybody write."""

    def read_levels(rows: Iterable[Row]) -> dict[Row, Level]:
        with patch.object(levels, "LOCK", levels.LOCK.replace("FOR NO KEY UPDATE OF s", "")):
            found = levels.lock_levels(rows)
        meeting.wait(PATIENCE)
        return found

    return read_levels


def _all_look_first(meeting: Any) -> Any:
    """Everybody looks into the bins before anybody takes something out."""
    really = moving.require_in_bins

    def look(moves: Sequence[moving.Move], document: str) -> None:
        really(moves, document)
        meeting.wait(PATIENCE)

    return look


def _in_order_of_request(meeting: Any) -> Any:
    """Each locks its first row, and only when all hold one does anybody ask for the next."""

    def lock_one_by_one(rows: Iterable[Row]) -> dict[Row, Level]:
        first, *rest = dict.fromkeys(rows)
        found = levels.lock_levels([first])
        meeting.wait(PATIENCE)
        for row in rest:
            found |= levels.lock_levels([row])
        return found

    return lock_one_by_one
