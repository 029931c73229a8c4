"""Quotes and orders: lists of the theme, everything else on our own pages."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.decorators import display

from customers.models import Customer
from oms.admin.base import ScopedAdmin
from oms.admin.figures import measured_in, of_money
from oms.importing.admin import SheetAdmin
from oms.text import clean
from orders.admin.filters import EnteredByMe, OrdersThatWait, QuotesToFollowUp
from orders.admin.paging import PagesByCustomer
from orders.forms import SplitForm
from orders.masking import may_see_prices
from orders.models import Order, Quote, QuoteVersion
from orders.resources import OrderResource
from orders.services.cancelling import cancel_order
from orders.services.confirming import confirm_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus, QuoteStatus
from orders.views import (
    again,
    besides,
    bulk,
    changing,
    comparing,
    deciders,
    learning,
    links,
    meeting,
    pad,
    pages,
    panel,
    papers,
    past,
    pasting,
    pricing_again,
    steps,
    stock,
)
from orders.views.kinds import ORDERS, QUOTES, Kind

MOST_CUSTOMERS = 200
LONGEST_SEARCH = 100
MOST_EVENTS = 1000


class DocumentAdmin(ScopedAdmin):
    """Adding goes to the pad, opening to the document's own page; nothing is deleted."""

    kind: Kind
    list_select_related = ["customer", "currency"]
    list_filter_submit = False
    sorted_by_row = ["number"]
    search_fields = ["^number", "^customer__name", "=customer_po"]
    search_help_text = _("number, customer or PO number")

    @display(description=_("number"), ordering="pk")
    def number_on_one_line(self, document: Any) -> SafeString:
        return format_html('<span class="whitespace-nowrap">{}</span>', document.number)

    @measured_in(_("currency"))
    @display(description=_("total"), ordering="total")
    def amount(self, document: Any) -> SafeString:
        return of_money(document.total, document.currency)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_list_display(self, request: Any) -> list[str]:
        shown = list(super().get_list_display(request))
        return shown if may_see_prices(request.user) else [name for name in shown if name != "amount"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by number, customer or PO number, each by its own index."""
        term = clean(search_term)[:LONGEST_SEARCH]
        if not term:
            return queryset, False
        named = Customer.objects.filter(Q(name__istartswith=term) | Q(code=term)).values_list("pk", flat=True)
        customers = list(named[:MOST_CUSTOMERS])
        found = Q(number__startswith=term.upper()) | Q(customer_po=term) | Q(customer__in=customers)
        return queryset.filter(found), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *args: Any, **more: Any
    ) -> PagesByCustomer:
        customers = self.model.objects.customers_behind(request.user)
        return PagesByCustomer(queryset, per_page, *args, customers=customers, **more)

    def get_urls(self) -> list[URLPattern]:
        urls: list[URLPattern] = super().get_urls()
        return [*self._own_urls(), *urls]

    def _own_urls(self) -> list[URLPattern]:
        def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return lambda request, **found: view(request, self.kind, context=self._context(request), **found)

        def data(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return lambda request, **found: view(request, self.kind, **found)

        def step(name: str) -> Callable[..., HttpResponse]:
            return lambda request, number: steps.take(
                request, self.kind, number, name, partial(self._again, request)
            )

        return [
            self._path("pad/", require_http_methods(["GET", "HEAD", "POST"])(page(pad.new)), "pad"),
            self._path("pad/customers/", require_safe(data(pad.customers)), "customers"),
            self._path("<number:number>/pad/", require_safe(page(pad.pad)), "pad"),
            self._path("<number:number>/pad/rows/", require_safe(data(pad.rows)), "rows"),
            self._path("<number:number>/pad/edit/", require_POST(data(pad.edit)), "edit"),
            self._path("<number:number>/pad/products/", require_safe(data(pad.products)), "products"),
            self._path("<number:number>/pad/learn/", require_POST(data(learning.learn)), "learn"),
            self._path("<number:number>/pad/last/", require_safe(data(again.last)), "last"),
            self._path("<number:number>/pad/history/", require_safe(data(again.history)), "bought"),
            self._path("<number:number>/pad/paste/", require_POST(data(pasting.show)), "paste"),
            self._path(
                "<number:number>/pad/paste/file/", require_POST(data(pasting.read_file)), "paste_file"
            ),
            self._path(
                "<number:number>/pad/paste/columns/", require_POST(data(pasting.remember)), "paste_columns"
            ),
            self._path(
                "<number:number>/prices/",
                require_http_methods(["GET", "HEAD", "POST"])(page(pricing_again.prices)),
                "prices",
            ),
            self._path("<number:number>/pad/availability/", require_safe(data(panel.panel)), "availability"),
            self._path("<number:number>/past/", require_safe(page(past.past)), "past"),
            self._path("<number:number>/documents/issue/", require_POST(data(papers.issue)), "issue"),
            self._path("<number:number>/documents/<int:pk>/", require_safe(data(papers.download)), "paper"),
            self._path("<number:number>/files/add/", require_POST(data(besides.add_file)), "add_file"),
            self._path("<number:number>/files/<int:pk>/", require_safe(data(besides.download_file)), "file"),
            self._path("<number:number>/notes/add/", require_POST(data(besides.add_note)), "add_note"),
            *(
                self._path(f"<number:number>/{one.name}/", require_POST(step(one.name)), one.name)
                for one in steps.STEPS[self.kind.name]
            ),
        ]

    def _path(self, route: str, view: Callable[..., HttpResponse], what: str) -> URLPattern:
        found: URLPattern = path(
            route, self.admin_site.admin_view(view), name=f"orders_{self.kind.name}_{what}"
        )
        return found

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": self.opts.verbose_name}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(self.kind.url("pad"))

    def changeform_view(self, request: Any, object_id: Any = None, *_args: Any, **_more: Any) -> HttpResponse:
        """There is no form: a document's page changes it by its steps, a draft by its pad."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.page(request, str(object_id), self._context(request))

    def page(
        self, request: Any, object_id: str, context: dict[str, Any], typed: steps.Typed | None = None
    ) -> TemplateResponse:
        raise NotImplementedError

    def _again(self, request: HttpRequest, document: Any, typed: steps.Typed) -> HttpResponse | None:
        """Draw the page with what was typed for a step; None where the document takes that step no more."""
        page = self.page(request, str(document.pk), self._context(request), typed)
        offers = (page.context_data or {})["offers"]
        return page if any(offer.form is typed.form for offer in offers) else None

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show what happened to the document, newest first."""
        document = self.kind.find_by_id(request, object_id)
        context = {
            **self._context(request),
            "kind": self.kind,
            "document": document,
            "title": gettext("History of %(document)s") % {"document": document},
            "events": pages.timeline(document)[:MOST_EVENTS],
            "page_url": self.kind.url("change", document.pk),
            "past_url": self.kind.url("past", document.number),
        }
        return TemplateResponse(request, "orders/history.html", context)


@admin.register(Order)
class OrderAdmin(SheetAdmin, DocumentAdmin):
    sheet = OrderResource
    kind = ORDERS
    list_display = [
        "number",
        "customer",
        "pill",
        "waits",
        "amount",
        "requested_on",
        "leaves_on",
        "customer_po",
        "status_since",
    ]
    list_filter = ["status", OrdersThatWait, EnteredByMe]
    ordering = ["-pk"]
    actions = ["submit", "confirm", "cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        orders: QuerySet[Any] = rows.with_what_they_wait_for()
        return orders

    def _own_urls(self) -> list[URLPattern]:
        def page(request: Any, number: str) -> HttpResponse:
            return stock.stock_page(request, self.kind, number, self._context(request))

        def act(name: str) -> Callable[..., HttpResponse]:
            return lambda request, number: stock.act(request, number, name)

        def linking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return lambda request, number: view(request, self.kind, number)

        def amend(request: Any, number: str) -> HttpResponse:
            return changing.change(request, self.kind, number, self._context(request))

        acts = [self._path(f"<number:number>/stock/{x}/", require_POST(act(x)), x) for x in stock.ACTS]
        return [
            *super()._own_urls(),
            self._path("<number:number>/stock/", require_safe(page), "stock"),
            self._path(
                "<number:number>/amend/", require_http_methods(["GET", "HEAD", "POST"])(amend), "amend"
            ),
            self._path("<number:number>/link/", require_POST(linking(links.make_for_order)), "link"),
            self._path(
                "<number:number>/link/revoke/", require_POST(linking(links.revoke_for_order)), "revoke"
            ),
            *acts,
        ]

    def page(
        self, request: Any, object_id: str, context: dict[str, Any], typed: steps.Typed | None = None
    ) -> TemplateResponse:
        return pages.order_page(request, object_id, context, typed)

    def _again(self, request: Any, document: Any, typed: steps.Typed) -> HttpResponse | None:
        if isinstance(typed.form, SplitForm):
            return changing.change(request, self.kind, document.number, self._context(request), typed.form)
        return super()._again(request, document, typed)

    @display(
        description=_("status"),
        ordering="status",
        label={
            OrderStatus.DRAFT: "info",
            OrderStatus.SUBMITTED: "warning",
            OrderStatus.CONFIRMED: "primary",
            OrderStatus.RELEASED: "primary",
            OrderStatus.COMPLETED: "success",
            OrderStatus.CANCELLED: "danger",
        },
    )
    def pill(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()

    @display(description=_("promised to leave"), ordering="ship_on")
    def leaves_on(self, order: Order) -> Any:
        return order.ship_on

    @display(description=_("waits"), label={"held": "danger", "short": "warning", "later": "info"})
    def waits(self, order: Any) -> tuple[str, Any] | str:
        if order.is_held:
            return "held", _("on hold")
        if order.is_short:
            return "short", _("for stock")
        if order.is_later:
            return "later", _("for its day")
        return ""

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.submit_order")

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.confirm_order")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.cancel_order")

    @admin.action(description=_("Submit selected orders"), permissions=["submit"])
    def submit(self, request: Any, queryset: QuerySet[Any]) -> None:
        bulk.each(request, queryset, lambda pk: submit_order(pk, by=request.user))

    @admin.action(description=_("Confirm selected orders"), permissions=["confirm"])
    def confirm(self, request: Any, queryset: QuerySet[Any]) -> None:
        bulk.each(request, queryset, lambda pk: confirm_order(pk, by=request.user))

    @admin.action(description=_("Cancel selected orders …"), permissions=["cancel"])
    def cancel(self, request: Any, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask once for all of them, with the reason; then cancel each."""
        reason = bulk.confirmed_reason(request)
        if reason is None:
            return bulk.ask(request, queryset, self._context(request))
        bulk.each(request, queryset, lambda pk: cancel_order(pk, by=request.user, reason=reason))
        return None


@admin.register(Quote)
class QuoteAdmin(DocumentAdmin):
    kind = QUOTES
    list_display = [
        "number_on_one_line",
        "customer",
        "pill",
        "amount",
        "valid_until",
        "customer_po",
        "status_since",
    ]
    list_filter = ["status", "outcome", QuotesToFollowUp, EnteredByMe]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        in_force = QuoteVersion.objects.filter(quote=OuterRef("pk"), number=OuterRef("version_number"))
        quotes: QuerySet[Any] = (
            super().get_queryset(request).annotate(total=Subquery(in_force.values("total")[:1]))
        )
        return quotes

    def _own_urls(self) -> list[URLPattern]:
        def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return lambda request, number: view(request, self.kind, number)

        def page(request: Any, number: str) -> HttpResponse:
            return comparing.compare(request, self.kind, number, self._context(request))

        def answer(request: Any, number: str, pk: int) -> HttpResponse:
            return meeting.answer(request, self.kind, number, pk, self._context(request))

        return [
            *super()._own_urls(),
            self._path(
                "<number:number>/counter/<int:pk>/",
                require_http_methods(["GET", "HEAD", "POST"])(answer),
                "counter",
            ),
            self._path("<number:number>/link/", require_POST(act(links.make)), "link"),
            self._path("<number:number>/compare/", require_safe(page), "compare"),
            self._path("<number:number>/deciders/", require_POST(act(deciders.choose)), "deciders"),
            self._path("<number:number>/link/revoke/", require_POST(act(links.revoke)), "revoke"),
        ]

    def page(
        self, request: Any, object_id: str, context: dict[str, Any], typed: steps.Typed | None = None
    ) -> TemplateResponse:
        return pages.quote_page(request, object_id, context, typed)

    @display(
        description=_("status"),
        ordering="status",
        label={
            QuoteStatus.DRAFT: "info",
            QuoteStatus.WAITING: "warning",
            QuoteStatus.SENT: "primary",
            QuoteStatus.ACCEPTED: "success",
            QuoteStatus.ORDERED: "success",
            QuoteStatus.DECLINED: "danger",
            QuoteStatus.CANCELLED: "danger",
        },
    )
    def pill(self, quote: Quote) -> tuple[str, str]:
        return quote.status, quote.get_status_display()
