"""What must hold among customers and their prices."""

from collections.abc import Iterable

from customers.models.credit import TERMS
from oms.verify import Row, invariant, rows

# Among rules for the same thing, sorted by their first day, each ends before the next begins.
OVERLAPS = """
    WITH sorted AS (
        SELECT r.*, max(coalesce(valid_to, 'infinity'::date)) OVER (
            PARTITION BY version_id, product_id, category_id, unit_id, min_quantity, priority ORDER BY valid_from, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
        FROM customers_pricerule r)
    SELECT concat_ws(' ', l.code, p.sku, 'from', s.min_quantity), 'valid from ' || s.valid_from,
           'valid from ' || s.taken_until || ' at the earliest'
    FROM sorted s LEFT JOIN customers_pricelistversion v ON v.id = s.version_id
    LEFT JOIN customers_pricelist l ON l.id = v.price_list_id
    LEFT JOIN inventory_product p ON p.id = s.product_id
    WHERE s.taken_until > s.valid_from
"""
FOREIGN_UNITS = """
    SELECT concat_ws(' ', l.code, p.sku), 'unit ' || r.unit_id || ' of another product', 'a unit of the product'
    FROM customers_pricerule r JOIN inventory_productunit u ON u.id = r.unit_id
    LEFT JOIN customers_pricelistversion v ON v.id = r.version_id
    LEFT JOIN customers_pricelist l ON l.id = v.price_list_id LEFT JOIN inventory_product p ON p.id = r.product_id
    WHERE u.product_id IS DISTINCT FROM r.product_id
    UNION ALL
    SELECT concat_ws(' ', a.number, p.sku), 'unit ' || g.unit_id || ' of another product', 'a unit of the product'
    FROM customers_agreementline g JOIN inventory_productunit u ON u.id = g.unit_id
    LEFT JOIN customers_agreement a ON a.id = g.agreement_id LEFT JOIN inventory_product p ON p.id = g.product_id
    WHERE u.product_id IS DISTINCT FROM g.product_id
"""
# Of the versions of a list that are or were in force, each ends where the next begins, and the newest has no end.
VERSIONS = """
    SELECT concat_ws(' v', l.code, v.number), 'until ' || coalesce(v.in_force_to::text, 'further notice'),
           'until ' || coalesce(v.next::text, 'further notice')
    FROM (SELECT *, lead(in_force_from) OVER (PARTITION BY price_list_id ORDER BY in_force_from, number) AS next
          FROM customers_pricelistversion WHERE status = 'in_force') v
    LEFT JOIN customers_pricelist l ON l.id = v.price_list_id
    WHERE v.in_force_to IS DISTINCT FROM v.next
    UNION ALL
    SELECT l.code, 'no version in force', 'one' FROM customers_pricelist l WHERE NOT EXISTS (
        SELECT FROM customers_pricelistversion v WHERE v.price_list_id = l.id AND v.status = 'in_force')
"""
PARENTS = """
    WITH RECURSIVE up(id, parent_id, steps) AS (
        SELECT id, parent_id, 1 FROM customers_customer WHERE parent_id IS NOT NULL
        UNION ALL
        SELECT up.id, c.parent_id, up.steps + 1 FROM up JOIN customers_customer c ON c.id = up.parent_id
        WHERE c.parent_id IS NOT NULL AND up.steps < 100 AND up.parent_id <> up.id)
    SELECT 'customer ' || id, 'its own ancestor', 'a tree' FROM up WHERE parent_id = id
"""

# The nearest company upwards that has an account, the company itself first.
GOVERNED = """
    WITH RECURSIVE up(id, above, steps) AS (
        SELECT id, id, 0 FROM customers_customer
        UNION ALL SELECT up.id, c.parent_id, up.steps + 1 FROM up JOIN customers_customer c ON c.id = up.above
        WHERE c.parent_id IS NOT NULL AND up.steps < 100)
    SELECT c.code, 'credit account ' || coalesce(c.credit_account_id::text, 'none'),
           'credit account ' || coalesce(n.account::text, 'none')
    FROM customers_customer c CROSS JOIN LATERAL (
        SELECT (SELECT a.id FROM up JOIN customers_creditaccount a ON a.customer_id = up.above
                WHERE up.id = c.id ORDER BY up.steps LIMIT 1) AS account) n
    WHERE c.credit_account_id IS DISTINCT FROM n.account
"""
GRANTED = f"""
    SELECT 'credit of ' || c.code, a.terms, coalesce(g.terms, 'what a first change says')
    FROM (SELECT customer_id, id, ({", ".join(TERMS)})::text AS terms FROM customers_creditaccount) a
    LEFT JOIN customers_customer c ON c.id = a.customer_id
    LEFT JOIN LATERAL (SELECT ({", ".join(TERMS)})::text AS terms FROM customers_creditchange g
                       WHERE g.account_id = a.id ORDER BY g.id DESC LIMIT 1) g ON true
    WHERE a.terms IS DISTINCT FROM g.terms
"""  # noqa: S608


@invariant("I9")
def price_rules_of_one_thing_never_overlap() -> Iterable[Row]:
    return rows(OVERLAPS)


@invariant("I9")
def prices_are_per_unit_of_their_product() -> Iterable[Row]:
    return rows(FOREIGN_UNITS)


@invariant("I9")
def versions_of_a_list_follow_each_other() -> Iterable[Row]:
    return rows(VERSIONS)


@invariant("I20")
def no_company_is_its_own_ancestor() -> Iterable[Row]:
    return rows(PARENTS)


@invariant("I20")
def companies_have_the_credit_account_of_the_nearest_above() -> Iterable[Row]:
    return rows(GOVERNED)


@invariant("I8")
def credit_is_granted_as_its_last_change_says() -> Iterable[Row]:
    return rows(GRANTED)
