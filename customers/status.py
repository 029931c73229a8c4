"""States and kinds of customers and their prices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    BLOCKED = "blocked", _("blocked")


class ContactRole(models.TextChoices):
    BUYER = "buyer", _("buyer")
    APPROVER = "approver", _("approver")
    PAYABLE = "payable", _("accounts payable")


class CustomerEventKind(models.TextChoices):
    """What can happen to a customer that people ask about later."""

    HANDED_OVER = "handed_over", _("handed over")
    MERGED = "merged", _("merged")


class ShippingPolicy(models.TextChoices):
    """What becomes of an order of which not everything is there."""

    PARTIAL = "partial", _("ship what is there, the rest later")
    COMPLETE_LINES = "complete_lines", _("ship only whole lines, the rest later")
    COMPLETE = "complete", _("ship everything at once")
    CANCEL_REST = "cancel_rest", _("ship what is there, cancel the rest")


class Sourcing(models.TextChoices):
    """Where stock may come from when the order's own warehouse is short."""

    OWN = "own", _("only from the order's warehouse")
    ASK = "ask", _("from another warehouse when somebody says so")
    OTHERS = "others", _("from other warehouses by itself")


class PriceTier(models.IntegerChoices):
    """Whose list a price comes from, in their order: the lowest number with a price wins, not the lowest price.

    Parents further up count on from PARENT: 31 is the parent's parent; so do their agreements from AGREEMENT. A price
    for everyone that is counted from the cost comes after every other. What is only a REFERENCE is for others to take
    a percentage off.
    """

    AGREEMENT = 5, _("agreement")
    SHIP_TO = 10, _("ship-to address")
    CUSTOMER = 20, _("customer")
    PARENT = 30, _("parent company")
    BUYING_GROUP = 40, _("buying group")
    GROUP = 50, _("customer group")
    CHANNEL = 60, _("sales channel")
    EVERYONE = 70, _("everyone")
    COST_PLUS = 80, _("everyone, from the cost")
    REFERENCE = 90, _("only for reference")


LEVELS_UP = 10  # of companies above a customer whose prices hold for it
TIERS_BEFORE = {1: PriceTier.CUSTOMER, 2: PriceTier.PARENT, 3: PriceTier.GROUP, 4: PriceTier.EVERYONE}


def tier_label(tier: int) -> str:
    """Name the tier of a trace; traces that were frozen when there were four count them from 1 on."""
    if is_agreement(tier):
        return str(PriceTier.AGREEMENT.label)
    return str(PriceTier(TIERS_BEFORE.get(tier, tier - tier % 10)).label)


AGREEMENTS = range(PriceTier.AGREEMENT, PriceTier.SHIP_TO)


def is_agreement(tier: int) -> bool:
    """Whether a price comes from an agreement, the customer's own or one of a company above."""
    return tier in AGREEMENTS


class PriceKind(models.TextChoices):
    """What a rule says about the price."""

    FIXED = "fixed", _("fixed price")
    PERCENT_OFF = "percent_off", _("percent off another list")
    COST_PLUS = "cost_plus", _("cost plus percent")


class BreakBasis(models.TextChoices):
    """Which quantity has to reach a break."""

    LINE = "line", _("of the line")
    PRODUCT = "product", _("of the product in the whole order")
    MIX = "mix", _("of all products of the mix group in the order")


class VersionStatus(models.TextChoices):
    """The life of a version of a price list."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    IN_FORCE = "in_force", _("in force")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DROPPED = "dropped", _("dropped")


class AgreementStatus(models.TextChoices):
    """The life of an agreement. Once in force it stays so; its prices hold in its period, whatever day it is."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended early")
    DROPPED = "dropped", _("dropped")


NEXT_OF_AGREEMENT: dict[str, frozenset[str]] = {
    AgreementStatus.DRAFT: frozenset(
        {AgreementStatus.PROPOSED, AgreementStatus.IN_FORCE, AgreementStatus.DROPPED}
    ),
    AgreementStatus.PROPOSED: frozenset(
        {AgreementStatus.DRAFT, AgreementStatus.IN_FORCE, AgreementStatus.DROPPED}
    ),
    AgreementStatus.IN_FORCE: frozenset({AgreementStatus.ENDED}),
    AgreementStatus.ENDED: frozenset(),
    AgreementStatus.DROPPED: frozenset(),
}


class CreditProposalStatus(models.TextChoices):
    """The life of terms of credit that somebody asked for."""

    WAITING = "waiting", _("waits for somebody else")
    IN_FORCE = "in_force", _("put in force")
    TURNED_DOWN = "turned_down", _("turned down")


NEXT_OF_CREDIT_PROPOSAL: dict[str, frozenset[str]] = {
    CreditProposalStatus.WAITING: frozenset(
        {CreditProposalStatus.IN_FORCE, CreditProposalStatus.TURNED_DOWN}
    ),
    CreditProposalStatus.IN_FORCE: frozenset(),
    CreditProposalStatus.TURNED_DOWN: frozenset(),
}


class PaceKind(models.TextChoices):
    """How what a customer has taken compares with what was to be taken by today."""

    FREE = "free", _("nothing committed")
    REACHED = "reached", _("reached")
    AHEAD = "ahead", _("on pace")
    BEHIND = "behind", _("behind")
    MISSED = "missed", _("missed")
