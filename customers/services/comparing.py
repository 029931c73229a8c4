"""A version of a price list beside the one in force."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from customers.comparing import Comparison, Said, compared
from customers.models import PriceListVersion, PriceRule
from customers.status import PriceKind, VersionStatus
from customers.telling import stated
from oms.company import business_day
from oms.money import HUNDRED

KEY = ("product_id", "category_id", "unit_id", "min_quantity", "priority", "valid_from")
REST = (
    "product__sku", "category__code", "unit__code", "kind", "price", "percent", "basis", "mix_group", "incremental",
    "floor", "free_of_charge", "valid_to",
)  # fmt: skip


SEAL = """
    SELECT md5(concat(v.status, v.price_list_id, v.number, string_agg(r::text, ';' ORDER BY r.id)))
    FROM customers_pricelistversion v LEFT JOIN customers_pricerule r ON r.version_id = v.id
    WHERE v.id = %s GROUP BY v.id
"""


def seal_of(version_id: int) -> str:
    """Return what changes whenever a rule of the version does: whoever decides names the one they looked at."""
    with connection.cursor() as cursor:
        cursor.execute(SEAL, [version_id])
        return str(cursor.fetchone()[0])


FINGERPRINTS = """
    SELECT v.id, concat(v.status, ' ', count(r.id), ' ', sum(hashtextextended(r::text, 0)::numeric))
    FROM customers_pricelistversion v LEFT JOIN customers_pricerule r ON r.version_id = v.id
    WHERE v.id = ANY(%s) GROUP BY v.id
"""


def fingerprints_of(versions: Iterable[int]) -> dict[int, str]:
    """Return of each version what changes whenever one of its rules does; cheaper than its seal, for large lists."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINTS, [list(versions)])
        return dict(cursor.fetchall())


def comparison(version: PriceListVersion, *, with_cost: bool = True) -> Comparison:
    """Return what putting this version in force changes, leaving out what has ended by today.

    Percentages on the cost are told only `with_cost`.
    """
    before = before_it(version)
    today = business_day()
    told = partial(_said, today=today, with_cost=with_cost)
    found = compared(told(before) if before else {}, told(version))
    found.before = str(before or "")
    return found


def before_it(version: PriceListVersion) -> PriceListVersion | None:
    """Return the version in force that this one would follow."""
    in_force = version.price_list.versions.filter(status=VersionStatus.IN_FORCE).exclude(pk=version.pk)
    return in_force.filter(number__lt=version.number).order_by("number").last()


def _said(version: PriceListVersion, *, today: date, with_cost: bool) -> dict[object, Said]:
    rows = PriceRule.objects.filter(version=version).exclude(valid_to__lte=today).order_by()
    rule = partial(_rule, with_cost)
    return {row[: len(KEY)]: rule(*row[3:]) for row in rows.values_list(*KEY, *REST)}


def _rule(
    with_cost: bool, min_quantity: int, _priority: int, _since: object, sku: str | None, category: str | None,
    unit: str | None, kind: str, price: Decimal, percent: Decimal | None, *rest: object,
) -> Said:  # fmt: skip
    hidden = kind == PriceKind.COST_PLUS and not with_cost
    states: Any = price if kind == PriceKind.FIXED else {kind: None if hidden else percent}
    key = (kind, price, percent, *rest)
    return Said(
        sku or category or "",
        unit or "",
        min_quantity,
        kind,
        _factor(kind, price, percent),
        stated(states),
        key,
    )


def _factor(kind: str, price: Decimal, percent: Decimal | None) -> Decimal:
    if percent is None:
        return price
    return HUNDRED - percent if kind == PriceKind.PERCENT_OFF else HUNDRED + percent
