"""Is a document complete? Every problem is listed at once, each with its remedy."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.address_rules import wrong_parts
from customers.models import Address, Customer
from customers.services.restricting import BESIDE, CLOSED, SCOPES, WHO, SoldTo
from customers.status import CustomerStatus
from inventory.status import ProductStatus
from inventory.units import from_base, misfit, written
from oms.company import business_day
from oms.errors import Incomplete, Problem
from oms.prepared import planned_once
from orders.models import CallOffOrder, Order, Quote, QuoteVersion
from orders.models.lines import of_these
from orders.status import OrderStatus

FURTHEST = timedelta(days=5 * 365)  # what is wanted later than that was mistyped
MOST_NAMED = 3


def require_complete_order(order: Order, known: Iterable[Problem] = ()) -> None:
    """Raise Incomplete, with all that keeps the order from being submitted or confirmed, `known` problems too."""
    problems = [
        *customer_problems(order.customer),
        *_problems_of_addresses(order),
        *_po_problems(order, _("enter it in the header")),
        *line_problems(order.lines, order.customer),
        *_discount_problems(order),
        *known,
    ]
    if problems:
        raise Incomplete(order.number, problems)


def require_complete_quote(quote: Quote, lines: Any, known: Iterable[Problem] = ()) -> None:
    """Raise Incomplete, with all that keeps the quote from being sent, `known` problems too."""
    problems = [
        *customer_problems(quote.customer),
        *_address_problems(_("Ship to"), quote.ship_to, "ship_to"),
        *_currency_problems(quote),
        *line_problems(lines, quote.customer),
        *_discount_problems(lines.instance),
        *known,
    ]
    if problems:
        raise Incomplete(quote.number, problems)


def require_accepted_with_po(quote: Quote) -> None:
    """Raise Incomplete when the customer's acceptance lacks the PO number that the customer requires."""
    if problems := list(_po_problems(quote, _("ask for it and enter it with the acceptance"))):
        raise Incomplete(quote.number, problems)


def customer_problems(customer: Customer) -> Iterator[Problem]:
    if customer.status != CustomerStatus.ACTIVE:
        yield Problem(customer.name, _("is blocked; ask finance to let the customer buy again."))


def _po_problems(document: Order | Quote, remedy: str) -> Iterator[Problem]:
    if document.customer.po_required and not document.customer_po:
        told = {"customer": document.customer, "remedy": remedy}
        yield Problem(_("PO number"), _("%(customer)s requires one; %(remedy)s.") % told, "customer_po")


def _problems_of_addresses(order: Order) -> Iterator[Problem]:
    yield from _address_problems(_("Ship to"), order.ship_to, "ship_to")
    if order.bill_to_id != order.ship_to_id:
        yield from _address_problems(_("Bill to"), order.bill_to, "bill_to")


def _address_problems(use: str, address: Address, field: str) -> Iterator[Problem]:
    """Yield what the address in a field lacks in its country; it may be older than the rules."""
    names = {"country": _("country"), "postal_code": _("postal code"), "region": _("region")}
    for part, wrong in wrong_parts(**{part: getattr(address, part) for part in names}).items():
        told = {"address": address, "part": names[part], "rule": wrong.rule}
        what = _("%(address)s: the %(part)s %(rule)s") % told
        remedies = [what, wrong.remedy, _("Mend it with the customer.")]
        yield Problem(use, " ".join(filter(None, remedies)), field)


def entry_problems(order: Order) -> list[Problem]:
    """Return what was settled as the order was entered and cannot be; once it is submitted this stays as agreed."""
    return [*_day_problems(order, order.requested_on), *_currency_problems(order)]


def require_possible_day(order: Order, day: date | None) -> None:
    """Raise Incomplete for another day than the order has on which it cannot be wanted; None stays."""
    if day not in (None, order.requested_on) and (problems := list(_day_problems(order, day))):
        raise Incomplete(order.number, problems)


def _day_problems(order: Order, day: date) -> Iterator[Problem]:
    if what := wrong_day(day, order.ordered_on):
        yield Problem(_("Needed by"), what, "requested_on")


def wrong_day(day: date, ordered_on: date) -> str:
    """Return why what is ordered then cannot be wanted on a day, and the remedy; nothing when it can."""
    told = {"day": date_format(day), "ordered": date_format(ordered_on)}
    if day < ordered_on:
        return _("%(day)s is before it was ordered, %(ordered)s; enter that day or a later one.") % told
    return too_far(day, ordered_on)


def too_far(day: date, since: date) -> str:
    """Return that a day is later than anybody plans, and the remedy; nothing when it is not."""
    if day - since <= FURTHEST:
        return ""
    return _("%(day)s is too far away; enter a day within five years.") % {"day": date_format(day)}


def _currency_problems(document: Order | Quote) -> Iterator[Problem]:
    """Yield when the customer has come to buy in another currency; what was quoted stays as it was quoted."""
    theirs, ours = document.customer.currency_id, document.currency_id
    if theirs != ours and getattr(document, "quote_version_id", None) is None:
        told = {"ours": ours, "customer": document.customer, "theirs": theirs}
        what = _(
            "prices are in %(ours)s, %(customer)s buys in %(theirs)s; enter it anew, prices come in %(theirs)s."
        )
        yield Problem(_("Currency"), what % told)


