"""How orders come in and are promised in the demo: each story is one step more than the one it begins with."""

from dataclasses import replace
from decimal import Decimal

from inventory.models import ProductUnit
from oms.demo.catalogue import BOOK, SUCCESSORS, WITHOUT_PRICE
from oms.demo.clock import Story
from oms.demo.deciding import agreed, deciders, header_of, lines_of, open_request, rep_of
from oms.demo.files import keep, photo_of_the_gate, purchase_order
from oms.demo.house import House
from oms.demo.plans import Plan, typed_price
from oms.demo.quotes import accepted
from orders.models import Order
from orders.services.approving import decide
from orders.services.attaching import write_note
from orders.services.cancelling import cancel_order
from orders.services.capturing import enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.holding import hold_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order, take_back_order
from orders.status import Verdict

HOLDS = ("Customer asked to wait for the site to open", "Delivery address is being checked")
LEARNED = (
    "Called the site: the keys are handed over on Monday, then we may deliver.",
    "The driver was sent to the wrong gate last time. Photo of the right one is beside the order.",
)
BECAUSE = (
    "They have a quote of another house; let us match it.",
    "Last order at the old price, as promised by phone.",
)


def entered(house: House, plan: Plan) -> Story[Order]:
    """A draft, typed by the rep or made from an accepted quote."""
    if plan.is_quoted:
        quote = yield from accepted(house, plan)
        yield house.clock.in_minutes(30)
        return order_from_quote(quote.pk, by=rep_of(house, plan))
    yield plan.begins
    return enter_order(header_of(house, plan), lines_of(house, plan), by=rep_of(house, plan))


def submitted(house: House, plan: Plan) -> Story[Order]:
    """Submitted; held when a rule asks for approval."""
    order = yield from entered(house, plan)
    yield house.clock.in_minutes(6)
    return submit_order(order.pk, by=rep_of(house, plan))


def confirmed(house: House, plan: Plan) -> Story[Order]:
    """Promised to the customer: approved where asked, stock allocated, the rest backordered."""
    order = yield from submitted(house, plan)
    yield from agreed(house, plan, order)
    yield house.clock.in_minutes(15)
    return confirm_order(order.pk, by=rep_of(house, plan))


def drafts(house: House, plan: Plan) -> Story[Order]:
    """A draft on somebody's desk, with a book; some name what nobody has priced, or what is discontinued."""
    order = yield from entered(house, plan)
    odd = {0: [WITHOUT_PRICE], 1: [next(iter(SUCCESSORS))]}.get(plan.number % 3, [])
    units = ProductUnit.objects.filter(product__sku__in=[*odd, BOOK], is_default=True).order_by("pk")
    added = [LineInput(unit.pk, unit.numerator) for unit in units]
    edit_order(order.pk, Edit(order.revision, add=added), by=rep_of(house, plan))
    return order


def waiting(house: House, plan: Plan) -> Story[Order]:
    """Held until the sales manager agrees to a discount or to a price hardly above cost; the rep says why."""
    if plan.number % 2:
        first = replace(plan.wanted[0], discount=Decimal(0), price=typed_price(plan.wanted[0]))
        plan = replace(plan, wanted=(first, *plan.wanted[1:]))
    order = yield from submitted(house, plan)
    write_note(order, BECAUSE[plan.number % len(BECAUSE)], by=rep_of(house, plan))
    return order


def approved_in_part(house: House, plan: Plan) -> Story[None]:
    """The sales manager has agreed, finance has not looked yet."""
    order = yield from submitted(house, plan)
    if request := open_request(order):
        yield house.clock.in_minutes(40)
        decide(request.pk, Verdict.APPROVE, by=deciders(house, plan, request)[0])


def held(house: House, plan: Plan) -> Story[None]:
    """Held by the sales manager, by hand."""
    order = yield from ready(house, plan)
    yield house.clock.in_minutes(30)
    manager = house.who("Sales manager", plan.buyer.site)
    hold_order(order.pk, by=manager, reason=HOLDS[plan.number % 2])
    yield house.clock.in_minutes(20)
    write_note(order, LEARNED[plan.number % 2], by=rep_of(house, plan))
    if plan.number % 2:
        keep(house, order, photo_of_the_gate(), by=rep_of(house, plan))


def ready(house: House, plan: Plan) -> Story[Order]:
    """Submitted and approved, to be confirmed; what the customer sent lies beside it."""
    order = yield from submitted(house, plan)
    keep(house, order, purchase_order(order), by=rep_of(house, plan))
    yield from agreed(house, plan, order)
    return order


def withdrawn(house: House, plan: Plan) -> Story[None]:
    """Taken back by the rep before anybody decided."""
    order = yield from submitted(house, plan)
    yield house.clock.in_minutes(25)
    take_back_order(order.pk, by=rep_of(house, plan))


def corrected(house: House, plan: Plan) -> Story[Order]:
    """Rejected, so the rep takes the discount out; then it goes on."""
    order = yield from submitted(house, plan)
    if request := open_request(order):
        yield house.clock.in_minutes(50)
        decider = deciders(house, plan, request)[0]
        decide(request.pk, Verdict.REJECT, by=decider, reason="No discount on top of the contract price")
    yield house.clock.in_minutes(35)
    order = Order.objects.get(pk=order.pk)
    changes = [Change(pk, discount_percent=Decimal(0)) for pk in order.lines.values_list("pk", flat=True)]
    edit_order(order.pk, Edit(order.revision, change=changes), by=rep_of(house, plan))
    submit_order(order.pk, by=rep_of(house, plan))
    yield from agreed(house, plan, order)
    yield house.clock.in_minutes(10)
    return confirm_order(order.pk, by=rep_of(house, plan))


def cancelled_as(house: House, plan: Plan, before: Story[Order], reason: str) -> Story[None]:
    """Cancelled by the rep at the point that another story has reached."""
    order = yield from before
    yield house.clock.in_minutes(90)
    cancel_order(order.pk, by=rep_of(house, plan), reason=reason)
