"""What a form shows of fields that are only read."""

from typing import Any

from django import template
from django.contrib import admin
from django.db.models import ForeignKey
from django.template import RequestContext

register = template.Library()


@register.simple_tag(takes_context=True)
def readable(context: RequestContext, field: Any) -> str:
    """Return what the field holds, "-" for nothing; a row that the person may not open is named and not linked."""
    found = field.resolved_field
    if found and isinstance(found[0], ForeignKey) and not _opens(context, found[0]):
        return str(found[2] or "-")
    contents = field.contents()
    return "-" if contents in ("", "None") else contents


def _opens(context: RequestContext, key: ForeignKey[Any, Any]) -> bool:
    """Whether the pages of what the key refers to open to the person."""
    pages = admin.site._registry.get(key.remote_field.model)
    return pages is None or pages.has_view_permission(context.request)
