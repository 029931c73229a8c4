"""The page on which who sells answers a counter-offer line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from oms.contention import again_after_ties
from oms.errors import Refused
from oms.models import User
from oms.numbers import read_decimal
from oms.text import clean
from orders.models import CounterLine, CounterOffer, Quote
from orders.services.meeting import CounterReply, Met, answer_counter, may_be_answered, preview_answer
from orders.services.negotiating import counter_offers_of
from orders.status import Meeting
from orders.views.kinds import QUOTES, Kind, StaffRequest
from orders.waiting import Blocker

MAY = "orders.change_quote"
TYPES_PRICES = "orders.override_price"


@dataclass(frozen=True, slots=True)
class Row:
    """A wish, and what was filled in for it."""

    wish: CounterLine
    meeting: str
    price: str = ""
    quantity: str = ""
    comment: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What a version comes to with one answer, or why it cannot be answered so."""

    label: str
    amount: Decimal | None = None
    refusal: str = ""


def answer(request: StaffRequest, kind: Kind, number: str, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Show the wishes of a counter-offer with three ways to meet each; draft the next version by POST."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    quote: Quote = kind.find(request, number)
    offer = CounterOffer.objects.select_related("version__quote").filter(pk=pk, version__quote=quote).first()
    if offer is None:
        raise Http404
    if not may_be_answered(offer, quote) or hasattr(offer, "answer"):
        messages.error(request, _("This counter-offer cannot be answered any more."))
        return HttpResponseRedirect(kind.url("change", quote.pk))
    wishes = list(offer.lines.select_related("line__product", "line__unit").order_by("line__position"))
    rows = [_row(wish, request.POST) for wish in wishes]
    drafts = request.method == "POST" and "preview" not in request.POST
    if drafts and (done := _answered(request, offer, rows)):
        return HttpResponseRedirect(f"{kind.url('compare', done.number)}?old={offer.version.number}")
    context |= {
        "kind": kind,
        "document": quote,
        "title": _("Answer %(name)s about %(version)s") % {"name": offer.name, "version": offer.version},
        "page_url": kind.url("change", quote.pk),
        "offer": offer,
        "rows": rows,
        "comment": request.POST.get("comment", "")[:1000],
        "comes_to": _comes_to(request, offer, rows),
        "types_prices": request.user.has_perm(TYPES_PRICES),
    }
    return TemplateResponse(request, "orders/answer.html", context)


def _row(wish: CounterLine, given: Mapping[str, str]) -> Row:
    """Return the wish with what was filled in; without that we hold what was quoted."""
    texts = {what: clean(given.get(f"{what}-{wish.pk}", "")) for what in ("m", "p", "q", "c")}
    meeting = texts["m"] if texts["m"] in Meeting.values else str(Meeting.HELD)
    row = Row(wish, meeting, texts["p"][:40], texts["q"][:40], texts["c"][:300])
    try:
        _met(row)
    except ValueError as error:
        return Row(wish, meeting, row.price, row.quantity, row.comment, str(error))
    return row


def _met(row: Row) -> Met:
    """Return what was filled in; raise ValueError with a sentence for what cannot be read."""
    if row.meeting != Meeting.PROPOSED:
        if row.price or row.quantity:
            raise ValueError(_("Choose “Something else” for what is typed here, or empty it."))
        return Met(Meeting(row.meeting), comment=row.comment)
    return Met(Meeting.PROPOSED, _number(row.price), _number(row.quantity), row.comment)


def _number(text: str) -> Decimal | None:
    return read_decimal(text) if text else None


def _answered(request: StaffRequest, offer: CounterOffer, rows: list[Row]) -> Quote | None:
    """Answer the offer; None with the problems told when that cannot be."""
    if any(row.problem for row in rows):
        messages.error(request, _("Some of what was typed is not understood; see below."))
        return None
    reply = CounterReply(
        clean(request.POST.get("comment", ""))[:1000], {row.wish.pk: _met(row) for row in rows}
    )
    try:
        quote = again_after_ties(lambda: answer_counter(offer.pk, reply, by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, _drafted(quote, rows))
    return quote


def _comes_to(request: StaffRequest, offer: CounterOffer, rows: list[Row]) -> list[Total]:
    """Return what the version came to, and what the next one would: with every wish met, and with what was chosen."""
    wishes = [row.wish for row in rows if row.wish.price is not None or row.wish.quantity is not None]
    all_met = {wish.pk: Met(Meeting.MET) for wish in wishes}
    found = [Total(_("As quoted"), offer.version.total)]
    if all_met:
        found.append(_would_be(request, offer, _("All as they want"), all_met))
    if request.method == "POST" and not any(row.problem for row in rows):
        chosen = {row.wish.pk: _met(row) for row in rows}
        found.append(_would_be(request, offer, _("As chosen above"), chosen))
    return found


def _would_be(request: StaffRequest, offer: CounterOffer, label: str, met: dict[int, Met]) -> Total:
    try:
        reply = CounterReply(lines=met)
        return Total(label, again_after_ties(lambda: preview_answer(offer.pk, reply, by=request.user)))
    except Refused as refusal:
        return Total(label, refusal=str(refusal))


def _drafted(quote: Quote, rows: list[Row]) -> str:
    told = {"quote": quote, "version": quote.version_number}
    if all(row.meeting == Meeting.HELD for row in rows):
        return (
            _(
                "Version %(version)s of %(quote)s is drafted just as it was quoted: no wish is met. Change it on the "
                "pad, or send it so that the customer reads your answer."
            )
            % told
        )
    return _("Version %(version)s of %(quote)s is drafted. Look at it, then send it.") % told


def offers_with_answers(quote: Quote, user: User) -> list[dict[str, Any]]:
    """Return the counter-offers of a quote, each with the address to answer it where this person can."""
    found = counter_offers_of(quote)
    for one in found:
        offer = one["offer"]
        open_to_answer = one["answer"] is None and may_be_answered(offer, quote) and user.has_perm(MAY)
        one["answer_url"] = QUOTES.url("counter", quote.number, offer.pk) if open_to_answer else ""
    return found


def asked_for(quote: Quote, counter_offers: Sequence[dict[str, Any]]) -> Blocker | None:
    """Return the first counter-offer to the version in force that nobody has answered."""
    in_force = [one["offer"] for one in counter_offers if one["answer"] is None]
    waiting = [offer for offer in in_force if offer.version.number == quote.version_number]
    if not waiting:
        return None
    offer = waiting[-1]
    cause = _("%(name)s asked for other terms") % {"name": offer.name}
    return Blocker(cause, _("sales"), offer.at, _("answer line by line; it can still be accepted as it is"))
