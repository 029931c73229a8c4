"""Who we are, as every page needs to know it."""

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from oms.models import Company

PRODUCT = "OMS"


def company_of(request: HttpRequest) -> Company | None:
    """Return the company of this site, read once per request, or None before it is set up."""
    if not hasattr(request, "_company"):
        request._company = Company.objects.first()  # type: ignore[attr-defined]
    return cast("Company | None", request._company)  # type: ignore[attr-defined]


def zone_of(company: Company | None) -> ZoneInfo:
    """Return the company's time zone, or the site's when it has none that is known here."""
    try:
        return ZoneInfo(company.zone if company else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of this name, or the company's where there is none or no such one; then one statement."""
    try:
        return ZoneInfo(name) if name else _our_zone()
    except (ZoneInfoNotFoundError, ValueError):
        return _our_zone()


def _our_zone() -> ZoneInfo:
    return zone_of(Company.objects.only("zone").first())


def business_day() -> date:
    """Return today's date where the company is, whoever asks and whichever zone is active; one statement."""
    return day_of(timezone.now())


def now_at_home() -> datetime:
    """Return the moment as it is where the company is; one statement."""
    return timezone.now().astimezone(_our_zone())


def day_of(moment: datetime) -> date:
    """Return the company's date at the moment."""
    return moment.astimezone(_our_zone()).date()


def name_of(company: Company | None) -> str:
    return company.name if company and company.name else PRODUCT
