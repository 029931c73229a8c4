"""What two commands meet over: documents in the states they need, all of the same few units of two products."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from customers.models import CreditAccount, Customer
from customers.services.crediting import Told
from fulfillment.models import PickTask
from fulfillment.services.picking import short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from fulfillment.status import ShortReason
from inventory.models import Location, StockCount, Supplier, Warehouse
from inventory.services.levels import lock_levels
from inventory.services.purchasing import Expected, place_purchase_order
from orders.models import CallOff, HoldPolicy, OrderLine
from orders.services.allocating import serve_backorders
from orders.services.calling_off import call_off
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.scheduling import Portions, plan_call_offs, set_schedule, skip_call_off
from orders.services.submitting import submit_order
from tests.builders import (
    a_confirmed_order,
    a_credit_account,
    a_customer,
    a_line,
    a_product,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_user,
    a_warehouse,
    agreed,
    all_packed,
    all_picked,
    an_address,
    an_agreement,
    in_days,
)

SPARE = 5  # units that nobody was promised, one less than the next order asks for
AGREED = 7  # units, at most: for what is called off, wanted on a day or skipped, and one more
DUE, CALLED, SKIPPED = 1, 8, 15  # days
LEAD = 5  # days before, on which the clock calls off; no row of holidays is longer
OWES = Decimal(80)
LIMIT = 100


class Place:
    """What all stages share: the customer, the supplier, two warehouses with two bins each."""

    def __init__(self) -> None:
        self.north, self.south = a_warehouse(bins=2), a_warehouse(bins=1)
        self.first, self.second = self.bins(self.north)
        self.far = self.bins(self.south)[0]
        self.customer: Customer = a_customer()
        self.elsewhere = an_address(self.customer, code="ELSEWHERE")
        self.clerk = a_user()
        HoldPolicy.objects.create(days=3)
        self.supplier = Supplier.objects.create(code=f"S{self.north.code}", name="S")

    def bins(self, warehouse: Warehouse) -> list[Location]:
        return list(warehouse.locations.order_by("walk_order"))


class Stage:
    """Two fresh products, and documents about them by the name of what they are."""

    def __init__(self, place: Place, needs: list[str]) -> None:
        self.place = place
        self.bolts, self.nuts = a_product(), a_product()
        self.there: dict[str, Any] = {}
        self.orders: list[int] = []
        for need in NEEDS:
            if need in needs:
                self.there[need] = NEEDS[need](self)
        a_stock(self.bolts, SPARE, place.first)
        a_stock(self.nuts, SPARE, place.first)

    def known(self, order: Any) -> Any:
        self.orders.append(order.pk)
        return order

    def submitted(self, **quantities: int) -> Any:
        lines = {getattr(self, name): quantity for name, quantity in quantities.items()}
        return self.known(
            a_submitted_order(lines, customer=self.place.customer, warehouse_id=self.place.north.pk)
        )

    def shipment(self, quantity: int) -> Any:
        """A planned shipment of this many bolts, brought for it."""
        a_stock(self.bolts, quantity, self.place.first)
        shipment = a_shipment(
            {self.bolts: quantity}, customer=self.place.customer, warehouse_id=self.place.north.pk
        )
        self.known(shipment.order)
        return shipment

    def confirmed(self, quantity: int) -> Any:
        return self.known(
            a_confirmed_order(
                {self.bolts: quantity}, customer=self.place.customer, warehouse_id=self.place.north.pk
            )
        )


def _held(stage: Stage) -> Any:
    """A sent quote that holds three bolts, brought for it."""
    a_stock(stage.bolts, 3, stage.place.first)
    return send_quote(_drafted(stage, 3).pk, by=None)


def _drafted(stage: Stage, quantity: int) -> Any:
    header = Header(stage.place.customer.pk, warehouse_id=stage.place.north.pk)
    return draft_quote(header, [a_line(stage.bolts, quantity)], by=None)


def _quoted_order(stage: Stage) -> Any:
    """The draft order of a quote that holds three bolts."""
    quote = accept_quote(_held(stage).pk, Acceptance("M. Kern"), by=None)
    return stage.known(order_from_quote(quote.pk, by=None))


def _confirmed(stage: Stage) -> Any:
    """An order that holds all it wants of two products, brought for it."""
    wanted = {stage.bolts: 4, stage.nuts: 1}
    for product, quantity in wanted.items():
        a_stock(product, quantity, stage.place.first)
    return stage.known(
        a_confirmed_order(wanted, customer=stage.place.customer, warehouse_id=stage.place.north.pk)
    )


def _begun(stage: Stage) -> Any:
    """An order of which half is with the warehouse; the rest waits. Who waits already, after a short pick, has all."""
    short = OrderLine.objects.filter(order__in=stage.orders, product=stage.bolts, open__gt=0)
    if missing := sum(short.values_list("open", flat=True)):
        a_stock(stage.bolts, missing, stage.place.first)
        serve_backorders()
    a_stock(stage.bolts, 2, stage.place.first)
    order = stage.confirmed(4)
    release_order(order.pk, by=None)
    return order


def _urgent(stage: Stage) -> Any:
    """An order that waits for three units more than are spare, and one that holds four, brought for it."""
    holder = _confirmed(stage)
    return stage.confirmed(SPARE + 3), holder


def _two_shipments(stage: Stage) -> Any:
    """One order, released in two parts, the product of the later level first."""
    with transaction.atomic():
        lock_levels((product.pk, stage.place.north.pk) for product in (stage.bolts, stage.nuts))
    a_stock(stage.nuts, 2, stage.place.first)
    lines = {stage.bolts: 2, stage.nuts: 2}
    order = stage.known(
        a_confirmed_order(lines, customer=stage.place.customer, warehouse_id=stage.place.north.pk)
    )
    release_order(order.pk, by=None)
    a_stock(stage.bolts, 2, stage.place.first)
    serve_backorders()
    release_order(order.pk, by=None)
    return order


def _count(stage: Stage) -> int:
    shipment = stage.shipment(3)
    task = PickTask.objects.get(shipment_line__shipment=shipment)
    short_pick(task.pk, 1, ShortReason.NOT_FOUND, by=None)
    return int(StockCount.objects.get(product=stage.bolts).pk)


def _purchase(stage: Stage) -> Any:
    expected = [Expected(stage.bolts.pk, 4, in_days(1))]
    return place_purchase_order(stage.place.supplier, stage.place.north, expected, by=None)


@dataclass(frozen=True)
class Schedule:
    """What a customer of ours calls off of bolts: one is due, one was called off, one was skipped."""

    agreement: int
    line: int
    ship_to: int
    due: int
    skipped: int
    order: Any


def _schedule(stage: Stage) -> Schedule:
    customer = a_customer(warehouse=stage.place.north)
    agreement = an_agreement(customer, agreed(stage.bolts, 8, maximum=AGREED))
    set_schedule(agreement.pk, lead_days=LEAD, customer_po="", by=None)
    line, ship_to = agreement.lines.get().pk, customer.addresses.get().pk
    for day in (DUE, CALLED, SKIPPED):
        plan_call_offs(agreement.pk, Portions(line, ship_to, 2, in_days(day)), by=None)
    due, called, skipped = CallOff.objects.filter(agreement_line=line).order_by("requested_on")
    skip_call_off(skipped.pk, by=None)
    order = stage.known(call_off(called.pk, by=None).order)
    return Schedule(agreement.pk, line, ship_to, due.pk, skipped.pk, order)


def _on_credit(stage: Stage) -> tuple[Any, CreditAccount]:
    """An order that waits for credit, and the account of its customer, who owes most of what was granted."""
    customer = a_customer()
    account = a_credit_account(customer, LIMIT, Told(in_days(-1), receivables=OWES))
    order = a_confirmed_order({stage.bolts: 3}, customer=customer, warehouse_id=stage.place.north.pk)
    return stage.known(order), account


NEEDS: dict[str, Callable[[Stage], Any]] = {
    "held": _held,
    "draft": _quoted_order,
    "ordered": lambda stage: submit_order(_quoted_order(stage).pk, by=None),
    "two_shipments": _two_shipments,
    "confirmed": _confirmed,
    "planned": lambda stage: stage.shipment(4),
    "picked": lambda stage: all_picked(stage.shipment(3)),
    "packed": lambda stage: all_packed(stage.shipment(3)),
    "shipped": lambda stage: ship_shipment(all_packed(stage.shipment(2)).pk, by=None),
    "count": _count,
    "purchase": _purchase,
    "begun": _begun,
    "urgent": _urgent,
    "waiting": lambda stage: stage.confirmed(3),  # nothing is there for it any more, but what is spare
    "submitted": lambda stage: stage.submitted(bolts=SPARE + 1),
    "rival": lambda stage: stage.submitted(bolts=SPARE + 1),
    "both": lambda stage: stage.submitted(bolts=1, nuts=1),
    "quote": lambda stage: _drafted(stage, SPARE + 1),
    "schedule": _schedule,
    "on_credit": _on_credit,
}

STANDING = """
    SELECT 'level', w.id = %(north)s, s.product_id, 0, ARRAY[s.on_hand, s.allocated, s.held]::text[]
    FROM inventory_stocklevel s JOIN inventory_warehouse w ON w.id = s.warehouse_id
    WHERE s.product_id = ANY(%(products)s)
    UNION ALL
    SELECT 'bin', l.warehouse_id = %(north)s, b.product_id, 0, ARRAY[l.code, b.quantity::text]
    FROM inventory_binstock b JOIN inventory_location l ON l.id = b.location_id
    WHERE b.product_id = ANY(%(products)s) AND b.quantity <> 0
    UNION ALL
    SELECT 'line', true, l.product_id, o.id, ARRAY[o.status, l.ordered::text, l.cancelled::text, l.allocated::text,
        l.picked::text, l.packed::text, l.shipped::text, (o.requested_on - now()::date)::text, a.code]
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN customers_address a ON a.id = o.ship_to_id
    WHERE l.product_id = ANY(%(products)s)
    UNION ALL
    SELECT 'held', h.released_at IS NULL, 0, h.order_id, ARRAY[h.kind] FROM orders_hold h
    WHERE h.order_id = ANY(%(orders)s)
    UNION ALL
    SELECT 'account', true, 0, 0, ARRAY[c.receivables]::text[] FROM customers_creditaccount c
    UNION ALL
    SELECT 'agreed', true, product_id, 0, ARRAY[drawn]::text[] FROM customers_agreementline
    WHERE product_id = ANY(%(products)s)
    UNION ALL
    SELECT 'call-off', c.skipped_at IS NULL, g.product_id, 0, ARRAY[(c.requested_on - now()::date)::text,
        c.quantity::text, (c.refusal = '')::text, count(m.id)::text]
    FROM orders_calloff c JOIN customers_agreementline g ON g.id = c.agreement_line_id
    LEFT JOIN orders_callofforder m ON m.call_off_id = c.id
    WHERE g.product_id = ANY(%(products)s) GROUP BY c.id, g.id
    UNION ALL
    SELECT 'shipment', true, 0, order_id, ARRAY[status, (handed_over_at IS NULL)::text] FROM fulfillment_shipment
    WHERE order_id = ANY(%(orders)s)
    UNION ALL
    SELECT 'task', true, b.product_id, s.order_id, ARRAY[l.code, t.quantity::text, t.picked::text, t.status]
    FROM fulfillment_picktask t JOIN inventory_binstock b ON b.id = t.bin_id
    JOIN inventory_location l ON l.id = b.location_id JOIN fulfillment_shipmentline p ON p.id = t.shipment_line_id
    JOIN fulfillment_shipment s ON s.id = p.shipment_id WHERE s.order_id = ANY(%(orders)s)
    UNION ALL
    SELECT 'quote', s.warehouse_id = %(north)s, s.product_id, 0, ARRAY[q.status, h.quantity::text, h.ended_by]
    FROM orders_stockhold h JOIN inventory_stocklevel s ON s.id = h.stock_level_id
    JOIN orders_quoteline l ON l.id = h.line_id JOIN orders_quoteversion v ON v.id = l.version_id
    JOIN orders_quote q ON q.id = v.quote_id WHERE s.product_id = ANY(%(products)s)
    UNION ALL
    SELECT 'count', true, product_id, 0, ARRAY[missing::text, status, found::text] FROM inventory_stockcount
    WHERE product_id = ANY(%(products)s)
    UNION ALL
    SELECT 'purchase', true, product_id, 0, ARRAY[received, cancelled, confirmed]::text[]
    FROM inventory_purchaseorderline WHERE product_id = ANY(%(products)s)
"""


def standing(stage: Stage) -> list[tuple[Any, ...]]:
    """Return how everything stands, with the stage's own names instead of ids, so that two stages compare."""
    products = [stage.bolts.pk, stage.nuts.pk]
    names = {pk: n for n, pk in enumerate(products, start=1)}
    about = {"north": stage.place.north.pk, "products": products, "orders": stage.orders}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, about)
        rows = cursor.fetchall()
    orders = {pk: n for n, pk in enumerate(stage.orders, start=1)}
    return sorted(
        (what, north, names.get(product, 0), orders.get(order, 0), tuple(map(str, values)))
        for what, north, product, order, values in rows
    )
