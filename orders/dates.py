"""Business days are dates in the company's zone."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from oms.models import Company

FALLBACK_ZONE = "UTC"


def business_day() -> date:
    """Return today's date where the company is."""
    zone = Company.objects.values_list("zone", flat=True).first() or FALLBACK_ZONE
    return timezone.now().astimezone(ZoneInfo(zone)).date()
