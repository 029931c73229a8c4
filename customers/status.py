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
    """Whose list a price comes from; the lowest number with a price wins, not the lowest price."""

    CUSTOMER = 1, _("customer")
    PARENT = 2, _("parent company")
    GROUP = 3, _("customer group")
    EVERYONE = 4, _("everyone")
