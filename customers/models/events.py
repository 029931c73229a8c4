"""What happened to customers: who handed them over to whom, and which were merged."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.parties import Customer
from customers.status import CustomerEventKind
from oms.columns import actor
from oms.models import User
from oms.triggers import append_only


class CustomerEventQuerySet(models.QuerySet["CustomerEvent"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user))


class CustomerEvent(models.Model):
    """One line of a customer's history. `detail` is a sentence, as it was true then."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="events", verbose_name=_("customer")
    )
    kind = models.CharField(_("what"), max_length=20, choices=CustomerEventKind.choices)
    detail = models.CharField(_("detail"), max_length=1000)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    objects = CustomerEventQuerySet.as_manager()

    class Meta:
        ordering = ["customer", "pk"]
        verbose_name = _("event of a customer")
        verbose_name_plural = _("events of customers")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.detail}"
