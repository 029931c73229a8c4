"""Who of the customer has to accept a quote: chosen while its version is drafted, shown with who has."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from orders.forms import DecidersForm
from orders.models import Quote, QuoteVersion
from orders.services.deciding import set_deciders, turns_of
from orders.status import Deciding, QuoteStatus
from orders.views.kinds import Kind, StaffRequest

MAY = "orders.send_quote"


def choose(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Say who has to accept the version that is drafted, and come back."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    quote: Quote = kind.find(request, number)
    form = DecidersForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        _set(request, quote, form.cleaned_data)
    return HttpResponseRedirect(kind.url("change", quote.pk) + "#deciders")


def _set(request: StaffRequest, quote: Quote, given: dict[str, Any]) -> None:
    try:
        set_deciders(quote.pk, Deciding(given["rule"]), given["people"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is kept who has to accept %(quote)s.") % {"quote": quote})


def deciders_of(quote: Quote, version: QuoteVersion, kind: Kind, user: User) -> dict[str, Any]:
    """Return what the quote's page says about who decides on its version in force."""
    turns, may = turns_of(version), user.has_perm(MAY)
    people = "\n".join(", ".join(filter(None, [t.decider.name, t.decider.email])) for t in turns)
    return {
        "turns": turns,
        "deciding": version.get_deciding_display(),
        "deciders_form": DecidersForm(initial={"rule": version.deciding, "people": people}),
        "deciders_url": kind.url("deciders", quote.number) if may and version.sent_at is None else "",
        "decider_link_url": kind.url("link", quote.number)
        if may and quote.status == QuoteStatus.SENT
        else "",
    }
