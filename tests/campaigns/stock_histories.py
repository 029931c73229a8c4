"""Histories of one person at a time: Hypothesis thinks them up, the services live them, the oracle judges.

A rule is one function: it chooses, and names the service's call and the oracle's. Both must do it, or both refuse
it with the same code. Each history starts from the same small house and is rolled back at its end.
"""

import pickle
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from inventory.services.counting import finish_count
from inventory.services.moving import Cause, adjust_stock, move_stock, receive_stock
from inventory.services.purchasing import (
    Expected,
    cancel_purchase_order,
    place_purchase_order,
)
from inventory.services.putting_away import Put, put_away
from inventory.services.quarantining import quarantine_stock, release_from_quarantine
from inventory.services.receiving import receive_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from inventory.services.transferring import (
    Days,
    cancel_transfer,
    declare_lost,
    dispatch_transfer,
    plan_transfer,
    receive_transfer,
    take_back_transfer,
)
from oms.errors import Refused
from tests.builders import in_days
from tests.campaigns.oracle import No
from tests.campaigns.oracle_call_offs import CallingHouse
from tests.campaigns.oracle_documents import Order, Parcel, Quote, Shipment, Task
from tests.campaigns.reading import difference, learn_ids
from tests.campaigns.small_house import BINS, CAGES, PLACES, PRODUCTS, WAREHOUSES, SmallHouse

EVERYTHING = 25  # histories; at the end of every so-manieth all of verify is read, the kernel's proofs too
NTH = 3  # `chosen` takes this multiple of an index for the thing itself
any_one = st.integers(0, 35)  # of however many there are
products = st.sampled_from(PRODUCTS)
places = st.sampled_from([*BINS * 4, *PLACES])
warehouses = st.sampled_from(WAREHOUSES[:1] * 3 + WAREHOUSES)
quantities = st.sampled_from([*range(1, 8), 0])
ordered = st.sampled_from([*range(1, 6)] * 4 + [0])
wanted = st.lists(st.tuples(products, ordered), min_size=1, max_size=3)


