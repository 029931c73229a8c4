"""How quotes go in the demo."""

from collections.abc import Iterable
from datetime import timedelta

from oms.demo.clock import Story
from oms.demo.deciding import agreed, header_of, lines_of, rep_of
from oms.demo.house import House
from oms.demo.plans import Plan
from orders.models import HoldPolicy, Quote
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)

LONG, SHORT = timedelta(days=45), timedelta(days=21)
REASONS = ("Bought elsewhere, price", "Project postponed", "Delivery time too long", "Budget was cut")


HOLD_DAYS, HOLDERS = 30, 2


def hold_stock(house: House, plans: Iterable[Plan]) -> None:
    """For some customers who are about to be quoted, quotes hold stock; for all others they hold none."""
    quoted = dict.fromkeys(plan.buyer.code for plan in plans if plan.story == "quote_sent")
    for code in list(quoted)[:HOLDERS]:
        HoldPolicy.objects.create(customer=house.customers[code], days=HOLD_DAYS)


def drafted(house: House, plan: Plan) -> Story[Quote]:
    yield plan.begins
    valid = plan.begins.date() + (SHORT if plan.story == "quote_expired" else LONG)
    return draft_quote(
        header_of(house, plan), lines_of(house, plan), by=rep_of(house, plan), valid_until=valid
    )


def offered(house: House, plan: Plan) -> Story[Quote]:
    """The rep wants to send the quote; it waits when a rule asks for approval."""
    quote = yield from drafted(house, plan)
    yield house.clock.in_minutes(12)
    return send_quote(quote.pk, by=rep_of(house, plan))


def sent(house: House, plan: Plan) -> Story[Quote]:
    quote = yield from offered(house, plan)
    if (yield from agreed(house, plan, quote)):
        yield house.clock.in_minutes(10)
        quote = send_quote(quote.pk, by=rep_of(house, plan))
    return quote


def accepted(house: House, plan: Plan) -> Story[Quote]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(10, 20)
    buyer = house.customers[plan.buyer.code].contacts.order_by("pk")[0]
    return accept_quote(quote.pk, Acceptance(buyer.name), by=rep_of(house, plan))


def declined(house: House, plan: Plan) -> Story[Quote]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(14, 5, days=4)
    return decline_quote(quote.pk, REASONS[plan.number % len(REASONS)], by=rep_of(house, plan))


def revised(house: House, plan: Plan) -> Story[Quote]:
    """The customer says no to the first version and has the second one now."""
    quote = yield from declined(house, plan)
    yield house.clock.in_minutes(60)
    revise_quote(quote.pk, by=rep_of(house, plan))
    yield house.clock.in_minutes(20)
    return send_quote(quote.pk, by=rep_of(house, plan))


def cancelled(house: House, plan: Plan) -> Story[Quote]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(9, days=3)
    return cancel_quote(quote.pk, by=rep_of(house, plan))


def expired(house: House, plan: Plan) -> Story[None]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(0, 7, days=SHORT.days + 2)
    expire_quotes(max(quote.valid_until + timedelta(days=1), house.clock.moment.date()))
