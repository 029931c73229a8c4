"""Everything that waits for somebody's decision, in one inbox: approvals, orders without credit, credit asked for."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from customers.models import CreditProposal
from oms.models import User
from orders.models import ApprovalRequest, ApprovalStep, Order, holds_to_release
from orders.models.hands import has_a_hand
from orders.status import RequestStatus

MOST_NAMED = 3
NAME = ("first_name", "last_name", "username")
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


def who_decides(orders: Iterable[int]) -> dict[int, str]:
    """Name for each of these orders who may decide on what waits for it; more than three by their roles.

    One statement for all. Nobody is named who may not see the customer, or had a hand in the order.
    """
    waiting = {"status": RequestStatus.PENDING, "request__status": RequestStatus.PENDING}
    steps = ApprovalStep.objects.filter(**waiting, request__order__in=list(orders))
    may = ExpressionWrapper(_may_decide("approvers__user"), output_field=BooleanField())
    columns = ("request__order_id", "approvers__name", *(f"approvers__user__{name}" for name in NAME))
    people: dict[int, dict[str, None]] = {}
    roles: dict[int, dict[str, None]] = {}
    for order, role, *name, decides in steps.order_by("pk", *columns).values_list(*columns, may):
        roles.setdefault(order, {})[role] = None
        people.setdefault(order, {})
        if decides:
            people[order][str(User(**dict(zip(NAME, name, strict=True))))] = None
    return {pk: ", ".join(people[pk] if 0 < len(people[pk]) <= MOST_NAMED else roles[pk]) for pk in roles}


def _may_decide(person: str) -> Q:
    """Return for steps about orders whether somebody of those asked may decide: the right, the sight, no hand in it."""
    holders = User.objects.with_perm
    customer = "request__order__customer"
    sees = (
        Q(**{f"{person}__in": holders("customers.view_all_customers")})
        | Q(**{person: F(f"{customer}__rep")})
        | Q(**{f"{person}__in": holders("customers.view_team_customers")})
        & Q(**{f"{person}__sales_teams": F(f"{customer}__team")})
    )
    own = Q(**{person: F("request__submitted_by")}) | has_a_hand(person, "request__order", Order)
    return Q(**{f"{person}__in": holders(DECIDES)}) & sees & ~own
