"""What an order charges besides its lines, and how it is taxed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order
from orders.models.remembering import remembered
from orders.models.totals import Charge, TaxSum


class OrderCharge(Charge):
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, db_index=False, related_name="charged", verbose_name=_("order")
    )

    class Meta(Charge.Meta):
        verbose_name = _("charge of an order")
        verbose_name_plural = _("charges of orders")
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="one_order_charge_per_kind"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="order_charge_charges_something"),
        ]
        triggers = remembered("charge", "r.order_id")


class OrderTax(TaxSum):
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, db_index=False, related_name="taxes", verbose_name=_("order")
    )

    class Meta(TaxSum.Meta):
        verbose_name = _("tax of an order")
        verbose_name_plural = _("taxes of orders")
        constraints = [models.UniqueConstraint(fields=["order", "percent"], name="one_order_tax_per_rate")]
        triggers = remembered("tax", "r.order_id")
