"""Pages about customers and agreements that need the documents, as customers know no orders."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from customers.admin.pages import add_page
from customers.models import Agreement, Customer
from orders.views import call_offs, customer, handing_over, merging
from orders.views.kinds import StaffRequest


def _page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def shown(request: StaffRequest, **found: Any) -> HttpResponse:
        return view(request, context={**admin.site.each_context(request), "opts": Customer._meta}, **found)

    return shown


asks = require_http_methods(["GET", "HEAD", "POST"])

add_page("<int:pk>/overview/", require_safe(_page(customer.customer_page)), "orders_customer_page")
add_page("<int:pk>/merge/", asks(_page(merging.merge)), "orders_customer_merge")
add_page("hand-over/", asks(_page(handing_over.hand_over)), "orders_customer_hand_over")

SCHEDULE = {
    "": (call_offs.call_offs, "call_offs"),
    "plan/": (call_offs.plan, "plan"),
    "terms/": (call_offs.terms, "terms"),
    "change/": (call_offs.change, "change"),
    "skip/": (call_offs.skip, "skip"),
    "plan-again/": (call_offs.again, "plan_again"),
    "call/": (call_offs.call, "call"),
}
for route, (view, name) in SCHEDULE.items():
    add_page(f"<int:pk>/call-offs/{route}", view, f"orders_agreement_{name}", below=Agreement)
