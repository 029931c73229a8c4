"""How quotes go in the demo."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from oms.demo.clock import Story
from oms.demo.deciding import agreed, header_of, lines_of, rep_of
from oms.demo.house import House
from oms.demo.plans import Plan
from oms.demo.words import ASKED_PURCHASING, CHEAPER, SECOND_SIGNATURE, WOULD_ORDER
from orders.models import Decider, HoldPolicy, Quote
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.attaching import write_note
from orders.services.deciding import Person, set_deciders
from orders.services.negotiating import Counter, Wanted, counter_by_link
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
from orders.status import Deciding
from orders.validity import end_of_validity

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
    return (yield from sent_at_last(house, plan, quote))


def open_to_answer(house: House, plan: Plan) -> Story[Quote]:
    """Sent, and the customer has the link to its page."""
    quote = yield from sent(house, plan)
    make_link(quote.pk, by=rep_of(house, plan))
    return quote


def sent_at_last(house: House, plan: Plan, quote: Quote) -> Story[Quote]:
    """The quote goes out, after its approval when it waits for one."""
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


def countered(house: House, plan: Plan) -> Story[Quote]:
    """The customer would take it a little cheaper, and writes so on the page of the quote; the rep asks around."""
    quote = yield from sent(house, plan)
    yield house.clock.next_day(11, 40)
    first = quote.versions.get(number=quote.version_number).lines.order_by("position")[0]
    wish = Wanted(
        price=((first.unit_price or Decimal(1)) * Decimal("0.95")).quantize(Decimal("0.01")), comment=CHEAPER
    )
    buyer = house.customers[plan.buyer.code].contacts.order_by("pk")[0]
    token = make_link(quote.pk, by=rep_of(house, plan))
    counter_by_link(token, Counter(buyer.name, WOULD_ORDER, {first.position: wish}), ip=None)
    yield house.clock.in_minutes(50)
    write_note(quote, ASKED_PURCHASING, by=rep_of(house, plan))
    return quote


def shared(house: House, plan: Plan) -> Story[Quote]:
    """Two people of the customer have to accept, one after the other; the first has."""
    quote = yield from drafted(house, plan)
    buyer = house.customers[plan.buyer.code].contacts.order_by("pk")[0]
    people = [Person(buyer.name, buyer.email), Person(SECOND_SIGNATURE)]
    set_deciders(quote.pk, Deciding.IN_ORDER, people, by=rep_of(house, plan))
    yield house.clock.in_minutes(12)
    quote = yield from sent_at_last(house, plan, send_quote(quote.pk, by=rep_of(house, plan)))
    yield house.clock.next_day(9, 25)
    first = Decider.objects.filter(version__quote=quote).order_by("position")[0]
    token = make_link(quote.pk, by=rep_of(house, plan), decider_id=first.pk)
    return answer_by_link(token, Answer(accepts=True, name=first.name), ip=None)


def cancelled(house: House, plan: Plan) -> Story[Quote]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(9, days=3)
    return cancel_quote(quote.pk, by=rep_of(house, plan))


def expired(house: House, plan: Plan) -> Story[None]:
    quote = yield from sent(house, plan)
    yield house.clock.next_day(0, 7, days=SHORT.days + 2)
    expire_quotes(max(end_of_validity(quote), house.clock.moment))
