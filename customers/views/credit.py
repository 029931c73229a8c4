"""Credit that somebody asked for is decided by somebody else, on the account's page or in the inbox."""

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.models import CreditAccount, CreditProposal
from customers.services.credit_proposals import LONGEST_NOTE, put_credit_in_force, turn_down_credit
from inventory.views.pages import actor, require, told
from oms.navigation import address
from oms.text import clean

INBOX = "admin:orders_approvalrequest_inbox"


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what waits for this account in force, or turn it down, and lead back to where that was decided."""
    require(request, "customers.change_creditaccount")
    account = get_object_or_404(CreditAccount.objects.visible_to(actor(request)), pk=pk)
    proposal = get_object_or_404(account.proposals.all(), pk=_number(request, "proposal"))
    verdict = request.POST.get("verdict")
    if verdict == "approve":
        told(request, lambda: _put_in_force(request, proposal))
    elif verdict == "reject":
        told(request, lambda: _turn_down(request, proposal))
    else:
        raise BadRequest("verdict is approve or reject")
    if request.POST.get("back") == "inbox" and (inbox := address(INBOX)):
        return redirect(inbox)
    return redirect("admin:customers_creditaccount_change", pk)


def _put_in_force(request: HttpRequest, proposal: CreditProposal) -> str:
    put_credit_in_force(proposal.pk, by=actor(request), seen=_number(request, "seen"))
    return _("The credit of %(customer)s is in force.") % {"customer": proposal.account}


def _turn_down(request: HttpRequest, proposal: CreditProposal) -> str:
    note = clean(request.POST.get("reason", ""))[:LONGEST_NOTE]
    turn_down_credit(proposal.pk, by=actor(request), note=note)
    return _("The credit of %(customer)s stays as it is.") % {"customer": proposal.account}


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadRequest(f"{name} is a number")
    return int(value)


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the address that decides."""
    return [path("<int:pk>/decide/", site.admin_view(decide), name="customers_creditaccount_decide")]
