"""Each company has the credit account of the nearest company upwards that has one, kept by triggers."""

import pgtrigger

# Whoever changes the tree or an account waits for the others, so each walk sees what the one before has committed.
# A company above itself, which is refused in a moment, is met twice and walked once. An account of which nothing is
# granted yet is not open and governs nobody.
GOVERN = """
    PERFORM pg_advisory_xact_lock(7301, 1);
    WITH RECURSIVE governed(id, account) AS (
        SELECT c.id, coalesce(own.id, above.credit_account_id)
        FROM customers_customer c LEFT JOIN customers_creditaccount own
          ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL
        LEFT JOIN customers_customer above ON above.id = c.parent_id
        WHERE c.id {changed}
        UNION
        SELECT c.id, coalesce(own.id, g.account)
        FROM governed g JOIN customers_customer c ON c.parent_id = g.id
        LEFT JOIN customers_creditaccount own ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL)
    UPDATE customers_customer c SET credit_account_id = g.account FROM governed g
    WHERE c.id = g.id AND c.credit_account_id IS DISTINCT FROM g.account;
    RETURN NULL;
"""


def govern(changed: str) -> str:
    """Return what a trigger does so that companies whose id is `changed`, and those below, have their account again."""
    return GOVERN.replace("{changed}", changed)


def credit_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers by which a customer finds its credit account, which nobody else writes."""
    return [
        pgtrigger.Trigger(
            name="keep_its_credit_account_when_new",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
            func=govern("= NEW.id"),
        ),
        pgtrigger.Trigger(
            name="keep_its_credit_account_when_moved",
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("parent_id"),
            condition=pgtrigger.Condition("NEW.parent_id IS DISTINCT FROM OLD.parent_id"),
            func=govern("= NEW.id"),
        ),
        # A page that was read before the account changed saves its row whole, and leaves the account as it is now.
        pgtrigger.Trigger(
            name="keep_its_credit_account_as_it_is",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func="""
                IF pg_trigger_depth() = 1 THEN
                    NEW.credit_account_id = CASE TG_OP WHEN 'UPDATE' THEN OLD.credit_account_id END;
                END IF;
                RETURN NEW;
            """,
        ),
    ]
