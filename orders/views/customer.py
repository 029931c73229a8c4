"""One page of a customer for whoever talks to them: who, where, on which terms, what is open, what they bought."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.forms import PriceQuestionForm
from customers.models import Customer
from customers.services.pacing import paces_for
from oms.company import business_day
from oms.home import Act, Row
from oms.models import User
from oms.text import clean_code
from orders.home import call_off_row, listed, page_of, with_product
from orders.masking import may_see_prices
from orders.models import CallOff, InternalNote, Order, OrderLink, Quote, QuoteLink, QuoteVersion
from orders.services.purchases import Purchases, purchases_of
from orders.status import IN_WORK, OrderStatus
from orders.views.credit import gauge_of
from orders.views.handing_over import OPEN_QUOTES
from orders.views.kinds import ORDERS, QUOTES, Kind, StaffRequest

MOST_SHOWN, MOST_LISTED = 10, 50
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
    tabs = _tabs(user)
    tab = next((name for name, _words in tabs if name == request.GET.get("tab", "")), OVERVIEW)
    context |= {
        "title": customer.name,
        "customer": customer,
        "acts": _acts(user, customer),
        "begins": [(kind.url("pad"), kind.name) for kind in (ORDERS, QUOTES) if _may_begin(user, kind)],
        "operation": uuid.uuid4(),
        "tabs": tabs,
        "tab": tab,
        "template": f"orders/customer/{tab or 'overview'}.html",
        "sees_prices": may_see_prices(user),
        "gauge": gauge_of(customer, user),
        **SHOWN[tab](request, customer),
    }
    return TemplateResponse(request, "orders/customer.html", context)


def _tabs(user: User) -> list[tuple[str, str]]:
    """Return what there is beside the overview, for those who may see it."""
    rights = [
        (OVERVIEW, _("Overview"), "customers.view_customer"),
        ("orders", _("Orders"), "orders.view_order"),
        ("quotes", _("Quotes"), "orders.view_quote"),
        ("prices", _("Prices and agreements"), "customers.view_pricerule"),
        ("links", _("Links sent"), "orders.view_quote"),
    ]
    return [(name, words) for name, words, right in rights if user.has_perm(right)]


def _may_begin(user: User, kind: Kind) -> bool:
    return user.has_perm(f"orders.add_{kind.name}")


def _overview(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    user, text = request.user, clean_code(request.GET.get("q", ""))[:LONGEST_TEXT]
    return {
        "contacts": customer.contacts.all() if user.has_perm("customers.view_contact") else [],
        "addresses": customer.addresses.order_by("pk") if user.has_perm("customers.view_address") else [],
        "children": Customer.objects.visible_to(user).filter(parent=customer).order_by("name")[:MOST_SHOWN],
        "agreements": _agreements(user, customer),
        "call_offs": _call_offs(user, customer),
        "quotes": _open(Quote, OPEN_QUOTES, user, customer),
        "orders": _open(Order, OPEN_ORDERS, user, customer),
        "notes": _notes(user, customer),
        "events": customer.events.select_related("by").order_by("-pk")[:MOST_SHOWN],
        "text": text,
        "purchases": _purchases(user, customer, text, request.GET.get("page", "")),
    }


def _documents(
    model: Any, list_of_all: str, **columns: Any
) -> Callable[[StaffRequest, Customer], dict[str, Any]]:
    """Return what shows a customer's documents, each with these `columns` besides its own."""

    def shown(request: StaffRequest, customer: Customer) -> dict[str, Any]:
        rows = _theirs(model, request.user, customer).annotate(**columns)
        found = list(rows.select_related("currency").order_by("-pk")[: MOST_LISTED + 1])
        return {
            "rows": [(page_of(one), one) for one in found[:MOST_LISTED]],
            "all_url": listed(list_of_all, q=quote(customer.code)) if len(found) > MOST_LISTED else "",
        }

    return shown


def _total_in_force() -> Subquery:
    in_force = QuoteVersion.objects.filter(quote=OuterRef("pk"), number=OuterRef("version_number"))
    return Subquery(in_force.values("total")[:1])


def _prices(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    return {"question": PriceQuestionForm(), "agreements": _agreements(request.user, customer)}


def _agreements(user: User, customer: Customer) -> list[Any]:
    sees = user.has_perm("customers.view_agreement")
    return list(paces_for(customer, user, on=business_day())) if sees else []


def _links(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    """Return what the customer was sent to open, newest first."""
    quotes = QuoteLink.objects.filter(version__quote__in=_theirs(Quote, request.user, customer))
    orders = OrderLink.objects.filter(order__in=_theirs(Order, request.user, customer))
    found = [
        *quotes.select_related("version__quote", "decider", "made_by").order_by("-pk")[:MOST_LISTED],
        *orders.select_related("order", "made_by").order_by("-pk")[:MOST_LISTED],
    ]
    newest = sorted(found, key=lambda link: link.made_at, reverse=True)[:MOST_LISTED]
    return {"links": [_link_row(link) for link in newest]}


def _link_row(link: QuoteLink | OrderLink) -> tuple[str, str, Any]:
    if isinstance(link, OrderLink):
        return page_of(link.order), str(link.order), link
    return page_of(link.version.quote), str(link.version), link


def _theirs(model: Any, user: User, customer: Customer) -> Any:
    return model.objects.visible_to(user).filter(customer=customer)


def _acts(user: User, customer: Customer) -> list[Act]:
    begun = []
    if user.has_perm("customers.view_pricerule"):
        begun.append(
            Act(_("What do they pay?"), reverse("admin:customers_customer_price", args=[customer.pk]), "p")
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


OVERVIEW = ""
SHOWN: dict[str, Callable[[StaffRequest, Customer], dict[str, Any]]] = {
    OVERVIEW: _overview,
    "orders": _documents(Order, "admin:orders_order_changelist"),
    "quotes": _documents(Quote, "admin:orders_quote_changelist", total=_total_in_force()),
    "prices": _prices,
    "links": _links,
}
