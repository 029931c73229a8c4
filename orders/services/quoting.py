"""Quotes: drafted, approved where a rule asks, sent, answered, expired. What was sent never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.models import Customer
from oms.company import business_day, day_of, zone_named
from oms.errors import Incomplete, Problem, Refused
from oms.languages import in_our_words
from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.errors import AcceptedBeside
from orders.models import Decider, Quote, QuoteAnswer, QuoteLine, QuoteVersion
from orders.services.approving import ask_for_quote, withdraw
from orders.services.capturing import Header, addresses_of, require_orderable, warehouse_for
from orders.services.charging import charges_of
from orders.services.checking import require_accepted_with_po, require_complete_quote, too_far
from orders.services.judging import judge_today
from orders.services.numbering import number_lines
from orders.services.pricing import Buyer, LineInput, PricedInput, as_new_columns, price_lines
from orders.services.stock_holds import end_holds, hold_stock
from orders.services.taxing import taxation_for
from orders.services.totalling import (
    Terms,
    add_charges,
    add_taxes,
    copied_totals,
    copy_charges_and_taxes,
    require_discount,
    taxed_as_now,
    totalled_lines,
)
from orders.status import OPEN, HoldEnd, QuoteStatus, Reply
from orders.validity import end_of_day, is_over, over_somewhere

VALIDITY = timedelta(days=30)


class Expired(Refused):
    """The quote's last valid day is over."""

    code = "expired"


class DayIsOver(Expired):
    """The day given as the quote's last one is over already."""

    at = "valid_until"


class Superseded(Refused):
    """Another version than the one that was read is in force."""

    code = "superseded"


@dataclass(frozen=True, slots=True)
class Said:
    """How we know what the customer said: by which link, from where, to which version; or on whose word.

    `came_on` is the day on which it came, said by who records it after the last day.
    """

    version: int | None = None
    link_id: int | None = None
    ip: str | None = None
    evidence: str = ""
    came_on: date | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who said yes at the customer's, and their purchase order number."""

    name: str
    customer_po: str = ""


@transaction.atomic
def draft_quote(
    header: Header,
    lines: Sequence[LineInput],
    *,
    by: User | None,
    valid_until: date | None = None,
    alternative_to: int | None = None,
) -> Quote:
    """Draft a quote with its first version, priced for the customer today; perhaps as an alternative to another."""
    require_orderable(lines)
    customer = Customer.objects.standing_for(header.customer_id)
    require_discount(header.discount, customer.currency)
    ship_to, _bill_to = addresses_of(customer, header)
    today = business_day()
    quote = Quote.objects.create(
        customer=customer,
        ship_to=ship_to,
        warehouse_id=warehouse_for(customer, header),
        currency=customer.currency,
        valid_until=valid_until or today + VALIDITY,
        customer_po=header.customer_po,
        created_by=by,
        version=1,
        alternative_to_id=alternative_to,
    )
    taxation = taxation_for(customer.pk, ship_to.pk, today)
    priced = price_lines(Buyer(customer, customer.currency, today, ship_to.pk, taxation), lines)
    terms = Terms(header.discount, taxation.rule(), customer.currency)
    charges = charges_of(header.charges, taxation, customer.currency)
    priced, totals, taxes = totalled_lines(priced, list(charges.values()), terms)
    version = QuoteVersion.objects.create(quote=quote, number=1, **totals)
    add_quote_lines(version, priced, positions=range(1, len(priced) + 1))
    add_charges(version, charges)
    add_taxes(version, taxes)
    quote.begin_history("drafted", by=by)
    return quote


def add_quote_lines(
    version: QuoteVersion, lines: Sequence[PricedInput], *, positions: Sequence[int]
) -> list[int]:
    """Insert priced lines at these positions; return their ids."""
    if not lines:
        return []
    return insert_rows(QuoteLine, {"position": list(positions), **as_new_columns(lines)}, version=version)


def version_in_force(quote: Quote) -> QuoteVersion:
    """Return the version that was drafted or sent last."""
    return quote.versions.get(number=quote.version_number)


@transaction.atomic
def send_quote(quote_id: int, *, by: User | None) -> Quote:
    """Send the quote's version and freeze it; while a rule asks for approval the quote waits instead.

    Prices of an earlier day are judged by the list and the cost of today. Where the policy says so, it holds stock.
    Raise IllegalMove, Expired, or Incomplete with every problem.
    """
    quote = lock_row(Quote, quote_id, "customer", "currency", "ship_to")
    quote.require_can_become(QuoteStatus.SENT)
    require_valid(quote)
    version = version_in_force(quote)
    require_complete_quote(quote, version.lines, taxed_as_now(version, quote.currency))
    number_lines(quote, version.lines)
    if ask_for_quote_once(quote, version, by=by):
        return quote
    version.sent_at, version.valid_until = timezone.now(), quote.valid_until
    version.save(update_fields=["sent_at", "valid_until"])
    quote.move_to(QuoteStatus.SENT, by=by, note=str(version), version=version.number)
    hold_stock(quote, version, by=by)
    return quote


