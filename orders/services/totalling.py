"""What a document comes to, written: its discount cut into parts of the lines, charges, taxes, and the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity
from inventory.models import Product
from oms.errors import Problem
from oms.models import Currency
from oms.sets import insert_rows, set_in_rows
from orders.discounts import DocumentDiscount
from orders.models import Order, QuoteVersion
from orders.services.pricing import PricedInput
from orders.services.taxing import Taxation, tax_problems, taxation_of, up_to_date
from orders.taxes import Rule, Taxed
from orders.totals import Reckoned, reckon

LARGEST_TOTAL = Decimal(10) ** 12
SUMS = ("discount_percent", "discount_amount", "discount", "charges", "tax", "total")
RULE = ("tax_zone_id", "tax_note", "prices_include_tax", "tax_rounding")

Totalled = Order | QuoteVersion


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all lines of a document: the discount on them, how it is taxed, and in what it is paid."""

    discount: DocumentDiscount
    rule: Mapping[str, Any]
    currency: Currency

    def reckon(self, lines: Sequence[Any], charges: Sequence[Any]) -> Reckoned:
        includes, rounding = self.rule["prices_include_tax"], self.rule["tax_rounding"]
        return reckon(lines, charges, self.discount, Rule(self.currency.exponent, includes, rounding))


def discount_of(totalled: Totalled) -> DocumentDiscount:
    """Return the discount that is agreed for the whole document."""
    return DocumentDiscount(totalled.discount_percent, totalled.discount_amount)


def rule_of(totalled: Totalled, taxation: Taxation) -> dict[str, Any]:
    """Return how a document is taxed: as it was when it first was taxed, in the zone where it goes now."""
    rule = taxation.rule()
    if totalled.tax_zone_id is not None and taxation.is_set_up:
        rule |= {name: getattr(totalled, name) for name in ("prices_include_tax", "tax_rounding")}
    return rule


def require_discount(discount: DocumentDiscount, currency: Currency) -> None:
    """Raise BadQuantity for a discount that no document has."""
    if not (0 <= discount.percent <= 100 and _decimals(discount.percent) <= 4):
        raise BadQuantity(_("The discount on all is 0 to 100 percent, with at most 4 decimals."))
    if not is_amount(discount.amount, currency):
        told = {"currency": currency.code, "n": currency.exponent}
        raise BadQuantity(
            _("The discount on all is 0 or more, in %(currency)s with at most %(n)s decimals.") % told
        )


def is_amount(amount: Decimal, currency: Currency) -> bool:
    """Whether it is an amount of this currency that a document may hold."""
    return 0 <= amount < LARGEST_TOTAL and _decimals(amount) <= currency.exponent


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def totalled_lines(
    lines: Sequence[PricedInput], charges: Sequence[tuple[Decimal, Decimal | None]], terms: Terms
) -> tuple[list[PricedInput], dict[str, Any], list[Taxed]]:
    """Return the lines of a new document with their parts of its discount, its totals, and its taxes."""
    found = terms.reckon([(line.amount, line.tax_percent) for line in lines], charges)
    _require_representable(found.total + found.discount)
    totals = {
        "discount_percent": terms.discount.percent,
        "discount_amount": terms.discount.amount,
        **found.sums(),
        **terms.rule,
    }
    return _sharing(lines, found.shares), totals, found.taxes


def _sharing(lines: Sequence[PricedInput], shares: Sequence[Decimal]) -> list[PricedInput]:
    """Return the lines with their parts of the document's discount; most documents have none."""
    if not any(shares):
        return list(lines)
    return [line._replace(document_discount=share) for line, share in zip(lines, shares, strict=True)]


def taxed_now(lines: Sequence[PricedInput], taxation: Taxation) -> list[PricedInput]:
    """Return lines that were priced before with the rates that hold now."""
    if not taxation.is_set_up:
        return [line._replace(tax_percent=None) for line in lines]
    products = Product.objects.filter(pk__any_of={line.product_id for line in lines})
    classes = dict(products.values_list("pk", "tax_class_id"))
    return [line._replace(tax_percent=taxation.percent(classes[line.product_id])) for line in lines]


def add_taxes(totalled: Totalled, taxes: Sequence[Taxed]) -> None:
    """Insert the taxes of a document that has none."""
    if taxes:
        columns = dict(zip(Taxed._fields, map(list, zip(*taxes, strict=True)), strict=True))
        _insert(totalled.taxes, columns)


def add_charges(totalled: Totalled, charges: Mapping[int, tuple[Decimal, Decimal | None]]) -> None:
    """Insert the charges of a document that has none: by kind, each with its amount and rate."""
    if charges:
        amounts, percents = zip(*charges.values(), strict=True)
        _insert(totalled.charged, {"kind_id": list(charges), "amount": amounts, "tax_percent": percents})


def _insert(rows: Any, columns: Mapping[str, Sequence[Any]]) -> None:
    insert_rows(rows.model, columns, **{rows.field.name: rows.instance})


