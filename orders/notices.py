"""Who is told inside the office about quotes and orders. The outbox and the clock ask; no service does."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.company import business_day, day_of
from oms.models import User
from oms.notices import LATELY, News, says, tell, tell_all
from orders.emails import own_people, pending_request
from orders.models import Promise, Quote
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
        "follow-up": _("is to be asked about today"),
    }
)
EXPIRES_WITHIN = timedelta(days=1)
ASKS = {OrderStatus.SUBMITTED, "changed", "split", QuoteStatus.WAITING}
TO_SELLER = {
    "approved", "held", "hold ended", "credit released", "lost stock", "countered", "consented",
    QuoteStatus.ACCEPTED, QuoteStatus.DECLINED, QuoteStatus.EXPIRED,
}  # fmt: skip
LEAVES_THE_DAY = (PromiseCause.CONFIRMED, PromiseCause.RENEWED, PromiseCause.CHANGED)


def notify_about(event: Any) -> None:
    """Tell whoever has to know about a step of an order or a quote; nobody is told what they did themselves."""
    what = _what(event)
    if what is not None:
        people = _approvers(event) if what == "asks" else _sellers(event.document)
        told = _who_see(event.document, [pk for pk in people if pk != event.by_id])
        source = f"{event._meta.label_lower}:{event.pk}"
        tell(told, News(what, event.document, source, event.note, event.at))


def _what(event: Any) -> str | None:
    if event.kind in ASKS:
        return "asks"
    was_asked = event.old_status in {OrderStatus.SUBMITTED, QuoteStatus.WAITING}
    if event.kind == "change rejected" or (event.kind == OrderStatus.DRAFT and was_asked and event.note):
        return "rejected"
    return str(event.kind) if event.kind in TO_SELLER else None


def _approvers(event: Any) -> list[int]:
    """Return who may decide on what waits: nobody on what they entered, edited or submitted."""
    request = pending_request(event.document)
    if request is None:
        return []
    groups = request.steps.filter(status=RequestStatus.PENDING).values("approvers")
    own = {*own_people(event.document), *hands_in(event.document), request.submitted_by_id}
    people = User.objects.filter(is_active=True, groups__in=groups).distinct()
    return [pk for pk in people.values_list("pk", flat=True) if pk not in own]


def _who_see(document: Any, people: Iterable[int]) -> list[int]:
    """Return who of these people may see the document: a group that decides has members who sell to others."""
    seen = type(document).objects
    return [
        user.pk
        for user in User.objects.filter(pk__in=people)
        if seen.visible_to(user).filter(pk=document.pk).exists()
    ]


def _sellers(document: Any) -> list[int]:
    people = User.objects.filter(is_active=True, pk__in=own_people(document))
    return list(people.values_list("pk", flat=True))


def tell_of_late_promises() -> None:
    """Tell who sells of orders that are expected later than promised since a day, once a day for each order."""
    lately = Promise.objects.filter(at__gte=timezone.now() - LATELY, ship_on__isnull=False).exclude(
        cause__in=LEAVES_THE_DAY
    )
    late = lately.filter(Q(expected_on__gt=F("ship_on")) | Q(expected_on=None)).select_related("order")
    tell_all(
        (
            pk,
            News(
                "later",
                one.order,
                f"later:{one.order_id}:{day_of(one.at)}",
                str(one.get_cause_display()),
                one.at,
            ),
        )
        for one in late
        for pk in own_people(one.order)
    )


def tell_what_is_due() -> None:
    """Tell who drafted them of quotes to ask about today, and of those that expire today or tomorrow."""
    today = business_day()
    due = Quote.objects.to_follow_up(today)
    ending = Quote.objects.filter(status=QuoteStatus.SENT, valid_until__range=(today, today + EXPIRES_WITHIN))
    tell_all([*_of_quotes(due, "follow-up", "follow_up_on"), *_of_quotes(ending, "expiring", "valid_until")])


def _of_quotes(quotes: Any, what: str, day: str) -> list[tuple[int, News]]:
    return [
        (quote.created_by_id, News(what, quote, f"{what}:{quote.pk}:{getattr(quote, day)}"))
        for quote in quotes.exclude(created_by=None)
    ]
