"""Everything that waits for somebody's decision, in one inbox: approvals, orders without credit, credit asked for."""

from typing import Any, NamedTuple

from django.db.models import QuerySet

from customers.models import CreditProposal
from oms.models import User
from orders.models import ApprovalRequest, holds_to_release

DECIDES = "orders.decide_approval"
OPENED_BY = (DECIDES, "orders.release_credit", "customers.change_creditaccount")


class Waiting(NamedTuple):
    """Rows that wait, the oldest first, and which of their columns tells since when."""

    rows: QuerySet[Any]
    since: str


def requests_for(user: User) -> Waiting:
    """Return the approvals that wait for the user; none for who decides none."""
    asked = ApprovalRequest.objects.waiting_for(user)
    return Waiting(asked if user.has_perm(DECIDES) else asked.none(), "requested_at")


def holds_for(user: User) -> Waiting:
    return Waiting(holds_to_release(user), "since")


def proposals_for(user: User) -> Waiting:
    return Waiting(CreditProposal.objects.waiting_for(user), "proposed_at")


def waiting_for(user: User) -> list[Waiting]:
    return [requests_for(user), holds_for(user), proposals_for(user)]
