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


class PriceTier(models.IntegerChoices):
    """Whose list a price comes from; the lowest number with a price wins, not the lowest price."""

    CUSTOMER = 1, _("customer")
    PARENT = 2, _("parent company")
    GROUP = 3, _("customer group")
    EVERYONE = 4, _("everyone")
