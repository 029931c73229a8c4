"""What a document comes to: its discount cut into parts of the lines, and its total."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity
from oms.models import Currency
from oms.sets import set_in_rows
from orders.discounts import DocumentDiscount
from orders.models import Order, QuoteVersion
from orders.services.pricing import PricedInput

LARGEST_TOTAL = Decimal(10) ** 12

TOTALS = ("discount_percent", "discount_amount", "discount", "total")

Totalled = Order | QuoteVersion


def discount_of(totalled: Totalled) -> DocumentDiscount:
    """Return the discount that is agreed for the whole document."""
    return DocumentDiscount(totalled.discount_percent, totalled.discount_amount)


def require_discount(discount: DocumentDiscount, currency: Currency) -> None:
    """Raise BadQuantity for a discount that no document has."""
    if not (0 <= discount.percent <= 100 and _decimals(discount.percent) <= 4):
        raise BadQuantity(_("The discount on all is 0 to 100 percent, with at most 4 decimals."))
    if not (0 <= discount.amount < LARGEST_TOTAL and _decimals(discount.amount) <= currency.exponent):
        told = {"currency": currency.code, "n": currency.exponent}
        raise BadQuantity(
            _("The discount on all is 0 or more, in %(currency)s with at most %(n)s decimals.") % told
        )


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def total_up(totalled: Totalled, currency: Currency) -> None:
    """Write what the lines of a draft come to, in at most three statements; each line knows its part of the discount.

    Raise BadQuantity for a total that is larger than any document's.
    """
    discount = discount_of(totalled)
    if any(discount) or totalled.discount:
        goods, off = _cut(totalled, discount, currency)
    else:
        goods, off = totalled.lines.aggregate(goods=Sum("amount", default=Decimal(0)))["goods"], Decimal(0)
    if goods >= LARGEST_TOTAL:
        raise BadQuantity(_("The total is larger than any document's; check quantities and prices."))
    write_totals(totalled, total=goods - off, discount=off)


def _cut(totalled: Totalled, discount: DocumentDiscount, currency: Currency) -> tuple[Decimal, Decimal]:
    """Give each line its part of the discount; return the sum of the lines and what is taken off it."""
    lines: Any = totalled.lines
    rows = list(lines.order_by("position").values_list("pk", "amount", "document_discount"))
    amounts = [amount for _pk, amount, _old in rows]
    shares = discount.shares(amounts, exponent=currency.exponent)
    changed = [(pk, new) for (pk, _amount, old), new in zip(rows, shares, strict=True) if old != new]
    if changed:
        ids, parts = zip(*changed, strict=True)
        set_in_rows(lines.model, ids, document_discount=parts)
    return sum(amounts, Decimal(0)), sum(shares, Decimal(0))


def write_totals(totalled: Totalled, **values: Decimal) -> None:
    """Write some of the totals of a document that is still drafted, here and in the database."""
    model: Any = type(totalled)
    model.objects.filter(pk=totalled.pk).update(**values)
    for name, value in values.items():
        setattr(totalled, name, value)


def discounted(
    lines: Sequence[PricedInput], discount: DocumentDiscount, currency: Currency
) -> tuple[list[PricedInput], dict[str, Decimal]]:
    """Return the lines of a new document with their parts of its discount, and its totals."""
    amounts = [line.amount for line in lines]
    goods = sum(amounts, Decimal(0))
    shares = (
        discount.shares(amounts, exponent=currency.exponent) if any(discount) else [Decimal(0)] * len(lines)
    )
    off = sum(shares, Decimal(0))
    totals = {
        "discount_percent": discount.percent,
        "discount_amount": discount.amount,
        "discount": off,
        "total": goods - off,
    }
    return [line._replace(document_discount=share) for line, share in zip(lines, shares, strict=True)], totals


def copied_totals(version: QuoteVersion) -> dict[str, Decimal]:
    """Return the totals of a version for the next one, which begins with the same lines."""
    return {name: getattr(version, name) for name in TOTALS}
