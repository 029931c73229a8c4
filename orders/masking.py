"""What a reason may tell to whom: cost and margin only to those who may see cost."""

from django.utils.translation import gettext_lazy

from customers.masking import may_see_cost
from oms.models import User
from orders.models import ApprovalRule, ApprovalStep, Hold
from orders.status import HoldKind, RuleFact

__all__ = ["hold_reason_for", "may_see_cost", "may_see_prices", "reason_for", "step_reason_for"]
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


def hold_reason_for(user: User, hold: Hold) -> str:
    """Return why an order is held; what approval rules ask may be of margins and floors."""
    if hold.kind == HoldKind.MANUAL or may_see_cost(user):
        return hold.reason
    return str(gettext_lazy("an approval rule asks; see the order"))


def may_see_prices(user: User) -> bool:
    """Whether the user may see what customers pay; who sees orders for the warehouse's sake may not."""
    return user.has_perm("orders.view_quote") or not user.has_perm("orders.view_warehouse_orders")
