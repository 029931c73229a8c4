"""The page on which a customer reads one version of a quote and answers it. Reading changes nothing."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from oms.company import company_of, name_of
from oms.contention import again_after_ties
from oms.downloads import as_download
from oms.errors import IllegalMove, Refused
from oms.languages import in_language_of
from oms.limits import address_of, is_too_often
from orders.errors import AcceptedBeside
from orders.forms import AnswerForm
from orders.models import IssuedDocument, Quote, QuoteAnswer, QuoteLink
from orders.services.answering import Answer, DeadLink, answer_by_link, open_link
from orders.services.deciding import Turn, is_last, turns_of
from orders.services.delivering import delivery_of
from orders.services.meeting import answer_in
from orders.services.quoting import Expired, has_expired
from orders.services.stock_holds import held_for
from orders.services.sums import sums_of
from orders.status import Deciding, QuoteStatus

MOST_DEAD, MOST_ANSWERS = 30, 20  # a minute, from one address
MOST_LINES = 60  # on the page, which stays under 50 kB; the PDF has all
OF_NO_USE = {"replaced", "revised"}  # another version is to be read, or will be
CAN_BE_ACCEPTED = {"open", "read", "waits", "consented"}
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}

View = Callable[..., HttpResponse]


def opened_by(find: Callable[[str], Any]) -> Callable[[View], View]:
    """Open a page, in its customer's language, to who holds a link that `find` finds.

    A dead one gets the same page whatever it was, in the language of its reader.
    """

    def open_page(view: View) -> View:
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            try:
                link = find(token)
                with in_language_of(link.customer.language, company_of(request)):
                    response = view(request, token, link)
            except DeadLink:
                response = _dead(request)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return opened

    return open_page


for_customers = opened_by(open_link)


# No cookie says who asks, the token in the address does: another site can forge nothing with it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def quote(request: HttpRequest, token: str, link: QuoteLink) -> HttpResponse:
    """Show the version of the link; take an answer by POST, and show the first one for ever after."""
    if request.method != "POST":
        return _page(request, token, link)
    if is_too_often(address_of(request) or "nowhere", "answer", MOST_ANSWERS):
        return said(request, 429, _("That was very often. Please wait a minute and try again."))
    form = AnswerForm(request.POST, po_required=_po_required(link, turns_of(link.version)))
    if not form.is_valid():
        return _page(request, token, link, form, status=422)
    given = form.cleaned_data
    answer = Answer(form.accepts, given["name"], given["customer_po"], given["reason"])
    try:
        again_after_ties(lambda: answer_by_link(token, answer, ip=address_of(request)))
    except IllegalMove:
        pass  # it was answered before; the page shows by whom
    except (Expired, AcceptedBeside):
        return _page(
            request, token, open_link(token), form, status=409
        )  # which says so in the customer's words
    except DeadLink:
        raise
    except Refused as refusal:
        return _page(request, token, open_link(token), form, status=409, refusal=str(refusal))
    return HttpResponseRedirect(reverse("public:quote", args=[token]))


@require_safe
@for_customers
def paper(request: HttpRequest, token: str, link: QuoteLink) -> HttpResponse:
    """Send the version's PDF, exactly as it went out with the letter."""
    found = IssuedDocument.objects.filter(quote_version=link.version_id).first()
    if found is None:
        return said(request, 404, _("The PDF is being made. Please try again in a minute."))
    return as_download(bytes(found.content), found.file_name, "application/pdf")


def _page(
    request: HttpRequest,
    token: str,
    link: QuoteLink,
    form: AnswerForm | None = None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    version, turns = link.version, turns_of(link.version)
    state = state_of(link, turns)
    lines = version.lines.select_related("product", "unit").order_by("position")
    count = 0 if state in OF_NO_USE else lines.count()
    context = {
        **around(request),
        "quote": version.quote,
        "version": version,
        "sums": sums_of(version),
        "state": state,
        "newer": state_of_quote(version.quote) if state == "replaced" else "",
        "lines": lines[:MOST_LINES] if count else [],
        "count": count,
        "held": held_for(version) if count else None,
        "delivery": delivery_of(version) if state in CAN_BE_ACCEPTED else None,
        "more": max(0, count - MOST_LINES),
        "answer": QuoteAnswer.objects.filter(version=version).first(),
        "our_answer": answer_in(version) if version.number > 1 else None,
        **_beside(version.quote),
        "turns": turns,
        "next": next((turn.decider for turn in turns if turn.is_next), None),
        "is_written_to": bool(link.decider and link.decider.email),
        "po_required": _po_required(link, turns),
        "form": form or AnswerForm(initial={"name": link.decider.name if link.decider else ""}),
        "refusal": refusal,
        "counter_url": reverse("public:quote_counter", args=[token]),
        "pdf_url": reverse("public:quote_pdf", args=[token]),
        "has_pdf": IssuedDocument.objects.filter(quote_version=version).exists(),
    }
    return render(request, "public/quote.html", context, status=status)


def _beside(quote: Quote) -> dict[str, Any]:
    """Return the numbers of the alternatives that are open beside a quote, and of the one that was accepted instead."""
    found = Quote.objects.beside(quote).select_related("customer").order_by("pk")
    taken = [one.number for one in found if one.status in (QuoteStatus.ACCEPTED, QuoteStatus.ORDERED)]
    sent = (one for one in found if one.status == QuoteStatus.SENT and not has_expired(one))
    return {"instead": ", ".join(taken), "beside": ", ".join(one.number for one in sent)}


def _po_required(link: QuoteLink, turns: Sequence[Turn]) -> bool:
    """Whether this answer needs a number: the one that decides does, when the customer orders with one."""
    decides = link.version.deciding == Deciding.ANY or is_last(turns, link.decider)
    return bool(link.version.quote.customer.po_required) and decides


def state_of(link: QuoteLink, turns: Sequence[Turn]) -> str:
    """Return what the customer can do with the version: answer it, or read why not."""
    quote = link.version.quote
    if quote.status == QuoteStatus.CANCELLED:
        return "withdrawn"
    if quote.status in (QuoteStatus.DRAFT, QuoteStatus.WAITING):
        return "revised"
    if link.version.number != quote.version_number:
        return "replaced"
    if (state := state_of_quote(quote)) != "open":
        return state
    return _turn(link, turns) if turns else "open"


def state_of_quote(quote: Quote) -> str:
    """Return what has become of the version in force of a quote that was sent: open, answered or expired."""
    if quote.status in (QuoteStatus.ACCEPTED, QuoteStatus.ORDERED, QuoteStatus.DECLINED):
        return "answered"
    return "expired" if has_expired(quote) else "open"


def _turn(link: QuoteLink, turns: Sequence[Turn]) -> str:
    """Return what the link's person can do where it is said who has to accept."""
    mine = next((turn for turn in turns if turn.decider.pk == link.decider_id), None)
    if mine is None:
        return "read"
    if mine.consent is not None:
        return "consented"
    return "open" if mine.is_next else "waits"


def _dead(request: HttpRequest) -> HttpResponse:
    if is_too_often(address_of(request) or "nowhere", "dead link", MOST_DEAD):
        return said(request, 429, _("That was very often. Please wait a minute and try again."))
    return said(request, 404, _("This link is no longer valid. Please ask us for a new one."))


def said(request: HttpRequest, status: int, text: str) -> HttpResponse:
    return render(request, "public/said.html", {**around(request), "text": text}, status=status)


def around(request: HttpRequest) -> dict[str, Any]:
    company = company_of(request)
    return {"company": company, "company_name": name_of(company)}
