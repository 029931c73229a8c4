"""Customers that were merged: their documents go to the one that was kept, as does who looks after them."""

import pgtrigger

# The key is held as a foreign key holds it, so an insert waits for a merge at work and a merge for an insert.
TO_THE_KEPT = """
    LOOP
        SELECT merged_into_id INTO kept FROM customers_customer WHERE id = NEW.customer_id FOR KEY SHARE;
        EXIT WHEN kept IS NULL;
        NEW.customer_id := kept;
    END LOOP;
    RETURN NEW;
"""


def documents_of_the_kept() -> pgtrigger.Trigger:
    """Return the trigger by which a document for a customer that was merged is one for the customer kept."""
    return pgtrigger.Trigger(
        name="keep_to_the_kept_customer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("kept", "bigint")],
        func=TO_THE_KEPT,
    )


def merged_triggers() -> list[pgtrigger.Trigger]:
    """Return the trigger that lets the same people see an old number who see the customer it stands for."""
    return [
        pgtrigger.Trigger(
            name="keep_the_merged_in_the_same_hands",
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("rep_id", "team_id"),
            condition=pgtrigger.Condition(
                "NEW.merged_into_id IS NULL AND (NEW.rep_id, NEW.team_id) IS DISTINCT FROM (OLD.rep_id, OLD.team_id)"
            ),
            func="UPDATE customers_customer SET rep_id = NEW.rep_id, team_id = NEW.team_id "
            "WHERE merged_into_id = NEW.id; RETURN NULL;",
        )
    ]
