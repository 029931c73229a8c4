"""What is cancelled is not paid for: amounts, discount, charges, taxes and total of an order are of what is left."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from oms.money import line_amount, round_half_up
from oms.sets import set_in_rows
from orders.discounts import DocumentDiscount
from orders.models import Order
from orders.services.totalling import Terms, write_taxes, write_totals


class _Line(NamedTuple):
    """A line with all that its amount is reckoned from."""

    pk: int
    ordered: int
    cancelled: int
    numerator: int
    denominator: int
    unit_price: Decimal | None
    discount_percent: Decimal
    amount: Decimal
    document_discount: Decimal
    tax_percent: Decimal | None


COLUMNS = (
    "pk", "ordered", "cancelled", "unit__numerator", "unit__denominator", "unit_price", "discount_percent", "amount",
    "document_discount", "tax_percent",
)  # fmt: skip


def take_off_cancelled(order: Order) -> None:
    """Write what the order comes to without what is cancelled, at the prices and rates that it has.

    A discount agreed as an amount goes with what it lay on; charges stay unless nothing of the order is left. A
    constant number of statements. The caller holds the order.
    """
    exponent = order.currency.exponent
    lines = [_Line(*row) for row in order.lines.order_by("position").values_list(*COLUMNS)]
    amounts = [_amount(line, exponent) for line in lines]
    discount = DocumentDiscount(order.discount_percent, _discount_left(order, lines, amounts))
    charges = _charges_left(order, lines)
    rule = {name: getattr(order, name) for name in ("prices_include_tax", "tax_rounding")}
    found = Terms(discount, rule, order.currency).reckon(
        [(amount, line.tax_percent) for line, amount in zip(lines, amounts, strict=True)], charges
    )
    _write(order, lines, amounts, found.shares)
    if order.tax_zone_id is not None:
        write_taxes(order, found.taxes)
    write_totals(order, discount_amount=discount.amount, **found.sums())


def _amount(line: _Line, exponent: int) -> Decimal:
    """Return what the line comes to; only one of which something is cancelled is reckoned anew."""
    if not line.cancelled or line.unit_price is None:
        return line.amount
    return line_amount(
        line.ordered - line.cancelled,
        numerator=line.numerator,
        denominator=line.denominator,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        exponent=exponent,
    )


def _discount_left(order: Order, lines: Sequence[_Line], amounts: Sequence[Decimal]) -> Decimal:
    if not order.discount_amount:
        return order.discount_amount
    gone = sum(
        (
            line.document_discount * (line.amount - amount) / line.amount
            for line, amount in zip(lines, amounts, strict=True)
            if line.amount
        ),
        Decimal(0),
    )
    return max(Decimal(0), order.discount_amount - round_half_up(gone, order.currency.exponent))


def _charges_left(order: Order, lines: Sequence[_Line]) -> list[tuple[Decimal, Decimal | None]]:
    if not order.charges:
        return []
    if any(line.ordered > line.cancelled for line in lines):
        return list(order.charged.order_by("pk").values_list("amount", "tax_percent"))
    order.charged.all().delete()
    return []


def _write(
    order: Order, lines: Sequence[_Line], amounts: Sequence[Decimal], shares: Sequence[Decimal]
) -> None:
    changed = [
        (line.pk, amount, share)
        for line, amount, share in zip(lines, amounts, shares, strict=True)
        if (line.amount, line.document_discount) != (amount, share)
    ]
    if changed:
        ids, new, parts = zip(*changed, strict=True)
        set_in_rows(order.lines.model, ids, amount=new, document_discount=parts)
