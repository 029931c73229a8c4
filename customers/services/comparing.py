"""A version of a price list beside the one in force, compared where the rules are: none of them is read here."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import connection

from customers.comparing import MOST_JUMPS, Comparison, Jump
from customers.models import PriceListVersion
from customers.status import PriceKind, VersionStatus
from customers.telling import plain, stated
from oms.company import business_day

TERMS = (
    "kind", "price", "percent", "basis", "mix_group", "incremental", "floor", "free_of_charge", "valid_to",
)  # fmt: skip


def _of(rule: str) -> str:
    """Return the columns that make a rule another one when they differ."""
    return ", ".join(f"{rule}.{name}" for name in TERMS)


def _factor(rule: str) -> str:
    """Return the price, or what is left of or comes on to each hundred of what the rule is counted from."""
    return f"""
        CASE WHEN {rule}.percent IS NULL THEN {rule}.price
             WHEN {rule}.kind = '{PriceKind.PERCENT_OFF}' THEN 100 - {rule}.percent ELSE 100 + {rule}.percent END"""


def _rules(version: str) -> str:
    return f"""
        SELECT *, coalesce(product_id, 0) AS product, coalesce(category_id, 0) AS category, coalesce(unit_id, 0) AS unit
        FROM customers_pricerule
        WHERE version_id = %({version})s AND (valid_to IS NULL OR valid_to > %(today)s)"""  # noqa: S608


# The rules of both versions in pairs of equal keys. A percentage jumps where both rules are of one kind and none is 0.
PAIRS = f"""
    WITH old AS ({_rules("old")}), new AS ({_rules("new")}),
    pairs AS (
        SELECT old.id AS gone, new.id AS come, new.product_id, new.category_id, new.unit_id, min_quantity, priority,
               valid_from, new.kind, old.price AS old_price, old.percent AS old_percent, new.price AS new_price,
               new.percent AS new_percent, ({_of("old")}) IS DISTINCT FROM ({_of("new")}) AS differs,
               CASE WHEN old.kind = new.kind THEN nullif({_factor("old")}, 0) END AS was,
               nullif({_factor("new")}, 0) AS now
        FROM old FULL JOIN new USING (product, category, unit, min_quantity, priority, valid_from))
"""  # noqa: S608
COUNTS = f"""
    {PAIRS}
    SELECT count(*) FILTER (WHERE gone IS NULL), count(*) FILTER (WHERE gone + come IS NOT NULL AND differs),
           count(*) FILTER (WHERE come IS NULL), count(*) FILTER (WHERE gone + come IS NOT NULL AND NOT differs)
    FROM pairs
"""  # noqa: S608
JUMPS = f"""
    {PAIRS}
    SELECT coalesce(p.sku, c.code, ''), coalesce(u.code, ''), min_quantity, x.kind, old_price, old_percent, new_price,
           new_percent, round((now - was) * 100 / was, 1) AS percent
    FROM pairs x LEFT JOIN inventory_product p ON p.id = x.product_id
    LEFT JOIN inventory_category c ON c.id = x.category_id LEFT JOIN inventory_productunit u ON u.id = x.unit_id
    WHERE differs AND was IS NOT NULL AND now IS NOT NULL
    ORDER BY abs(round((now - was) * 100 / was, 1)) DESC, coalesce(p.sku, c.code, '') COLLATE "C",
             coalesce(u.code, '') COLLATE "C", min_quantity, priority, valid_from
    LIMIT {MOST_JUMPS}
"""  # noqa: S608


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


def comparison(
    version: PriceListVersion, *, with_cost: bool = True, write: Callable[[Decimal], str] = plain
) -> Comparison:
    """Return what putting this version in force changes, leaving out what has ended by today.

    Percentages on the cost are told only `with_cost`; `write` puts an amount down. Two statements for any length.
    """
    before = before_it(version)
    asked = {"old": before.pk if before else None, "new": version.pk, "today": business_day()}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, asked)
        new, changed, gone, same = cursor.fetchone()
        cursor.execute(JUMPS, asked)
        jumps = [_jump(row, with_cost, write) for row in cursor.fetchall()]
    return Comparison(new, changed, gone, same, jumps, str(before or ""))


def _jump(row: tuple[Any, ...], with_cost: bool, write: Callable[[Decimal], str]) -> Jump:
    reach, unit, min_quantity, kind, old_price, old_percent, new_price, new_percent, percent = row

    def told(price: Decimal, percent: Decimal | None) -> str:
        hidden = kind == PriceKind.COST_PLUS and not with_cost
        states: Any = price if kind == PriceKind.FIXED else {kind: None if hidden else percent}
        return stated(states, write)

    return Jump(
        reach, unit, min_quantity, told(old_price, old_percent), told(new_price, new_percent), percent
    )


def before_it(version: PriceListVersion) -> PriceListVersion | None:
    """Return the version in force that this one would follow."""
    in_force = version.price_list.versions.filter(status=VersionStatus.IN_FORCE).exclude(pk=version.pk)
    return in_force.filter(number__lt=version.number).order_by("number").last()
