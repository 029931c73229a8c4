"""What the warehouse does in the demo, and how parcels travel: each story is one step more than the one before."""

from datetime import datetime, timedelta

from fulfillment.carriers import simulate
from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.services.tracking import apply_news, deliver_shipment, record_tracking_numbers
from fulfillment.status import ShortReason, TrackingStatus
from fulfillment.tracking import News
from inventory.models import StockCount
from inventory.services.counting import finish_count
from oms.demo.capturing import confirmed, corrected
from oms.demo.clock import Story
from oms.demo.deciding import rep_of
from oms.demo.house import House
from oms.demo.plans import Plan
from oms.demo.purchases import REFILL_CAME
from oms.models import User
from orders.models import Order
from orders.services.cancelling import cancel_order, close_order

PARCEL, FREIGHT = "HANSA", "NORDFRACHT"  # the carrier that is simulated, and the one whose news are typed
TWO_CARTONS_FROM = 10  # lines
ARRIVED = timedelta(days=4)  # every simulated parcel has arrived by then
CALLS = (  # what the driver said on the phone
    (TrackingStatus.ATTEMPT_FAILED, "nobody at the gate"),
    (TrackingStatus.EXCEPTION, "pallet damaged, being repacked"),
    (TrackingStatus.OUT_FOR_DELIVERY, "on the tour"),
    (TrackingStatus.READY_FOR_PICKUP, "waits at the depot"),
)


def operator(house: House, plan: Plan) -> User:
    return house.who("Warehouse operator", plan.buyer.site, plan.number)


def supervisor(house: House, plan: Plan) -> User:
    return house.who("Warehouse supervisor", plan.buyer.site)


def released(house: House, plan: Plan, order: Order) -> Story[Shipment]:
    """Handed to the warehouse early the next morning."""
    yield house.clock.next_day(7, 10 + plan.number % 30)
    return release_order(order.pk, by=supervisor(house, plan))[0]


def planned(house: House, plan: Plan) -> Story[Shipment]:
    order = yield from confirmed(house, plan)
    return (yield from released(house, plan, order))


def open_tasks(shipment: Shipment) -> list[PickTask]:
    return list(PickTask.objects.open().filter(shipment_line__shipment=shipment).in_walk_order())


def pick_all(house: House, plan: Plan, shipment: Shipment) -> None:
    tasks = {task.pk: task.quantity - task.picked for task in open_tasks(shipment)}
    pick(shipment.pk, tasks, by=operator(house, plan))


def picked(house: House, plan: Plan, shipment: Shipment) -> Story[Shipment]:
    yield house.clock.in_minutes(45)
    pick_all(house, plan, shipment)
    return shipment


def picking(house: House, plan: Plan) -> Story[None]:
    """The picker has taken the first pick and is on the way to the next."""
    shipment = yield from planned(house, plan)
    yield house.clock.in_minutes(30)
    first = open_tasks(shipment)[0]
    pick(shipment.pk, {first.pk: first.quantity}, by=operator(house, plan))


def short_picked(house: House, plan: Plan) -> Story[Shipment]:
    """A bin held less than it should; the rest comes from another one, and somebody has to count."""
    shipment = yield from planned(house, plan)
    yield house.clock.in_minutes(25)
    first = next(task for task in open_tasks(shipment) if task.bin.product.sku == plan.wanted[0].item.sku)
    taken = first.quantity // 2
    return short_pick(first.pk, taken, ShortReason.NOT_FOUND, by=operator(house, plan))


def packed(house: House, plan: Plan, shipment: Shipment) -> Story[Shipment]:
    """Everything picked lies in a carton, long lists in two."""
    yield house.clock.in_minutes(35)
    lines = dict(shipment.lines.filter(picked__gt=0).values_list("pk", "picked"))
    half = len(lines) // 2 if len(lines) >= TWO_CARTONS_FROM else len(lines)
    for keys in (list(lines)[:half], list(lines)[half:]):
        if keys:
            pack(shipment.pk, None, {key: lines[key] for key in keys}, by=operator(house, plan))
    return shipment


def ready_to_go(house: House, plan: Plan) -> Story[Shipment]:
    shipment = yield from planned(house, plan)
    yield from picked(house, plan, shipment)
    return (yield from packed(house, plan, shipment))


def left(house: House, plan: Plan, shipment: Shipment, carrier: str) -> Story[Shipment]:
    """Labelled, shipped, and handed over in the afternoon."""
    by, digits = operator(house, plan), int(shipment.number.rpartition("-")[2])
    yield house.clock.in_minutes(40)
    cartons = shipment.packages.values_list("number", flat=True)
    numbers = {n: f"{carrier[:3]}{digits:07d}{n:02d}" for n in cartons}
    record_tracking_numbers(shipment.pk, numbers, house.carriers[carrier], by=by)
    ship_shipment(shipment.pk, by=by)
    yield house.clock.in_minutes(50)
    return hand_over(shipment.pk, by=by)


