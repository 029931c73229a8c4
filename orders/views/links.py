"""The links by which a customer reads and answers a quote: made, told once, revoked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from orders.emails import address_of_link
from orders.models import Quote, QuoteAnswer, QuoteLink
from orders.services.answering import make_link, revoke_links
from orders.status import QuoteStatus
from orders.views.kinds import Kind, StaffRequest

MAY = "orders.send_quote"
MOST = 20


def make(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Make a link to the version in force and tell it, this once: on the page, or to the script that copies it."""
    quote = _mine(request, kind, number)
    is_for_script = request.headers.get("Accept") == "application/json"
    try:
        link = _new_link(request, quote)
    except Refused as refusal:
        if is_for_script:
            return JsonResponse({"refused": str(refusal)}, status=422)
        messages.error(request, str(refusal))
    else:
        if is_for_script:
            return JsonResponse({"said": _said(quote, link)})
        messages.success(request, _("Copy the link now, it is not shown again: %(link)s") % {"link": link})
    return HttpResponseRedirect(kind.url("change", quote.pk))  # to its top, where the link is told


def _new_link(request: StaffRequest, quote: Quote) -> str:
    chosen = request.POST.get("decider", "")
    decider = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    token = make_link(quote.pk, by=request.user, decider_id=decider)
    return address_of_link(token) or request.build_absolute_uri(f"/q/{token}/")


def _said(quote: Quote, link: str) -> str:
    """Return what is said to the customer with the link."""
    told = {"quote": quote, "n": quote.version_number, "day": date_format(quote.valid_until), "link": link}
    return _("Our quote %(quote)s v%(n)s, valid until the end of %(day)s: %(link)s") % told


def revoke(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Close every link to the quote."""
    quote = _mine(request, kind, number)
    revoke_links(quote.pk, by=request.user)
    messages.success(request, _("No link opens %(quote)s any more.") % {"quote": quote})
    return HttpResponseRedirect(kind.url("change", quote.pk))


def _mine(request: StaffRequest, kind: Kind, number: str) -> Quote:
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    quote: Quote = kind.find(request, number)
    return quote


def links_of(quote: Quote, kind: Kind, user: User) -> dict[str, Any]:
    """Return what the quote's page says about its links and the customer's answers."""
    links = QuoteLink.objects.filter(version__quote=quote).select_related(
        "version__quote", "made_by", "decider"
    )
    answers = QuoteAnswer.objects.filter(version__quote=quote).select_related("version__quote", "by")
    may = user.has_perm(MAY)
    return {
        "links": list(links.order_by("-pk")[:MOST]),
        "answers": answers.order_by("-pk"),
        "link_url": kind.url("link", quote.number) if may and quote.status == QuoteStatus.SENT else "",
        "revoke_url": kind.url("revoke", quote.number) if may else "",
        "has_open_links": QuoteLink.objects.alive().filter(version__quote=quote).exists(),
    }
