"""Is a document complete? Every problem is listed at once, each with its remedy."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from customers.models import Customer
from customers.status import CustomerStatus
from inventory.status import ProductStatus
from inventory.units import from_base, misfit, written
from oms.errors import Incomplete, Problem
from oms.prepared import planned_once
from orders.models import Order, Quote, QuoteVersion
from orders.models.lines import of_these


def require_complete_order(order: Order, known: Iterable[Problem] = ()) -> None:
    """Raise Incomplete, with all that keeps the order from being submitted or confirmed, `known` problems too."""
    problems = [
        *customer_problems(order.customer),
        *_po_problems(order, _("enter it in the header")),
        *line_problems(order.lines),
        *_discount_problems(order),
        *known,
    ]
    if problems:
        raise Incomplete(order.number, problems)


def require_complete_quote(quote: Quote, lines: Any, known: Iterable[Problem] = ()) -> None:
    """Raise Incomplete, with all that keeps the quote from being sent, `known` problems too."""
    problems = [
        *customer_problems(quote.customer),
        *line_problems(lines),
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
        yield Problem(_("PO number"), _("%(customer)s requires one; %(remedy)s.") % told)


def _discount_problems(totalled: Order | QuoteVersion) -> Iterator[Problem]:
    if totalled.discount_amount > totalled.goods > 0:
        told = {
            "discount": f"{totalled.discount_amount.normalize():f}",
            "goods": f"{totalled.goods.normalize():f}",
        }
        yield Problem(
            _("Discount on all"), _("%(discount)s is more than the goods, %(goods)s; lower it.") % told
        )


# Whether there are lines, beside each that may be wrong; one row of nothing when all are right.
DOUBTFUL = """
    SELECT EXISTS (SELECT FROM {lines} WHERE {document} = %s), x.*
    FROM (VALUES (1)) AS always LEFT JOIN (
        SELECT l.position, p.sku, l.unit_price IS NOT NULL, p.status, l.ordered,
               u.name, u.numerator, u.denominator, u.multiple, u.minimum
        FROM {lines} l
        JOIN inventory_product p ON p.id = l.product_id
        JOIN inventory_productunit u ON u.id = l.unit_id
        WHERE l.{document} = %s
          AND (l.unit_price IS NULL OR p.status <> 'active' OR u.multiple > 1 OR u.minimum > 1)
    ) x ON true
    ORDER BY x.position
"""


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


def line_problems(lines: Any, *, only: Collection[int] | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the lines of a document, from one statement however many there are.

    With `only` those at these positions are looked at.
    """
    document = lines.instance.pk
    with planned_once() as cursor:
        cursor.execute(of_these(lines, DOUBTFUL), [document, document])
        rows = cursor.fetchall()
    if not rows[0][0]:
        yield Problem(_("Lines"), _("there are none; add a product."))
    for _any, *columns in rows:
        if columns[0] is not None and (only is None or columns[0] in only):
            yield from _problems_of(Doubtful._make(columns))


def _problems_of(line: Doubtful) -> Iterator[Problem]:
    where = _("Line %(position)s, %(sku)s") % {"position": line.position, "sku": line.sku}
    if not line.has_price:
        yield Problem(where, _("has no price; type one or ask for a price rule."))
    if line.status == ProductStatus.BLOCKED:
        yield Problem(where, _("is blocked; remove the line."))
    if line.status == ProductStatus.DISCONTINUED:
        yield Problem(where, _("is discontinued; remove the line or take its successor."))
    quantity = from_base(line.ordered, numerator=line.numerator, denominator=line.denominator)
    if problem := misfit(quantity, line):
        values = {
            "quantity": written(quantity),
            "unit": line.unit,
            "rule": problem.rule,
            "nearest": problem.choice,
        }
        yield Problem(where, _("%(quantity)s %(unit)s: %(rule)s; order %(nearest)s.") % values)
