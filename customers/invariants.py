"""What must hold among customers and their prices."""

from collections.abc import Iterable

from customers.models.credit import FIGURES, TERMS
from customers.models.credit_ledgers import AGREED_BY_ANOTHER, EASES
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
                WHERE up.id = c.id AND a.tolerance_percent IS NOT NULL ORDER BY up.steps LIMIT 1) AS account) n
    WHERE c.credit_account_id IS DISTINCT FROM n.account
"""
GRANTED = f"""
    SELECT 'credit of ' || c.code, a.terms, coalesce(g.terms, 'what a first change says')
    FROM (SELECT customer_id, id, ({", ".join(TERMS)})::text AS terms FROM customers_creditaccount) a
    LEFT JOIN customers_customer c ON c.id = a.customer_id
    LEFT JOIN LATERAL (SELECT ({", ".join(TERMS)})::text AS terms FROM customers_creditchange g
                       WHERE g.account_id = a.id ORDER BY g.id DESC LIMIT 1) g ON true
    WHERE a.terms IS DISTINCT FROM coalesce(g.terms, ({", ".join("NULL" for _name in TERMS)})::text)
"""  # noqa: S608
# What was eased by a person before two had to agree is older than the migration that has asked for two.
EASED = f"""
    SELECT 'credit of ' || c.code, format('eased by %s alone on %s', n.by_id, n.at::date), 'asked for by somebody else'
    FROM customers_creditchange n JOIN customers_creditaccount a ON a.id = n.account_id
    JOIN customers_customer c ON c.id = a.customer_id
    LEFT JOIN LATERAL (SELECT * FROM customers_creditchange e WHERE e.account_id = n.account_id AND e.id < n.id
                       ORDER BY e.id DESC LIMIT 1) b ON true
    WHERE n.by_id IS NOT NULL AND {EASES.format(old="b", new="n")}
      AND n.at > (SELECT min(applied) FROM django_migrations
                  WHERE app = 'customers' AND name = '0014_credit_by_two')
      AND NOT EXISTS (SELECT FROM customers_creditproposal p WHERE {AGREED_BY_ANOTHER.format(asked="p", change="n")})
"""  # noqa: S608
PUT_IN_FORCE = """
    SELECT 'credit of ' || c.code, 'what was asked for by ' || p.proposed_by_id || ' is ' || p.status,
           CASE WHEN g.id IS NULL THEN 'no change has it' ELSE 'put in force by ' || g.by_id END
    FROM customers_creditproposal p JOIN customers_creditaccount a ON a.id = p.account_id
    JOIN customers_customer c ON c.id = a.customer_id LEFT JOIN customers_creditchange g ON g.proposal_id = p.id
    WHERE (p.status = 'in_force') <> (g.id IS NOT NULL) OR g.by_id IS DISTINCT FROM p.decided_by_id AND g.id IS NOT NULL
"""
TOLD = f"""
    SELECT 'credit of ' || c.code, a.figures, coalesce(t.figures, 'what was told last')
    FROM (SELECT customer_id, id, ({", ".join(FIGURES)})::text AS figures FROM customers_creditaccount) a
    LEFT JOIN customers_customer c ON c.id = a.customer_id
    LEFT JOIN LATERAL (SELECT ({", ".join(FIGURES)})::text AS figures FROM customers_credittold t
                       WHERE t.account_id = a.id ORDER BY t.id DESC LIMIT 1) t ON true
    WHERE a.figures IS DISTINCT FROM t.figures
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


@invariant("I8")
def credit_is_eased_by_two() -> Iterable[Row]:
    return rows(EASED)


@invariant("I8")
def credit_that_was_agreed_to_is_granted() -> Iterable[Row]:
    return rows(PUT_IN_FORCE)


@invariant("I17")
def accounts_know_what_accounting_told_last() -> Iterable[Row]:
    return rows(TOLD)
