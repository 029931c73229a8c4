"""What the clock starts in inventory."""

from celery import shared_task

from inventory.emails import tell_about_restocking
from inventory.services.alerting import lease_unannounced, mark_announced


@shared_task
def announce_restock_alerts() -> int:
    """Tell the buyers, in one letter, what runs low since the last one; return how many alerts it names."""
    alerts = lease_unannounced()
    if alerts:
        tell_about_restocking(alerts)
        mark_announced(alerts)
    return len(alerts)
