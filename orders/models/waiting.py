"""Which order lines wait for stock: a flag of the line, kept by triggers, over which one small index lies.

A line waits when something of it is open and its order is confirmed and not at its end. Its flag is written by whatever
opens or closes it: an allocation's trigger, the promise that tells its day, a change of its quantities, its insert into
an order in work. That a line of which everything is promised at once never waits, and so leaves this index alone, is
what lets PostgreSQL change it in place (decision 58).
"""

import pgtrigger

from oms.triggers import flags_kept_by_trigger
from orders.status import IN_WORK

STATUSES = ", ".join(f"'{status}'" for status in IN_WORK)
IN_WORK_SQL = f"o.status IN ({STATUSES})"


def waits_kept_by_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers of lines that keep their flag, beside those of allocations and promises, and its guards."""
    return [*flags_kept_by_trigger("waits"), _waits_when_it_changes(), _waits_when_it_comes()]


def _waits_when_it_changes() -> pgtrigger.Trigger:
    """Return the trigger that sees whether a line waits when more or less of it is ordered or cancelled.

    Its name comes after those of the guards: they look at what the statement wrote.
    """
    return pgtrigger.Trigger(
        name="keep_waiting_when_changed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "NEW.ordered IS DISTINCT FROM OLD.ordered OR NEW.cancelled IS DISTINCT FROM OLD.cancelled"
        ),
        func="NEW.waits := NEW.ordered > NEW.cancelled + NEW.allocated + NEW.picked + NEW.packed + NEW.shipped "
        f"AND EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND {IN_WORK_SQL}); RETURN NEW;",
    )


def _waits_when_it_comes() -> pgtrigger.Trigger:
    """Return the trigger that lets lines wait which come into an order in work."""
    return pgtrigger.Trigger(
        name="keep_waiting_when_new",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func="UPDATE orders_orderline l SET waits = true FROM new_rows n WHERE l.id = n.id AND n.open > 0 "  # noqa: S608
        "AND n.order_id IN (SELECT o.id FROM orders_order o "
        f"WHERE o.id IN (SELECT order_id FROM new_rows) AND {IN_WORK_SQL}); RETURN NULL;",
    )


def no_line_waits_unseen() -> pgtrigger.Trigger:
    """Return the trigger that, when its transaction ends, refuses an order in work whose open lines do not wait."""
    return pgtrigger.Trigger(
        name="no_line_waits_unseen",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("status"),
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition(f"NEW.status IN ({STATUSES}) AND OLD.status NOT IN ({STATUSES})"),
        func="IF EXISTS (SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id "
        f"WHERE o.id = NEW.id AND l.open > 0 AND NOT l.waits AND {IN_WORK_SQL}) THEN "
        "RAISE EXCEPTION 'a line of order % waits for stock and nobody would see it', NEW.number "
        "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
    )
