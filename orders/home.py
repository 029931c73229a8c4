"""What home shows about quotes and orders."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.templatetags.quantities import in_unit
from oms import home
from oms.company import business_day
from oms.home import Act, Card, Row, Section, Tone
from oms.models import Currency, User
from oms.navigation import address
from oms.templatetags.amounts import money
from orders.deciding import waiting_for
from orders.masking import hold_reason_for, step_reason_for
from orders.models import ApprovalRequest, CallOff, Hold, Order, OrderDelivery, Quote, QuoteDelivery
from orders.status import IN_WORK, OrderStatus, QuoteStatus, RequestStatus

ORDERS = "admin:orders_order_changelist"
QUOTES = "admin:orders_quote_changelist"
REQUESTS = "admin:orders_approvalrequest_changelist"
LOOK_BACK = 40  # documents in which the last customers are looked for


def listed(name: str, **filters: object) -> str:
    """Return the address of a list with its filters set."""
    url = address(name)
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in filters.items())}" if url else ""


def page_of(document: Order | Quote) -> str:
    kind = type(document)._meta.model_name
    return address(f"admin:orders_{kind}_change", document.pk)


def ago(moment: datetime) -> str:
    return _("for %(time)s") % {"time": timesince(moment, depth=1)}


@home.acts("orders.add_quote")
def start_quote(user: User) -> Iterator[Act]:
    if url := address("admin:orders_quote_pad"):
        yield Act(_("New quote"), url, "n")


@home.acts("orders.add_order")
def start_order(user: User) -> Iterator[Act]:
    if url := address("admin:orders_order_pad"):
        yield Act(_("New order"), url, "o")


@home.acts("orders.decide_approval", order=1)
def start_deciding(user: User) -> Iterator[Act]:
    if url := address("admin:orders_approvalrequest_inbox"):
        yield Act(_("Decide approvals"), url, "i")


@home.cards("orders.add_quote", order=Section.MY_WORK)
def my_quotes(user: User) -> Iterator[Card]:
    today = business_day()
    mine = Q(created_by=user)
    found = Quote.objects.visible_to(user).filter(status__in=[QuoteStatus.DRAFT, QuoteStatus.SENT])
    counts = found.aggregate(
        drafts=Count("pk", filter=mine & Q(status=QuoteStatus.DRAFT)),
        sent=Count("pk", filter=Q(status=QuoteStatus.SENT)),
        ending=Count("pk", filter=Q(status=QuoteStatus.SENT, valid_until__lte=today)),
    )
    yield Card(
        _("My quote drafts"),
        counts["drafts"],
        _("to finish"),
        listed(QUOTES, status__exact=QuoteStatus.DRAFT, by="me"),
        empty=_("No draft waits for you."),
    )
    yield Card(
        _("Sent quotes"),
        counts["sent"],
        _ending(counts["ending"]) if counts["ending"] else _("with customers"),
        listed(QUOTES, status__exact=QuoteStatus.SENT),
        Tone.DUE if counts["ending"] else Tone.CALM,
        empty=_("No quote is with a customer."),
    )


@home.cards("orders.change_quote", order=Section.MY_WORK)
def quotes_to_follow_up(user: User) -> Iterator[Card]:
    due = Quote.objects.visible_to(user).to_follow_up(business_day()).cared_for_by(user)
    count = due.count()
    yield Card(
        _("Quotes to follow up"),
        count,
        ngettext("customer to ask again", "customers to ask again", count),
        listed(QUOTES, follow_up="mine"),
        Tone.DUE if count else Tone.CALM,
        home.shown(due.select_related("customer").order_by("follow_up_on", "pk"), _asked_again),
        empty=_("Nobody has to be asked again today."),
    )


@home.cards("orders.call_off", order=Section.MY_WORK)
def call_offs_that_wait(user: User) -> Iterator[Card]:
    """Call-offs whose day had come and that a check kept from being submitted."""
    stuck = CallOff.objects.visible_to(user).stuck()
    rows = home.shown(with_product(stuck), call_off_row)
    yield Card(
        _("Call-offs that wait"),
        tone=Tone.DUE if rows else Tone.CALM,
        rows=rows,
        empty=_("Every call-off that is due became an order."),
    )


def with_product(call_offs: QuerySet[CallOff]) -> QuerySet[CallOff]:
    """Return call-offs with all that is said of them, the first wanted first."""
    joined = ("schedule__agreement__customer", "agreement_line__product", "unit")
    return call_offs.select_related(*joined).order_by("requested_on", "pk")


def call_off_row(one: CallOff) -> Row:
    """Return a call-off as a row that leads to its schedule."""
    agreement, unit = one.schedule.agreement, one.unit
    what = f"{in_unit(one.quantity, unit)} {unit.name} {one.agreement_line.reach}"
    where = f"{agreement.customer}, {agreement}"
    return Row(
        f"{date_format(one.requested_on, 'SHORT_DATE_FORMAT')}: {what}",
        page_of_call_offs(agreement.pk),
        f"{where}. {one.refusal}" if one.refusal else where,
    )


def page_of_call_offs(agreement_id: int) -> str:
    return address("admin:orders_agreement_call_offs", agreement_id)


def _asked_again(quote: Quote) -> Row:
    assert quote.follow_up_on is not None  # noqa: S101  only these are chosen
    return Row(f"{quote.number} {quote.customer.name}", page_of(quote), date_format(quote.follow_up_on))


def _ending(count: int) -> str:
    return ngettext("%(count)d ends today", "%(count)d end today", count) % {"count": count}


@home.cards("orders.add_order", order=Section.MY_WORK)
def my_orders(user: User) -> Iterator[Card]:
    drafts = Order.objects.visible_to(user).filter(status=OrderStatus.DRAFT, created_by=user).count()
    yield Card(
        _("My order drafts"),
        drafts,
        _("to submit"),
        listed(ORDERS, status__exact=OrderStatus.DRAFT, by="me"),
        empty=_("No draft waits for you."),
    )


@home.cards("orders.confirm_order", order=Section.MY_WORK)
def ready_to_confirm(user: User) -> Iterator[Card]:
    ready = Order.objects.visible_to(user).filter(status=OrderStatus.SUBMITTED).without_open_hold()
    count = ready.count()
    yield Card(
        _("Ready to confirm"),
        count,
        ngettext("order without a hold", "orders without a hold", count),
        listed(ORDERS, waits="confirm"),
        Tone.DUE,
        home.shown(ready.select_related("customer").order_by("status_since", "pk"), _since),
        empty=_("Nothing waits for your confirmation."),
    )


def _since(order: Order) -> Row:
    return Row(f"{order.number} {order.customer.name}", page_of(order), ago(order.status_since))


@home.cards("orders.add_order", order=Section.MY_WORK)
def waiting_for_approval(user: User) -> Iterator[Card]:
    asked = ApprovalRequest.objects.visible_to(user).filter(status=RequestStatus.PENDING, submitted_by=user)
    rows = asked.select_related("order__customer", "quote_version__quote__customer").prefetch_related(
        "steps__rule"
    )
    count = asked.count()
    may_list = user.has_perm("orders.view_approvalrequest")
    yield Card(
        _("Waiting for approval"),
        count,
        ngettext("document of yours", "documents of yours", count),
        listed(REQUESTS, status__exact=RequestStatus.PENDING, by="me") if may_list else "",
        rows=home.shown(rows.order_by("requested_at", "pk"), partial(_asked, user)),
        empty=_("Nothing of yours waits for anybody."),
    )


def _asked(user: User, request: ApprovalRequest) -> Row:
    document = request.document
    pending = [step for step in request.steps.all() if step.status == RequestStatus.PENDING]
    why = "; ".join(step_reason_for(user, step) for step in pending)
    return Row(
        f"{document.number} {document.customer.name}",
        page_of(document),
        f"{why}, {ago(request.requested_at)}" if why else ago(request.requested_at),
    )


@home.cards("orders.add_order", order=Section.MY_WORK)
def behind(user: User) -> Iterator[Card]:
    """Orders that lack stock, and orders whose day has passed."""
    seen = Order.objects.visible_to(user)
    short, late = seen.backordered(), _late(seen)
    shorts, lates = short.count(), late.count()
    yield Card(
        _("Backordered"),
        shorts,
        ngettext("order waits for stock", "orders wait for stock", shorts),
        listed(ORDERS, waits="short"),
        Tone.DUE,
        home.shown(short.select_related("customer").order_by("requested_on", "pk"), _wanted),
        empty=_("Every confirmed order has its stock."),
    )
    yield Card(
        _("Late"),
        lates,
        ngettext("order past its requested day", "orders past their requested day", lates),
        listed(ORDERS, waits="late"),
        Tone.LATE,
        home.shown(late.select_related("customer").order_by("requested_on", "pk"), _wanted),
        empty=_("Nothing is late."),
    )


def _late(orders: Any) -> Any:
    return orders.filter(status__in=IN_WORK, requested_on__lt=business_day())


def _wanted(order: Order) -> Row:
    day = order.requested_on
    return Row(
        f"{order.number} {order.customer.name}",
        page_of(order),
        _("wanted %(day)s") % {"day": day_in_words(day)},
    )


def day_in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


@home.cards("orders.add_order", order=Section.MY_WORK)
def last_customers(user: User) -> Iterator[Card]:
    last = Order.objects.visible_to(user).filter(created_by=user).order_by("-pk")[:LOOK_BACK]
    names = {c.pk: c for c in (order.customer for order in last.select_related("customer"))}
    rows = [Row(c.name, address("admin:customers_customer_change", c.pk), c.code) for c in names.values()]
    yield Card(
        _("Last customers"),
        url=address("admin:customers_customer_changelist"),
        rows=tuple(rows[: home.MOST_ROWS]),
        empty=_("The customers of your last orders will stand here."),
    )


@home.cards("orders.decide_approval", order=Section.FIRST)
def approvals(user: User) -> Iterator[Card]:
    """What waits in the inbox: approvals, orders that wait for credit, credit that somebody asked for."""
    told = [_count_and_oldest(rows, moment) for rows, moment in waiting_for(user)]
    oldest = min((moment for _count, moment in told if moment), default=None)
    count = sum(count for count, _moment in told)
    yield Card(
        _("Approvals waiting for you"),
        count,
        _("oldest waits %(time)s") % {"time": timesince(oldest, depth=1)} if oldest else "",
        address("admin:orders_approvalrequest_inbox"),
        Tone.DUE,
        empty=_("Nothing waits for your decision."),
        more=_("Decide them") if count else "",
    )


@home.cards("orders.release_credit", order=Section.FIRST)
def credit(user: User) -> Iterator[Card]:
    """The same inbox for who decides nothing but credit."""
    if not user.has_perm("orders.decide_approval"):
        yield from approvals(user)


def _count_and_oldest(rows: QuerySet[Any], moment: str) -> tuple[int, datetime | None]:
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(moment))
    return found["count"], found["oldest"]


@home.cards("orders.hold_order", order=Section.TEAM)
def held_orders(user: User) -> Iterator[Card]:
    holds = Hold.objects.open().filter(order__in=Order.objects.visible_to(user))
    rows = holds.select_related("order__customer").order_by("since", "pk")
    yield Card(
        _("Held orders"),
        holds.aggregate(orders=Count("order", distinct=True))["orders"],
        _("cannot go on"),
        listed(ORDERS, waits="held"),
        Tone.DUE,
        home.shown(rows, partial(_held, user)),
        empty=_("No order is held."),
    )


def _held(user: User, hold: Hold) -> Row:
    return Row(
        f"{hold.order.number} {hold.order.customer.name}",
        page_of(hold.order),
        f"{hold_reason_for(user, hold)}, {ago(hold.since)}",
    )


@home.cards("orders.decide_approval", order=Section.TEAM)
def this_month(user: User) -> Iterator[Card]:
    """What was confirmed this month, one sum per currency."""
    start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    confirmed = Order.objects.visible_to(user).filter(confirmed_at__gte=start)
    confirmed = confirmed.exclude(status=OrderStatus.CANCELLED).order_by()
    sums = confirmed.values_list("currency", "currency__exponent").annotate(
        value=Sum(F("goods") - F("discount")), count=Count("pk")
    )
    found = list(sums.order_by("currency"))
    total = sum(count for *_rest, count in found)
    rows = [
        Row(
            _amount(value, code, exponent), note=ngettext("%(n)d order", "%(n)d orders", count) % {"n": count}
        )
        for code, exponent, value, count in found
    ]
    yield Card(
        _("Confirmed this month"),
        total,
        ngettext("order", "orders", total),
        rows=tuple(rows),
        empty=_("No order was confirmed this month."),
    )


def _amount(value: Any, code: str, exponent: int) -> str:
    return money(value, Currency(code=code, exponent=exponent))


@home.cards("orders.close_order", order=Section.MY_WORK)
def to_close(user: User) -> Iterator[Card]:
    done = Order.objects.visible_to(user).filter(status=OrderStatus.COMPLETED)
    count = done.count()
    yield Card(
        _("Completed, not closed"),
        count,
        ngettext("order to close", "orders to close", count),
        listed(ORDERS, status__exact=OrderStatus.COMPLETED),
        Tone.DUE,
        home.shown(done.select_related("customer").order_by("status_since", "pk"), _since),
        empty=_("Every completed order is closed."),
    )


@home.cards("orders.view_orderdelivery", order=Section.SITE)
def parked_news(user: User) -> Iterator[Card]:
    for model, title in (
        (OrderDelivery, _("Order mails not sent")),
        (QuoteDelivery, _("Quote mails not sent")),
    ):
        yield Card(
            title,
            model.objects.exclude(parked_at=None).count(),
            _("given up after five tries"),
            listed(f"admin:orders_{model._meta.model_name}_changelist", state="parked"),
            Tone.LATE,
            empty=_("Every mail has left."),
        )
