"""The links by which a customer reads and answers a quote, or follows an order: made, told once, revoked."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from orders.letters import address_of_link, address_to_follow
from orders.models import Order, OrderLink, Quote, QuoteAnswer, QuoteLink
from orders.services.answering import make_link, revoke_links
from orders.services.following import make_order_link, revoke_order_links
from orders.status import OrderStatus, QuoteStatus
from orders.views.kinds import Kind, StaffRequest

MAY = "orders.send_quote"
MAY_FOLLOW = "orders.submit_order"
MOST = 20


def make_for_order(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Make a link by which the customer follows the order, and tell it, this once."""
    order = _mine(request, kind, number, MAY_FOLLOW)
    try:
        token = make_order_link(order.pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, address_to_follow(token) or request.build_absolute_uri(f"/t/{token}/"))
    return HttpResponseRedirect(kind.url("change", order.pk))


def revoke_for_order(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Close every link by which the customer follows the order."""
    order = _mine(request, kind, number, MAY_FOLLOW)
    revoke_order_links(order.pk, by=request.user)
    return _revoked(request, kind, order)


def links_of_order(order: Order, kind: Kind, user: User) -> dict[str, Any]:
    """Return what the order's page says about the customer's links."""
    may = user.has_perm(MAY_FOLLOW)
    links = list(order.links.select_related("made_by").order_by("-pk")[:MOST])
    return {
        "order_links": links,
        "follow_url": kind.url("link", order.number) if may and order.status != OrderStatus.DRAFT else "",
        "unfollow_url": kind.url("revoke", order.number) if may and _any_open(links) else "",
    }


def _any_open(links: Iterable[OrderLink]) -> bool:
    return any(link.revoked_at is None and link.expires_at > timezone.now() for link in links)


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
        _tell(request, link)
    return HttpResponseRedirect(kind.url("change", quote.pk))  # to its top, where the link is told


def _tell(request: StaffRequest, link: str) -> None:
    messages.success(request, _("Copy the link now, it is not shown again: %(link)s") % {"link": link})


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
    return _revoked(request, kind, quote)


def _revoked(request: StaffRequest, kind: Kind, document: Order | Quote) -> HttpResponse:
    messages.success(request, _("No link opens %(document)s any more.") % {"document": document})
    return HttpResponseRedirect(kind.url("change", document.pk))


def _mine(request: StaffRequest, kind: Kind, number: str, right: str = MAY) -> Any:
    if not request.user.has_perm(right):
        raise PermissionDenied
    return kind.find(request, number)


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