def ask_for_quote_once(quote: Quote, version: QuoteVersion, *, by: User | None) -> bool:
    """Return whether the quote has to wait for approval, asking for it when nobody has."""
    if version.approvals.filter(status="pending").exists():
        return True
    judge_today(quote, version.lines)
    if ask_for_quote(quote, version, by=by) is None:
        return False
    if quote.status != QuoteStatus.WAITING:
        quote.move_to(QuoteStatus.WAITING, by=by)
    return True


def require_valid(quote: Quote) -> None:
    """Raise Expired when the last valid day is over."""
    if has_expired(quote):
        told = _("%(quote)s was valid until %(day)s. Revise it with a later date.")
        if quote.status == QuoteStatus.DRAFT:
            told = _("%(quote)s was valid until %(day)s. Write a later day under “Valid until” on its pad.")
        raise Expired(told % {"quote": quote, "day": date_format(quote.valid_until)})


def _require_to_come(quote: Quote, valid_until: date | None) -> None:
    """Raise DayIsOver when a day that is to be the last one is over already."""
    if valid_until is not None and end_of_day(valid_until, quote.customer.zone) <= timezone.now():
        told = _("%(day)s is over. Give %(quote)s a later day, or leave it empty for the usual one.")
        raise DayIsOver(told % {"quote": quote, "day": date_format(valid_until)})


@transaction.atomic
def revise_quote(quote_id: int, *, by: User | None, valid_until: date | None = None) -> Quote:
    """Draft the next version of a quote, with the lines of the last one as they stand.

    Raise IllegalMove, or DayIsOver for a last day that is over.
    """
    quote = lock_row(Quote, quote_id, "customer")
    quote.require_can_become(QuoteStatus.DRAFT)
    _require_to_come(quote, valid_until)
    old = version_in_force(quote)
    withdraw(quote, by=by)
    end_holds(quote, HoldEnd.REPLACED)
    if old.sent_at is not None:
        _copy_version(quote, old)
    quote.valid_until = valid_until or max(quote.valid_until, business_day() + VALIDITY)
    quote.save(update_fields=["version_number", "valid_until"])
    quote.move_to(QuoteStatus.DRAFT, by=by)
    return quote


def _copy_version(quote: Quote, old: QuoteVersion) -> None:
    quote.version_number = old.number + 1
    version = QuoteVersion.objects.create(
        quote=quote, number=quote.version_number, deciding=old.deciding, **copied_totals(old)
    )
    Decider.objects.bulk_create(
        Decider(version=version, position=one.position, name=one.name, email=one.email)
        for one in old.deciders.all()
    )
    rows = old.lines.order_by("position").values_list(*PricedInput._fields)
    add_quote_lines(version, [PricedInput(*row) for row in rows], positions=range(1, len(rows) + 1))
    copy_charges_and_taxes(old, version)


@transaction.atomic
def accept_quote(
    quote_id: int, acceptance: Acceptance, *, by: User | None, said: Said | None = None
) -> Quote:
    """The customer has accepted the version sent last, and we keep how we know.

    Its alternatives are taken back. After the last day it is recorded with the day on which it came. Raise
    IllegalMove, Expired without that day or with one that cannot be, AcceptedBeside when it is late and another was
    accepted, Superseded when they read another version, or Incomplete without the PO number that the customer requires.
    """
    quote = lock_to_accept(quote_id)
    said = said or Said()
    require_in_force(quote, said)
    quote.require_can_become(QuoteStatus.ACCEPTED)
    if has_expired(quote):
        _require_none_accepted_beside(quote)
        _require_day_it_came(quote, said)
    quote.accepted_by = acceptance.name
    quote.customer_po = acceptance.customer_po or quote.customer_po
    require_accepted_with_po(quote)
    quote.save(update_fields=["accepted_by", "customer_po"])
    told = {"name": acceptance.name, "customer_po": acceptance.customer_po}
    _keep_answer(quote, Reply.ACCEPTED, said, by=by, **told)
    quote.move_to(QuoteStatus.ACCEPTED, by=by, note=acceptance.name)
    _take_back_alternatives(quote, by=by)
    return quote


def lock_to_accept(quote_id: int) -> Quote:
    """Lock the first of the alternatives and then this one: of two accepted at once the second sees the first."""
    list(Quote.objects.first_beside(quote_id).locked().values_list("pk"))
    return lock_row(Quote, quote_id, "customer")


def _require_none_accepted_beside(quote: Quote) -> None:
    """Raise AcceptedBeside when another alternative was accepted; what has expired was not taken back then."""
    accepted = (
        Quote.objects.beside(quote).filter(status__in=(QuoteStatus.ACCEPTED, QuoteStatus.ORDERED)).first()
    )
    if accepted is not None:
        raise AcceptedBeside(
            _(
                "%(other)s was accepted instead of %(quote)s. For both, revise %(quote)s or draft a quote of its own."
            )
            % {"quote": quote, "other": accepted}
        )


