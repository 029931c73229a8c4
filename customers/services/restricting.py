"""Which products a customer may not buy, as they are sold to others only."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import PriceListAssignment, PriceRule
from oms.prepared import planned_once
from oms.sets import array

FURTHEST = 20  # categories above a product
# To whom each product or category that is not for everybody is sold, and whether the customer is among them (`mine`);
# `closest` has the nearest such category of each category. Without any of them all of it is empty at once.
SCOPES = f"""
    WITH RECURSIVE companies (id) AS (
        SELECT %(customer)s::bigint
        UNION
        SELECT c.parent_id FROM companies JOIN customers_customer c USING (id) WHERE c.parent_id IS NOT NULL),
    scopes AS MATERIALIZED (
        SELECT r.product_id, r.category_id, count(r.customer_id) AS customers,
               coalesce(string_agg(g.name, ', ' ORDER BY g.name), '') AS groups,
               coalesce(bool_or(r.customer_id IN (SELECT id FROM companies)
                                OR r.group_id IN (me.group_id, me.buying_group_id)), false) AS mine
        FROM customers_restrictedsale r JOIN customers_customer me ON me.id = %(customer)s
        LEFT JOIN customers_customergroup g ON g.id = r.group_id
        GROUP BY 1, 2),
    spread (category_id, distance, customers, groups, mine) AS (
        SELECT category_id, 0, customers, groups, mine FROM scopes WHERE category_id IS NOT NULL
        UNION ALL
        SELECT c.id, s.distance + 1, s.customers, s.groups, s.mine
        FROM spread s JOIN inventory_category c ON c.parent_id = s.category_id WHERE s.distance < {FURTHEST}),
    closest AS MATERIALIZED (
        SELECT DISTINCT ON (category_id) * FROM spread ORDER BY category_id, distance)
"""  # noqa: S608
# Beside a product `p`: `own.mine` and `near.mine` are NULL for what is for everybody.
BESIDE = """
    LEFT JOIN scopes own ON own.product_id = p.id
    LEFT JOIN closest near ON own.product_id IS NULL AND near.category_id = p.category_id
"""
CLOSED = "NOT coalesce(own.mine, near.mine, true)"
WHO = "coalesce(own.groups, near.groups), coalesce(own.customers, near.customers)"
PRODUCTS = f"""
    {SCOPES}
    SELECT p.id, {WHO} FROM inventory_product p {BESIDE}
    WHERE p.id = ANY(%(products)s::bigint[]) AND {CLOSED}
"""  # noqa: S608


class SoldTo(NamedTuple):
    """To whom a product is sold. Groups are named, other customers counted: not everybody may know who they are."""

    groups: str
    customers: int

    def __str__(self) -> str:
        counted = ngettext("%(n)s customer", "%(n)s customers", self.customers) % {"n": self.customers}
        named = [self.groups] if self.groups else []
        return _(" and ").join([*named, counted] if self.customers else named)


def closed_to(customer_id: int, products: Iterable[int]) -> dict[int, SoldTo]:
    """Return which of the products this customer may not buy, and who may, in one statement."""
    with planned_once() as cursor:
        cursor.execute(PRODUCTS, {"customer": customer_id, "products": array(set(products))})
        return {pk: SoldTo(groups, customers) for pk, groups, customers in cursor.fetchall()}


def sentences(closed: Mapping[str, SoldTo]) -> list[str]:
    """Say of each of these SKUs to whom it is sold, sorted."""
    return [
        _("%(sku)s is sold only to %(who)s.") % {"sku": sku, "who": closed[sku]} for sku in sorted(closed)
    ]


def closed_among(customer_id: int, skus: Mapping[int, str]) -> list[str]:
    """Say which of these products, by id, are sold to others than this customer, and to whom."""
    closed = closed_to(customer_id, skus) if skus else {}
    return sentences({skus[pk]: who for pk, who in closed.items()})


def priced_but_closed(assignment: PriceListAssignment) -> list[str]:
    """Say what the list prices for the customer it is assigned to, and who alone may buy it."""
    if assignment.customer_id is None:
        return []
    rules = PriceRule.objects.current().filter(version__price_list=assignment.price_list_id)
    skus = dict(rules.exclude(product=None).order_by().values_list("product_id", "product__sku"))
    told = {"list": assignment.price_list, "customer": assignment.customer}
    return [
        _("%(list)s prices for %(customer)s what they may not buy:") % told + f" {sentence}"
        for sentence in closed_among(assignment.customer_id, skus)
    ]
