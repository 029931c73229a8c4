"""What pages say about time, as the company sees it."""

from datetime import date

from django import template
from django.template import RequestContext
from django.utils import timezone

from oms.company import company_of, zone_of

register = template.Library()


@register.simple_tag(takes_context=True)
def days_since(context: RequestContext, day: date) -> int:
    """Return how many days ago the day was where the company is, less than none when it has yet to come."""
    return (timezone.now().astimezone(zone_of(company_of(context.request))).date() - day).days
