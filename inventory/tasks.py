"""What the clock starts in inventory."""

from celery import shared_task

from inventory.emails import tell_about_restocking
from inventory.services.alerting import lease_unannounced, mark_announced
from inventory.services.suppliers_answers import learn_supplier_delays


@shared_task
def announce_restock_alerts() -> int:
    """Tell the buyers, in one letter, what runs low since the last one; return how many alerts it names."""
    alerts = lease_unannounced()
    if alerts:
        tell_about_restocking(alerts)
        mark_announced(alerts)
    return len(alerts)


@shared_task
def learn_delays() -> int:
    """Learn from the last receipts how late each supplier is; return of how many it changed. Runs every night."""
    return learn_supplier_delays()
