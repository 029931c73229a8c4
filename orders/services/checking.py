"""Is a document complete? Every problem is listed at once, each with its remedy."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.status import CustomerStatus
from inventory.status import ProductStatus
from inventory.units import misfit, written
from oms.errors import Incomplete, Problem
from orders.models import Order, Quote
from orders.models.lines import PricedLine


def require_complete_order(order: Order) -> None:
    """Raise Incomplete, with all that keeps the order from being submitted or confirmed."""
    problems = [
        *customer_problems(order.customer),
        *_po_problems(order, _("enter it in the header")),
        *line_problems(order.lines),
    ]
    if problems:
        raise Incomplete(order.number, problems)


def require_complete_quote(quote: Quote, lines: object) -> None:
    """Raise Incomplete, with all that keeps the quote from being sent."""
    problems = [*customer_problems(quote.customer), *line_problems(lines)]
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


def line_problems(lines: object) -> Iterator[Problem]:
    """Yield what is wrong with the lines of a document: a set of queries, however many lines."""
    rows = lines.select_related("product", "unit")  # type: ignore[attr-defined]
    if not rows.exists():
        yield Problem(_("Lines"), _("there are none; add a product."))
    terms = Q(unit__multiple__gt=1) | Q(unit__minimum__gt=1)
    for line in rows.filter(Q(unit_price=None) | ~Q(product__status=ProductStatus.ACTIVE) | terms):
        yield from _problems_of(line)


def _problems_of(line: PricedLine) -> Iterator[Problem]:
    where = _("Line %(position)s, %(sku)s") % {"position": line.position, "sku": line.product.sku}
    if line.unit_price is None:
        yield Problem(where, _("has no price; type one or ask for a price rule."))
    if line.product.status == ProductStatus.BLOCKED:
        yield Problem(where, _("is blocked; remove the line."))
    if line.product.status == ProductStatus.DISCONTINUED:
        yield Problem(where, _("is discontinued; remove the line or take its successor."))
    if problem := misfit(line.quantity, line.unit):
        values = {
            "quantity": written(line.quantity),
            "unit": line.unit.name,
            "rule": problem.rule,
            "nearest": problem.choice,
        }
        yield Problem(where, _("%(quantity)s %(unit)s: %(rule)s; order %(nearest)s.") % values)
