"""The bell in the header of every page."""

from django import template

from oms.models import User
from oms.notices import MOST_COUNTED, count_unread

register = template.Library()


@register.simple_tag
def unread_notices(user: User) -> str:
    """Return how many notices a person has not read, nothing for none."""
    count = count_unread(user) if user.is_authenticated else 0
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