def arrived(house: House, plan: Plan, shipment: Shipment, *, by_parcel: bool) -> Story[Shipment]:
    """The carrier's news come in, or the operator is told that the freight has arrived."""
    shipment = yield from left(house, plan, shipment, PARCEL if by_parcel else FREIGHT)
    if not by_parcel:
        yield house.clock.next_day(11, 25, days=2)
        return deliver_shipment(shipment.pk, by=operator(house, plan))
    yield since(shipment) + ARRIVED
    tell(shipment, len_of_journey=None)
    return shipment


def since(shipment: Shipment) -> datetime:
    assert shipment.handed_over_at is not None  # noqa: S101  it has left
    return shipment.handed_over_at


def tell(shipment: Shipment, *, len_of_journey: int | None) -> None:
    """Record what the simulated carrier says of each carton, up to so many steps of its journey."""
    left_at = since(shipment)
    for package in shipment.packages.all():
        news = simulate(package.tracking_number, left_at, left_at + ARRIVED)[:len_of_journey]
        apply_news(package.pk, news)


def delivered(house: House, plan: Plan) -> Story[Shipment]:
    shipment = yield from ready_to_go(house, plan)
    return (yield from arrived(house, plan, shipment, by_parcel=plan.number % 4 > 0))


def close_later(house: House, order_id: int) -> Story[None]:
    yield house.clock.next_day(10, days=7)
    close_order(order_id, by=house.who("Finance"))


def closed(house: House, plan: Plan) -> Story[None]:
    shipment = yield from delivered(house, plan)
    yield from close_later(house, shipment.order_id)


def corrected_and_closed(house: House, plan: Plan) -> Story[None]:
    order = yield from corrected(house, plan)
    shipment = yield from released(house, plan, order)
    yield from sent_from(house, plan, shipment)


def sent_from(house: House, plan: Plan, shipment: Shipment) -> Story[None]:
    """From the pick list to the closed order."""
    yield from picked(house, plan, shipment)
    yield from packed(house, plan, shipment)
    yield from arrived(house, plan, shipment, by_parcel=True)
    yield from close_later(house, shipment.order_id)


def on_the_road(house: House, plan: Plan) -> Story[None]:
    shipment = yield from ready_to_go(house, plan)
    shipment = yield from left(house, plan, shipment, PARCEL)
    yield house.clock.next_day(20)
    tell(shipment, len_of_journey=1 + plan.number % 2)


def just_left(house: House, plan: Plan) -> Story[None]:
    shipment = yield from ready_to_go(house, plan)
    yield from left(house, plan, shipment, PARCEL)


def announced(house: House, plan: Plan) -> Story[None]:
    """Freight of which the driver has said something on the phone."""
    shipment = yield from ready_to_go(house, plan)
    shipment = yield from left(house, plan, shipment, FREIGHT)
    yield house.clock.in_minutes(180)
    status, place = CALLS[plan.number % len(CALLS)]
    for package in shipment.packages.all():
        apply_news(package.pk, [News("PHONE", status, house.clock.moment, place)], by=operator(house, plan))


def counted(house: House, plan: Plan) -> Story[None]:
    """Short picked; the count finds all but one unit, and the order goes on with what another bin held."""
    shipment = yield from short_picked(house, plan)
    yield house.clock.in_minutes(120)
    count = StockCount.objects.get(cause__startswith=f"{shipment.number}:")
    finish_count(count.pk, count.missing - 1, by=operator(house, plan))
    yield from sent_from(house, plan, shipment)


def taken_back(house: House, plan: Plan) -> Story[None]:
    """Picked, taken back because the customer called, and sent after all."""
    shipment = yield from voided(house, plan)
    shipment = yield from released(house, plan, shipment.order)
    yield from sent_from(house, plan, shipment)


def voided(house: House, plan: Plan) -> Story[Shipment]:
    """Picked and taken back: everything lies in its bins again and stays promised to the order."""
    shipment = yield from planned(house, plan)
    yield from picked(house, plan, shipment)
    yield house.clock.in_minutes(55)
    return void_shipment(shipment.pk, by=supervisor(house, plan), reason="Customer asked to wait")


def cancelled_released(house: House, plan: Plan) -> Story[None]:
    """Cancelled while the warehouse picked it."""
    shipment = yield from planned(house, plan)
    yield from picked(house, plan, shipment)
    yield house.clock.in_minutes(70)
    cancel_released_order(shipment.order_id, by=supervisor(house, plan), reason="Machine was sold")


def rest_cancelled(house: House, plan: Plan) -> Story[None]:
    """What was there has been delivered; the customer does not want to wait for the rest."""
    shipment = yield from delivered(house, plan)
    yield house.clock.next_day(9, 30)
    cancel_order(shipment.order_id, by=rep_of(house, plan), reason="Rest bought elsewhere")


def waited(house: House, plan: Plan) -> Story[None]:
    """Backordered in full, served when the supplier delivered."""
    order = yield from confirmed(house, plan)
    yield house.clock.at(REFILL_CAME, 9)
    shipment = yield from released(house, plan, order)
    yield from sent_from(house, plan, shipment)
