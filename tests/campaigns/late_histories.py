"""Histories of what changes late: stock that is not there, stock given to others, orders split and closed short."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fulfillment.services.losing import PromisesGiveWay
from inventory.models import Receipt, StockAdjustment
from inventory.services.adjusting import Difference, Why, approve_adjustments, propose_adjustments
from inventory.services.receiving import take_back_receipt
from inventory.services.sheets import Choice, enter_count, open_count_sheet
from inventory.status import AdjustmentReason, AdjustmentStatus
from orders.models import Order as Rows
from orders.services.cancelling import close_short
from orders.services.overriding import take_from
from orders.services.splitting import Split, split_order
from tests.campaigns import oracle
from tests.campaigns.oracle import Place
from tests.campaigns.oracle_documents import IN_WORK, Order
from tests.campaigns.quote_histories import QuoteHistories
from tests.campaigns.small_house import BINS, CAGES, PLACES, PRODUCTS
from tests.campaigns.stock_histories import NTH, any_one, chosen, is_, places, products, quantities, there_is

surprises = st.lists(st.integers(-3, 2), min_size=len(PRODUCTS), max_size=len(PRODUCTS))
places_of_lines = st.sets(st.integers(0, 2), min_size=1)
RECEIVING = [place for place in PLACES if place.kind == "receiving"]
DAMAGED = Why(AdjustmentReason.DAMAGED)


class WarehouseSurprises(QuoteHistories):
    """What people find in the bins, and deliveries that never came."""

    @rule(n=any_one, product=products, place=places, quantity=quantities)
    def lose(self, n: int, product: str, place: Place, quantity: int) -> None:
        here = self.start
        product, place = self.likely_stock(n, product, place, BINS)
        gone = Difference(here.product(product), here.location(place), -quantity)
        self.both(
            lambda: propose_adjustments([gone], DAMAGED, by=here.clerk, room=PromisesGiveWay()),
            lambda: self.house.lose(product, place, quantity),
        )
        self.agree()

    @rule(place=places, surprise=surprises)
    def count(self, place: Place, surprise: list[int]) -> None:
        here, bins = self.start, self.house.bins
        found = {sku: max(0, bins[sku, place] + more) for sku, more in zip(PRODUCTS, surprise, strict=True)}
        choice = Choice(here.warehouses[place.warehouse], first=place.code, last=place.code)

        def counted() -> None:
            stop = open_count_sheet(choice, by=here.clerk).stops.get()
            told = {here.product(sku): quantity for sku, quantity in found.items()}
            enter_count(stop.pk, told, seen=0, by=here.clerk, room=PromisesGiveWay())

        self.both(counted, lambda: self.house.count(place, found))
        self.agree()

    @rule(n=any_one, product=products, place=places, quantity=quantities)
    def put_away_what_came(self, n: int, product: str, place: Place, quantity: int) -> None:
        arrived, dock = self.likely_stock(n, product, place, RECEIVING)
        self.put_away(dock.warehouse, arrived, place, quantity)

    @rule(n=any_one, product=products, place=places, quantity=quantities)
    def set_free_what_is_locked_up(self, n: int, product: str, place: Place, quantity: int) -> None:
        locked_up, cage = self.likely_stock(n, product, place, list(CAGES.values()))
        self.set_free(locked_up, cage, place, quantity)

    def likely_stock(self, n: int, product: str, place: Place, among: list[Place]) -> tuple[str, Place]:
        """Return what was drawn; two times of three something that lies in one of these places instead."""
        there = [key for key, quantity in self.house.bins.items() if quantity and key[1] in among]
        return there[n // NTH % len(there)] if there and n % NTH else (product, place)

    @precondition(lambda self: bool(self.house.waiting))
    @rule(n=any_one)
    def agree_to_a_count(self, n: int) -> None:
        here = self.start
        product, place = chosen(list(self.house.waiting), n)
        waiting = StockAdjustment.objects.filter(
            status=AdjustmentStatus.PROPOSED, product=here.product(product), location=here.location(place)
        )
        self.both(
            lambda: approve_adjustments([waiting.get().pk], by=here.chief, room=PromisesGiveWay()),
            lambda: self.house.agree(product, place),
        )
        self.agree()

    @property
    def receipts(self) -> list[tuple[oracle.Purchase, oracle.Receipt]]:
        return [(purchase, receipt) for purchase in self.purchases for receipt in purchase.receipts]

    @there_is("receipts")
    @rule(n=any_one)
    def take_back_receipt(self, n: int) -> None:
        purchase, receipt = chosen(self.receipts, n, lambda one: not one[1].taken_back)
        rows = Receipt.objects.filter(takes_back=None).order_by("pk")
        row = rows[sorted(self.receipts, key=lambda one: one[1].nth).index((purchase, receipt))]
        self.both(
            lambda: take_back_receipt(row.pk, by=None, reason="another's"),
            lambda: self.house.take_back_receipt(purchase, receipt),
        )
        self.agree()


class LateHistories(WarehouseSurprises):
    """What is decided about orders that are confirmed already."""

    def holders(self, order: Order) -> list[Order]:
        """The orders that hold something for which this one waits."""
        waits = {line.row for line in order.lines if line.open} if order.status in IN_WORK else set()
        return [
            one
            for one in self.orders
            if one is not order and any(x.row in waits and self.house.soft(one, x) for x in one.lines)
        ]

    @there_is("orders")
    @rule(n=any_one, m=any_one)
    def take_from(self, n: int, m: int) -> None:
        """Somebody gives an order what it waits for, from one order or from two."""
        order = chosen(self.orders, n, self.holders)
        others = [chosen(self.orders, m, self.holders(order).__contains__), chosen(self.orders, n)]
        self.both(
            lambda: take_from(order.pk, {one.pk for one in others}, by=self.start.clerk, reason="it burns"),
            lambda: self.house.take_from(order, others),
        )
        self.agree()

    def begun(self) -> list[Order]:
        """The orders that the warehouse works on, and of which something waits."""
        return [
            order for order in self.orders if order.status == "released" and any(x.open for x in order.lines)
        ]

    @precondition(lambda self: bool(self.begun()))
    @rule(n=any_one)
    def bring_what_is_missing(self, n: int) -> None:
        """What an order begun waits for comes, and lies there for it when somebody changes their mind."""
        order = chosen(self.begun(), n)
        line = chosen([line for line in order.lines if line.open], n)
        self.receive(line.product, next(one for one in BINS if one.warehouse == line.warehouse), line.open)
        self.serve()
        if n % 2:
            self.close(order)

    def has_a_rest(self, order: Order) -> bool:
        return order.status == "released" and any(self.house.soft(order, line) for line in order.lines)

    @there_is("orders")
    @rule(n=any_one)
    def close_short(self, n: int) -> None:
        self.close(chosen(self.orders, n, self.has_a_rest if n % 2 else is_("released")))

    def close(self, order: Order) -> None:
        self.both(
            lambda: close_short(order.pk, "enough", by=self.start.clerk),
            lambda: self.house.close_short(order),
        )
        self.agree()

    def can_be_parted(self, order: Order) -> bool:
        """Whether some lines hold what nobody has begun, and others would stay."""
        held = any(self.house.soft(order, line) for line in order.lines)
        return order.status in IN_WORK and not order.goes_elsewhere and len(order.lines) > 1 and held

    @there_is("orders")
    @rule(n=any_one, places=places_of_lines)
    def split(self, n: int, places: set[int]) -> None:
        order = chosen(self.orders, n, self.can_be_parted)
        which = {place % len(order.lines) for place in places}
        seen = Rows.objects.get(pk=order.pk).revision
        wish = Split(seen, frozenset(n + 1 for n in which), ship_to_id=self.start.elsewhere_of(order))
        part = self.both(
            lambda: split_order(order.pk, wish, by=self.start.chief),
            lambda: self.house.split(order, which),
        )
        if part is not None:
            self.orders[-1].pk = part.pk
        self.agree()
