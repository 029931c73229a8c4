"""Easier terms of credit that one person asked for, decided by another."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.errors import CreditRefused
from customers.models import CreditAccount, CreditChange, CreditProposal
from customers.services.crediting import terms_of
from customers.status import CreditProposalStatus
from oms.errors import NotAllowed, Stale
from oms.models import User
from oms.rows import lock_row

LONGEST_NOTE = 200


@transaction.atomic
def put_credit_in_force(proposal_id: int, *, by: User, seen: int | None = None) -> CreditProposal:
    """Grant what somebody else has asked for; `seen` is the account's last change when it was looked at, 0 for none.

    Raise NotAllowed for one's own, CreditRefused for what is decided, Stale when something else was granted meanwhile.
    """
    proposal = _held(proposal_id)
    if proposal.proposed_by_id == by.pk:
        told = {"customer": proposal.account}
        raise NotAllowed(
            _("You asked for the credit of %(customer)s; somebody else has to put it in force.") % told
        )
    if seen is not None and seen != last_change(proposal.account):
        told = {"customer": proposal.account}
        raise Stale(_("The credit of %(customer)s has been changed meanwhile; look at it again.") % told)
    _decide(proposal, CreditProposalStatus.IN_FORCE, by=by)
    terms = terms_of(proposal)._asdict()
    CreditChange.objects.create(
        account=proposal.account, proposal=proposal, by=by, note=proposal.note, **terms
    )
    return proposal


@transaction.atomic
def turn_down_credit(proposal_id: int, *, by: User, note: str = "") -> CreditProposal:
    """Leave the credit as it is. Who asked may take it back; anybody else says why. Raise CreditRefused."""
    proposal = _held(proposal_id)
    if not note and proposal.proposed_by_id != by.pk:
        told = {"who": proposal.proposed_by, "customer": proposal.account}
        raise CreditRefused(_("Say why, so that %(who)s knows what to do about %(customer)s.") % told)
    _decide(proposal, CreditProposalStatus.TURNED_DOWN, by=by, note=note)
    return proposal


def last_change(account: CreditAccount) -> int:
    """Return the id of what was granted last; 0 when nothing was."""
    return account.changes.order_by("pk").values_list("pk", flat=True).last() or 0


def _held(proposal_id: int) -> CreditProposal:
    """Return a proposal that waits, held with its account, which comes first wherever credit is granted."""
    account_id = CreditProposal.objects.values_list("account_id", flat=True).get(pk=proposal_id)
    account = lock_row(CreditAccount, account_id, "customer", "currency")
    proposal = CreditProposal.objects.select_related("proposed_by").locked().get(pk=proposal_id)
    proposal.account = account
    if proposal.status != CreditProposalStatus.WAITING:
        told = {"customer": account, "status": proposal.get_status_display()}
        raise CreditRefused(
            _("What was asked for %(customer)s is %(status)s already; reload the page.") % told
        )
    return proposal


def _decide(proposal: CreditProposal, status: CreditProposalStatus, *, by: User, note: str = "") -> None:
    proposal.status, proposal.decided_by, proposal.decision_note = status, by, note[:LONGEST_NOTE]
    proposal.decided_at = timezone.now()
    proposal.save(update_fields=["status", "decided_by", "decision_note", "decided_at"])
