"""Approvals: rules ask, people answer, and what was approved covers only what is no worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.errors import CannotDecide, NobodyForFloors
from orders.facts import Facts, as_agreed, covers, holds_for, passes, reopened
from orders.models import (
    ApprovalRequest,
    ApprovalRule,
    ApprovalStep,
    Decision,
    Hold,
    Order,
    Quote,
    QuoteVersion,
)
from orders.models.hands import hands_in
from orders.reasons import sentence
from orders.services.fact_finding import facts_about, hash_about
from orders.services.judging import judged_today
from orders.status import IN_WORK, HoldKind, OrderStatus, RequestStatus, RuleFact, Verdict


def rules_asking(facts: Facts) -> list[ApprovalRule]:
    """Return the active rules whose fact is out of bounds."""
    return [rule for rule in _active_rules() if passes(rule.fact, facts.get(rule.fact), rule.threshold)]


def _active_rules() -> list[ApprovalRule]:
    return list(ApprovalRule.objects.filter(active=True).select_related("approvers"))


@dataclass(frozen=True, slots=True)
class Agreed:
    """The facts that people approved of a document, and those it stands on though nobody had to.

    What it stands on has no tolerance: it may itself be within that of what was approved.
    """

    approved: Sequence[Facts] = ()
    standing: Sequence[Facts] = ()

    def holds_for(self, fact: str, now: Facts) -> bool:
        return holds_for(fact, [*self.standing, *self.approved], now)

    def covers(self, rule: ApprovalRule, now: Facts) -> bool:
        return holds_for(rule.fact, self.standing, now) or any(
            covers(rule, before, now) for before in self.approved
        )


def rules_to_ask(document: Order | Quote, facts: Facts, agreed: Agreed = Agreed()) -> list[ApprovalRule]:
    """Return the rules that ask for approval.

    Raise NobodyForFloors when a floor is broken that no rule is about, and nobody `agreed` to before.
    """
    active = _active_rules()
    about_floors = any(rule.fact == RuleFact.BELOW_FLOOR for rule in active)
    if not about_floors and not agreed.holds_for(RuleFact.BELOW_FLOOR, facts):
        raise NobodyForFloors(document.number)
    return [rule for rule in active if passes(rule.fact, facts.get(rule.fact), rule.threshold)]


def rules_in_the_way(document: Order | Quote, lines: Any) -> tuple[list[ApprovalRule], Facts]:
    """Return the rules that would ask if the document went on today as it is, and its facts."""
    facts = facts_about(document, lines, judged_today(document, lines))
    asks, _before = reopened(rules_asking(facts), facts_approved(document), facts)
    return asks, facts


def facts_approved(document: Order | Quote) -> list[Facts]:
    """Return what was approved of a document, the latest first."""
    approved = ApprovalRequest.objects.about(document).filter(status=RequestStatus.APPROVED)
    return list(approved.order_by("-pk").values_list("facts", flat=True))


def ask_for_order(order: Order, *, by: User | None) -> ApprovalRequest | None:
    """Ask for approval of a submitted order and hold it meanwhile; None when no rule asks."""
    question = _question(order, facts_about(order, order.lines), by=by)
    if not question.rules:
        return None
    submitted_by = order.submitted_by or by or order.created_by
    return _hold_and_ask(order, question, submitted_by=submitted_by, by=by)


@dataclass(frozen=True, slots=True)
class Question:
    """Which rules are asked, about which facts, and for which facts the approval will stand."""

    rules: list[ApprovalRule]
    facts: Facts
    stands_for: Facts


def _question(document: Order | Quote, facts: Facts, *, by: User | None) -> Question:
    """Return what has to be asked; the history says which rules still stand on an approval instead."""
    rules = rules_to_ask(document, facts)
    if not rules:
        return Question([], facts, facts)
    approved = facts_approved(document)
    asks, before = reopened(rules, approved, facts)
    kept = [rule for rule in rules if rule not in asks]
    if kept and (asks or not holds_for(RuleFact.TOTAL_ABOVE, [before], facts)):
        _record_kept(document, kept, by=by)
    return Question(asks, facts, as_agreed(kept, approved, facts))


def _record_kept(document: Order | Quote, kept: Iterable[ApprovalRule], *, by: User | None) -> None:
    """Say once which rules need no second answer."""
    note = ", ".join(rule.name for rule in kept)[:500]
    if not document.events.filter(kind="approval kept", note=note).exists():
        document.record("approval kept", by=by, note=note)


def _hold_and_ask(
    order: Order, question: Question, *, submitted_by: User | None, by: User | None
) -> ApprovalRequest:
    request = ApprovalRequest.objects.create(
        order=order,
        document_hash=hash_about(order, order.lines),
        facts=question.stands_for,
        submitted_by=submitted_by,
    )
    _add_steps(request, question)
    owner = question.rules[0].approvers
    Hold.objects.create(
        order=order, kind=HoldKind.APPROVAL, reason=reason_of(request), owner=owner, placed_by=by
    )
    return request


def facts_agreed(order: Order) -> Agreed:
    """Return the facts that were agreed of an order in work: those approved, and those it has unless it is held."""
    approved = facts_approved(order)
    if order.holds.open().filter(kind=HoldKind.APPROVAL).exists():
        return Agreed(approved)
    return Agreed(approved, standing=[facts_about(order, order.lines)])


def ask_about_change(order: Order, agreed: Agreed, *, by: User) -> list[tuple[ApprovalRule, str]]:
    """Ask about what a change of an order in work has made worse, and hold it meanwhile; return who asks and why.

    Each fact that was `agreed` before for the same address needs no second approval, nor a total within its rule's
    tolerance of what was approved. Who was asked before is not any more.
    """
    withdraw(order, by=by)
    facts = facts_about(order, order.lines)
    passed = rules_to_ask(order, facts, agreed)
    rules = [rule for rule in passed if not agreed.covers(rule, facts)]
    if rules:
        kept = [rule for rule in passed if rule not in rules]
        question = Question(rules, facts, as_agreed(kept, agreed.approved, facts))
        _hold_and_ask(order, question, submitted_by=by, by=by)
    return [(rule, sentence(rule, facts)) for rule in rules]


def ask_for_quote(quote: Quote, version: QuoteVersion, *, by: User | None) -> ApprovalRequest | None:
    """Ask for approval of a quote version before it is sent; None when no rule asks or it is approved."""
    question = _question(quote, facts_about(quote, version.lines), by=by)
    if not question.rules:
        return None
    request = ApprovalRequest.objects.create(
        quote_version=version,
        document_hash=hash_about(quote, version.lines),
        facts=question.stands_for,
        submitted_by=by or quote.created_by,
    )
    _add_steps(request, question)
    return request


def _add_steps(request: ApprovalRequest, question: Question) -> None:
    insert_rows(
        ApprovalStep,
        {
            "rule_id": [rule.pk for rule in question.rules],
            "approvers_id": [rule.approvers_id for rule in question.rules],
            "reason": [sentence(rule, question.facts) for rule in question.rules],
        },
        request=request,
        status=RequestStatus.PENDING,
    )


def reason_of(request: ApprovalRequest) -> str:
    """Return why the rules ask; what two of them say alike is said once."""
    return "; ".join(dict.fromkeys(request.steps.values_list("reason", flat=True)))[:500]


def groups_that_decide(request: ApprovalRequest) -> list[Group]:
    return list(Group.objects.filter(pk__in=request.steps.values("approvers")))


@transaction.atomic
def decide(request_id: int, verdict: Verdict, *, by: User, reason: str = "") -> ApprovalRequest:
    """Approve or reject every open step that waits for one of the person's groups.

    Approved by all, the document goes on; rejected by one, it is a draft again. Raise CannotDecide when
    the request is decided already, is the person's own, is none of theirs, or a rejection gives no reason.
    """
    document = _lock_document(request_id)
    request = lock_row(ApprovalRequest, request_id)
    steps = _open_steps(request, by)
    require_may_decide(request, steps, verdict, by=by, reason=reason)
    Decision.objects.bulk_create(
        Decision(
            step=step,
            verdict=verdict,
            reason=reason,
            document_hash=request.document_hash,
            by=by,
            submitted_by_id=request.submitted_by_id,
        )
        for step in steps
    )
    status = RequestStatus.APPROVED if verdict == Verdict.APPROVE else RequestStatus.REJECTED
    ApprovalStep.objects.filter(pk__in=[step.pk for step in steps]).update(status=status)
    _settle(request, document, verdict, by=by, reason=reason)
    return request


def _lock_document(request_id: int) -> Order | Quote:
    """Lock the document first: everybody takes documents before their approvals."""
    orders = Order.objects.filter(approvals=request_id)
    if orders.exists():
        return orders.locked().get()
    return Quote.objects.filter(versions__approvals=request_id).locked().get()


def _open_steps(request: ApprovalRequest, by: User) -> list[ApprovalStep]:
    return list(request.steps.filter(status=RequestStatus.PENDING, approvers__in=by.groups.all()))


def require_may_decide(
    request: ApprovalRequest, steps: list[ApprovalStep], verdict: Verdict, *, by: User, reason: str
) -> None:
    """Raise CannotDecide, with the reason, unless this person may give this verdict now."""
    document = request.document
    named = {"document": document}
    if request.status != RequestStatus.PENDING:
        raise CannotDecide(_("%(document)s was decided already; reload the inbox.") % named)
    if by.pk in {request.submitted_by_id, *hands_in(document)}:
        raise CannotDecide(_("%(document)s is your own; somebody else has to decide.") % named)
    if not steps:
        raise CannotDecide(_("%(document)s does not wait for you.") % named)
    if verdict == Verdict.REJECT and not reason:
        raise CannotDecide(_("Say why %(document)s is rejected.") % named)


def _settle(
    request: ApprovalRequest, document: Order | Quote, verdict: Verdict, *, by: User, reason: str
) -> None:
    if verdict == Verdict.REJECT:
        _close(request, RequestStatus.REJECTED)
        _send_back(document, by=by, reason=reason)
    elif request.steps.filter(status=RequestStatus.PENDING).exists():
        document.record("approved in part", by=by, note=reason)
    else:
        _close(request, RequestStatus.APPROVED)
        document.record("approved", by=by, note=reason)
        release_hold(document, HoldKind.APPROVAL, by=by)


def _close(request: ApprovalRequest, status: RequestStatus) -> None:
    request.status, request.decided_at = status, timezone.now()
    request.save(update_fields=["status", "decided_at"])


def _send_back(document: Order | Quote, *, by: User | None, reason: str) -> None:
    """The document is a draft again; the change of an order in work stays held until it is changed otherwise."""
    if document.status in IN_WORK:
        document.record("change rejected", by=by, note=reason)
        _keep_held(document, reason)
        return
    release_hold(document, HoldKind.APPROVAL, by=by)
    if document.can_become(OrderStatus.DRAFT):
        document.move_to(OrderStatus.DRAFT, by=by, note=reason)
    else:
        document.record("change rejected", by=by, note=reason)


def _keep_held(order: Any, reason: str) -> None:
    told = _("The change was rejected: %(reason)s. Change the order again, or cancel it.") % {
        "reason": reason
    }
    order.holds.open().filter(kind=HoldKind.APPROVAL).update(reason=told[:500], owner=None)


def release_hold(document: Order | Quote, *kinds: HoldKind, by: User | None) -> None:
    """Close the open holds of these kinds, if the document has any."""
    if isinstance(document, Order):
        document.holds.open().filter(kind__in=kinds).update(released_at=timezone.now(), released_by=by)


def withdraw(document: Order | Quote, *also: HoldKind, by: User | None) -> None:
    """Nobody has to decide any more: the pending request is withdrawn with its hold, as are `also` those."""
    pending = ApprovalRequest.objects.filter(status=RequestStatus.PENDING)
    mine = (
        pending.filter(order=document)
        if isinstance(document, Order)
        else pending.filter(quote_version__quote=document)
    )
    mine.update(status=RequestStatus.WITHDRAWN, decided_at=timezone.now())
    release_hold(document, HoldKind.APPROVAL, *also, by=by)
