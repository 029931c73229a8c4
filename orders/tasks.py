"""What the clock starts: announcements, backorders, alerts, expiry. Safe to run twice and at once."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from oms.contention import again_after_ties
from oms.outbox import deliver_due
from orders.emails import tell_office_of_order, tell_office_of_quote
from orders.letters import write_about_order, write_about_quote, write_to_decider
from orders.models import IssuedDocument, OrderDelivery, OrderEvent, QuoteDelivery, QuoteEvent
from orders.notices import notify_about, tell_of_late_promises, tell_unprintable, tell_what_is_due
from orders.services import allocating, calling_off, crediting, quoting, restocking, stock_holds, watching
from orders.services.answering import link_for_event, links_for_deciders
from orders.services.following import link_for_order_event
from orders.services.issuing import CannotPrint, Overtaken, paper_for_order_event, paper_for_quote_event

OVERTAKEN = "not sent: it does not stand any more, or a later letter tells it"  # kept with the delivery


@shared_task
def announce_order_events() -> int:
    """Send the letters about orders that are due; return how many events are settled."""
    return deliver_due(OrderDelivery, "mail", _tell_about_order)


@shared_task
def announce_quote_events() -> int:
    """Send the letters about quotes that are due; return how many events are settled."""
    return deliver_due(QuoteDelivery, "mail", _tell_about_quote)


def _tell_about_order(event: OrderEvent) -> str | None:
    notify_about(
        event
    )  # a letter that cannot be sent is tried again; who is in the office knows at once, and once
    overtaken = event.is_overtaken or not _tell_customer(event)
    tell_office_of_order(event)
    return OVERTAKEN if overtaken else None


def _tell_customer(event: OrderEvent) -> bool:
    """Send the customer's letter; return False when what it tells was overtaken while its paper was drawn."""
    try:
        paper = _printed(event, paper_for_order_event)
    except Overtaken:
        return False
    link = link_for_order_event(event)
    if event.is_overtaken:
        return False
    write_about_order(event, paper, link)
    return True


def _tell_about_quote(event: QuoteEvent) -> str | None:
    notify_about(event)
    overtaken = event.is_overtaken or not _send_quote(event)
    return OVERTAKEN if overtaken else None


def _send_quote(event: QuoteEvent) -> bool:
    """Send the letters about a quote; return False when what they tell was overtaken while its paper was drawn."""
    paper = _printed(event, paper_for_quote_event)
    link, deciders = link_for_event(event), links_for_deciders(event)
    if event.is_overtaken:
        return False
    tell_office_of_quote(event)
    write_about_quote(event, paper, link)
    for invited in deciders:
        write_to_decider(event, invited, paper)
    return True


def _printed(event: Any, make: Callable[[Any], IssuedDocument | None]) -> IssuedDocument | None:
    """Return the paper that goes with a letter; the office is told where the letter goes without."""
    try:
        return make(event)
    except CannotPrint as refusal:
        tell_unprintable(event, str(refusal))
        return None


@shared_task
def serve_backorders() -> int:
    """Promise free stock to the orders that wait for it; return how many got some."""
    return again_after_ties(allocating.serve_backorders)


@shared_task
def watch_promises() -> int:
    """Write down which promises what is on its way no longer keeps, and why; return for how many lines that changed."""
    found = again_after_ties(watching.watch_promises)
    tell_of_late_promises()
    return found


@shared_task
def raise_restock_alerts() -> int:
    """Compare every reorder policy with stock and supply; return how many alerts were opened."""
    return again_after_ties(restocking.raise_restock_alerts).opened


@shared_task
def expire_quotes() -> int:
    """Expire the sent quotes whose last valid day is over; return how many."""
    return again_after_ties(quoting.expire_quotes)


@shared_task
def end_lapsed_holds() -> int:
    """Free the stock that quotes held to the end of a day that is over; return of how many quotes."""
    return again_after_ties(stock_holds.end_lapsed_holds)


@shared_task
def ask_again_about_credit() -> int:
    """Let orders in work go on that waited for credit when there is some again; return how many."""
    return again_after_ties(crediting.ask_again_about_credit)


@shared_task
def tell_of_due_quotes() -> None:
    """Tell who drafted them of quotes that are to be asked about, and of those that expire. Runs every hour."""
    tell_what_is_due()


@shared_task
def call_off_due() -> int:
    """Make the call-offs whose day has come orders; return how many."""
    return again_after_ties(calling_off.call_off_due)
