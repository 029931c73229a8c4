"""What a document charges besides its lines, such as freight: put on it by hand, and taken along."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inventory.errors import BadQuantity
from oms.models import ChargeKind, Currency
from orders.models import Order, QuoteVersion
from orders.services.taxing import Taxation
from orders.services.totalling import is_amount


def set_charges(totalled: Order | QuoteVersion, charges: Mapping[int, Decimal], currency: Currency) -> None:
    """Put these charges on a draft, by kind; an amount of 0 takes one off. What it comes to is written after that.

    Raise BadQuantity for an amount that no document has.
    """
    for amount in charges.values():
        _require_amount(amount, currency)
    rows: Any = totalled.charged
    rows.filter(kind__in=charges).delete()
    given = {kind: amount for kind, amount in charges.items() if amount}
    rows.bulk_create(
        rows.model(**{rows.field.name: totalled}, kind_id=kind, amount=given[kind]) for kind in given
    )
    totalled.charges = totalled.charges or sum(
        given.values(), Decimal(0)
    )  # until the document is totalled again


def _require_amount(amount: Decimal, currency: Currency) -> None:
    if not is_amount(amount, currency):
        told = {"currency": currency.code, "n": currency.exponent}
        raise BadQuantity(_("A charge is 0 or more, in %(currency)s with at most %(n)s decimals.") % told)


def charges_of(
    wanted: Mapping[int, Decimal], taxation: Taxation, currency: Currency
) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Return the charges of a new document, by kind, each with its rate. Raise BadQuantity for a wrong amount."""
    if not wanted:
        return {}
    for amount in wanted.values():
        _require_amount(amount, currency)
    classes = dict(ChargeKind.objects.filter(pk__in=wanted).values_list("pk", "tax_class_id"))
    return {kind: (amount, taxation.percent(classes[kind])) for kind, amount in wanted.items() if amount}


def taken_along(version: QuoteVersion, taxation: Taxation) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Return the charges of a version for its order, by kind, each with the rate that holds there."""
    if not version.charges:
        return {}
    rows = version.charged.values_list("kind_id", "amount", "kind__tax_class_id")
    return {kind: (amount, taxation.percent(tax_class)) for kind, amount, tax_class in rows}


def offered_kinds() -> list[ChargeKind]:
    """Return the kinds of charges that a document may have now."""
    return list(ChargeKind.objects.filter(active=True))
