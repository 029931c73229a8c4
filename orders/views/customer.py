"""One page of a customer for whoever talks to them: who, where, on which terms, what is open, what they bought."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services.pacing import paces_for
from oms.company import business_day
from oms.home import Act, Row
from oms.models import User
from oms.text import clean_code
from orders.home import call_off_row, with_product
from orders.masking import may_see_prices
from orders.models import CallOff, InternalNote, Order, Quote
from orders.services.purchases import Purchases, purchases_of
from orders.status import IN_WORK, OrderStatus
from orders.views.handing_over import OPEN_QUOTES
from orders.views.kinds import StaffRequest

MOST_SHOWN = 10
MOST_PAGES = 1000
LONGEST_TEXT = 60
OPEN_ORDERS = [OrderStatus.DRAFT, OrderStatus.SUBMITTED, *IN_WORK]
JOINED = ("payment_terms", "group", "team", "rep", "warehouse", "currency", "parent", "merged_into")


def customer_page(request: StaffRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Show everything about a customer that the person may see. An old number leads to the customer that is kept."""
    user = request.user
    if not user.has_perm("customers.view_customer"):
        raise PermissionDenied
    customer = get_object_or_404(Customer.objects.visible_to(user).select_related(*JOINED), pk=pk)
    if customer.merged_into_id:
        return HttpResponseRedirect(reverse("admin:orders_customer_page", args=[customer.merged_into_id]))
    text = clean_code(request.GET.get("q", ""))[:LONGEST_TEXT]
    context |= {
        "title": customer.name,
        "customer": customer,
        "acts": _acts(user, customer),
        "contacts": customer.contacts.all() if user.has_perm("customers.view_contact") else [],
        "addresses": customer.addresses.order_by("pk") if user.has_perm("customers.view_address") else [],
        "children": Customer.objects.visible_to(user).filter(parent=customer).order_by("name")[:MOST_SHOWN],
        "agreements": paces_for(customer, user, on=business_day())
        if user.has_perm("customers.view_agreement")
        else [],
        "call_offs": _call_offs(user, customer),
        "quotes": _open(Quote, OPEN_QUOTES, user, customer),
        "orders": _open(Order, OPEN_ORDERS, user, customer),
        "notes": _notes(user, customer),
        "events": customer.events.select_related("by").order_by("-pk")[:MOST_SHOWN],
        "sees_prices": may_see_prices(user),
        "text": text,
        "purchases": _purchases(user, customer, text, request.GET.get("page", "")),
    }
    return TemplateResponse(request, "orders/customer.html", context)


def _acts(user: User, customer: Customer) -> list[Act]:
    starts = [
        (_("New order"), "admin:orders_order_pad", "orders.add_order"),
        (_("New quote"), "admin:orders_quote_pad", "orders.add_quote"),
    ]
    begun = [
        Act(title, f"{reverse(name)}?customer={customer.pk}")
        for title, name, right in starts
        if user.has_perm(right)
    ]
    if user.has_perm("customers.view_pricerule"):
        begun.append(
            Act(_("What do they pay?"), reverse("admin:customers_customer_price", args=[customer.pk]))
        )
    return [*begun, Act(_("All fields"), reverse("admin:customers_customer_change", args=[customer.pk]))]


def _open(model: Any, statuses: Sequence[str], user: User, customer: Customer) -> list[Any]:
    rows = model.objects.visible_to(user).filter(customer=customer, status__in=statuses)
    return list(rows.select_related("currency").order_by("-pk")[:MOST_SHOWN])


def _call_offs(user: User, customer: Customer) -> list[Row]:
    """Return what the customer calls off next, and what waits of it."""
    coming = CallOff.objects.visible_to(user).filter(schedule__agreement__customer=customer).never_called()
    return [call_off_row(one) for one in with_product(coming)[:MOST_SHOWN]]


def _notes(user: User, customer: Customer) -> list[InternalNote]:
    theirs = Q(order__customer=customer) | Q(quote__customer=customer)
    notes = InternalNote.objects.visible_to(user).filter(theirs)
    return list(notes.select_related("order", "quote", "by").order_by("-pk")[:MOST_SHOWN])


def _purchases(user: User, customer: Customer, text: str, page: str) -> Purchases | None:
    if not (user.has_perm("orders.view_order") and may_see_prices(user)):
        return None
    asked = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return purchases_of(customer, text=text, page=min(max(asked, 1), MOST_PAGES))