def order_warnings(order: Order) -> list[str]:
    """Return what somebody should look at before the order goes on; none of it keeps it from being submitted."""
    return [*same_po(order), *_day_is_over(order)]


def same_po(order: Order) -> Iterator[str]:
    """Yield that other orders of the customer have the PO number too; without one no statement is made.

    What is called off an agreement has the number of the others by intention.
    """
    if not order.customer_po:
        return
    same = Order.objects.filter(customer=order.customer_id, customer_po__iexact=order.customer_po)
    # The index has no empty numbers, and is used only by who asks for none.
    others = same.exclude(customer_po="").exclude(pk=order.pk).exclude(status=OrderStatus.CANCELLED)
    called = CallOffOrder.objects.filter(order=order.pk)
    found = others.filter(~Exists(called), call_offs=None).order_by("-pk").values_list("number", flat=True)
    if numbers := list(found[: MOST_NAMED + 1]):
        named = ", ".join(numbers[:MOST_NAMED]) + (" …" if len(numbers) > MOST_NAMED else "")
        told = {"po": order.customer_po, "orders": named}
        yield _("PO number %(po)s stands on %(orders)s too; is this the same order twice?") % told


def _day_is_over(order: Order) -> Iterator[str]:
    if order.requested_on < business_day():
        told = {"day": date_format(order.requested_on)}
        yield (
            _("It is needed by %(day)s, which is over; it will be promised for the first day there is.")
            % told
        )


def _discount_problems(totalled: Order | QuoteVersion) -> Iterator[Problem]:
    if totalled.discount_amount > totalled.goods > 0:
        told = {
            "discount": f"{totalled.discount_amount.normalize():f}",
            "goods": f"{totalled.goods.normalize():f}",
        }
        what = _("%(discount)s is more than the goods, %(goods)s; lower it.") % told
        yield Problem(_("Discount on all"), what, "discount")


# Whether there are lines, beside each that may be wrong; one row of nothing when all are right.
DOUBTFUL = f"""
    {SCOPES}
    SELECT EXISTS (SELECT FROM {{lines}} WHERE {{document}} = %(document)s), x.*
    FROM (VALUES (1)) AS always LEFT JOIN (
        SELECT l.position, p.sku, l.unit_price IS NOT NULL, p.status, l.ordered,
               u.name, u.numerator, u.denominator, u.multiple, u.minimum, {CLOSED}, {WHO}
        FROM {{lines}} l
        JOIN inventory_product p ON p.id = l.product_id
        JOIN inventory_productunit u ON u.id = l.unit_id
        {BESIDE}
        WHERE l.{{document}} = %(document)s
          AND (l.unit_price IS NULL OR p.status <> 'active' OR u.multiple > 1 OR u.minimum > 1 OR {CLOSED})
    ) x ON true
    ORDER BY x.position
"""  # noqa: S608


class Doubtful(NamedTuple):
    """A line that may be wrong, with the terms of its unit."""

    position: int
    sku: str
    has_price: bool
    status: str
    ordered: int
    unit: str
    numerator: int
    denominator: int
    multiple: int
    minimum: int
    is_closed: bool
    groups: str
    customers: int


def line_problems(
    lines: Any, customer: Customer, *, only: Collection[int] | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with a customer's lines of a document, from one statement however many there are.

    With `only` those at these positions are looked at.
    """
    with planned_once() as cursor:
        cursor.execute(of_these(lines, DOUBTFUL), {"document": lines.instance.pk, "customer": customer.pk})
        rows = cursor.fetchall()
    if not rows[0][0]:
        yield Problem(_("Lines"), _("there are none; add a product."))
    for _any, *columns in rows:
        if columns[0] is not None and (only is None or columns[0] in only):
            yield from _problems_of(Doubtful._make(columns), customer)


def _problems_of(line: Doubtful, customer: Customer) -> Iterator[Problem]:
    where = _("Line %(position)s, %(sku)s") % {"position": line.position, "sku": line.sku}
    for what in _wrong_with(line, customer):
        yield Problem(where, what, str(line.position))


def _wrong_with(line: Doubtful, customer: Customer) -> Iterator[str]:
    if not line.has_price:
        yield _("has no price; type one or ask for a price rule.")
    if line.status == ProductStatus.BLOCKED:
        yield _("is blocked; remove the line.")
    if line.status == ProductStatus.DISCONTINUED:
        yield _("is discontinued; remove the line or take its successor.")
    if line.is_closed:
        told = {"who": SoldTo(line.groups, line.customers), "customer": customer}
        what = _("is sold to %(who)s only; remove the line, or have a sales manager add %(customer)s.")
        yield what % told
    quantity = from_base(line.ordered, numerator=line.numerator, denominator=line.denominator)
    if problem := misfit(quantity, line):
        values = {
            "quantity": written(quantity),
            "unit": line.unit,
            "rule": problem.rule,
            "nearest": problem.choice,
        }
        yield _("%(quantity)s %(unit)s: %(rule)s; order %(nearest)s.") % values
