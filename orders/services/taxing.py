"""Which taxes hold for a document: by the customer's zone, else by the country that the goods go to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from oms.company import business_day
from oms.errors import Problem
from oms.models import TaxRounding
from oms.prepared import planned_once
from orders.models import Order, QuoteVersion

EXEMPT = Decimal(0)
# The zone chosen for the customer, else the one that names the country, else the one for the rest; with its rates of
# the day. A row even where no tax was ever set up.
ZONE = """
    SELECT EXISTS (SELECT FROM oms_taxzone), c.prices_include_tax, c.tax_rounding, a.country,
           z.id, z.name, z.is_exempt, z.note, u.id,
           (SELECT json_object_agg(r.tax_class_id, r.percent::text) FROM oms_taxrate r
            WHERE r.zone_id = z.id AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s))
    FROM (VALUES (1)) AS always
    LEFT JOIN oms_company c ON true
    LEFT JOIN customers_customer x ON x.id = %(customer)s
    LEFT JOIN customers_address a ON a.id = %(ship_to)s
    LEFT JOIN oms_taxclass u ON u.is_usual
    LEFT JOIN LATERAL (
        SELECT y.* FROM oms_taxzone y LEFT JOIN oms_taxzonecountry t ON t.zone_id = y.id AND t.country = a.country
        WHERE y.id = x.tax_zone_id OR (x.tax_zone_id IS NULL AND (t.id IS NOT NULL OR y.is_rest))
        ORDER BY t.id IS NULL LIMIT 1
    ) z ON true
"""


@dataclass(frozen=True, slots=True)
class Taxation:
    """How a document is taxed. `is_set_up` is false in a company that has no taxes at all."""

    day: date
    is_set_up: bool = False
    includes: bool = False
    rounding: str = TaxRounding.GROUP
    country: str = ""
    zone_id: int | None = None
    zone: str = ""
    is_exempt: bool = False
    note: str = ""
    usual: int | None = None
    rates: Mapping[int, Decimal] = field(default_factory=dict)

    def percent(self, tax_class_id: int | None) -> Decimal | None:
        """Return what is taken on this class; None when nobody knows, and where there are no taxes."""
        if self.is_exempt:
            return EXEMPT
        chosen = tax_class_id or self.usual
        return None if chosen is None else self.rates.get(chosen)

    def rule(self) -> dict[str, Any]:
        """Return the columns of a new document that say how it is taxed."""
        return {
            "tax_zone_id": self.zone_id,
            "tax_note": self.note,
            "prices_include_tax": self.includes,
            "tax_rounding": self.rounding,
        }


def taxation_for(customer_id: int, ship_to_id: int, day: date) -> Taxation:
    """Return which taxes hold for goods to this address on that day; one statement."""
    with planned_once() as cursor:
        cursor.execute(ZONE, {"customer": customer_id, "ship_to": ship_to_id, "day": day})
        is_set_up, includes, rounding, country, zone, name, is_exempt, note, usual, rates = cursor.fetchone()
    if not is_set_up:
        return Taxation(day)
    return Taxation(
        day=day,
        is_set_up=True,
        includes=bool(includes),
        rounding=rounding or TaxRounding.GROUP,
        country=country or "",
        zone_id=zone,
        zone=name or "",
        is_exempt=bool(is_exempt),
        note=note or "",
        usual=usual,
        rates={int(tax_class): Decimal(percent) for tax_class, percent in (rates or {}).items()},
    )


def taxation_of(totalled: Order | QuoteVersion) -> Taxation:
    """Return which taxes hold for a document now: for an order on the day it was ordered, for a quote today."""
    if isinstance(totalled, Order):
        return taxation_for(totalled.customer_id, totalled.ship_to_id, totalled.ordered_on)
    quote = totalled.quote
    return taxation_for(quote.customer_id, quote.ship_to_id, business_day())


def up_to_date(totalled: Order | QuoteVersion, taxation: Taxation) -> bool:
    """Whether a document is in the zone that holds for it, and everything on it has a rate."""
    if not taxation.is_set_up:
        return True
    if taxation.zone_id is None or totalled.tax_zone_id != taxation.zone_id:
        return False
    rows = [totalled.lines, totalled.charged] if totalled.charges else [totalled.lines]
    return not any(row.filter(tax_percent=None).exists() for row in rows)


def tax_problems(totalled: Order | QuoteVersion, taxation: Taxation) -> list[Problem]:
    """Return why a document cannot be taxed: no zone, or a class without a rate; never silently nothing."""
    if not taxation.is_set_up:
        return []
    if taxation.zone_id is None:
        remedy = _(
            "no tax zone has the country %(country)s; add it to one, or choose the customer's tax zone."
        )
        return [Problem(_("Tax"), remedy % {"country": taxation.country})]
    missing = [*_classes_without(totalled.lines, "product__"), *_classes_without(totalled.charged, "kind__")]
    told = {"zone": taxation.zone, "day": taxation.day.isoformat()}
    return [
        Problem(
            _("Tax"), _("“%(class)s” has no rate in %(zone)s on %(day)s; add one.") % {**told, "class": name}
        )
        for name in sorted({name or str(_("the usual class")) for name in missing})
    ]


def _classes_without(rows: Any, of: str) -> list[str | None]:
    untaxed = rows.filter(tax_percent=None).order_by()
    return list(untaxed.values_list(f"{of}tax_class__name", flat=True).distinct())
