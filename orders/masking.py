"""What a reason may tell to whom: cost and margin only to those who may see cost."""

from collections.abc import Iterable

from django.db.models import Case, F, Value, When
from django.utils.functional import Promise as StrPromise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.masking import may_see_cost
from oms.models import User
from orders.models import ApprovalRule, ApprovalStep, Hold, Order
from orders.status import OF_A_HOLD, HoldKind, RuleFact

__all__ = [
    "credit_reason_for",
    "hold_reason_for",
    "kept_back_for",
    "may_see_cost",
    "may_see_credit",
    "may_see_prices",
    "reason_for",
    "reason_of_holds",
    "reasons_for",
    "step_reason_for",
]
OF_THE_COST = {
    RuleFact.MARGIN_BELOW: gettext_lazy("the margin is below what is allowed"),
    RuleFact.BELOW_FLOOR: gettext_lazy("a price is below its floor"),
}


def reason_for(user: User, rule: ApprovalRule, sentence: str) -> str:
    """Return why a rule asks, without margins and floors for those who must not see cost."""
    if may_see_cost(user):
        return sentence
    return str(OF_THE_COST.get(RuleFact(rule.fact), sentence))


def step_reason_for(user: User, step: ApprovalStep) -> str:
    return reason_for(user, step.rule, step.reason)


def reasons_for(user: User, steps: Iterable[ApprovalStep]) -> tuple[str, ...]:
    """Return the reasons of these steps as this user may read them; what two of them say alike is said once."""
    return tuple(dict.fromkeys(step_reason_for(user, step) for step in steps))


def may_see_credit(user: User) -> bool:
    """Whether the user may see what customers owe, of those whom the user sees."""
    return user.has_perm("customers.view_creditaccount")


def hold_reason_for(user: User, hold: Hold) -> str:
    """Return why an order is held; what approval rules ask may be of margins and floors, and credit has its figures."""
    hidden = _hidden_from(user)
    return str(hidden[hold.kind]) if hold.kind in hidden else hold.reason


def credit_reason_for(user: User, why: str) -> str:
    """Return why an order would wait for credit; nothing when it would not."""
    return why if not why or may_see_credit(user) else str(OF_A_HOLD[HoldKind.CREDIT])


def kept_back_for(user: User, order: Order) -> str:
    """Say that an order goes no further for want of credit, as much as this user may read of why, and what helps."""
    hold = order.holds.filter(kind=HoldKind.CREDIT).latest("pk")  # it may have been released meanwhile
    what = _(
        "%(order)s is kept back: %(why)s. Who grants credit finds it among the approvals; when there is credit again "
        "it may go on."
    )
    return what % {"order": order, "why": hold_reason_for(user, hold)}


def reason_of_holds(user: User) -> Case:
    """Return for a set of holds what `hold_reason_for` returns for one."""
    hidden = _hidden_from(user)
    return Case(
        *(When(kind=kind, then=Value(str(said))) for kind, said in hidden.items()), default=F("reason")
    )


def _hidden_from(user: User) -> dict[str, StrPromise]:
    """Return by the kinds of holds whose reasons this user may not read what is said instead."""
    seen = {HoldKind.APPROVAL: may_see_cost(user), HoldKind.CREDIT: may_see_credit(user)}
    return {kind: OF_A_HOLD[kind] for kind, sees in seen.items() if not sees}


def may_see_prices(user: User) -> bool:
    """Whether the user may see what customers pay; who sees orders for the warehouse's sake may not."""
    return user.has_perm("orders.view_quote") or not user.has_perm("orders.view_warehouse_orders")
