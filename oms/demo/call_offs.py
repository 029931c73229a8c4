"""The demo's call-offs: some of an agreement went out, one waits for the warehouse, the others have days to come."""

from datetime import timedelta

from customers.models import Agreement
from oms.demo.clock import Story
from oms.demo.house import House
from oms.demo.plans import Plan
from oms.demo.shipping import released, sent_from
from oms.models import User
from orders.models import CallOff, Order
from orders.services.calling_off import call_off
from orders.services.confirming import confirm_order
from orders.services.scheduling import Portions, plan_call_offs, set_schedule, skip_call_off
from orders.status import Interval

TIMES = 4
AHEAD = 7  # days
PLANNED = 40  # days ago
CALLED = (19, 5)  # days ago
TENTH = 10  # which part of the commitment is called off at once


def called_off(house: House, agreement: Agreement, plan: Plan) -> Story[None]:
    """Sales plans a schedule; the clock calls off a week before each day, and what is called off is confirmed."""
    yield house.clock.at(PLANNED, 10, 5)
    sales = house.who("Sales manager", plan.buyer.site)
    _planned(house, agreement, sales)
    coming = list(CallOff.objects.filter(schedule__agreement=agreement))
    skip_call_off(coming[-1].pk, by=sales)
    for days, one in zip(CALLED, coming, strict=False):
        yield house.clock.at(days, 6, 17)
        order = call_off(one.pk, by=None).order
        yield house.clock.at(days, 9, 40)
        if not order.holds.open().exists():
            order = confirm_order(order.pk, by=sales)
            if days == CALLED[0] and _is_here(order):
                shipment = yield from released(house, plan, order)
                yield from sent_from(house, plan, shipment)


def _planned(house: House, agreement: Agreement, by: User) -> None:
    set_schedule(agreement.pk, lead_days=AHEAD, customer_po=f"FRAME {agreement.number[-3:]}", by=by)
    line = agreement.lines.select_related("unit").order_by("pk")[0]
    place = agreement.customer.addresses.filter(is_ship_to=True).order_by("pk")[0]
    packs = max(1, line.committed // TENTH // line.sold_in.numerator)
    first = house.clock.today - timedelta(days=CALLED[0] - AHEAD)
    portions = Portions(line.pk, place.pk, packs * line.sold_in.numerator, first, Interval.FORTNIGHTLY, TIMES)
    plan_call_offs(agreement.pk, portions, by=by)


def _is_here(order: Order) -> bool:
    return not order.lines.exclude(open=0).exists()
