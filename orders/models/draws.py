"""The ledger of what orders draw from agreements, and the balance that its trigger keeps."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import AgreementLine
from oms.columns import actor
from oms.triggers import append_only, keeps_balance
from orders.models.orders import OrderLine

BALANCE_FROM_DRAWS = """
    UPDATE customers_agreementline a SET drawn = a.drawn + d.quantity, drawn_value = a.drawn_value + d.value
    FROM (SELECT agreement_line_id, sum(sign * quantity) AS quantity, sum(sign * value) AS value
          FROM ({delta}) r GROUP BY 1) d
    WHERE a.id = d.agreement_line_id AND (d.quantity, d.value) <> (0, 0);
    RETURN NULL;
"""


class AgreementDraw(models.Model):
    """A line of a confirmed order takes so many base units from an agreement, or gives them back: then below 0.

    From a line that counts by value it takes a `value`, too: what they cost after the order line's discounts.
    """

    agreement_line = models.ForeignKey(
        AgreementLine, on_delete=models.PROTECT, related_name="draws", verbose_name=_("line of an agreement")
    )
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="draws", verbose_name=_("order line")
    )
    quantity = models.BigIntegerField(_("quantity"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, default=Decimal(0), db_default=0)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("draw from an agreement")
        verbose_name_plural = _("draws from agreements")
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0, value=0), name="a_draw_is_of_something")
        ]
        triggers = [
            *append_only(),
            *keeps_balance("keep_drawn", BALANCE_FROM_DRAWS, events=["insert"]),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity:+}"
