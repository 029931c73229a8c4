"""Pages about a customer that need the documents: they hang below the orders, as customers know no orders."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from customers.models import Customer
from orders.views import customer, handing_over, merging
from orders.views.kinds import StaffRequest


def customer_paths(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the pages, each below `customers/`."""

    def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def shown(request: StaffRequest, **found: Any) -> HttpResponse:
            return view(request, context={**site.each_context(request), "opts": Customer._meta}, **found)

        return shown

    def at(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        return path(f"customers/{route}", site.admin_view(view), name=f"orders_customer_{name}")

    asks = require_http_methods(["GET", "HEAD", "POST"])
    return [
        at("<int:pk>/", require_safe(page(customer.customer_page)), "page"),
        at("hand-over/", asks(page(handing_over.hand_over)), "hand_over"),
        at("<int:pk>/merge/", asks(page(merging.merge)), "merge"),
    ]
