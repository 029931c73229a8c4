"""What the clock starts in customers."""

import logging
from smtplib import SMTPException

from celery import shared_task

from customers.emails import remind_of_renewal
from customers.services.reminding import lease_renewals, mark_reminded
from oms.company import business_day

logger = logging.getLogger(__name__)


@shared_task
def remind_of_renewals() -> int:
    """Tell whoever looks after the customers, once, which agreements end soon; return how many."""
    told = 0
    for agreement in lease_renewals(business_day()):
        try:
            remind_of_renewal(agreement)
        except (SMTPException, OSError):
            logger.exception("Nobody was told that %s ends; a later run tries again", agreement)
        else:
            mark_reminded([agreement])
            told += 1
    return told
