"""What stands under the lines of a document: goods, discount, charges, taxes, and the total."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from oms.money import line_amount
from orders.models import Order, QuoteVersion


class Sum(NamedTuple):
    """A sum and what it is of; the last one is what the customer pays."""

    label: str
    amount: Decimal


class Under(NamedTuple):
    """What stands under the lines of a document: what has its totals, its charges with their kinds, its taxes."""

    totalled: Order | QuoteVersion
    charged: Iterable[Any]
    taxes: Iterable[Any]


def sums_of(totalled: Order | QuoteVersion) -> list[Sum]:
    """Return the sums of a document, its total last; a sum that would say nothing is left out."""
    charged = totalled.charged.select_related("kind") if totalled.charges else ()
    return sums_under(Under(totalled, charged, totalled.taxes.all()))


def sums_under(under: Under) -> list[Sum]:
    """Return the sums of a document of which everything is at hand; else like `sums_of`."""
    totalled = under.totalled
    above = [*_discount(totalled), *(Sum(charge.kind.name, charge.amount) for charge in under.charged)]
    taxes = list(_taxes(under)) if totalled.tax_zone_id is not None else []
    goods = [Sum(_("Goods"), totalled.goods)] if above or taxes else []
    return [*goods, *above, *taxes, Sum(total_word(bool(taxes)), totalled.total)]


def total_word(is_taxed: bool) -> str:
    """Return how the total of a document is called, which is one without tax where none is reckoned."""
    return _("Total") if is_taxed else _("Net total")


def cancelled_of(totalled: Order | QuoteVersion, lines: Iterable[Any]) -> list[Sum]:
    """Return what these lines came to as they were ordered, and what of it is cancelled; nothing when nothing is."""
    gone = sum((_cancelled(line, totalled) for line in lines if line.wanted != line.ordered), Decimal(0))
    if not gone:
        return []
    return [Sum(_("Ordered"), totalled.goods + gone), Sum(_("Cancelled"), -gone)]


def _cancelled(line: Any, order: Any) -> Decimal:
    if line.unit_price is None:
        return Decimal(0)
    ordered = line_amount(
        line.ordered,
        numerator=line.unit.numerator,
        denominator=line.unit.denominator,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        exponent=order.currency.exponent,
    )
    return Decimal(ordered - line.amount)


def _discount(totalled: Order | QuoteVersion) -> Iterator[Sum]:
    if totalled.discount:
        percent = _("Discount %(percent)s") % {
            "percent": f"{number_format(totalled.discount_percent.normalize())} %"
        }
        yield Sum(percent if totalled.discount_percent else _("Discount"), -totalled.discount)


def _taxes(under: Under) -> Iterator[Sum]:
    included = under.totalled.prices_include_tax
    template = _("of which VAT %(percent)s %%") if included else _("VAT %(percent)s %%")
    for taxed in under.taxes:
        yield Sum(template % {"percent": number_format(taxed.percent.normalize())}, taxed.tax)


def tax_note_of(totalled: Order | QuoteVersion) -> str:
    """Return what is said of taxes on a paper: why there is none, or that amounts are without them."""
    currency = (totalled if isinstance(totalled, Order) else totalled.quote).currency
    if totalled.tax_zone_id is None:
        return _("All amounts are in %(currency)s, without taxes.") % {"currency": currency.code}
    told = _("All amounts are in %(currency)s.") % {"currency": currency.code}
    return f"{told} {totalled.tax_note}".strip()
