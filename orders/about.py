"""What pages about customers, agreements and prices show of quotes and orders."""

from collections.abc import Iterator

from django.db.models import Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Agreement, Customer, PriceListVersion
from oms import home
from oms.home import Card, Row
from oms.models import User
from oms.templatetags.amounts import money
from orders.home import (
    ORDERS,
    QUOTES,
    call_off_row,
    day_in_words,
    listed,
    page_of,
    page_of_call_offs,
    with_product,
)
from orders.masking import may_see_cost
from orders.models import CallOff, Order, Quote
from orders.services.price_effects import Effect, effects_of


@home.about_price_version("orders.view_order")
def effect_on_sales(user: User, version: PriceListVersion) -> Iterator[Card]:
    """What a version would have meant for the orders of the last year that this person sees."""
    effects = effects_of(version, Order.objects.visible_to(user))
    yield Card(
        _("Last year's sales by this list"),
        rows=tuple(_effect(effect, may_see_cost(user)) for effect in effects),
        empty=_("Nothing was sold by this list in the last year."),
    )


def _effect(effect: Effect, with_cost: bool) -> Row:
    currency = effect.currency
    told = _("%(now)s would have been %(then)s: %(change)s") % {
        "now": money(effect.now, currency),
        "then": money(effect.then, currency),
        "change": f"{'+' if effect.then > effect.now else ''}{money(effect.then - effect.now, currency)}",
    }
    margins = (effect.margin_now, effect.margin_then)
    note = _("margin %(now)s %%, then %(then)s %%") % {"now": margins[0], "then": margins[1]}
    left_out = ngettext("%(n)s line has no counterpart", "%(n)s lines have no counterpart", effect.left_out)
    notes = [note] if with_cost and None not in margins else []
    notes += [left_out % {"n": effect.left_out}] if effect.left_out else []
    return Row(told, note="; ".join(notes))


@home.about_agreement("orders.view_order")
def orders_that_drew(user: User, agreement: Agreement) -> Iterator[Card]:
    """The orders of this person's customers that have drawn from an agreement and not given it back, newest first."""
    drew = Q(lines__draws__agreement_line__agreement=agreement)
    orders = Order.objects.visible_to(user).alias(drawn=Sum("lines__draws__quantity", filter=drew))
    rows = orders.filter(drawn__gt=0).select_related("customer").order_by("-pk")
    yield Card(
        _("Orders that drew from it"),
        rows=home.shown(rows, _drew),
        empty=_("No order has drawn from it yet."),
    )


def _drew(order: Order) -> Row:
    return Row(
        str(order), page_of(order), f"{order.customer}, {date_format(order.ordered_on, 'SHORT_DATE_FORMAT')}"
    )


@home.about_agreement("orders.view_calloff")
def call_offs_of(user: User, agreement: Agreement) -> Iterator[Card]:
    """What is called off next, for those who see the customer itself."""
    if not Customer.objects.visible_to(user).filter(pk=agreement.customer_id).exists():
        return
    coming = CallOff.objects.visible_to(user).filter(schedule__agreement=agreement).never_called()
    yield Card(
        _("Call-offs"),
        url=page_of_call_offs(agreement.pk),
        rows=home.shown(with_product(coming), call_off_row),
        empty=_("Nothing is planned to be called off."),
        more=_("The whole schedule"),
    )


@home.about_customer("orders.view_order")
def orders_of(user: User, customer: Customer) -> Iterator[Card]:
    mine = Order.objects.visible_to(user).filter(customer=customer).select_related("currency")
    yield Card(
        _("Orders"),
        url=listed(ORDERS, q=customer.code),
        rows=home.shown(mine.order_by("-pk"), _order),
        empty=_("No order yet."),
    )


def _order(order: Order) -> Row:
    note = f"{order.get_status_display()}, {day_in_words(order.ordered_on)}, {money(order.total, order.currency)}"
    return Row(order.number, page_of(order), note)


@home.about_customer("orders.view_quote")
def quotes_of(user: User, customer: Customer) -> Iterator[Card]:
    theirs = Quote.objects.visible_to(user).filter(customer=customer)
    yield Card(
        _("Quotes"),
        url=listed(QUOTES, q=customer.code),
        rows=home.shown(theirs.order_by("-pk"), _quote),
        empty=_("No quote yet."),
    )


def _quote(quote: Quote) -> Row:
    note = _("%(status)s, valid until %(day)s") % {
        "status": quote.get_status_display(),
        "day": day_in_words(quote.valid_until),
    }
    return Row(quote.number, page_of(quote), note)
