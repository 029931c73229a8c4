"""What stands under the lines of a draft: its total, its margin for those who may see it, and whom it will need."""

from dataclasses import dataclass

from oms.models import User
from orders.masking import may_see_cost, reason_for
from orders.models import Order
from orders.reasons import sentence
from orders.services.approving import rules_in_the_way
from orders.services.checking import order_warnings
from orders.services.sheets import Sheet
from orders.services.sums import Sum, sums_of
from orders.services.usual_waits import usual_waits
from orders.status import RuleFact
from orders.waiting import about


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody will have to agree, why, and how long that usually takes."""

    reason: str
    who: str
    usually: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The foot of a draft."""

    count: int
    sums: list[Sum]
    margin: str
    asks: list[Ask]
    warnings: list[str]


def summary_of(sheet: Sheet, user: User) -> Summary:
    """Return the foot of the draft as it stands, in a constant number of statements."""
    rules, facts = rules_in_the_way(sheet.document, sheet.lines)
    usual = usual_waits(rule.pk for rule in rules)
    margin = facts.get(RuleFact.MARGIN_BELOW) if may_see_cost(user) else None
    return Summary(
        count=sheet.lines.count(),
        sums=sums_of(sheet.totalled),
        margin=f"{margin} %" if margin is not None else "",
        asks=[
            Ask(
                reason_for(user, rule, sentence(rule, facts)),
                rule.approvers.name,
                about(usual[rule.pk]) if rule.pk in usual else "",
            )
            for rule in rules
        ],
        warnings=order_warnings(sheet.document) if isinstance(sheet.document, Order) else [],
    )