def _take_back_alternatives(accepted: Quote, *, by: User | None) -> None:
    """The customer wanted one of them: the others are open no more."""
    with in_our_words():  # a customer's answer may have brought us here
        note = _("%(quote)s was accepted instead") % {"quote": version_in_force(accepted)}
    others = Quote.objects.beside(accepted).filter(status__in=OPEN)
    for pk in others.order_by("pk").values_list("pk", flat=True):
        other = lock_row(Quote, pk)
        if other.status in OPEN:
            _take_back(other, by=by, note=note)


def has_expired(quote: Quote) -> bool:
    """Whether the quote's last day is over, whether or not the clock has written that down."""
    return quote.status == QuoteStatus.EXPIRED or is_over(quote)


def _require_day_it_came(quote: Quote, said: Said) -> None:
    """Raise Expired unless it is said on which day the acceptance came: after it was sent, and not after today."""
    told = {"quote": quote, "day": date_format(quote.valid_until)}
    if said.came_on is None:
        raise Expired(
            _(
                "%(quote)s was valid until %(day)s. Say on which day the acceptance came, or revise the quote with a "
                "later date."
            )
            % told
        )
    sent_at, today = version_in_force(quote).sent_at, business_day()
    sent_on = day_of(sent_at) if sent_at else today
    if not sent_on <= said.came_on <= today:
        told |= {"came": date_format(said.came_on), "sent": date_format(sent_on), "today": date_format(today)}
        raise Expired(
            _(
                "%(quote)s was sent on %(sent)s, so no acceptance came on %(came)s. Give a day until %(today)s."
            )
            % told
        )


@transaction.atomic
def decline_quote(
    quote_id: int, reason: str, *, by: User | None, name: str = "", said: Said | None = None
) -> Quote:
    """The customer has said no, and we keep how we know. Raise IllegalMove or Superseded."""
    quote = lock_row(Quote, quote_id)
    require_in_force(quote, said or Said())
    quote.require_can_become(QuoteStatus.DECLINED)
    _keep_answer(quote, Reply.DECLINED, said or Said(), by=by, name=name, reason=reason)
    end_holds(quote, HoldEnd.DECLINED)
    quote.move_to(QuoteStatus.DECLINED, by=by, note=reason)
    return quote


def require_in_force(quote: Quote, said: Said) -> None:
    """Raise Superseded when the customer speaks of another version than the one in force."""
    if said.version not in (None, quote.version_number):
        raise Superseded(
            _("%(quote)s v%(old)s was replaced by v%(new)s. Answer that one.")
            % {"quote": quote, "old": said.version, "new": quote.version_number}
        )


def _keep_answer(quote: Quote, reply: Reply, said: Said, *, by: User | None, **told: str) -> None:
    QuoteAnswer.objects.create(
        version=version_in_force(quote),
        reply=reply,
        link_id=said.link_id,
        ip=said.ip,
        evidence=said.evidence,
        came_on=said.came_on if has_expired(quote) else None,
        by=by,
        **told,
    )


@transaction.atomic
def follow_up_quote(quote_id: int, day: date | None, *, by: User | None) -> Quote:
    """Ask the customer again on this day, or on none. Raise Incomplete for a day that is over or years away."""
    quote = lock_row(Quote, quote_id)
    if day not in (None, quote.follow_up_on) and (what := _wrong_to_ask(day)):
        raise Incomplete(quote.number, [Problem(_("Ask again on"), what, "day")])
    quote.follow_up_on = day
    quote.record("follow-up", by=by, note=date_format(day) if day else "", changed=["follow_up_on"])
    return quote


def _wrong_to_ask(day: date) -> str:
    today = business_day()
    if day < today:
        return _("%(day)s is over; enter today or a later day, or none.") % {"day": date_format(day)}
    return too_far(day, today)


@transaction.atomic
def cancel_quote(quote_id: int, *, by: User | None) -> Quote:
    """We take the quote back; it can no longer be accepted."""
    quote = lock_row(Quote, quote_id)
    _take_back(quote, by=by)
    return quote


def _take_back(quote: Quote, *, by: User | None, note: str = "") -> None:
    withdraw(quote, by=by)
    end_holds(quote, HoldEnd.CANCELLED)
    quote.move_to(QuoteStatus.CANCELLED, by=by, note=note)


def expire_quotes(now: datetime | None = None) -> int:
    """Expire every sent quote whose last valid day is over where its customer is; return how many.

    Safe to run twice and at once.
    """
    now = now or timezone.now()
    near = Quote.objects.sent_until(over_somewhere(now)).order_by("pk")
    days = near.values_list("pk", "valid_until", "customer__zone")
    zones = {zone: zone_named(zone) for zone in {zone for _pk, _day, zone in days}}
    return sum(_expire(pk, now) for pk, day, zone in days if now.astimezone(zones[zone]).date() > day)


@transaction.atomic
def _expire(quote_id: int, now: datetime) -> int:
    """Expire the quote unless somebody has answered or prolonged it since we looked."""
    quote = lock_row(Quote, quote_id, "customer")
    if quote.status != QuoteStatus.SENT or not is_over(quote, now):
        return 0
    end_holds(quote, HoldEnd.EXPIRED)
    quote.move_to(QuoteStatus.EXPIRED, by=None)
    return 1
