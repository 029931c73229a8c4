"""Orders come in: typed, imported, sent by a machine, or made from a quote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Address, Customer
from inventory.errors import BadQuantity
from inventory.models import Warehouse
from oms.company import business_day
from oms.errors import Incomplete, Problem
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.discounts import NO_DISCOUNT, DocumentDiscount
from orders.errors import NoSuchLine, ReferenceUsed
from orders.models import Order, OrderLine, Quote, QuoteVersion
from orders.services.charging import charges_of, taken_along
from orders.services.pricing import Buyer, LineInput, PricedInput, as_new_columns, price_lines
from orders.services.stock_holds import leave_out
from orders.services.taxing import taxation_for
from orders.services.totalling import (
    Terms,
    add_charges,
    add_taxes,
    discount_of,
    require_discount,
    rule_of,
    taxed_now,
    totalled_lines,
)
from orders.status import QuoteStatus

MOST_LINES = 10_000
PRICE_DECIMALS = 6
PERCENT_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the lines. What is left out comes from the customer."""

    customer_id: int
    ship_to_id: int | None = None
    bill_to_id: int | None = None
    warehouse_id: int | None = None
    customer_po: str = ""
    requested_on: date | None = None
    ordered_on: date | None = None
    reference: str | None = None
    note: str = ""
    discount: DocumentDiscount = NO_DISCOUNT
    charges: Mapping[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def enter_order(header: Header, lines: Sequence[LineInput], *, by: User | None) -> Order:
    """Enter a draft order with its lines, priced for the customer on the order's day.

    Raise Incomplete when the customer has no address or there is no warehouse, BadQuantity for a quantity
    nobody can order, NotOrderable for one its product is not sold in, ReferenceUsed when an order has the
    reference already.
    """
    require_orderable(lines)
    customer = Customer.objects.standing_for(header.customer_id)
    require_discount(header.discount, customer.currency)
    ship_to, bill_to = addresses_of(customer, header)
    ordered_on = header.ordered_on or business_day()
    taxation = taxation_for(customer.pk, ship_to.pk, ordered_on)
    priced = price_lines(Buyer(customer, customer.currency, ordered_on, ship_to.pk, taxation), lines)
    terms = Terms(header.discount, taxation.rule(), customer.currency)
    charges = charges_of(header.charges, taxation, customer.currency)
    priced, totals, taxes = totalled_lines(priced, list(charges.values()), terms)
    order = _new_order(
        customer=customer,
        customer_po=header.customer_po,
        reference=header.reference,
        ship_to=ship_to,
        bill_to=bill_to,
        warehouse_id=warehouse_for(customer, header),
        ordered_on=ordered_on,
        requested_on=header.requested_on or ordered_on,
        currency=customer.currency,
        payment_terms_id=customer.payment_terms_id,
        note=header.note,
        **totals,
        **customer.shipping_wishes(),
        created_by=by,
        version=1,
    )
    add_lines(order, priced, positions=range(1, len(priced) + 1))
    add_charges(order, charges)
    add_taxes(order, taxes)
    order.begin_history("entered", by=by)
    return order


def _new_order(**values: Any) -> Order:
    try:
        return Order.objects.create(**values)
    except IntegrityError as error:
        if values["reference"] is None:
            raise
        raise ReferenceUsed(values["reference"]) from error


def require_orderable(lines: Sequence[LineInput], *, positions: Sequence[int] = ()) -> None:
    """Raise BadQuantity for quantities, prices or numbers of lines that no order has.

    It names a line by its place in `positions`; without these the lines are a whole document, from 1 on.
    """
    if len(lines) > MOST_LINES:
        raise BadQuantity(_("%(n)s lines are too many for one order; split it.") % {"n": len(lines)})
    for position, line in zip(positions or range(1, len(lines) + 1), lines, strict=True):
        if not 0 < line.ordered <= LARGEST_QUANTITY:
            raise BadQuantity(
                _("Line %(line)s: %(quantity)s is not a quantity; enter a number from 1 on.")
                % {"line": position, "quantity": line.ordered}
            )
        if not _is_money(line.unit_price) or not 0 <= line.discount_percent <= 100:
            raise BadQuantity(
                _("Line %(line)s: price and discount must be 0 or more, the discount 100 at most.")
                % {"line": position}
            )
        given = line.discounts or (line.discount_percent,)  # what several come to has more decimals than each
        if _decimals(line.unit_price) > PRICE_DECIMALS or max(map(_decimals, given)) > PERCENT_DECIMALS:
            raise BadQuantity(
                _("Line %(line)s: a price has at most %(price)s decimals, a discount %(percent)s.")
                % {"line": position, "price": PRICE_DECIMALS, "percent": PERCENT_DECIMALS}
            )


def _is_money(price: Decimal | None) -> bool:
    return price is None or 0 <= price < LARGEST_QUANTITY


def _decimals(number: Decimal | None) -> int:
    """Return how many decimals a number needs; the database would round more away without a word."""
    return max(0, -int(number.normalize().as_tuple().exponent)) if number else 0


def addresses_of(customer: Customer, header: Header) -> tuple[Address, Address]:
    """Return ship-to and bill-to: the chosen ones, else the customer's first that may be used so.

    Chosen may be one of a company above or below. A customer that gets no bills itself is billed at the nearest
    company above that does; goods go elsewhere only when somebody says so.
    """
    found = Address.objects.near(customer.pk)
    ship_to = _chosen(found, header.ship_to_id, "is_ship_to", of=lambda distance: distance == 0)
    bill_to = _chosen(found, header.bill_to_id, "is_bill_to", of=lambda distance: distance >= 0)
    if ship_to is None or bill_to is None:
        what = _("needs an address for goods and one for bills; add it on the customer's page.")
        raise Incomplete(customer.name, [Problem("", what)])
    return ship_to, bill_to


def _chosen(addresses: list[Any], pk: int | None, use: str, *, of: Callable[[int], bool]) -> Address | None:
    usable = [address for address in addresses if getattr(address, use)]
    if pk is None:
        return next((address for address in usable if of(address.distance)), None)
    return next((address for address in usable if address.pk == pk), None)


def warehouse_for(customer: Customer, header: Header) -> int:
    """Return the id of the warehouse that serves: the chosen one, the customer's usual one, or the first."""
    chosen = header.warehouse_id or customer.warehouse_id
    if chosen is None:
        chosen = Warehouse.objects.order_by("pk").values_list("pk", flat=True).first()
    if chosen is None:
        raise Incomplete(customer.name, [Problem("", _("there is no warehouse yet; open one first."))])
    return chosen


def add_lines(order: Order, lines: Sequence[PricedInput], *, positions: Sequence[int]) -> list[int]:
    """Insert priced lines at these positions; return their ids."""
    if not lines:
        return []
    same = {"order": order, "warehouse_id": order.warehouse_id}
    return insert_rows(OrderLine, {"position": list(positions), **as_new_columns(lines)}, **same)


@transaction.atomic
def order_from_quote(quote_id: int, *, by: User | None, only: frozenset[int] = frozenset()) -> Order:
    """Make the one order of an accepted quote, at the quoted prices, of all its lines or `only` some by position.

    Raise IllegalMove when it is not accepted, NoSuchLine for a position that it has not.
    """
    quote = lock_row(Quote, quote_id, "customer", "currency")
    quote.require_can_become(QuoteStatus.ORDERED)
    version = quote.versions.get(number=quote.version_number)
    header = Header(quote.customer_id, ship_to_id=quote.ship_to_id)
    ship_to, bill_to = addresses_of(quote.customer, header)
    today = business_day()
    taxation = taxation_for(quote.customer_id, ship_to.pk, today)
    quoted = taxed_now(_quoted(version, only), taxation)
    terms = Terms(_discount_on(version, quoted), rule_of(version, taxation), quote.currency)
    charges = taken_along(version, taxation)
    rows, totals, taxes = totalled_lines(quoted, list(charges.values()), terms)
    order = Order.objects.create(
        customer=quote.customer,
        customer_po=quote.customer_po,
        ship_to=ship_to,
        bill_to=bill_to,
        warehouse_id=quote.warehouse_id,
        ordered_on=today,
        requested_on=today,
        currency_id=quote.currency_id,
        payment_terms_id=quote.customer.payment_terms_id,
        quote_version=version,
        **totals,
        **quote.customer.shipping_wishes(),
        created_by=by,
        version=1,
    )
    add_lines(order, rows, positions=range(1, len(rows) + 1))
    leave_out(version, only)
    add_charges(order, charges)
    add_taxes(order, taxes)
    note = _("%(version)s, some of its lines") % {"version": version} if only else str(version)
    order.begin_history("entered", by=by, note=note)
    quote.move_to(QuoteStatus.ORDERED, by=by, order=order.number)
    return order


def _quoted(version: QuoteVersion, only: frozenset[int]) -> list[PricedInput]:
    """Return the lines of a version as they were quoted, all or those at some positions; their traces say where."""
    found = version.lines.filter(position__in=only) if only else version.lines.all()
    rows = list(found.order_by("position").values_list("position", *PricedInput._fields))
    if missing := only - {position for position, *_row in rows}:
        raise NoSuchLine(str(version), missing)
    quoted = {"quoted": str(version)}
    priced = [PricedInput(*row) for _position, *row in rows]
    return [line._replace(trace={**line.trace, **quoted}) for line in priced]


def _discount_on(version: QuoteVersion, lines: Sequence[PricedInput]) -> DocumentDiscount:
    """Return a version's discount as it is on these of its lines: their part of an amount."""
    discount = discount_of(version)
    if not discount.amount:
        return discount
    return DocumentDiscount(amount=sum((line.document_discount for line in lines), Decimal(0)))


def order_with_reference(reference: str) -> Order | None:
    """Return the order that an outside system knows by `reference`."""
    return Order.objects.filter(reference=reference).first()
