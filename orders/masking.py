"""What a reason may tell to whom: cost and margin only to those who may see cost."""

from django.utils.translation import gettext as _

from oms.models import User
from orders.models import ApprovalRule, ApprovalStep
from orders.status import RuleFact


def may_see_cost(user: User) -> bool:
    return user.has_perm("inventory.view_cost")


def reason_for(user: User, rule: ApprovalRule, sentence: str) -> str:
    """Return why a rule asks, without the margin for those who must not see it."""
    if rule.fact == RuleFact.MARGIN_BELOW and not may_see_cost(user):
        return _("the margin is below what is allowed")
    return sentence


def step_reason_for(user: User, step: ApprovalStep) -> str:
    return reason_for(user, step.rule, step.reason)


def may_see_prices(user: User) -> bool:
    """Whether the user may see what customers pay; who sees orders for the warehouse's sake may not."""
    return user.has_perm("orders.view_quote") or not user.has_perm("orders.view_warehouse_orders")
