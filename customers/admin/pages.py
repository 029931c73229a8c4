"""Pages about customers and agreements that an app further right adds: it knows what customers do not."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpResponse
from django.urls import URLPattern, path

from customers.models import Customer


class Page(NamedTuple):
    """A view below the list of customers, or of agreements, and the name of its address."""

    route: str
    view: Callable[..., HttpResponse]
    name: str
    below: type[Model]


_pages: list[Page] = []


def add_page(
    route: str, view: Callable[..., HttpResponse], name: str, *, below: type[Model] = Customer
) -> None:
    """Declare a page; whoever signs in to the office may ask for it, and the view says who gets it."""
    _pages.append(Page(route, view, name, below))


def added_pages(site: AdminSite, below: type[Model] = Customer) -> list[URLPattern]:
    return [
        path(page.route, site.admin_view(page.view), name=page.name) for page in _pages if page.below is below
    ]
