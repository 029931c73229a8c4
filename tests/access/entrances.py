"""Every way in, found by walking: addresses, admin pages and actions, tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from celery import current_app
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.urls import URLPattern, URLResolver, get_resolver

PAGES = ("changelist", "export", "add", "change", "delete", "history")
NEVER_OFFERED = {"delete_selected"}  # every list takes it off; see the test of what is offered
CATCH_ALL = "(nameless)"  # an old address of the admin that redirects, or its own "not found"


@dataclass(frozen=True)
class Address:
    """A named address and the names of what it takes."""

    name: str
    takes: tuple[str, ...]


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[Address]:
    """Yield every address the site answers to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        else:
            yield _address(pattern, space)


def _address(pattern: URLPattern, space: str) -> Address:
    takes = tuple(sorted(pattern.pattern.regex.groupindex))
    return Address(f"{space}{pattern.name}" if pattern.name else CATCH_ALL, takes)


def model_pages() -> set[str]:
    """The names of the six pages that every registered model has."""
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in PAGES
    }


def admin_actions() -> dict[str, list[str]]:
    """The bulk actions of each model's list, those that every list has included."""
    found = {
        model._meta.label_lower: sorted(
            name for _f, name, _t in model_admin._get_base_actions() if name != "delete_selected"
        )
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, ModelAdmin)
    }
    return {model: names for model, names in found.items() if names}


def tasks() -> list[str]:
    """The tasks of ours that a worker takes."""
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if not name.startswith("celery."))
