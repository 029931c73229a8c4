"""Until when a quote is valid: to the end of its last day where the customer is."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from oms.company import zone_named
from orders.models import Quote

FIRST_ZONE = timedelta(hours=14)  # there a day begins, and is over, before it is anywhere else


def end_of_validity(quote: Quote) -> datetime:
    """Return the moment from which on the quote is valid no longer."""
    return end_of_day(quote.valid_until, quote.customer.zone)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the end of a day in the zone of this name, or in the company's without one."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone_named(zone))


def is_over(quote: Quote, now: datetime | None = None) -> bool:
    """Whether the quote's last valid day is over where its customer is."""
    return (now or timezone.now()) >= end_of_validity(quote)


def over_somewhere(now: datetime) -> date:
    """Return the latest day that is over anywhere at this moment."""
    return now.astimezone(timezone.get_fixed_timezone(FIRST_ZONE)).date() - timedelta(days=1)
