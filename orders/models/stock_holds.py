"""Stock that a sent quote holds for its customer, and for how many days it may."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from inventory.models import StockLevel
from oms.models import User
from oms.triggers import keeps_balance
from orders.models.quotes import Quote, QuoteLine
from orders.status import HoldEnd

HELD_FROM_HOLDS = """
    UPDATE inventory_stocklevel s SET held = s.held + d.quantity
    FROM (SELECT stock_level_id, sum(sign * quantity) AS quantity FROM ({delta}) h
          WHERE ended_on IS NULL GROUP BY 1 HAVING sum(sign * quantity) <> 0) d
    WHERE s.id = d.stock_level_id;
    RETURN NULL;
"""
# Nothing of a hold changes but that it ends, and that once.
ONLY_ENDS = """OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
    OR (NEW.line_id, NEW.stock_level_id, NEW.quantity, NEW.held_on, NEW.until)
       IS DISTINCT FROM (OLD.line_id, OLD.stock_level_id, OLD.quantity, OLD.held_on, OLD.until)"""


class HoldPolicyQuerySet(models.QuerySet["HoldPolicy"]):
    def visible_to(self, user: User) -> Self:
        """The policy for all, and those of the customers whom the user sees."""
        if not user.has_perm("orders.view_holdpolicy"):
            return self.none()
        return self.filter(Q(customer=None) | Q(customer__in=Customer.objects.visible_to(user)))


class HoldPolicy(models.Model):
    """For how many days a sent quote holds stock; a customer's own goes before that of all. No days: it holds none."""

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("customer"),
        help_text=_("empty: all who have none of their own"),
    )
    days = models.PositiveSmallIntegerField(
        _("days"), null=True, blank=True, help_text=_("0: to the end of the day; empty: no stock is held")
    )

    objects = HoldPolicyQuerySet.as_manager()

    class Meta:
        ordering = [F("customer__name").asc(nulls_first=True)]
        verbose_name = _("rule for stock held by quotes")
        verbose_name_plural = _("rules for stock held by quotes")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], nulls_distinct=False, name="one_policy_of_holds_for_all"
            ),
            models.CheckConstraint(condition=Q(days__lte=365), name="stock_is_held_a_year_at_most"),
        ]

    def __str__(self) -> str:
        return str(self.customer or _("all customers"))


class StockHoldQuerySet(models.QuerySet["StockHold"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(line__version__quote__in=Quote.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(ended_on=None)

    def lapsed(self, day: object) -> Self:
        """Holds whose last day is before `day`."""
        return self.open().filter(until__lt=day)


class StockHold(models.Model):
    """So many base units are held for a line of a sent quote, to the end of a day. Orders of others do not get them.

    It ends once, and keeps why.
    """

    line = models.ForeignKey(
        QuoteLine, on_delete=models.PROTECT, related_name="stock_holds", verbose_name=_("quote line")
    )
    stock_level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("stock level")
    )
    quantity = models.BigIntegerField(_("quantity"))
    held_on = models.DateField(_("held on"))
    until = models.DateField(_("held until"), help_text=_("the last day, to its end"))
    ended_on = models.DateField(_("ended on"), null=True)
    ended_by = models.CharField(
        _("ended by"), max_length=20, choices=HoldEnd.choices, blank=True, db_default=""
    )

    objects = StockHoldQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("stock hold")
        verbose_name_plural = _("stock holds")
        indexes = [
            models.Index(fields=["stock_level"], condition=Q(ended_on=None), name="open_holds_of_a_level"),
            models.Index(fields=["until"], condition=Q(ended_on=None), name="open_holds_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(ended_on=None), name="one_open_hold_per_quote_line"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_hold_is_of_something"),
            models.CheckConstraint(condition=Q(until__gte=F("held_on")), name="a_hold_has_a_day"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by="") | (Q(ended_on__isnull=False) & ~Q(ended_by="")),
                name="a_hold_that_ended_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_hold_only_ends", operation=pgtrigger.Update, condition=pgtrigger.Condition(ONLY_ENDS)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            *keeps_balance("keep_held", HELD_FROM_HOLDS, events=["insert", "update"]),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity}"
