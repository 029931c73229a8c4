"""What was asked about a document, by whom it is decided, and what holds it: told as this user may read it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from oms.models import User
from orders.masking import hold_reason_for, step_reason_for
from orders.models import ApprovalRequest, Order, Quote
from orders.models.hands import hands_in
from orders.services.usual_waits import usual_waits
from orders.status import IN_WORK, HoldKind, RequestStatus
from orders.waiting import Blocker


def approvals_of(document: Order | Quote, user: User) -> list[dict[str, Any]]:
    """Return what was asked about a document with its steps and decisions, told as this user may read them."""
    found = (
        ApprovalRequest.objects.about(document)
        .select_related("submitted_by", "quote_version")
        .order_by("-pk")
    )
    rows = list(found.prefetch_related("steps__rule", "steps__approvers", "steps__decision__by"))
    usual = usual_waits(step.rule_id for request in rows for step in _undecided(request))
    return [_approval(request, document, user, usual) for request in rows]


def _undecided(request: ApprovalRequest) -> list[Any]:
    if request.status != RequestStatus.PENDING:
        return []
    return [step for step in request.steps.all() if step.status == RequestStatus.PENDING]


def _approval(
    request: ApprovalRequest, document: Any, user: User, usual: Mapping[int, timedelta]
) -> dict[str, Any]:
    mine = {group.pk for group in user.groups.all()}
    steps = list(request.steps.all())
    pending = _undecided(request)
    return {
        "request": request,
        "steps": [
            {"step": s, "reason": step_reason_for(user, s), "decision": getattr(s, "decision", None)}
            for s in steps
        ],
        "blockers": [
            Blocker(
                step_reason_for(user, step),
                step.approvers.name,
                request.requested_at,
                _("approve or reject it"),
                usual.get(step.rule_id),
            )
            for step in pending
        ],
        "is_mine": any(step.approvers_id in mine for step in pending)
        and user.pk not in {request.submitted_by_id, *hands_in(document)},
    }


def blockers_of(holds: list[Any], approvals: list[dict[str, Any]], user: User) -> list[Blocker]:
    """Return what stands in the way, for the reasons that this user may read."""
    asked = [blocker for approval in approvals for blocker in approval["blockers"]]
    by_hand = [
        Blocker(hold.reason, str(hold.owner or hold.placed_by or ""), hold.since, _("let it go on"))
        for hold in holds
        if hold.kind == HoldKind.MANUAL
    ]
    refused = [
        Blocker(
            _("the change was rejected"),
            _("who sells"),
            hold.since,
            _("change it again, or cancel it"),
        )
        for hold in holds
        if hold.kind == HoldKind.APPROVAL and not asked
    ]
    return asked + refused + by_hand + [_credit(hold, user) for hold in holds if hold.kind == HoldKind.CREDIT]


def _credit(hold: Any, user: User) -> Blocker:
    """A hold for credit is asked about again by whoever confirms, and by the clock once the order is confirmed."""
    owner = str(hold.owner or _("who grants credit"))
    is_confirmed = hold.order.status in IN_WORK
    next_step = (
        _("release it, or wait until there is credit again")
        if is_confirmed
        else _("release it, or confirm it again once there is credit")
    )
    return Blocker(hold_reason_for(user, hold), owner, hold.since, next_step, ends_by_itself=True)


def told_of(hold: Any, user: User) -> dict[str, Any]:
    if hold.kind != HoldKind.APPROVAL:
        return {"hold": hold, "reason": hold_reason_for(user, hold)}
    return {"hold": hold, "reason": _("an approval rule asks; see Approvals")}