def total_up(totalled: Totalled, currency: Currency, taxation: Taxation) -> None:
    """Write what a draft comes to; each line knows its part of the discount and its rate of tax.

    A constant number of statements: two for a document with neither discount nor charge nor tax.
    Raise BadQuantity for a total that is larger than any document's.
    """
    terms = Terms(discount_of(totalled), rule_of(totalled, taxation), currency)
    if _is_plain(totalled, terms, taxation):
        goods = totalled.lines.aggregate(goods=Sum("amount", default=Decimal(0)))["goods"]
        _require_representable(goods)
        write_totals(totalled, total=goods)
        return
    lines, charges = _lines(totalled, taxation), _charges(totalled, taxation)
    found = terms.reckon(
        [(line.amount, line.percent) for line in lines],
        [(charge.amount, charge.percent) for charge in charges],
    )
    _require_representable(found.total + found.discount)
    _write_lines(totalled, lines, found.shares)
    _write_charges(totalled, charges)
    write_taxes(totalled, found.taxes)
    write_totals(totalled, **found.sums(), **terms.rule)


def _is_plain(totalled: Totalled, terms: Terms, taxation: Taxation) -> bool:
    held = totalled.discount or totalled.tax_zone_id or totalled.charges
    return not (any(terms.discount) or held or taxation.is_set_up)


def _require_representable(total: Decimal) -> None:
    if total >= LARGEST_TOTAL:
        raise BadQuantity(_("The total is larger than any document's; check quantities and prices."))


@dataclass(frozen=True, slots=True)
class _Standing:
    """A line or a charge as it stands, and the rate that holds for it now."""

    pk: int
    amount: Decimal
    old_share: Decimal
    old_percent: Decimal | None
    percent: Decimal | None


def _lines(totalled: Totalled, taxation: Taxation) -> list[_Standing]:
    columns = ("pk", "amount", "document_discount", "tax_percent", "product__tax_class_id")
    rows = totalled.lines.order_by("position").values_list(*columns)
    return [
        _Standing(pk, amount, share, old, taxation.percent(tax_class))
        for pk, amount, share, old, tax_class in rows
    ]


def _charges(totalled: Totalled, taxation: Taxation) -> list[_Standing]:
    rows = totalled.charged.order_by("pk").values_list("pk", "amount", "tax_percent", "kind__tax_class_id")
    return [
        _Standing(pk, amount, Decimal(0), old, taxation.percent(tax_class))
        for pk, amount, old, tax_class in rows
    ]


def _write_lines(totalled: Totalled, lines: Sequence[_Standing], shares: Sequence[Decimal]) -> None:
    changed = [
        (line.pk, share, line.percent)
        for line, share in zip(lines, shares, strict=True)
        if (line.old_share, line.old_percent) != (share, line.percent)
    ]
    if changed:
        ids, parts, percents = zip(*changed, strict=True)
        set_in_rows(totalled.lines.model, ids, document_discount=parts, tax_percent=percents)


def _write_charges(totalled: Totalled, charges: Sequence[_Standing]) -> None:
    changed = [(charge.pk, charge.percent) for charge in charges if charge.old_percent != charge.percent]
    if changed:
        ids, percents = zip(*changed, strict=True)
        set_in_rows(totalled.charged.model, ids, tax_percent=percents)


def write_taxes(totalled: Totalled, taxes: Sequence[Taxed]) -> None:
    """Write the taxes of a document anew when they have changed."""
    there = {Taxed(*row) for row in totalled.taxes.values_list(*Taxed._fields)}
    if there != set(taxes):
        totalled.taxes.all().delete()
        add_taxes(totalled, taxes)


def write_totals(totalled: Totalled, **values: Any) -> None:
    """Write some of the totals of a document, here and in the database."""
    model: Any = type(totalled)
    model.objects.filter(pk=totalled.pk).update(**values)
    for name, value in values.items():
        setattr(totalled, name, value)


def taxed_as_now(totalled: Totalled, currency: Currency) -> list[Problem]:
    """Tax a draft anew where its zone has changed or a rate was missing; return why it still cannot be taxed."""
    taxation = taxation_of(totalled)
    if up_to_date(totalled, taxation):
        return []
    total_up(totalled, currency, taxation)
    return tax_problems(totalled, taxation)


def copied_totals(version: QuoteVersion) -> dict[str, Any]:
    """Return the totals of a version for the next one, which begins with the same lines."""
    return {name: getattr(version, name) for name in (*SUMS, *RULE)}


def copy_charges_and_taxes(old: QuoteVersion, new: QuoteVersion) -> None:
    """Give the next version of a quote the charges and taxes of the last one."""
    if old.charges:
        rows = old.charged.values_list("kind_id", "amount", "tax_percent")
        add_charges(new, {kind: (amount, percent) for kind, amount, percent in rows})
    if old.tax_zone_id is not None:
        add_taxes(new, [Taxed(*row) for row in old.taxes.values_list(*Taxed._fields)])
