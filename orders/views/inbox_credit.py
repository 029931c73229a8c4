"""What waits for credit, in the inbox: orders to release, and accounts of which somebody asked for more."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.asked_credit import Asked, asked
from oms.models import User
from orders.deciding import holds_for, proposals_for
from orders.masking import hold_reason_for
from orders.models import Hold

WHY_RELEASED: list[str | Promise] = [
    _("has paid, accounting will know"),
    _("pays before it leaves"),
    _("always pays"),
    _("agreed with who sells"),
]
WHY_TURNED_DOWN: list[str | Promise] = [
    _("too much"),
    _("pays too late"),
    _("ask the insurer first"),
    _("say why it is needed"),
]


@dataclass(slots=True)
class HeldCard:
    """An order that waits for credit, as who may release it needs it."""

    hold: Hold
    reason: str
    template: str = "orders/_inbox_held.html"
    chips: list[str | Promise] = field(default_factory=lambda: WHY_RELEASED)

    @property
    def key(self) -> str:
        return f"held-{self.hold.pk}"

    @property
    def since(self) -> datetime:
        return self.hold.since


@dataclass(slots=True)
class AskedCard:
    """Credit that somebody asked for, as who may put it in force needs it."""

    asked: Asked
    template: str = "orders/_inbox_asked.html"
    chips: list[str | Promise] = field(default_factory=lambda: WHY_TURNED_DOWN)

    @property
    def key(self) -> str:
        return f"asked-{self.asked.proposal.pk}"

    @property
    def since(self) -> datetime:
        return self.asked.proposal.proposed_at


def held_cards(user: User, most: int) -> list[HeldCard]:
    joined = ("order__customer", "order__currency", "order__submitted_by")
    rows = holds_for(user).rows.select_related(*joined)
    return [HeldCard(hold, hold_reason_for(user, hold)) for hold in rows[:most]]


def asked_cards(user: User, most: int) -> list[AskedCard]:
    return [AskedCard(one) for one in asked(proposals_for(user).rows, user, most)]
