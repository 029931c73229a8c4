"""Who is told inside the office about quotes and orders. The outbox and the clock ask; no service does."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.company import business_day, zone_of
from oms.models import Company, User
from oms.notices import LATELY, News, says, tell, tell_all
from orders.emails import ASKS, own_people, request_asked_by, sellers_of, who_see
from orders.masking import reasons_for
from orders.models import ApprovalRequest, Promise, Quote, QuoteEvent
from orders.models.hands import hands_in
from orders.status import OrderStatus, PromiseCause, QuoteStatus, RequestStatus

says(
    {
        "asks": _("waits for your approval"),
        "approved": _("is approved"),
        "rejected": _("is rejected"),
        "held": _("is held"),
        "hold ended": _("may go on"),
        "credit released": _("may be confirmed, its credit is released"),
        "lost stock": _("has lost stock to another order"),
        "later": _("will leave later than promised"),
        "accepted": _("is accepted by the customer"),
        "declined": _("is declined by the customer"),
        "countered": _("has a counter-offer"),
        "consented": _("is accepted by one who has to"),
        "expired": _("has expired"),
        "expiring": _("expires soon, and the customer has not answered"),
        "unprintable": _("went out without its PDF, which cannot be printed"),
        "follow-up": _("is to be asked about today"),
    }
)
EXPIRES_WITHIN = timedelta(days=1)
TO_SELLER = {
    "approved", "held", "hold ended", "credit released", "lost stock", "countered", "consented",
    QuoteStatus.ACCEPTED, QuoteStatus.DECLINED, QuoteStatus.EXPIRED,
}  # fmt: skip
LEAVES_THE_DAY = (PromiseCause.CONFIRMED, PromiseCause.RENEWED, PromiseCause.CHANGED)


def notify_about(event: Any) -> None:
    """Tell whoever has to know about a step of an order or a quote; nobody is told what they did themselves."""
    if event.kind in ASKS:
        _tell_approvers(event)
    elif (what := _what(event)) is not None:
        told = who_see(event.document, [pk for pk in sellers_of(event.document) if pk != event.by_id])
        source = f"{event._meta.label_lower}:{event.pk}"
        tell([user.pk for user in told], News(what, event.document, source, event.note, event.at))


def _tell_approvers(event: Any) -> None:
    """Tell who may decide what an event asked, each with the reasons they may read; once for each request."""
    request = request_asked_by(event)
    if request is not None:
        told = who_see(event.document, _approvers(event, request))
        steps = request.undecided_steps()
        source = f"{request._meta.label_lower}:{request.pk}"
        news = News("asks", event.document, source, at=request.requested_at)
        tell_all((user.pk, replace(news, note="; ".join(reasons_for(user, steps)))) for user in told)


def _what(event: Any) -> str | None:
    was_asked = event.old_status in {OrderStatus.SUBMITTED, QuoteStatus.WAITING}
    if event.kind == "change rejected" or (event.kind == OrderStatus.DRAFT and was_asked and event.note):
        return "rejected"
    return str(event.kind) if event.kind in TO_SELLER else None


def _approvers(event: Any, request: ApprovalRequest) -> list[int]:
    """Return who may decide on what waits: nobody on what they entered, edited or submitted."""
    groups = request.steps.filter(status=RequestStatus.PENDING).values("approvers")
    own = {*own_people(event.document), *hands_in(event.document), request.submitted_by_id, event.by_id}
    people = User.objects.filter(is_active=True, groups__in=groups).distinct()
    return [pk for pk in people.values_list("pk", flat=True) if pk not in own]


def tell_unprintable(event: Any, why: str) -> None:
    """Tell who sells that a letter went out without its paper, and what to do; whoever took the step cannot know."""
    told = who_see(event.document, sellers_of(event.document))
    source = f"unprintable:{event._meta.label_lower}:{event.pk}"
    tell([user.pk for user in told], News("unprintable", event.document, source, why, event.at))


def _seen_by(documents: Sequence[Any], people: Iterable[int]) -> set[tuple[int, int]]:
    """Return which of these people, who still work here, see which documents of one kind; a person and a key each.

    A few statements for each person, however many documents there are.
    """
    if not documents:
        return set()
    keys, found = {one.pk for one in documents}, type(documents[0])._default_manager
    return {
        (user.pk, pk)
        for user in User.objects.filter(is_active=True, pk__in=set(people))
        for pk in found.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    }


def _tell_who_see(told: Iterable[tuple[int, News]]) -> None:
    wanted = list(told)
    seen = _seen_by([news.document for _pk, news in wanted], [pk for pk, _news in wanted])
    tell_all((pk, news) for pk, news in wanted if (pk, news.document.pk) in seen)


def tell_of_late_promises() -> None:
    """Tell who sells of orders that are expected later than promised since a day, once a day for each order."""
    lately = Promise.objects.filter(at__gte=timezone.now() - LATELY, ship_on__isnull=False).exclude(
        cause__in=LEAVES_THE_DAY
    )
    late = lately.filter(Q(expected_on__gt=F("ship_on")) | Q(expected_on=None)).select_related(
        "order__customer"
    )
    zone = zone_of(Company.objects.only("zone").first())
    _tell_who_see((pk, _of_lateness(one, zone)) for one in late for pk in sellers_of(one.order))


def _of_lateness(one: Promise, zone: ZoneInfo) -> News:
    source = f"later:{one.order_id}:{one.at.astimezone(zone).date()}"
    return News("later", one.order, source, str(one.get_cause_display()), one.at)


def tell_what_is_due() -> None:
    """Tell of quotes to ask about today, and of those that expire today or tomorrow."""
    today = business_day()
    quotes = Quote.objects.select_related("customer")
    ending = quotes.filter(status=QuoteStatus.SENT, valid_until__range=(today, today + EXPIRES_WITHIN))
    _tell_who_see((pk, _of_day("expiring", one, one.valid_until)) for one in ending for pk in sellers_of(one))
    _tell_to_follow_up(list(quotes.to_follow_up(today)))


def _tell_to_follow_up(quotes: list[Quote]) -> None:
    """Tell one person of each: who wanted it, or the rep when they see it no more, or else who made it."""
    asked = {
        quote.pk: [pk for pk in (by, quote.customer.rep_id, quote.created_by_id) if pk is not None]
        for quote, by in zip(quotes, _who_wanted(quotes), strict=True)
    }
    seen = _seen_by(quotes, [pk for people in asked.values() for pk in people])
    told = ((next((pk for pk in asked[one.pk] if (pk, one.pk) in seen), None), one) for one in quotes)
    tell_all((pk, _of_day("follow-up", one, one.follow_up_on)) for pk, one in told if pk is not None)


def _who_wanted(quotes: list[Quote]) -> list[int | None]:
    """Return for each quote who set the day of its follow-up last."""
    wishes = QuoteEvent.objects.filter(document__in=[one.pk for one in quotes], kind="follow-up")
    last = wishes.order_by("document_id", "-version").distinct("document_id")
    by = dict(last.values_list("document_id", "by_id"))
    return [by.get(one.pk) for one in quotes]


def _of_day(what: str, quote: Quote, day: object) -> News:
    return News(what, quote, f"{what}:{quote.pk}:{day}")
