"""The companies above, beside and below a customer, with where they get goods and bills."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from customers.models.tree import tree_of
from oms.models import User

MOST_COMPANIES = 500
DEEPEST = 8  # further in there is no room on a page


@dataclass(frozen=True, slots=True)
class Branch:
    """A company of the tree. `depth` counts the companies above it that are shown."""

    customer: Any
    depth: int
    url: str
    is_this: bool

    @property
    def indent(self) -> range:
        return range(min(self.depth, DEEPEST))


@require_safe
def company_tree(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tree as far as the person sees it."""
    user = cast(User, request.user)
    if not user.has_perm("customers.view_customer"):
        raise PermissionDenied
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk)
    context = {
        **admin.site.each_context(request),
        "opts": Customer._meta,
        "original": customer,
        "title": _("Companies around %(customer)s") % {"customer": customer},
        "branches": _branches(user, customer),
        "most": MOST_COMPANIES,
    }
    return TemplateResponse(request, "customers/tree.html", context)


def _branches(user: User, customer: Customer) -> list[Branch]:
    places = tree_of(customer.pk, most=MOST_COMPANIES)
    seen = (
        Customer.objects.visible_to(user)
        .select_related("rep", "team", "payment_terms")
        .annotate(
            for_goods=Count("addresses", filter=Q(addresses__is_ship_to=True)),
            for_bills=Count("addresses", filter=Q(addresses__is_bill_to=True)),
        )
        .in_bulk([pk for pk, _depth in places])
    )
    found: list[Branch] = []
    above: list[int] = []  # depths of the companies above that are shown
    for pk, depth in places:
        above = [one for one in above if one < depth]
        if pk in seen:
            url = reverse("admin:customers_customer_change", args=[pk])
            found.append(Branch(seen[pk], len(above), url, pk == customer.pk))
            above.append(depth)
    return found
