"""The page on which a customer asks for other prices or quantities than a version of a quote has."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oms.contention import again_after_ties
from oms.errors import Refused
from oms.limits import address_of, is_too_often
from oms.text import clean
from orders.models import QuoteLine, QuoteLink
from orders.pasting.numbers import read_in_language
from orders.services.answering import DeadLink, open_link
from orders.services.deciding import turns_of
from orders.services.negotiating import Counter, Wanted, counter_by_link, lines_to_counter
from orders.views.public import CAN_BE_ACCEPTED, MOST_ANSWERS, around, for_customers, said, state_of

MOST_LINES = 40  # with their fields on a page under 50 kB; what is about others is said in words


# As on the page of the quote, no cookie says who asks.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def counter(request: HttpRequest, token: str, link: QuoteLink) -> HttpResponse:
    """Show the lines with fields for what is wanted instead; keep it by POST."""
    if not _is_open(link):
        return _to_the_quote(token)
    lines = lines_to_counter(link.version_id, MOST_LINES)
    if request.method != "POST" and "kept" in request.GET:
        thanks = _("Thank you, we have got it and will answer. The quote can still be accepted.")
        return said(request, 200, thanks)
    if request.method != "POST":
        return _page(request, token, link, lines)
    if is_too_often(address_of(request) or "nowhere", "answer", MOST_ANSWERS):
        return said(request, 429, _("That was very often. Please wait a minute and try again."))
    problems: list[str] = []
    wanted = _read(request, lines, problems)
    if problems:
        return _page(request, token, link, lines, problems, status=422)
    try:
        again_after_ties(lambda: counter_by_link(token, wanted, ip=address_of(request)))
    except DeadLink:
        raise
    except Refused as refusal:
        # it may have ended just now, which its own page says in the customer's words
        if not _is_open(open_link(token)):
            return _to_the_quote(token)
        return _page(request, token, link, lines, [str(refusal)], status=409)
    return HttpResponseRedirect(f"{reverse('public:quote_counter', args=[token])}?kept")


def _is_open(link: QuoteLink) -> bool:
    return state_of(link, turns_of(link.version)) in CAN_BE_ACCEPTED


def _to_the_quote(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("public:quote", args=[token]))


def _read(request: HttpRequest, lines: Sequence[QuoteLine], problems: list[str]) -> Counter:
    """Return what was filled in; `problems` has what cannot be read, by line."""
    name = clean(request.POST.get("name", ""))[:120]
    if not name:
        problems.append(_("Please tell us your name."))
    wanted = {line.position: _wanted(request, line, problems) for line in lines}
    comment = clean(request.POST.get("comment", ""))[:1000]
    return Counter(name, comment, {n: one for n, one in wanted.items() if one != Wanted()})


def _wanted(request: HttpRequest, line: QuoteLine, problems: list[str]) -> Wanted:
    texts = {what: clean(request.POST.get(f"{what}-{line.position}", "")) for what in ("q", "p", "c")}
    found: dict[str, Any] = {"comment": texts["c"][:300]}
    for what, column in (("q", "quantity"), ("p", "price")):
        try:
            number = read_in_language(texts[what]) if texts[what] else None
        except ValueError as error:
            problems.append(f"{line.product.sku}: {error}")
            continue
        if number is not None and (number < 0 or number != round(number, 6) or (what == "q" and not number)):
            problems.append(
                _("%(sku)s: “%(text)s” cannot be.") % {"sku": line.product.sku, "text": texts[what][:40]}
            )
            continue
        found[column] = number
    return Wanted(**found)


def _page(
    request: HttpRequest,
    token: str,
    link: QuoteLink,
    lines: Sequence[QuoteLine],
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    typed = request.POST
    context = {
        **around(request),
        "quote": link.version.quote,
        "version": link.version,
        "rows": [
            (line, *(typed.get(f"{what}-{line.position}", "")[:300] for what in ("q", "p", "c")))
            for line in lines
        ],
        "name": typed.get("name", link.decider.name if link.decider else "")[:120],
        "words": typed.get("comment", "")[:1000],
        "more": max(0, link.version.lines.count() - MOST_LINES),
        "problems": problems,
        "quote_url": reverse("public:quote", args=[token]),
    }
    return render(request, "public/counter.html", context, status=status)
