"""Histories of quotes: they hold stock, which their order gets, or which is free again."""

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from orders.models import Order, Quote
from orders.services.capturing import Header, order_from_quote
from orders.services.drafting import Edit, HeaderChange, edit_order
from orders.services.pricing import LineInput
from orders.services.quoting import Acceptance, accept_quote, decline_quote, draft_quote, send_quote
from orders.services.stock_holds import end_lapsed_holds, let_stock_go
from orders.services.submitting import submit_order
from tests.builders import in_days
from tests.campaigns.histories import ShipmentHistories
from tests.campaigns.oracle_documents import Quote as Quoted
from tests.campaigns.stock_histories import NTH, any_one, chosen, is_, there_is, wanted, warehouses

days = st.integers(1, 4)


def holds_something(quote: Quoted) -> bool:
    return any(quote.holds)


class QuoteHistories(ShipmentHistories):
    """What is offered, and held meanwhile."""

    @rule(warehouse=warehouses, lines=wanted, valid=days)
    def quote(self, warehouse: str, lines: list[tuple[str, int]], valid: int) -> None:
        here = self.start
        header = Header(here.customer.pk, warehouse_id=here.warehouses[warehouse].pk)
        typed = [LineInput(here.unit(product), quantity) for product, quantity in lines]

        def sent() -> Quote:
            draft = draft_quote(header, typed, by=None, valid_until=in_days(valid))
            return send_quote(draft.pk, by=None)

        quote = self.both(sent, lambda: self.house.quote(warehouse, lines, valid))
        if quote is not None:
            self.quotes[-1].pk = quote.pk
        self.agree()

    @there_is("quotes")
    @rule(n=any_one)
    def decline(self, n: int) -> None:
        quote = chosen(self.quotes, n, is_("sent"))
        self.both(lambda: decline_quote(quote.pk, "too dear", by=None), lambda: self.house.decline(quote))
        self.agree()

    @there_is("quotes")
    @rule(n=any_one)
    def let_go(self, n: int) -> None:
        quote = chosen(self.quotes, n, holds_something)
        self.both(lambda: let_stock_go(quote.pk, by=self.start.clerk), lambda: self.house.let_go(quote))
        self.agree()

    @there_is("quotes")
    @rule(day=days)
    def days_pass(self, day: int) -> None:
        self.both(lambda: end_lapsed_holds(in_days(day)), lambda: self.house.days_pass(day))
        self.agree()

    @there_is("quotes")
    @rule(n=any_one, warehouse=warehouses)
    def order_quote(self, n: int, warehouse: str) -> None:
        """The customer says yes, and the rep sends it from here or from there."""
        quote = chosen(self.quotes, n, is_("sent"))

        @transaction.atomic
        def ordered() -> Order:
            accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
            draft = order_from_quote(quote.pk, by=None)
            place = HeaderChange(warehouse_id=self.start.warehouses[warehouse].pk)
            edit_order(draft.pk, Edit(draft.revision, header=place), by=self.start.clerk)
            return submit_order(draft.pk, by=None)

        order = self.both(ordered, lambda: self.house.order_quote(quote, warehouse))
        if order is not None:
            self.orders[-1].pk = order.pk
        self.agree()

    @there_is("quotes")
    @rule(n=any_one, warehouse=warehouses)
    def order_and_cancel(self, n: int, warehouse: str) -> None:
        """The customer says yes, and no before anybody has confirmed it."""
        self.order_quote(n, warehouse)
        self.cancel(NTH * (len(self.orders) - 1))

    @there_is("quotes")
    @rule(n=any_one, warehouse=warehouses)
    def order_and_confirm(self, n: int, warehouse: str) -> None:
        self.order_quote(n, warehouse)
        self.confirm(NTH * (len(self.orders) - 1))
