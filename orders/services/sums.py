"""What stands under the lines of a document: the goods, its discount, and the total."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from orders.discounts import written_document_discount
from orders.models import Order, QuoteVersion
from orders.services.totalling import discount_of


class Sum(NamedTuple):
    """A sum and what it is of; the last one is what the customer pays."""

    label: str
    amount: Decimal


def sums_of(totalled: Order | QuoteVersion) -> list[Sum]:
    """Return the sums of a document, its total last; a sum that would say nothing is left out."""
    return [*_discounted(totalled), Sum(_("Net total"), totalled.total)]


def _discounted(totalled: Order | QuoteVersion) -> list[Sum]:
    if not totalled.discount:
        return []
    given = written_document_discount(discount_of(totalled))
    label = _("Discount %(percent)s") % {"percent": given} if totalled.discount_percent else _("Discount")
    return [Sum(_("Goods"), totalled.goods), Sum(label, -totalled.discount)]