def chosen(things: list[Any], n: int, likely: Callable[[Any], bool] = lambda _thing: True) -> Any:
    """Return one of the things; two times of three one that is ready for what comes."""
    ready = [thing for thing in things if likely(thing)] if n % NTH else []
    return (ready or things)[n // NTH % len(ready or things)]


def is_(*statuses: str) -> Callable[[Any], bool]:
    return lambda thing: thing.status in statuses


def is_open(of_shipment: tuple[Shipment, Task]) -> bool:
    return of_shipment[1].status == "open"


def is_unpacked(of_shipment: tuple[Shipment, Parcel]) -> bool:
    return of_shipment[1].picked > of_shipment[1].packed


def is_packed(of_shipment: tuple[Shipment, Parcel]) -> bool:
    return of_shipment[0].status in {"picking", "packed"} and of_shipment[1].packed > 0


def copied(house: CallingHouse) -> CallingHouse:
    """Return the house as it stands; a quarter of the price of `deepcopy`."""
    return cast(CallingHouse, pickle.loads(pickle.dumps(house)))


def there_is(kind: str) -> Callable[[Any], Any]:
    """A rule for which the house must have something of this kind already."""
    return precondition(lambda self: bool(getattr(self, kind)))


class Histories(RuleBasedStateMachine):
    start: ClassVar[SmallHouse]
    lived: ClassVar[int] = 0
    steps: ClassVar[int] = 0
    refusals: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.house = copied(self.start.house)

    @property
    def orders(self) -> list[Order]:
        return self.house.orders

    @property
    def shipments(self) -> list[Shipment]:
        return [shipment for order in self.orders for shipment in order.shipments]

    @property
    def tasks(self) -> list[tuple[Shipment, Task]]:
        return [(shipment, task) for shipment in self.shipments for task in shipment.tasks]

    @property
    def parcels(self) -> list[tuple[Shipment, Parcel]]:
        return [(shipment, parcel) for shipment in self.shipments for parcel in shipment.parcels]

    @property
    def counts(self) -> list[Any]:
        return self.house.counts

    @property
    def transfers(self) -> list[Any]:
        return self.house.transfers

    @property
    def quotes(self) -> list[Quote]:
        return self.house.quotes

    @property
    def purchases(self) -> list[Any]:
        return self.house.purchases

    def both(self, service: Callable[[], Any], oracle: Callable[[], None]) -> Any:
        """Let service and oracle do it; they must agree that it is done, or why it is not. Return the answer."""
        Histories.steps += 1
        before, refused, expected, answer = copied(self.house), "", "", None
        try:
            oracle()
        except No as no:
            self.house, expected = before, str(no)
        try:
            answer = service()
        except Refused as no:
            refused = no.code
            Histories.refusals += 1
        assert refused == expected, (
            f"refused {refused or 'nothing'}, the oracle says {expected or 'it is done'}"
        )
        return answer

    def agree(self) -> None:
        learn_ids(self.house)
        wrong = difference(self.house)
        assert not wrong, "\n".join(wrong)

    def teardown(self) -> None:
        """The house holds together at the end of a history; then all of it is forgotten."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            wrong = self.start.of_apps.breaches()
            if Histories.lived % EVERYTHING == 0:
                wrong += self.start.of_the_kernel.breaches()
            assert not wrong, "\n".join(map(str, wrong))
            Histories.lived += 1
        finally:
            transaction.savepoint_rollback(self.point)

    def cause(self) -> Cause:
        return Cause("HISTORY", None)


class StockHistories(Histories):
    """What happens to stock without an order."""

    @rule(product=products, place=places, quantity=quantities)
    def receive(self, product: str, place: Any, quantity: int) -> None:
        here = self.start
        self.both(
            lambda: receive_stock({here.product(product): quantity}, here.location(place), self.cause()),
            lambda: self.house.receive(product, place, quantity),
        )
        self.agree()

    @rule(product=products, source=places, goal=places, quantity=quantities)
    def move(self, product: str, source: Any, goal: Any, quantity: int) -> None:
        here = self.start
        ends = here.location(source), here.location(goal)
        self.both(
            lambda: move_stock({here.product(product): quantity}, *ends, self.cause()),
            lambda: self.house.move(product, source, goal, quantity),
        )
        self.agree()

    @rule(product=products, place=places, difference=st.integers(-9, 9))
    def adjust(self, product: str, place: Any, difference: int) -> None:
        here = self.start
        self.both(
            lambda: adjust_stock(here.product(product), here.location(place), difference, self.cause()),
            lambda: self.house.adjust(product, place, difference),
        )
        self.agree()

    @there_is("counts")
    @rule(n=any_one, found=st.integers(-1, 5))
    def finish_count(self, n: int, found: int) -> None:
        count = chosen(self.counts, n, lambda count: not count.done)
        self.both(
            lambda: finish_count(count.pk, found, by=self.start.clerk),
            lambda: self.house.finish_count(count, found),
        )
        self.agree()

    @rule(warehouse=warehouses, lines=wanted)
    def purchase(self, warehouse: str, lines: list[tuple[str, int]]) -> None:
        here = self.start
        expected = [Expected(here.product(product), quantity, in_days(3)) for product, quantity in lines]
        placed = self.both(
            lambda: place_purchase_order(here.supplier, here.warehouses[warehouse], expected, by=None),
            lambda: self.house.purchase(warehouse, lines),
        )
        if placed is not None:
            self.purchases[-1].pk = placed.pk
            for line, row in zip(self.purchases[-1].lines, placed.lines.order_by("pk"), strict=True):
                line.pk = row.pk
        self.agree()

    @there_is("purchases")
    @rule(n=any_one, m=any_one, quantity=quantities)
    def receive_purchase(self, n: int, m: int, quantity: int) -> None:
        purchase = chosen(self.purchases, n, is_("open"))
        line = chosen(purchase.lines, m)
        self.both(
            lambda: receive_purchase_order(purchase.pk, {line.pk: quantity}, by=None),
            lambda: self.house.receive_purchase(purchase, line, quantity),
        )
        self.agree()

    @there_is("purchases")
    @rule(n=any_one, m=any_one, quantity=quantities, day=st.sampled_from([*range(5), -1, -1]))
    def answer_purchase(self, n: int, m: int, quantity: int, day: int) -> None:
        purchase = chosen(self.purchases, n, is_("open"))
        line = chosen(purchase.lines, m)
        answers = {line.pk: Answer(quantity, in_days(day))}
        self.both(
            lambda: confirm_purchase_order(purchase.pk, answers, by=None),
            lambda: self.house.answer_purchase(purchase, line, quantity, day),
        )
        self.agree()

    @there_is("purchases")
    @rule(n=any_one)
    def cancel_purchase(self, n: int) -> None:
        purchase = chosen(self.purchases, n)
        self.both(
            lambda: cancel_purchase_order(purchase.pk, by=None),
            lambda: self.house.cancel_purchase(purchase),
        )
        self.agree()


class MovingHistories(StockHistories):
    """What goes between places: into bins, out of sale and back, between our warehouses."""

    @rule(warehouse=warehouses, product=products, place=places, quantity=quantities)
    def put_away(self, warehouse: str, product: str, place: Any, quantity: int) -> None:
        here = self.start
        put = Put(here.product(product), quantity, here.location(place).pk)
        self.both(
            lambda: put_away(here.warehouses[warehouse].pk, [put], by=here.clerk),
            lambda: self.house.put_away(warehouse, product, place, quantity),
        )
        self.agree()

    @rule(product=products, place=places, quantity=quantities)
    def quarantine(self, product: str, place: Any, quantity: int) -> None:
        lying = [key for key, there in self.house.bins.items() if there >= quantity and key[1] in BINS]
        if quantity % 2 and lying:  # otherwise hardly anybody comes upon something
            product, place = lying[quantity % len(lying)]
        here, cage = self.start, CAGES[place.warehouse]
        self.both(
            lambda: quarantine_stock(
                {here.product(product): quantity}, here.location(place), "wet", by=here.clerk
            ),
            lambda: self.house.quarantine(product, place, quantity, cage),
        )
        self.agree()

    @rule(
        product=products, source=st.sampled_from([*CAGES.values(), *PLACES]), goal=places, quantity=quantities
    )
    def set_free(self, product: str, source: Any, goal: Any, quantity: int) -> None:
        here = self.start
        ends = here.location(source), here.location(goal)
        self.both(
            lambda: release_from_quarantine({here.product(product): quantity}, *ends, "dry", by=here.clerk),
            lambda: self.house.set_free(product, source, goal, quantity),
        )
        self.agree()

    @rule(product=products, source=warehouses, goal=st.sampled_from(WAREHOUSES[::-1]), quantity=quantities)
    def plan_transfer(self, product: str, source: str, goal: str, quantity: int) -> None:
        here = self.start
        ends = here.warehouses[source], here.warehouses[goal]
        wanted = {here.product(product): quantity}
        planned = self.both(
            lambda: plan_transfer(ends, Days(in_days(1), in_days(3)), wanted, by=None),
            lambda: self.house.plan_transfer(product, source, goal, quantity),
        )
        if planned is not None:
            self.transfers[-1].pk, self.transfers[-1].line_pk = planned.pk, planned.lines.get().pk
        self.agree()

    def on_the_road(self, n: int, likely: str, quantity: int, service: Any, oracle: Any, **more: Any) -> None:
        transfer = chosen(self.transfers, n, is_(likely))
        self.both(
            lambda: service(transfer.pk, {transfer.line_pk: quantity}, by=None, **more),
            lambda: oracle(transfer, quantity),
        )
        self.agree()

    @there_is("transfers")
    @rule(n=any_one, quantity=quantities)
    def dispatch(self, n: int, quantity: int) -> None:
        self.on_the_road(n, "planned", quantity, dispatch_transfer, self.house.dispatch)

    @there_is("transfers")
    @rule(n=any_one, quantity=quantities)
    def receive_transfer(self, n: int, quantity: int) -> None:
        self.on_the_road(n, "dispatched", quantity, receive_transfer, self.house.receive_transfer)

    @there_is("transfers")
    @rule(n=any_one, quantity=quantities)
    def take_back_transfer(self, n: int, quantity: int) -> None:
        self.on_the_road(n, "dispatched", quantity, take_back_transfer, self.house.take_back_transfer)

    @there_is("transfers")
    @rule(n=any_one, quantity=quantities)
    def lose_on_the_road(self, n: int, quantity: int) -> None:
        oracle = self.house.lose_on_the_road
        self.on_the_road(n, "dispatched", quantity, declare_lost, oracle, reason="fell off")

    @there_is("transfers")
    @rule(n=any_one)
    def cancel_transfer(self, n: int) -> None:
        transfer = chosen(self.transfers, n, is_("planned"))
        self.both(lambda: cancel_transfer(transfer.pk, by=None), lambda: self.house.cancel_transfer(transfer))
        self.agree()
